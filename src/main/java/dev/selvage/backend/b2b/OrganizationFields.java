package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.organizations.OrganizationChange;
import dev.selvage.organizations.OrganizationSettings.EmailRole;
import dev.selvage.organizations.SettingsChange;
import dev.selvage.organizations.SettingsChange.ConnectedApps;
import dev.selvage.organizations.SettingsChange.Joining;
import dev.selvage.organizations.SettingsChange.SecondFactors;
import dev.selvage.organizations.SettingsChange.SignIn;
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
        @JsonUnwrapped Joining joining,
        @JsonUnwrapped SignIn signIn,
        @JsonUnwrapped SecondFactors secondFactors,
        @Nullable List<EmailRole> rbacEmailImplicitRoleAssignments,
        @Nullable List<String> claimedEmailDomains,
        @JsonUnwrapped ConnectedApps connectedApps) {

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
        need(needs, "update.settings.default-sso-connection", signIn.ssoDefaultConnectionId());
        need(
                needs,
                "update.settings.sso-jit-provisioning",
                joining.ssoJitProvisioning(),
                joining.ssoJitProvisioningAllowedConnections());
        need(needs, "update.settings.allowed-domains", joining.emailAllowedDomains());
        need(needs, "update.settings.email-jit-provisioning", joining.emailJitProvisioning());
        need(needs, "update.settings.email-invites", joining.emailInvites());
        need(needs, "update.settings.allowed-auth-methods", signIn.authMethods(), signIn.allowedAuthMethods());
        need(needs, "update.settings.mfa-policy", secondFactors.mfaPolicy());
        need(
                needs,
                "update.settings.allowed-mfa-methods",
                secondFactors.mfaMethods(),
                secondFactors.allowedMfaMethods());
        need(needs, "update.settings.implicit-roles", rbacEmailImplicitRoleAssignments);
        need(needs, "update.settings.oauth-tenant-jit-provisioning", joining.oauthTenantJitProvisioning());
        need(needs, "update.settings.allowed-oauth-tenants", joining.allowedOauthTenants());
        need(needs, "update.settings.claimed-email-domains", claimedEmailDomains);
        need(
                needs,
                "update.settings.connected-apps",
                connectedApps.firstPartyConnectedAppsAllowedType(),
                connectedApps.allowedFirstPartyConnectedApps(),
                connectedApps.thirdPartyConnectedAppsAllowedType(),
                connectedApps.allowedThirdPartyConnectedApps());
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
                joining,
                signIn,
                secondFactors,
                rbacEmailImplicitRoleAssignments,
                claims,
                connectedApps);
        return new OrganizationChange(
                organizationName, organizationSlug, organizationExternalId, trustedMetadata, settings);
    }
}
