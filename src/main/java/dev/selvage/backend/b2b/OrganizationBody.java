package dev.selvage.backend.b2b;

import dev.selvage.base.Times;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.organizations.OrganizationSettings.EmailRole;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.projects.Policy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The Organization object. Fields that the SDKs require are never null (`sdk-facts.md` 10). The fields of SSO,
/// SCIM and connected apps are empty.
public record OrganizationBody(
        String organizationId,
        String organizationName,
        String organizationLogoUrl,
        String organizationSlug,
        String ssoJitProvisioning,
        List<String> ssoJitProvisioningAllowedConnections,
        List<Object> ssoActiveConnections,
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
        List<String> claimedEmailDomains,
        String firstPartyConnectedAppsAllowedType,
        List<String> allowedFirstPartyConnectedApps,
        String thirdPartyConnectedAppsAllowedType,
        List<String> allowedThirdPartyConnectedApps,
        List<Policy.Role> customRoles,
        ObjectNode trustedMetadata,
        String createdAt,
        String updatedAt,
        @Nullable String organizationExternalId,
        @Nullable String ssoDefaultConnectionId,
        @Nullable Object scimActiveConnection,
        Map<String, List<String>> allowedOauthTenants) {

    /// Creates the object of an organization.
    public static OrganizationBody of(Organization organization) {
        OrganizationSettings settings = organization.settings();
        return new OrganizationBody(
                organization.id(),
                organization.name(),
                settings.logoUrl(),
                organization.slug(),
                settings.ssoJitProvisioning().name(),
                List.of(),
                List.of(),
                settings.emailAllowedDomains(),
                settings.emailJitProvisioning().name(),
                settings.emailInvites().name(),
                settings.authMethods().name(),
                settings.allowedAuthMethods().stream()
                        .map(AuthMethod::wireValue)
                        .toList(),
                settings.mfaPolicy().name(),
                settings.emailRoles(),
                settings.mfaMethods().name(),
                settings.allowedMfaMethods().stream().map(MfaMethod::wireValue).toList(),
                settings.oauthTenantJitProvisioning().name(),
                settings.claimedEmailDomains(),
                settings.firstPartyConnectedApps().name(),
                List.of(),
                settings.thirdPartyConnectedApps().name(),
                List.of(),
                organization.roles(),
                organization.trustedMetadata(),
                Times.rfc3339(organization.createdAt()),
                Times.rfc3339(organization.updatedAt()),
                organization.externalId(),
                null,
                null,
                settings.allowedOauthTenants());
    }
}
