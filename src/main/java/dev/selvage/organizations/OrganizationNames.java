package dev.selvage.organizations;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Texts;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.projects.Project;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks and generates names, slugs and ids of organizations (`semantics.md` 2).
final class OrganizationNames {

    static final int NAME_CHARACTERS_MAX = 128;

    private static final Pattern SLUG = Pattern.compile("(?=.*[A-Za-z0-9])[A-Za-z0-9._~-]{2,128}");
    /// The characters of a Stytch id, an external id or a slug.
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._|~-]{1,128}");

    /// The maximum length of a generated slug; leaves room for the suffix that makes it unique.
    private static final int MADE_SLUG_CHARACTERS_MAX = 100;
    private static final int SUFFIX_CHARACTERS = 6;
    private static final String SUFFIX_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

    private OrganizationNames() {}

    /// @throws ApiError `invalid_organization_name` for a blank or long name, or one that contains control
    ///                  characters
    static String name(String given) {
        Check.that(
                !given.isBlank()
                        && !Texts.isLonger(given, NAME_CHARACTERS_MAX)
                        && given.chars().noneMatch(Character::isISOControl),
                OrganizationErrors.INVALID_ORGANIZATION_NAME);
        return given;
    }

    /// Checks a slug. A slug that looks like an id is refused, because a lookup would read it as an id.
    ///
    /// @throws ApiError `invalid_organization_slug`
    static String slug(String given) {
        Check.that(
                SLUG.matcher(given).matches() && !Ids.ORGANIZATION.hasPrefix(given),
                OrganizationErrors.INVALID_ORGANIZATION_SLUG);
        return given;
    }

    /// Generates a slug from a name: `Müller & Co` becomes `muller-co`. If fewer than two characters are left,
    /// or the result looks like an id, the slug is `organization`.
    static String slugOf(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT);
        String slug = plain.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        slug = Texts.cut(slug, MADE_SLUG_CHARACTERS_MAX);
        return slug.length() < 2 || Ids.ORGANIZATION.hasPrefix(slug) ? "organization" : slug;
    }

    /// The default name of an organization that is created for this address: the domain, or the local part if
    /// unrelated people have addresses of the domain. Source: the SDKs' comments on
    /// `discovery.organizations.create`.
    static String nameFor(EmailAddress email) {
        String domain = email.domain();
        String name = EmailDomains.isAnyones(domain) ? email.localPart() : domain;
        return Texts.cut(name, NAME_CHARACTERS_MAX);
    }

    /// Returns the slug with a random suffix of 6 characters.
    static String slugLike(String slug, ClockAndRandom clock) {
        StringBuilder like = new StringBuilder(slug).append('-');
        for (int i = 0; i < SUFFIX_CHARACTERS; i++) {
            like.append(SUFFIX_ALPHABET.charAt(clock.below(SUFFIX_ALPHABET.length())));
        }
        return like.toString();
    }

    /// Checks an external id. Returns empty if it is absent or empty.
    ///
    /// @throws ApiError `external_organization_id_same_as_organization_id` for a text that begins like an
    ///                  organization_id, `invalid_organization_external_id`
    static Optional<String> externalId(@Nullable String given) {
        if (!Check.isGiven(given)) {
            return Optional.empty();
        }
        Check.that(
                !Ids.ORGANIZATION.hasPrefix(given),
                OrganizationErrors.EXTERNAL_ORGANIZATION_ID_SAME_AS_ORGANIZATION_ID);
        Check.that(Ids.isExternal(given), OrganizationErrors.INVALID_ORGANIZATION_EXTERNAL_ID);
        return Optional.of(given);
    }

    /// Refuses a text that cannot be an id, an external id or a slug. A text that only begins like an id is
    /// treated as a name that no organization has (`open-questions.md` 11).
    ///
    /// @throws ApiError `invalid_organization_id`, `…_id_used_in_…_environment`
    static void checkKey(Project project, String key) {
        Check.that(key != null && KEY.matcher(key).matches(), OrganizationErrors.INVALID_ORGANIZATION_ID);
        if (Ids.ORGANIZATION.matches(key)) {
            project.checkId(Ids.ORGANIZATION, key, OrganizationErrors.INVALID_ORGANIZATION_ID);
        }
    }
}
