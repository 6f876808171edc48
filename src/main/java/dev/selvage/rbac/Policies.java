package dev.selvage.rbac;

import dev.selvage.base.Json;
import dev.selvage.error.Check;
import dev.selvage.error.RbacErrors;
import dev.selvage.projects.Policy;
import dev.selvage.projects.Project;
import dev.selvage.projects.Vertical;
import java.util.List;

/// The complete RBAC policy of a project: the predefined policy of its vertical and the parts that the project
/// configures.
public final class Policies {

    /// The most roles in one list. More than a user or member needs; the contract names no bound.
    private static final int ROLES_MAX = 100;
    /// The most bytes of JSON that one list of role ids takes, because each JWT contains the ids. The explicit
    /// roles and the roles by email domain are separate lists.
    private static final int ROLES_BYTES_MAX = 4096;

    /// Every user has `stytch_user`. It grants nothing until the project configures permissions for it.
    private static final Policy CONSUMER = new Policy(
            List.of(new Policy.Role("stytch_user", "Granted to every user.", List.of())), List.of(), List.of());

    private static final String ORGANIZATION = "stytch.organization";
    private static final String MEMBER = "stytch.member";
    private static final String SSO = "stytch.sso";
    private static final String SCIM = "stytch.scim";
    private static final String CUSTOM_ROLES = "stytch.custom-org-roles";
    private static final String SELF = "stytch.self";

    /// Every member has `stytch_member`, which grants all actions on the member itself. The member that creates
    /// an organization through discovery has `stytch_admin`. The resources and actions are those that the
    /// official browser SDK checks before it offers an action.
    private static final Policy B2B = new Policy(
            List.of(
                    new Policy.Role("stytch_member", "Granted to every member.", List.of(all(SELF))),
                    new Policy.Role(
                            "stytch_admin",
                            "Granted to the creator of an organization.",
                            List.of(all(ORGANIZATION), all(MEMBER), all(SSO), all(SCIM)))),
            List.of(
                    new Policy.Resource(
                            ORGANIZATION,
                            "The organization of the member.",
                            List.of(
                                    "update.info.name",
                                    "update.info.slug",
                                    "update.info.logo-url",
                                    "update.settings.allowed-auth-methods",
                                    "update.settings.allowed-mfa-methods",
                                    "update.settings.email-jit-provisioning",
                                    "update.settings.email-invites",
                                    "update.settings.allowed-domains",
                                    "update.settings.default-sso-connection",
                                    "update.settings.sso-jit-provisioning",
                                    "update.settings.mfa-policy",
                                    "update.settings.implicit-roles",
                                    "update.settings.oauth-tenant-jit-provisioning",
                                    "update.settings.allowed-oauth-tenants",
                                    "delete")),
                    new Policy.Resource(
                            MEMBER,
                            "All members of the organization.",
                            List.of(
                                    "create",
                                    "update.info.name",
                                    "update.info.untrusted-metadata",
                                    "update.info.mfa-phone",
                                    "update.info.delete.mfa-phone",
                                    "update.info.delete.mfa-totp",
                                    "update.info.delete.password",
                                    "update.info.email",
                                    "update.info.unlink.retired-email",
                                    "update.settings.is-breakglass",
                                    "update.settings.mfa-enrolled",
                                    "update.settings.default-mfa-method",
                                    "update.settings.roles",
                                    "search",
                                    "delete",
                                    "revoke-sessions",
                                    "get.connected-apps",
                                    "revoke.connected-app")),
                    new Policy.Resource(
                            SSO,
                            "The SSO connections of the organization.",
                            List.of("create", "get", "update", "delete")),
                    new Policy.Resource(
                            SCIM,
                            "The SCIM connection of the organization.",
                            List.of("create", "get", "update", "delete")),
                    new Policy.Resource(
                            CUSTOM_ROLES,
                            "The roles of the organization's own.",
                            List.of("create", "get", "update", "delete")),
                    new Policy.Resource(
                            SELF,
                            "The member itself.",
                            List.of(
                                    "update.info.name",
                                    "update.info.untrusted-metadata",
                                    "update.info.mfa-phone",
                                    "update.info.delete.mfa-phone",
                                    "update.info.delete.password",
                                    "update.info.delete.mfa-totp",
                                    "update.info.email",
                                    "update.info.unlink.retired-email",
                                    "update.settings.mfa-enrolled",
                                    "update.settings.default-mfa-method",
                                    "delete",
                                    "revoke-sessions",
                                    "get.connected-apps",
                                    "revoke.connected-app"))),
            List.of());

    private Policies() {}

    /// Checks the number of role ids and their size as JSON: at most 100 ids and 4096 bytes. It does not check
    /// that the roles exist.
    ///
    /// @throws dev.selvage.error.ApiError `too_many_roles`
    public static void checkBounds(List<String> roleIds) {
        Check.that(
                roleIds.size() <= ROLES_MAX && Json.bytes(roleIds).length <= ROLES_BYTES_MAX,
                RbacErrors.TOO_MANY_ROLES);
    }

    /// The policy that every project of a vertical has.
    public static Policy predefined(Vertical vertical) {
        return switch (vertical) {
            case CONSUMER -> CONSUMER;
            case B2B -> B2B;
        };
    }

    /// The complete policy of a project, predefined parts first. A role of the project replaces the predefined
    /// role of the same id.
    public static Policy of(Project project) {
        Policy own = project.settings().rbac();
        Policy given = predefined(project.vertical());
        List<Policy.Role> predefined = given.roles().stream()
                .filter(role -> own.roles().stream()
                        .noneMatch(defined -> defined.roleId().equals(role.roleId())))
                .toList();
        return new Policy(predefined, given.resources(), given.scopes()).with(own);
    }

    private static Policy.Permission all(String resourceId) {
        return new Policy.Permission(resourceId, List.of("*"));
    }
}
