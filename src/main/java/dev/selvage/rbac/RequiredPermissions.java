package dev.selvage.rbac;

import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The permissions that a call with a member session needs, and the member that the call is about.
/// `MemberSessionAuthorizer` checks whether the member of the session has them.
///
/// @param organizationKeys ids, external ids or slugs of the organizations that the call names
/// @param target           the member that the call is about
/// @param needs the permissions, all of which are required; applied only after the check that the session
///              belongs to the organizations
public record RequiredPermissions(
        List<String> organizationKeys, Target target, Function<Project, List<Permission>> needs) {

    /// Creates required permissions that depend on the request only.
    public RequiredPermissions(List<String> organizationKeys, Target target, List<Permission> needs) {
        this(organizationKeys, target, project -> needs);
    }

    /// The resource of all members of an organization (source: [Policies]).
    public static final String MEMBERS = "stytch.member";
    /// The resource of the organization itself (source: [Policies]).
    public static final String ORGANIZATION = "stytch.organization";

    /// A permission for an action on a resource.
    ///
    /// @param ofSelf whether the same action on `stytch.self` is enough if the target is the member of the
    ///         session
    /// @param notSelf the error type if the target is the member of the session, whatever its permissions;
    ///                null: such calls are not refused for that reason
    public record Permission(
            String resourceId,
            String action,
            boolean ofSelf,
            @Nullable ErrorType notSelf) {

        /// An action on any member. For the member of the session, the action on `stytch.self` is enough.
        public static Permission onMember(String action) {
            return new Permission(MEMBERS, action, true, null);
        }

        /// An action on any member. The action on `stytch.self` is never enough.
        public static Permission onMembersOnly(String action) {
            return new Permission(MEMBERS, action, false, null);
        }

        /// An action on other members. For the member of the session, it is refused with `notSelf`.
        public static Permission onOtherMembers(String action, ErrorType notSelf) {
            return new Permission(MEMBERS, action, false, notSelf);
        }

        public static Permission onOrganization(String action) {
            return new Permission(ORGANIZATION, action, false, null);
        }
    }

    /// The member that a call is about.
    public sealed interface Target {

        /// No member in particular.
        record None() implements Target {}

        /// The member with an id or external id in the organization of the session.
        record Key(String key) implements Target {}

        /// The member whose id the function returns; empty: no member. It must be in the organization of the
        /// session.
        record Found(Function<Project, Optional<String>> memberId) implements Target {}
    }

    /// Permissions for a call about an organization.
    public static RequiredPermissions in(String organizationKey, Permission... needs) {
        return in(organizationKey, List.of(needs));
    }

    /// As [#in(String, Permission...)].
    public static RequiredPermissions in(String organizationKey, List<Permission> needs) {
        return new RequiredPermissions(List.of(organizationKey), new Target.None(), needs);
    }

    /// Permissions for a call about a member.
    public static RequiredPermissions on(String organizationKey, String memberKey, List<Permission> needs) {
        return new RequiredPermissions(List.of(organizationKey), new Target.Key(memberKey), needs);
    }
}
