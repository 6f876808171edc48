package dev.selvage.rbac;

import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a call that carries a member's session wants to do, and to whom. [MemberAuthorizer] decides whether the
/// member may.
///
/// @param organizationKeys ids, external ids or slugs of the organizations that the call names
/// @param target           the member that the call is about
/// @param needs all of them are needed; asked once it is settled that the organizations are the caller's own
public record RequiredPermissions(
        List<String> organizationKeys, Target target, Function<Project, List<Permission>> needs) {

    /// A wish whose needs are told by the request alone.
    public RequiredPermissions(List<String> organizationKeys, Target target, List<Permission> needs) {
        this(organizationKeys, target, project -> needs);
    }

    /// The resource of all members of an organization. Source for both: the predefined policy.
    public static final String MEMBERS = "stytch.member";
    /// The organization itself.
    public static final String ORGANIZATION = "stytch.organization";

    /// An action on a resource.
    ///
    /// @param ofSelf  whether the same action on `stytch.self` is enough when the call is about the caller
    /// @param notSelf the refusal of a call about the caller, whatever the rights; null when there is none
    public record Permission(String resourceId, String action, boolean ofSelf, ErrorType notSelf) {

        /// On any member; on oneself the right over oneself is enough.
        public static Permission onMember(String action) {
            return new Permission(MEMBERS, action, true, null);
        }

        /// On members, and not by the right over oneself.
        public static Permission onMembersOnly(String action) {
            return new Permission(MEMBERS, action, false, null);
        }

        /// On other members; on oneself it is refused with `notSelf`.
        public static Permission onOtherMembers(String action, ErrorType notSelf) {
            return new Permission(MEMBERS, action, false, notSelf);
        }

        public static Permission onOrganization(String action) {
            return new Permission(ORGANIZATION, action, false, null);
        }
    }

    /// The member that a call is about.
    public sealed interface Target {

        /// About no member in particular.
        record None() implements Target {}

        /// The member of an id or external id in the caller's organization.
        record Key(String key) implements Target {}

        /// Whoever is found so; nobody when it is empty.
        record Found(Function<Project, Optional<String>> memberId) implements Target {}
    }

    /// To do something in an organization.
    public static RequiredPermissions in(String organizationKey, Permission... needs) {
        return in(organizationKey, List.of(needs));
    }

    /// As [#in(String, Permission...)].
    public static RequiredPermissions in(String organizationKey, List<Permission> needs) {
        return new RequiredPermissions(List.of(organizationKey), new Target.None(), needs);
    }

    /// To do something to a member.
    public static RequiredPermissions on(String organizationKey, String memberKey, List<Permission> needs) {
        return new RequiredPermissions(List.of(organizationKey), new Target.Key(memberKey), needs);
    }
}
