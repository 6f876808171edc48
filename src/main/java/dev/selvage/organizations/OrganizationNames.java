package dev.selvage.organizations;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/// Names, slugs and ids of organizations as they are checked (`semantics.md` 2).
final class OrganizationNames {

    static final int NAME_CHARACTERS_MAX = 128;

    private static final Pattern SLUG = Pattern.compile("(?=.*[A-Za-z0-9])[A-Za-z0-9._~-]{2,128}");
    /// What a Stytch id, an external id or a slug can be.
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._|~-]{1,128}");

    /// Room for what makes a slug unique.
    private static final int MADE_SLUG_CHARACTERS_MAX = 100;
    private static final int SUFFIX_CHARACTERS = 6;
    private static final String SUFFIX_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

    private OrganizationNames() {}

    /// @throws ApiError `invalid_organization_name` for a blank or long name, or one that holds control
    ///         characters
    static String name(String given) {
        Check.that(
                !given.isBlank()
                        && !Texts.isLonger(given, NAME_CHARACTERS_MAX)
                        && given.chars().noneMatch(Character::isISOControl),
                ErrorType.INVALID_ORGANIZATION_NAME);
        return given;
    }

    /// A given slug; one that looks like an id could never be found by it.
    ///
    /// @throws ApiError `invalid_organization_slug`
    static String slug(String given) {
        Check.that(
                SLUG.matcher(given).matches() && !Ids.ORGANIZATION.claims(given), ErrorType.INVALID_ORGANIZATION_SLUG);
        return given;
    }

    /// A slug out of a name: `Müller & Co` becomes `muller-co`. Nothing that can stand in a slug:
    /// `organization`.
    static String slugOf(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT);
        String slug = plain.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        slug = Texts.cut(slug, MADE_SLUG_CHARACTERS_MAX);
        return slug.length() < 2 || Ids.ORGANIZATION.claims(slug) ? "organization" : slug;
    }

    /// What the organization of somebody with this address is called when nobody says it: as the domain, or,
    /// where the domain says nothing about an organization, as the person. Source: the SDKs' comments on
    /// `discovery.organizations.create`.
    static String nameFor(String email) {
        String domain = EmailDomains.of(email);
        String name = EmailDomains.isAnyones(domain) ? email.substring(0, email.lastIndexOf('@')) : domain;
        return Texts.cut(name, NAME_CHARACTERS_MAX);
    }

    /// The slug with an ending that hardly any other has.
    static String slugLike(String slug, ClockAndRandom clock) {
        StringBuilder like = new StringBuilder(slug).append('-');
        for (int i = 0; i < SUFFIX_CHARACTERS; i++) {
            like.append(SUFFIX_ALPHABET.charAt(clock.below(SUFFIX_ALPHABET.length())));
        }
        return like.toString();
    }

    /// Null for one that is absent or empty.
    ///
    /// @throws ApiError `external_organization_id_same_as_organization_id` for what begins as an
    ///                  organization_id does, `invalid_organization_external_id`
    static String externalId(String given) {
        if (Check.given(given) == 0) {
            return null;
        }
        Check.that(!Ids.ORGANIZATION.claims(given), ErrorType.EXTERNAL_ORGANIZATION_ID_SAME_AS_ORGANIZATION_ID);
        Check.that(Ids.isExternal(given), ErrorType.INVALID_ORGANIZATION_EXTERNAL_ID);
        return given;
    }

    /// Refuses what can be neither an id, an external id nor a slug. What only begins as an id does is a name
    /// that no organization has (`open-questions.md` 11).
    ///
    /// @throws ApiError `invalid_organization_id`, `…_id_used_in_…_environment`
    static void checkKey(Project project, String key) {
        Check.that(key != null && KEY.matcher(key).matches(), ErrorType.INVALID_ORGANIZATION_ID);
        if (Ids.ORGANIZATION.matches(key)) {
            project.checkId(Ids.ORGANIZATION, key, ErrorType.INVALID_ORGANIZATION_ID);
        }
    }
}
