package dev.selvage.organizations;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The settings of an organization: who may join, and how its members sign in (`semantics.md` 5.4).
///
/// @param logoUrl                    empty for none
/// @param ssoJitProvisioning         whether a first sign-in through SSO creates a member
/// @param emailAllowedDomains        the domains that RESTRICTED invites and email provisioning are limited
///                                   to, in lower case
/// @param emailJitProvisioning       whether a first sign-in by email creates a member; never ALL_ALLOWED
/// @param emailInvites               which addresses may be invited
/// @param authMethods                whether all ways to sign in are allowed or only `allowedAuthMethods`
/// @param mfaPolicy                  which members must use a second factor
/// @param emailRoles                 roles that members have by the domain of their address
/// @param mfaMethods                 whether all second factors are allowed or only `allowedMfaMethods`
/// @param oauthTenantJitProvisioning whether a first sign-in from an allowed tenant creates a member; never
///                                   ALL_ALLOWED
/// @param allowedOauthTenants        tenants by OAuth provider
/// @param claimedEmailDomains        domains whose users may only join organizations that claim them, in lower
///                                   case
/// @param firstPartyConnectedApps    which first party apps members may use
/// @param thirdPartyConnectedApps    which third party apps members may use
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

    /// The settings of a new organization whose request sets none.
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

    /// How far a feature is allowed.
    public enum Allowance {
        ALL_ALLOWED,
        RESTRICTED,
        NOT_ALLOWED
    }

    /// Which members must use a second factor.
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

        /// The text of the constant in JSON.
        public String wireValue() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A second factor that an organization can allow.
    public enum MfaMethod {
        SMS_OTP,
        TOTP;

        /// The text of the constant in JSON.
        public String wireValue() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A role of every member with a verified address of the domain.
    public record EmailRole(String domain, String roleId) {}

    /// Whether at least one way to become a member is allowed.
    boolean admitsMembers() {
        return ssoJitProvisioning != Allowance.NOT_ALLOWED
                || emailInvites != Allowance.NOT_ALLOWED
                || emailJitProvisioning != Allowance.NOT_ALLOWED
                || oauthTenantJitProvisioning != Allowance.NOT_ALLOWED;
    }
}
