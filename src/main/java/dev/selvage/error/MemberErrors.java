package dev.selvage.error;

/// Refusals of members and their factors, and of the search of members.
public enum MemberErrors implements ErrorType {
    MEMBER_SESSION_MEMBER_ID_MISMATCH(400, "The session belongs to another member."),
    ACTION_AVAILABLE_ONLY_FOR_ACTIVE_MEMBERS(400, "A second factor can be added to active members only."),
    SECONDARY_FACTOR_NOT_FOUND(404, "The member has a second factor that this session does not contain."),
    MEMBER_PHONE_NUMBER_NOT_FOUND(404, "The member has no phone number."),
    DUPLICATE_MEMBER_PHONE_NUMBER(
            400, "A member with the specified phone number already exists for this organization."),
    DUPLICATE_MEMBER_PHONE_NUMBER_FOR_MEMBER(
            400, "The member already has another phone number. Delete it before you add this one."),
    MEMBER_NOT_FOUND(404, "Member could not be found."),
    MEMBER_RESET_PASSWORD(400, "The member must reset the password."),
    MEMBER_PASSWORD_NOT_FOUND(404, "Member password not found."),
    DUPLICATE_MEMBER_EMAIL(400, "A member with the specified email already exists for this organization."),
    DUPLICATE_MEMBER_EXTERNAL_ID(400, "A member with the specified external_id already exists for this organization."),
    RETIRED_MEMBER_EMAIL(
            400, "Another member of this organization had the specified email before. Unlink it there first."),
    INVALID_MEMBER_GET_FIELDS(400, "Name the member by member_id or email_address."),
    INVALID_MFA_DEFAULT_METHOD(400, "default_mfa_method must be sms_otp or totp."),
    DEFAULT_MFA_MEMBER_MISSING_FACTOR(400, "default_mfa_method names a factor that the member does not have."),
    MEMBER_CANNOT_UPDATE_THEIR_EMAIL_ADDRESS(
            400, "Members may not change their own email_address with this call. Start an email update instead."),
    EMAIL_UPDATES_AVAILABLE_ONLY_FOR_ACTIVE_MEMBERS(400, "Only active members can begin an email update."),
    MEMBER_HAS_NO_ACTIVE_VERIFIED_EMAIL(400, "The email of the member is not verified."),
    DESIRED_EMAIL_DEACTIVATED_BY_DIFFERENT_MEMBER(
            400, "Another member of this organization had the specified email before. Unlink it there first."),
    DESIRED_EMAIL_UPDATING_FOR_DIFFERENT_MEMBER(
            400, "Another member of this organization is changing to the specified email."),
    UNABLE_TO_VERIFY_MEMBER_EMAIL_UPDATE(
            400, "The email update was not completed in time, or another update replaced it."),
    RETIRED_EMAIL_MISSING_EMAIL_IDENTIFIERS(400, "Name the retired email by email_id, email_address or both."),
    NO_DELETED_MEMBER_FOUND_FOR_REACTIVATION(400, "The member is not deleted."),
    REACTIVATION_EMAIL_BELONGS_TO_ANOTHER_MEMBER(
            400, "Another member of this organization has the email of the deleted member."),
    EMAIL_JIT_PROVISIONING_NOT_ALLOWED(
            400, "The organization does not accept new members by their email address alone."),
    INVALID_EMAIL_FOR_JIT_PROVISIONING(
            400, "The organization does not accept new members with an address of this domain."),
    INVALID_EMAIL_FOR_INVITES(400, "The organization does not allow invites to this address."),
    ACTION_NOT_ALLOWED_EMAIL_DOMAIN_IS_CLAIMED(
            400, "Members with this email domain are restricted to organizations that have claimed this domain."),

    // search
    MEMBER_SEARCH_ORGANIZATION_IDS_EMPTY(400, "organization_ids must name at least one organization."),
    MEMBER_SEARCH_MISSING_FILTER_NAME(400, "Each operand must have a filter_name."),
    MEMBER_SEARCH_FILTER_NAME_MUST_BE_STRING(400, "filter_name must be a string."),
    MEMBER_SEARCH_FILTER_NAME_NOT_RECOGNIZED(400, "The member search operand filter_name was not recognized."),
    MEMBER_SEARCH_EXPECTED_STRING(400, "filter_value must be a string."),
    MEMBER_SEARCH_EXPECTED_BOOLEAN(400, "filter_value must be a boolean."),
    MEMBER_SEARCH_EXPECTED_ARRAY_OF_STRINGS(400, "filter_value must be an array of strings."),
    MEMBER_SEARCH_CANNOT_MIX_INTERNAL_AND_EXTERNAL_MEMBER_IDS(
            400, "A member_ids filter may not mix member_ids and external_ids."),
    SEARCH_INVALID_STATUS_FILTER(400, "A status must be pending, invited, active or deleted."),
    MEMBER_SEARCH_MEMBER_EMAIL_FUZZY_TOO_SHORT(400, "member_email_fuzzy must have at least three characters."),
    MEMBER_SEARCH_MEMBER_MFA_PHONE_NUMBER_FUZZY_TOO_SHORT(
            400, "member_mfa_phone_number_fuzzy must have at least three characters."),
    MEMBER_SEARCH_ORGANIZATION_SLUG_FUZZY_TOO_SHORT(
            400, "organization_slug_fuzzy must have at least three characters."),
    MEMBER_SEARCH_MISSING_MEMBER_IDS(400, "The filter member_ids must have a filter_value."),
    MEMBER_SEARCH_MISSING_MEMBER_EMAILS(400, "The filter member_emails must have a filter_value."),
    MEMBER_SEARCH_MISSING_MEMBER_EMAIL_FUZZY(400, "The filter member_email_fuzzy must have a filter_value."),
    MEMBER_SEARCH_MISSING_MFA_MEMBER_PHONE_NUMBERS(
            400, "The filter member_mfa_phone_numbers must have a filter_value."),
    MEMBER_SEARCH_MISSING_MFA_MEMBER_PHONE_NUMBER_FUZZY(
            400, "The filter member_mfa_phone_number_fuzzy must have a filter_value."),
    MEMBER_SEARCH_MISSING_STATUSES(400, "The filter statuses must have a filter_value."),
    MEMBER_SEARCH_MISSING_STATUS(400, "The filter status must have a filter_value."),
    MEMBER_SEARCH_MISSING_IS_BREAKGLASS(400, "The filter member_is_breakglass must have a filter_value."),
    MEMBER_SEARCH_MISSING_PASSWORD_EXISTS(400, "The filter member_password_exists must have a filter_value."),
    MEMBER_SEARCH_MISSING_TOTP_EXISTS(400, "The filter member_totp_exists must have a filter_value."),
    MEMBER_SEARCH_MISSING_MEMBER_ROLES(400, "The filter member_roles must have a filter_value."),
    MEMBER_SEARCH_MISSING_OAUTH_PROVIDERS(400, "The filter member_oauth_providers must have a filter_value."),
    MEMBER_SEARCH_MISSING_ORGANIZATION_ID(400, "The filter organization_id must have a filter_value."),
    MEMBER_SEARCH_MISSING_ORGANIZATION_SLUG(400, "The filter organization_slug must have a filter_value."),
    MEMBER_SEARCH_MISSING_ORGANIZATION_SLUG_FUZZY(400, "The filter organization_slug_fuzzy must have a filter_value."),
    ;

    private final int status;
    private final String message;

    MemberErrors(int status, String message) {
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
