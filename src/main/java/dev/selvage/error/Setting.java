package dev.selvage.error;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A setting of the project or of the organization that causes a refusal.
///
/// @param path      the path of the setting in its document
/// @param where     the command or call that changes it
/// @param inMessage whether `error_message` contains it. If the contract defines the message, or applications
///         show it to people who sign in, only `error_details` has the setting
public record Setting(String path, String where, boolean inMessage) {

    private static final String PROJECT = "selvage project apply";
    private static final String ORGANIZATION = "organizations.update";
    private static final Map<ErrorType, Setting> CAUSES = new HashMap<>();

    static {
        project("sessions.max_duration_minutes", SessionErrors.INVALID_SESSION_DURATION);
        project("sessions.strict_reserved_claims", SessionErrors.RESERVED_CLAIMS_IN_CUSTOM_CLAIMS);
        project(
                "migrate.userinfo_url",
                TokenErrors.MIGRATE_FROM_EXTERNAL_MISSING_USERINFO,
                TokenErrors.MIGRATE_FROM_EXTERNAL_UNEXPECTED_RESPONSE);
        project("trusted_token_profiles.profile_id", TokenErrors.TRUSTED_TOKEN_PROFILE_NOT_FOUND);
        project("trusted_token_profiles", TokenErrors.INVALID_TRUSTED_AUTH_TOKEN);
        project("trusted_token_profiles.issuer", TokenErrors.JWT_INVALID_ISSUER);
        project("trusted_token_profiles.audience", TokenErrors.JWT_INVALID_AUDIENCE);
        project(
                "trusted_token_profiles.attribute_mapping",
                TokenErrors.JWT_INVALID_CLAIMS,
                TokenErrors.TOKEN_MISSING_ORGANIZATION_ID_CLAIM);
        project(
                "redirect_urls",
                MagicLinkErrors.NO_MATCH_FOR_PROVIDED_MAGIC_LINK_URL,
                RedirectUrlErrors.NO_LOGIN_REDIRECT_URLS_SET,
                RedirectUrlErrors.NO_DEFAULT_LOGIN_REDIRECT_URL_SET,
                RedirectUrlErrors.NO_SIGNUP_REDIRECT_URLS_SET,
                RedirectUrlErrors.NO_DEFAULT_SIGNUP_REDIRECT_URL_SET,
                RedirectUrlErrors.NO_INVITE_REDIRECT_URLS_SET,
                RedirectUrlErrors.NO_DEFAULT_INVITE_REDIRECT_URL_SET,
                RedirectUrlErrors.NO_DISCOVERY_REDIRECT_URLS_SET,
                RedirectUrlErrors.NO_DEFAULT_DISCOVERY_REDIRECT_URL_SET,
                PasswordErrors.NO_PASSWORD_RESET_REDIRECT_URL);
        project("rbac.roles", RbacErrors.INVALID_RBAC_ROLE_ID);
        project("mail.templates", RequestErrors.EMAIL_TEMPLATE_NOT_FOUND);
        project(
                "passwords.cross_organization",
                PasswordErrors.CROSS_ORG_PASSWORDS_ENABLED,
                PasswordErrors.CROSS_ORG_PASSWORDS_NOT_ENABLED);
        organization("allowed_auth_methods", OrganizationErrors.OPERATION_RESTRICTED_BY_ORGANIZATION_AUTH_METHODS);
        organization("allowed_mfa_methods", OrganizationErrors.OPERATION_RESTRICTED_BY_ORGANIZATION_MFA_METHODS);
        organization("email_jit_provisioning", MemberErrors.EMAIL_JIT_PROVISIONING_NOT_ALLOWED);
        organization("email_allowed_domains", MemberErrors.INVALID_EMAIL_FOR_JIT_PROVISIONING);
        organization("email_invites", MemberErrors.INVALID_EMAIL_FOR_INVITES);
        organization("claimed_email_domains", MemberErrors.ACTION_NOT_ALLOWED_EMAIL_DOMAIN_IS_CLAIMED);
        inDetailsOnly("user_lock", UserErrors.USER_LOCK_LIMIT_REACHED);
        inDetailsOnly("passwords.strength_policy", PasswordErrors.WEAK_PASSWORD);
        inDetailsOnly("passwords.breach_check_on_create", PasswordErrors.BREACHED_PASSWORD);
    }

    /// Returns the setting that causes refusals of a type; empty for none.
    public static Optional<Setting> of(ErrorType type) {
        return Optional.ofNullable(CAUSES.get(type));
    }

    private static void project(String path, ErrorType... types) {
        put(new Setting(path, PROJECT, true), types);
    }

    private static void organization(String path, ErrorType... types) {
        put(new Setting(path, ORGANIZATION, true), types);
    }

    private static void inDetailsOnly(String path, ErrorType... types) {
        put(new Setting(path, PROJECT, false), types);
    }

    /// Returns a limit; the contract defines the message of its refusal.
    static Setting ofLimit(String path) {
        return new Setting(path, PROJECT, false);
    }

    private static void put(Setting setting, ErrorType... types) {
        for (ErrorType type : types) {
            CAUSES.put(type, setting);
        }
    }
}
