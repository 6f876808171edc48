package dev.selvage.error;

/// Refusals of organizations and their settings, and of the search of organizations.
public enum OrganizationErrors implements ErrorType {
    OPERATION_RESTRICTED_BY_ORGANIZATION_AUTH_METHODS(400, "The organization does not allow this way to sign in."),
    OPERATION_RESTRICTED_BY_ORGANIZATION_MFA_METHODS(400, "The organization does not allow this second factor."),
    ORGANIZATION_NOT_FOUND(404, "Organization could not be found."),
    INVALID_ORGANIZATION_ID(400, "organization_id format is invalid."),
    ORGANIZATION_NAME_MISSING(400, "organization_name is required."),
    INVALID_ORGANIZATION_NAME(
            400, "organization_name must have 1 to 128 characters, not only spaces and no control characters."),
    INVALID_ORGANIZATION_SLUG(
            400,
            "The organization_slug must be at least 2 characters long and may only contain alphanumerics and "
                    + "the reserved characters '-', '.', '_', or '~'. At least one character must be alphanumeric."),
    ORGANIZATION_SLUG_ALREADY_USED(400, "The provided organization_slug is already used in another organization."),
    INVALID_ORGANIZATION_EXTERNAL_ID(
            400,
            "organization_external_id may have 1 to 128 letters, digits, dots, underscores, hyphens and "
                    + "vertical bars, and may not look like an id of this API."),
    EXTERNAL_ORGANIZATION_ID_SAME_AS_ORGANIZATION_ID(400, "organization_external_id may not be an organization_id."),
    ORGANIZATION_EXTERNAL_ID_ALREADY_USED(
            400, "The provided organization_external_id is already used in another organization."),
    ORGANIZATION_LOGO_URL_TOO_LONG(400, "organization_logo_url may not have more than 2048 characters."),
    INVALID_ORGANIZATION_AUTH_FACTOR_SETTING(
            400, "sso_jit_provisioning and email_invites must be ALL_ALLOWED, RESTRICTED or NOT_ALLOWED."),
    INVALID_ORGANIZATION_AUTH_FACTOR_SETTING_FOR_EMAIL_JIT_PROVISIONING(
            400, "email_jit_provisioning must be RESTRICTED or NOT_ALLOWED."),
    INVALID_ORGANIZATION_AUTH_FACTOR_SETTING_FOR_OAUTH_TENANT_JIT_PROVISIONING(
            400, "oauth_tenant_jit_provisioning must be RESTRICTED or NOT_ALLOWED."),
    INVALID_ORGANIZATION_AUTH_METHOD_SETTINGS(400, "auth_methods must be ALL_ALLOWED or RESTRICTED."),
    INVALID_ORGANIZATION_ALLOWED_AUTH_METHODS(400, "allowed_auth_methods names an unknown method."),
    ALLOWED_AUTH_METHODS_REQUIRED_FOR_RESTRICTED(
            400, "allowed_auth_methods must name a method when auth_methods is RESTRICTED."),
    INVALID_ORGANIZATION_MFA_POLICY(400, "mfa_policy must be REQUIRED_FOR_ALL or OPTIONAL."),
    INVALID_ORGANIZATION_MFA_FACTOR_SETTING(400, "mfa_methods must be ALL_ALLOWED or RESTRICTED."),
    INVALID_ORGANIZATION_ALLOWED_MFA_METHODS(400, "allowed_mfa_methods must be sms_otp or totp."),
    ALLOWED_MFA_METHODS_REQUIRED_FOR_RESTRICTED(
            400, "allowed_mfa_methods must name a method when mfa_methods is RESTRICTED."),
    ORGANIZATION_SETTINGS_INVALID_DOMAIN(400, "email_allowed_domains contains an invalid domain."),
    ORGANIZATION_SETTINGS_DUPLICATE_DOMAIN(400, "email_allowed_domains contains a domain twice."),
    ORGANIZATION_SETTINGS_DOMAIN_TOO_COMMON(
            400, "email_allowed_domains contains a domain at which anyone can get an address."),
    ORGANIZATION_SETTINGS_DISPOSABLE_DOMAIN(400, "A domain of disposable addresses cannot be allowed or claimed."),
    ORGANIZATION_SETTINGS_INVALID_CLAIMED_DOMAIN(400, "claimed_email_domains contains an invalid domain."),
    ORGANIZATION_SETTINGS_DUPLICATE_CLAIMED_DOMAIN(400, "claimed_email_domains contains a domain twice."),
    ORGANIZATION_SETTINGS_CLAIMED_DOMAIN_TOO_COMMON(
            400, "claimed_email_domains contains a domain at which anyone can get an address."),
    INVALID_OAUTH_ALLOWED_TENANTS_FORMAT(
            400, "allowed_oauth_tenants must map slack, hubspot or github to lists of tenants."),
    INVALID_RESTRICTED_OAUTH_TENANTS_SETTING(
            400, "allowed_oauth_tenants must name a tenant when oauth_tenant_jit_provisioning is RESTRICTED."),
    INVALID_CONNECTION_FOR_JIT_PROVISIONING(
            400, "sso_jit_provisioning_allowed_connections names a connection that the organization does not have."),
    SSO_CONNECTION_NOT_FOUND(404, "SSO connection could not be found."),

    // search
    ORGANIZATION_SEARCH_MISSING_FILTER_NAME(400, "Each operand must have a filter_name."),
    ORGANIZATION_SEARCH_FILTER_NAME_MUST_BE_STRING(400, "filter_name must be a string."),
    ORGANIZATION_SEARCH_FILTER_NAME_NOT_RECOGNIZED(
            400, "The organization search operand filter_name was not recognized."),
    ORGANIZATION_SEARCH_EXPECTED_STRING(400, "filter_value must be a string."),
    ORGANIZATION_SEARCH_EXPECTED_BOOLEAN(400, "filter_value must be a boolean."),
    ORGANIZATION_SEARCH_EXPECTED_ARRAY_OF_STRINGS(400, "filter_value must be an array of strings."),
    ORGANIZATION_SEARCH_ORGANIZATION_SLUG_FUZZY_TOO_SHORT(
            400, "organization_slug_fuzzy must have at least three characters."),
    ORGANIZATION_SEARCH_ORGANIZATION_NAME_FUZZY_TOO_SHORT(
            400, "organization_name_fuzzy must have at least three characters."),
    ORGANIZATION_SEARCH_ALLOWED_DOMAIN_FUZZY_TOO_SHORT(
            400, "allowed_domain_fuzzy must have at least three characters."),
    ORGANIZATION_SEARCH_MEMBER_EMAIL_FUZZY_TOO_SHORT(400, "member_email_fuzzy must have at least three characters."),
    ORGANIZATION_SEARCH_MISSING_ORGANIZATION_IDS(400, "The filter organization_ids must have a filter_value."),
    ORGANIZATION_SEARCH_MISSING_ORGANIZATION_SLUGS(400, "The filter organization_slugs must have a filter_value."),
    ORGANIZATION_SEARCH_MISSING_ORGANIZATION_SLUG_FUZZY(
            400, "The filter organization_slug_fuzzy must have a filter_value."),
    ORGANIZATION_SEARCH_MISSING_ORGANIZATION_NAME_FUZZY(
            400, "The filter organization_name_fuzzy must have a filter_value."),
    ORGANIZATION_SEARCH_MISSING_MEMBER_EMAILS(400, "The filter member_emails must have a filter_value."),
    ORGANIZATION_SEARCH_MISSING_MEMBER_EMAIL_FUZZY(400, "The filter member_email_fuzzy must have a filter_value."),
    ORGANIZATION_SEARCH_MISSING_ALLOWED_DOMAINS(400, "The filter allowed_domains must have a filter_value."),
    ORGANIZATION_SEARCH_MISSING_ALLOWED_DOMAIN_FUZZY(400, "The filter allowed_domain_fuzzy must have a filter_value."),
    ORGANIZATION_SEARCH_MISSING_CLAIMED_EMAIL_DOMAINS(
            400, "The filter claimed_email_domains must have a filter_value."),
    ORGANIZATION_SEARCH_MISSING_HAS_ACTIVE_SSO_CONNECTION(
            400, "The filter has_active_sso_connection must have a filter_value."),
    ORGANIZATION_SEARCH_MISSING_SSO_CONNECTION_ID(400, "The filter sso_connection_id must have a filter_value."),
    ;

    private final int status;
    private final String message;

    OrganizationErrors(int status, String message) {
        this.status = status;
        this.message = message;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String message() {
        return message;
    }
}
