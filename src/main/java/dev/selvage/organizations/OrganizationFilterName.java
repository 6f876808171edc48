package dev.selvage.organizations;

import dev.selvage.base.Domains;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ErrorType;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.organizations.OrganizationFilter.Constant;
import dev.selvage.organizations.OrganizationFilter.DomainLike;
import dev.selvage.organizations.OrganizationFilter.HasDomain;
import dev.selvage.organizations.OrganizationFilter.HasId;
import dev.selvage.organizations.OrganizationFilter.HasMember;
import dev.selvage.organizations.OrganizationFilter.HasSlug;
import dev.selvage.organizations.OrganizationFilter.MemberLike;
import dev.selvage.organizations.OrganizationFilter.NameLike;
import dev.selvage.organizations.OrganizationFilter.SlugLike;
import dev.selvage.organizations.OrganizationStore.DomainKind;
import dev.selvage.projects.Project;
import dev.selvage.search.FilterName;
import dev.selvage.search.FilterValue;
import java.util.function.Function;

/// The filters of an organization search. The name of a constant in lower case is the `filter_name`. Source:
/// the contract's `OrganizationSearchOperand`. SSO connections do not exist yet. Filters on them match no
/// organization, or every organization if they select those without a connection.
enum OrganizationFilterName implements FilterName<OrganizationFilter> {
    ORGANIZATION_IDS(
            OrganizationErrors.ORGANIZATION_SEARCH_MISSING_ORGANIZATION_IDS, value -> new HasId(value.strings())),
    ORGANIZATION_SLUGS(
            OrganizationErrors.ORGANIZATION_SEARCH_MISSING_ORGANIZATION_SLUGS, value -> new HasSlug(value.strings())),
    ORGANIZATION_SLUG_FUZZY(
            OrganizationErrors.ORGANIZATION_SEARCH_MISSING_ORGANIZATION_SLUG_FUZZY,
            value -> new SlugLike(
                    value.containing(OrganizationErrors.ORGANIZATION_SEARCH_ORGANIZATION_SLUG_FUZZY_TOO_SHORT))),
    ORGANIZATION_NAME_FUZZY(
            OrganizationErrors.ORGANIZATION_SEARCH_MISSING_ORGANIZATION_NAME_FUZZY,
            value -> new NameLike(
                    value.containing(OrganizationErrors.ORGANIZATION_SEARCH_ORGANIZATION_NAME_FUZZY_TOO_SHORT))),
    ALLOWED_DOMAINS(
            OrganizationErrors.ORGANIZATION_SEARCH_MISSING_ALLOWED_DOMAINS,
            value -> new HasDomain(DomainKind.ALLOWED, value.strings(domain -> Domains.orLower(domain.strip())))),
    ALLOWED_DOMAIN_FUZZY(
            OrganizationErrors.ORGANIZATION_SEARCH_MISSING_ALLOWED_DOMAIN_FUZZY,
            value -> new DomainLike(
                    DomainKind.ALLOWED,
                    value.containing(OrganizationErrors.ORGANIZATION_SEARCH_ALLOWED_DOMAIN_FUZZY_TOO_SHORT))),
    CLAIMED_EMAIL_DOMAINS(
            OrganizationErrors.ORGANIZATION_SEARCH_MISSING_CLAIMED_EMAIL_DOMAINS,
            value -> new HasDomain(DomainKind.CLAIMED, value.strings(domain -> Domains.orLower(domain.strip())))),
    MEMBER_EMAILS(
            OrganizationErrors.ORGANIZATION_SEARCH_MISSING_MEMBER_EMAILS,
            value -> new HasMember(value.strings(EmailAddress::asStored))),
    MEMBER_EMAIL_FUZZY(
            OrganizationErrors.ORGANIZATION_SEARCH_MISSING_MEMBER_EMAIL_FUZZY,
            value -> new MemberLike(
                    value.containing(OrganizationErrors.ORGANIZATION_SEARCH_MEMBER_EMAIL_FUZZY_TOO_SHORT))),
    HAS_ACTIVE_SSO_CONNECTION(
            OrganizationErrors.ORGANIZATION_SEARCH_MISSING_HAS_ACTIVE_SSO_CONNECTION,
            value -> new Constant(!value.bool())),
    SSO_CONNECTION_ID(OrganizationErrors.ORGANIZATION_SEARCH_MISSING_SSO_CONNECTION_ID, value -> {
        value.string();
        return new Constant(false);
    });

    private final ErrorType missing;
    private final Function<FilterValue, OrganizationFilter> reader;

    OrganizationFilterName(ErrorType missing, Function<FilterValue, OrganizationFilter> reader) {
        this.missing = missing;
        this.reader = reader;
    }

    @Override
    public ErrorType missing() {
        return missing;
    }

    @Override
    public OrganizationFilter read(Project project, FilterValue value) {
        return reader.apply(value);
    }
}
