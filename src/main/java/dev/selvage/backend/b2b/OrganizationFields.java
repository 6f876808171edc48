package dev.selvage.backend.b2b;

import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.organizations.OrganizationChange;
import dev.selvage.organizations.OrganizationSettings.EmailRole;
import dev.selvage.organizations.SettingsChange;
import dev.selvage.rbac.RequiredPermissions.Permission;
import dev.selvage.users.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The fields of a request that create or change an organization. Null, absent fields and empty strings change
/// nothing. [SettingsChange] describes the others.
public record OrganizationFields(
        @Nullable String organizationName,
        @Nullable String organizationSlug,
        @Nullable String organizationLogoUrl,
        @Nullable JsonNode trustedMetadata,
        @Nullable String organizationExternalId,
        @Nullable String ssoDefaultConnectionId,
        @Nullable String ssoJitProvisioning,
        @Nullable List<String> ssoJitProvisioningAllowedConnections,
        @Nullable List<String> emailAllowedDomains,
        @Nullable String emailJitProvisioning,
        @Nullable String emailInvites,
        @Nullable String authMethods,
        @Nullable List<String> allowedAuthMethods,
        @Nullable String mfaPolicy,
        @Nullable List<EmailRole> rbacEmailImplicitRoleAssignments,
        @Nullable String mfaMethods,
        @Nullable List<String> allowedMfaMethods,
        @Nullable String oauthTenantJitProvisioning,
        @Nullable JsonNode allowedOauthTenants,
        @Nullable List<String> claimedEmailDomains,
        @Nullable String firstPartyConnectedAppsAllowedType,
        @Nullable List<String> allowedFirstPartyConnectedApps,
        @Nullable String thirdPartyConnectedAppsAllowedType,
        @Nullable List<String> allowedThirdPartyConnectedApps) {

    /// The permissions that a member needs for the fields of the request. Source: comments of the official Node
    /// SDK. Where these name none, the permission is an action that no predefined role grants; a role with `*`
    /// grants it.
    ///
    /// Only a backend without a member session may set fields that affect other organizations: a claimed domain
    /// keeps its users out of them, and an external id has precedence over the slug of another organization.
    ///
    /// @throws dev.selvage.error.ApiError `session_authorization_error` for a field that no member may set
    public List<Permission> needs() {
        boolean claims = claimedEmailDomains != null && !claimedEmailDomains.isEmpty();
        Check.that(
                !Metadata.given(trustedMetadata) && !claims && !Check.isGiven(organizationExternalId),
                SessionErrors.SESSION_AUTHORIZATION_ERROR);
        List<Permission> needs = new ArrayList<>();
        need(needs, "update.info.name", organizationName);
        need(needs, "update.info.slug", organizationSlug);
        need(needs, "update.info.logo-url", organizationLogoUrl);
        need(needs, "update.settings.default-sso-connection", ssoDefaultConnectionId);
        need(needs, "update.settings.sso-jit-provisioning", ssoJitProvisioning, ssoJitProvisioningAllowedConnections);
        need(needs, "update.settings.allowed-domains", emailAllowedDomains);
        need(needs, "update.settings.email-jit-provisioning", emailJitProvisioning);
        need(needs, "update.settings.email-invites", emailInvites);
        need(needs, "update.settings.allowed-auth-methods", authMethods, allowedAuthMethods);
        need(needs, "update.settings.mfa-policy", mfaPolicy);
        need(needs, "update.settings.allowed-mfa-methods", mfaMethods, allowedMfaMethods);
        need(needs, "update.settings.implicit-roles", rbacEmailImplicitRoleAssignments);
        need(needs, "update.settings.oauth-tenant-jit-provisioning", oauthTenantJitProvisioning);
        need(needs, "update.settings.allowed-oauth-tenants", allowedOauthTenants);
        need(needs, "update.settings.claimed-email-domains", claimedEmailDomains);
        need(
                needs,
                "update.settings.connected-apps",
                firstPartyConnectedAppsAllowedType,
                allowedFirstPartyConnectedApps,
                thirdPartyConnectedAppsAllowedType,
                allowedThirdPartyConnectedApps);
        return needs;
    }

    private static void need(List<Permission> needs, String action, @Nullable Object... fields) {
        if (Stream.of(fields).anyMatch(Objects::nonNull)) {
            needs.add(Permission.onOrganization(action));
        }
    }

    /// The domain value of the fields.
    OrganizationChange change() {
        return change(claimedEmailDomains);
    }

    /// As [#change()], without claimed domains. Only a backend may claim a domain, never a person who signs in.
    OrganizationChange changeWithoutClaims() {
        return change(null);
    }

    private OrganizationChange change(@Nullable List<String> claims) {
        SettingsChange settings = new SettingsChange(
                organizationLogoUrl,
                ssoDefaultConnectionId,
                ssoJitProvisioning,
                ssoJitProvisioningAllowedConnections,
                emailAllowedDomains,
                emailJitProvisioning,
                emailInvites,
                authMethods,
                allowedAuthMethods,
                mfaPolicy,
                rbacEmailImplicitRoleAssignments,
                mfaMethods,
                allowedMfaMethods,
                oauthTenantJitProvisioning,
                allowedOauthTenants,
                claims,
                firstPartyConnectedAppsAllowedType,
                allowedFirstPartyConnectedApps,
                thirdPartyConnectedAppsAllowedType,
                allowedThirdPartyConnectedApps);
        return new OrganizationChange(
                organizationName, organizationSlug, organizationExternalId, trustedMetadata, settings);
    }
}
