package dev.selvage.organizations;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What an organization chooses: who may join, and how its members sign in (`semantics.md` 5.4).
///
/// @param logoUrl                        empty when there is none
/// @param ssoJitProvisioning             whether a first sign-in through SSO makes a member
/// @param emailAllowedDomains domains to which RESTRICTED invites and email provisioning are limited, in lower
///         case
/// @param emailJitProvisioning           whether a first sign-in by email makes a member; never ALL_ALLOWED
/// @param emailInvites                   who may be invited
/// @param authMethods                    whether all ways to sign in are open or those of `allowedAuthMethods`
/// @param mfaPolicy                      who must give a second factor
/// @param emailRoles                     roles that members have by the domain of their address
/// @param mfaMethods                     whether all second factors are open or those of `allowedMfaMethods`
/// @param oauthTenantJitProvisioning whether a first sign-in from an allowed tenant makes a member; never
///         ALL_ALLOWED
/// @param allowedOauthTenants            tenants by OAuth provider
/// @param claimedEmailDomains domains whose people may only join organizations that claim them, in lower case
/// @param firstPartyConnectedApps        which first party apps members may use
/// @param thirdPartyConnectedApps        which third party apps members may use
public record OrganizationSettings(
        String logoUrl,
        Allowance ssoJitProvisioning,
        List<String> emailAllowedDomains,
        Allowance emailJitProvisioning,
        Allowance emailInvites,
        Allowance authMethods,
        List<AuthMethod> allowedAuthMethods,
        MfaPolicy mfaPolicy,
        List<EmailRole> emailRoles,
        Allowance mfaMethods,
        List<MfaMethod> allowedMfaMethods,
        Allowance oauthTenantJitProvisioning,
        Map<String, List<String>> allowedOauthTenants,
        List<String> claimedEmailDomains,
        Allowance firstPartyConnectedApps,
        Allowance thirdPartyConnectedApps) {

    /// Of a new organization for which nothing was chosen.
    public static final OrganizationSettings DEFAULT = new OrganizationSettings(
            "",
            Allowance.ALL_ALLOWED,
            List.of(),
            Allowance.NOT_ALLOWED,
            Allowance.ALL_ALLOWED,
            Allowance.ALL_ALLOWED,
            List.of(),
            MfaPolicy.OPTIONAL,
            List.of(),
            Allowance.ALL_ALLOWED,
            List.of(),
            Allowance.NOT_ALLOWED,
            Map.of(),
            List.of(),
            Allowance.ALL_ALLOWED,
            Allowance.ALL_ALLOWED);

    /// How much of something is open.
    public enum Allowance {
        ALL_ALLOWED,
        RESTRICTED,
        NOT_ALLOWED
    }

    /// Who must give a second factor.
    public enum MfaPolicy {
        REQUIRED_FOR_ALL,
        OPTIONAL
    }

    /// A way to sign in that an organization can allow.
    public enum AuthMethod {
        SSO,
        MAGIC_LINK,
        EMAIL_OTP,
        PASSWORD,
        GOOGLE_OAUTH,
        MICROSOFT_OAUTH,
        SLACK_OAUTH,
        GITHUB_OAUTH,
        HUBSPOT_OAUTH;

        /// Its name in the API.
        public String wireValue() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A second factor that an organization can allow.
    public enum MfaMethod {
        SMS_OTP,
        TOTP;

        /// Its name in the API.
        public String wireValue() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A role of everyone whose verified address is of the domain.
    public record EmailRole(String domain, String roleId) {}

    /// Whether anybody can become a member at all.
    boolean admitsMembers() {
        return ssoJitProvisioning != Allowance.NOT_ALLOWED
                || emailInvites != Allowance.NOT_ALLOWED
                || emailJitProvisioning != Allowance.NOT_ALLOWED
                || oauthTenantJitProvisioning != Allowance.NOT_ALLOWED;
    }
}
