package dev.selvage.members;

import java.util.List;

/// One condition of a member search, checked and in the form in which the rows are compared.
sealed interface MemberFilter {

    /// Whether it holds for a few members for each of its values.
    default boolean narrow() {
        return switch (this) {
            case HasId _, HasExternalId _, HasEmail _, HasPhone _ -> true;
            case EmailLike _,
                    PhoneLike _,
                    HasStatus _,
                    Breakglass _,
                    HasPassword _,
                    HasTotp _,
                    HasRole _,
                    OfOrganization _,
                    OfSlug _,
                    OfSlugLike _,
                    Constant _ -> false;
        };
    }

    /// Whether that is so among all members of the project, and the values lead to them by an index.
    default boolean narrowInProject() {
        return this instanceof HasId || this instanceof HasEmail;
    }

    record HasId(List<String> memberIds) implements MemberFilter {}

    record HasExternalId(List<String> externalIds) implements MemberFilter {}

    record HasEmail(List<String> addresses) implements MemberFilter {}

    record EmailLike(String pattern) implements MemberFilter {}

    record HasPhone(List<String> numbers) implements MemberFilter {}

    record PhoneLike(String pattern) implements MemberFilter {}

    record HasStatus(List<Member.Status> statuses) implements MemberFilter {}

    record Breakglass(boolean breakglass) implements MemberFilter {}

    record HasPassword(boolean exists) implements MemberFilter {}

    record HasTotp(boolean exists) implements MemberFilter {}

    /// Has at least one of the roles, whatever it comes from.
    record HasRole(List<String> roleIds) implements MemberFilter {}

    /// @param key id, external id or slug
    record OfOrganization(String key) implements MemberFilter {}

    /// The organization has the slug.
    record OfSlug(String slug) implements MemberFilter {}

    /// The slug of the organization fits the pattern.
    record OfSlugLike(String pattern) implements MemberFilter {}

    /// The same for every member, because what is asked for does not exist yet.
    record Constant(boolean holds) implements MemberFilter {}
}
