package dev.selvage.organizations;

import dev.selvage.organizations.OrganizationStore.DomainKind;
import java.util.List;

/// One condition of an organization search, checked and in the form in which the rows are compared.
sealed interface OrganizationFilter {

    /// @param ids Stytch ids or external ids
    record HasId(List<String> ids) implements OrganizationFilter {}

    record HasSlug(List<String> slugs) implements OrganizationFilter {}

    record SlugLike(String pattern) implements OrganizationFilter {}

    record NameLike(String pattern) implements OrganizationFilter {}

    record HasDomain(DomainKind kind, List<String> domains) implements OrganizationFilter {}

    record DomainLike(DomainKind kind, String pattern) implements OrganizationFilter {}

    /// A member has one of the addresses now.
    record HasMember(List<String> addresses) implements OrganizationFilter {}

    /// The address that a member has now fits the pattern.
    record MemberLike(String pattern) implements OrganizationFilter {}

    /// The same for every organization, because what is asked for does not exist yet.
    record Constant(boolean holds) implements OrganizationFilter {}
}
