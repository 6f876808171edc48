package dev.selvage.members;

import java.util.List;

/// One condition of a member search. Its values are checked and have the form in which the columns store them.
sealed interface MemberFilter {

    /// Whether each value of the filter matches at most a few members of an organization.
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

    /// Whether each value matches at most a few members of the project, and an index finds them.
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

    /// Matches members with at least one of the roles, explicit or implicit.
    record HasRole(List<String> roleIds) implements MemberFilter {}

    /// @param key id, external id or slug of the organization
    record OfOrganization(String key) implements MemberFilter {}

    /// Compares the slug of the organization.
    record OfSlug(String slug) implements MemberFilter {}

    /// Matches the slug of the organization against a pattern.
    record OfSlugLike(String pattern) implements MemberFilter {}

    /// Returns the same result for every member. Used for features that do not exist yet.
    record Constant(boolean holds) implements MemberFilter {}
}
