package dev.selvage.backend.b2b;

import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.organizations.OrganizationChange;
import dev.selvage.organizations.OrganizationSettings.EmailRole;
import dev.selvage.organizations.SettingsChange;
import dev.selvage.rbac.RequiredPermissions.Permission;
import dev.selvage.users.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The fields by which requests say what an organization shall be. Null, absent and empty texts say nothing;
/// [SettingsChange] tells the rest.
public record OrganizationFields(
        String organizationName,
        String organizationSlug,
        String organizationLogoUrl,
        JsonNode trustedMetadata,
        String organizationExternalId,
        String ssoDefaultConnectionId,
        String ssoJitProvisioning,
        List<String> ssoJitProvisioningAllowedConnections,
        List<String> emailAllowedDomains,
        String emailJitProvisioning,
        String emailInvites,
        String authMethods,
        List<String> allowedAuthMethods,
        String mfaPolicy,
        List<EmailRole> rbacEmailImplicitRoleAssignments,
        String mfaMethods,
        List<String> allowedMfaMethods,
        String oauthTenantJitProvisioning,
        JsonNode allowedOauthTenants,
        List<String> claimedEmailDomains,
        String firstPartyConnectedAppsAllowedType,
        List<String> allowedFirstPartyConnectedApps,
        String thirdPartyConnectedAppsAllowedType,
        List<String> allowedThirdPartyConnectedApps) {

    /// The rights that a member needs for what the request names. Source: comments of the official Node SDK.
    /// For what they leave open there are actions that no predefined role names; a role with `*` grants them.
    ///
    /// What reaches into other organizations is the backend's alone: a claimed domain keeps its people out of
    /// them, and an external id is found before another organization's slug.
    public List<Permission> needs() {
        boolean claims = claimedEmailDomains != null && !claimedEmailDomains.isEmpty();
        Check.that(
                !Metadata.given(trustedMetadata) && !claims && Check.given(organizationExternalId) == 0,
                ErrorType.SESSION_AUTHORIZATION_ERROR);
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

    private static void need(List<Permission> needs, String action, Object... given) {
        if (Stream.of(given).anyMatch(Objects::nonNull)) {
            needs.add(Permission.onOrganization(action));
        }
    }

    /// What the organizations take.
    OrganizationChange change() {
        return change(claimedEmailDomains);
    }

    /// The same without a claim of domains, which only the backend may make and nobody who signs in.
    OrganizationChange changeWithoutClaims() {
        return change(null);
    }

    private OrganizationChange change(List<String> claims) {
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
