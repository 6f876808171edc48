package dev.selvage.organizations;

import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.organizations.OrganizationFilter.Constant;
import dev.selvage.organizations.OrganizationFilter.DomainLike;
import dev.selvage.organizations.OrganizationFilter.HasDomain;
import dev.selvage.organizations.OrganizationFilter.HasId;
import dev.selvage.organizations.OrganizationFilter.HasSlug;
import dev.selvage.organizations.OrganizationFilter.NameLike;
import dev.selvage.organizations.OrganizationFilter.SlugLike;
import dev.selvage.organizations.OrganizationStore.DomainKind;
import dev.selvage.users.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The filters of an organization search: a constant's name in lower case is the `filter_name`. Source: the contract's
/// `OrganizationSearchOperand`. There are no members and no SSO connections yet, so filters on those match nothing, or
/// everything where they ask for organizations without.
enum OrganizationFilterName {
    ORGANIZATION_IDS(ErrorType.ORGANIZATION_SEARCH_MISSING_ORGANIZATION_IDS, value -> new HasId(strings(value, UnaryOperator.identity()))),
    ORGANIZATION_SLUGS(ErrorType.ORGANIZATION_SEARCH_MISSING_ORGANIZATION_SLUGS,
            value -> new HasSlug(strings(value, UnaryOperator.identity()))),
    ORGANIZATION_SLUG_FUZZY(ErrorType.ORGANIZATION_SEARCH_MISSING_ORGANIZATION_SLUG_FUZZY,
            value -> new SlugLike(containing(value, ErrorType.ORGANIZATION_SEARCH_ORGANIZATION_SLUG_FUZZY_TOO_SHORT))),
    ORGANIZATION_NAME_FUZZY(ErrorType.ORGANIZATION_SEARCH_MISSING_ORGANIZATION_NAME_FUZZY,
            value -> new NameLike(containing(value, ErrorType.ORGANIZATION_SEARCH_ORGANIZATION_NAME_FUZZY_TOO_SHORT))),
    ALLOWED_DOMAINS(ErrorType.ORGANIZATION_SEARCH_MISSING_ALLOWED_DOMAINS,
            value -> new HasDomain(DomainKind.ALLOWED, strings(value, OrganizationFilterName::domain))),
    ALLOWED_DOMAIN_FUZZY(ErrorType.ORGANIZATION_SEARCH_MISSING_ALLOWED_DOMAIN_FUZZY, value -> new DomainLike(DomainKind.ALLOWED,
            containing(value, ErrorType.ORGANIZATION_SEARCH_ALLOWED_DOMAIN_FUZZY_TOO_SHORT))),
    CLAIMED_EMAIL_DOMAINS(ErrorType.ORGANIZATION_SEARCH_MISSING_CLAIMED_EMAIL_DOMAINS,
            value -> new HasDomain(DomainKind.CLAIMED, strings(value, OrganizationFilterName::domain))),
    MEMBER_EMAILS(ErrorType.ORGANIZATION_SEARCH_MISSING_MEMBER_EMAILS, value -> {
        strings(value, UnaryOperator.identity());
        return new Constant(false);
    }),
    MEMBER_EMAIL_FUZZY(ErrorType.ORGANIZATION_SEARCH_MISSING_MEMBER_EMAIL_FUZZY, value -> {
        containing(value, ErrorType.ORGANIZATION_SEARCH_MEMBER_EMAIL_FUZZY_TOO_SHORT);
        return new Constant(false);
    }),
    HAS_ACTIVE_SSO_CONNECTION(ErrorType.ORGANIZATION_SEARCH_MISSING_HAS_ACTIVE_SSO_CONNECTION, value -> {
        Check.that(value.isBoolean(), ErrorType.ORGANIZATION_SEARCH_EXPECTED_BOOLEAN);
        return new Constant(!value.booleanValue());
    }),
    SSO_CONNECTION_ID(ErrorType.ORGANIZATION_SEARCH_MISSING_SSO_CONNECTION_ID, value -> {
        string(value);
        return new Constant(false);
    });

    private static final int FUZZY_CHARACTERS_MIN = 3;
    private static final int FUZZY_CHARACTERS_MAX = 256;

    private final ErrorType missing;
    private final Function<JsonNode, OrganizationFilter> reader;

    OrganizationFilterName(ErrorType missing, Function<JsonNode, OrganizationFilter> reader) {
        this.missing = missing;
        this.reader = reader;
    }

    /// The filter of this name on the wire.
    static Optional<OrganizationFilterName> of(String filterName) {
        return Stream.of(values()).filter(name -> name.name().toLowerCase(Locale.ROOT).equals(filterName)).findFirst();
    }

    /// Reads a `filter_value`.
    ///
    /// @throws ApiError the `organization_search_…` refusal of what is wrong with it
    OrganizationFilter read(JsonNode value) {
        Check.that(!absent(value), missing);
        return reader.apply(value);
    }

    private static String domain(String given) {
        return given.strip().toLowerCase(Locale.ROOT);
    }

    private static String string(JsonNode value) {
        Check.that(value.isString(), ErrorType.ORGANIZATION_SEARCH_EXPECTED_STRING);
        return value.stringValue();
    }

    private static List<String> strings(JsonNode value, UnaryOperator<String> form) {
        Check.that(value.isArray(), ErrorType.ORGANIZATION_SEARCH_EXPECTED_ARRAY_OF_STRINGS);
        List<String> strings = new ArrayList<>();
        for (JsonNode element : value) {
            Check.that(element.isString(), ErrorType.ORGANIZATION_SEARCH_EXPECTED_ARRAY_OF_STRINGS);
            strings.add(form.apply(element.stringValue()));
        }
        return List.copyOf(strings);
    }

    /// The pattern of everything that contains the text, whatever its case. Nothing in the text has a special meaning; the
    /// escape character is that of [OrganizationSearchStore].
    private static String containing(JsonNode value, ErrorType tooShort) {
        String text = string(value);
        Check.that(text.codePointCount(0, text.length()) >= FUZZY_CHARACTERS_MIN, tooShort);
        if (text.length() > FUZZY_CHARACTERS_MAX) {
            throw ApiError.badField("query.operands.filter_value", "may not have more than " + FUZZY_CHARACTERS_MAX + " characters");
        }
        return "%" + Names.fold(text).replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }

    /// Whether there is no value: absent, null, an empty text or an empty list.
    static boolean absent(JsonNode value) {
        return value == null || value.isMissingNode() || value.isNull() || value.isString() && value.stringValue().isEmpty()
                || value.isArray() && value.isEmpty();
    }
}
