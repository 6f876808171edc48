package dev.selvage.organizations;

import dev.selvage.organizations.OrganizationStore.DomainKind;
import java.util.List;

/// A condition of an organization search, checked, with values in the form that the rows are compared in.
sealed interface OrganizationFilter {

    /// @param ids Stytch ids or external ids
    record HasId(List<String> ids) implements OrganizationFilter {}

    record HasSlug(List<String> slugs) implements OrganizationFilter {}

    record SlugLike(String pattern) implements OrganizationFilter {}

    record NameLike(String pattern) implements OrganizationFilter {}

    record HasDomain(DomainKind kind, List<String> domains) implements OrganizationFilter {}

    record DomainLike(DomainKind kind, String pattern) implements OrganizationFilter {}

    /// A member has one of the addresses as the current one.
    record HasMember(List<String> addresses) implements OrganizationFilter {}

    /// The current address of a member matches the pattern.
    record MemberLike(String pattern) implements OrganizationFilter {}

    /// The same result for every organization, because the filtered feature does not exist yet.
    record Constant(boolean holds) implements OrganizationFilter {}
}
