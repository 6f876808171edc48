package dev.selvage.error;

/// Refusals of users and their factors, and of the search of users.
public enum UserErrors implements ErrorType {
    INVALID_USER_ID(400, "user_id format is invalid."),
    TOO_MANY_USER_SELECTION_ARGUMENTS(400, "Please provide only one of user_id, session_token or session_jwt."),
    USER_ALREADY_INVITED(400, "The user has an invite that can still be used. Revoke it before you send another one."),
    USER_NOT_FOUND(404, "User could not be found."),
    INVALID_CREATE_USER_REQUEST(400, "Please provide an email or a phone_number."),
    DUPLICATE_EMAIL(400, "A user with the specified email already exists for this project."),
    DUPLICATE_PHONE_NUMBER(400, "A user with the specified phone number already exists for this project."),
    DUPLICATE_USER_EXTERNAL_ID(400, "A user with the specified external_id already exists for this project."),
    TOO_MANY_UNVERIFIED_FACTORS(
            400, "We were unable to create a new auth factor. This user already has too many unverified factors."),
    EMAIL_VERIFICATION_REQUIRED(400, "The user's email must be verified before another one can be added."),
    USER_LOCK_LIMIT_REACHED(
            429,
            "The user has been locked out due to too many failed authentication attempts. Please try again "
                    + "later."),
    EMAIL_NOT_FOUND(404, "Email could not be found."),
    NO_USER_PASSWORD(400, "user doesn't have an associated password."),
    CANNOT_DELETE_LAST_PRIMARY_FACTOR(400, "A user must keep at least one email, phone number or OAuth registration."),
    INVALID_EXCHANGE_PRIMARY_FACTOR_FIELDS(400, "Please provide exactly one of email_address or phone_number."),
    INVALID_EXCHANGE_PRIMARY_FACTOR_USER(
            400, "The user must have exactly one primary factor, an email or a phone number."),
    DUPLICATE_EMAIL_FOR_USER(400, "The user already has this email."),
    DUPLICATE_PHONE_NUMBER_FOR_USER(400, "The user already has this phone number."),
    INVALID_METHOD_ID(400, "method_id format is invalid."),
    INVALID_EMAIL_ID(400, "email_id format is invalid."),
    INVALID_WEBAUTHN_REGISTRATION_ID(400, "webauthn_registration_id format is invalid."),
    INVALID_BIOMETRIC_REGISTRATION_ID(400, "biometric_registration_id format is invalid."),
    INVALID_CRYPTO_WALLET_ID(400, "crypto_wallet_id format is invalid."),
    INVALID_OAUTH_USER_REGISTRATION_ID(400, "oauth_user_registration_id format is invalid."),
    PHONE_NUMBER_NOT_FOUND(404, "Phone Number could not be found."),
    WEBAUTHN_REGISTRATION_NOT_FOUND(404, "WebAuthn registration could not be found."),
    BIOMETRIC_REGISTRATION_NOT_FOUND(404, "Biometric registration could not be found."),
    CRYPTO_WALLET_NOT_FOUND(404, "Crypto wallet could not be found."),
    OAUTH_USER_REGISTRATION_NOT_FOUND(404, "OAuth user registration could not be found."),
    CONNECTED_APP_NOT_FOUND(404, "Connected App could not be found."),

    // search
    USER_SEARCH_INVALID_CURSOR(400, "The cursor does not belong to this search."),
    USER_SEARCH_INVALID_LIMIT(400, "limit must be between 0 and 1000."),
    USER_SEARCH_INVALID_OPERATOR(400, "operator must be AND or OR."),
    USER_SEARCH_MISSING_FILTER_NAME(400, "Each operand must have a filter_name."),
    USER_SEARCH_FILTER_NAME_MUST_BE_STRING(400, "filter_name must be a string."),
    USER_SEARCH_FILTER_NAME_NOT_RECOGNIZED(400, "The user search operand filter_name was not recognized."),
    USER_SEARCH_MISSING_FILTER_VALUE(400, "Each operand must have a filter_value."),
    USER_SEARCH_EXPECTED_OBJECT(400, "filter_value must be an object."),
    USER_SEARCH_EXPECTED_STRING(400, "filter_value must be a string."),
    USER_SEARCH_EXPECTED_BOOL(400, "filter_value must be a boolean."),
    USER_SEARCH_EXPECTED_ARRAY_OF_STRING(400, "filter_value must be an array of strings."),
    USER_SEARCH_EXPECTED_TIMESTAMP(400, "filter_value must be an RFC 3339 timestamp."),
    USER_SEARCH_MAXIMUM_FILTER_VALUE_COUNT_EXCEEDED(400, "The filters of the query have too many values."),
    USER_SEARCH_CANNOT_MIX_INTERNAL_AND_EXTERNAL_USER_IDS(
            400, "A user_id filter may not mix user_ids and external_ids."),
    USER_SEARCH_INVALID_STATUS_FILTER(400, "status must be active or pending."),
    USER_SEARCH_INVALID_OAUTH_PROVIDER_FILTER(400, "oauth_provider names an unknown provider."),
    USER_SEARCH_FULL_NAME_FUZZY_TOO_SHORT(400, "full_name_fuzzy must have at least three characters."),
    USER_SEARCH_PHONE_NUMBER_FUZZY_TOO_SHORT(400, "phone_number_fuzzy must have at least three characters."),
    USER_SEARCH_EMAIL_ADDRESS_FUZZY_TOO_SHORT(400, "email_address_fuzzy must have at least three characters."),
    USER_SEARCH_MISSING_GREATER_THAN(400, "created_at_between must have greater_than."),
    USER_SEARCH_MISSING_LESS_THAN(400, "created_at_between must have less_than."),
    USER_SEARCH_MISSING_CREATED_AT_GREATER_THAN(400, "The filter created_at_greater_than must have a filter_value."),
    USER_SEARCH_MISSING_CREATED_AT_LESS_THAN(400, "The filter created_at_less_than must have a filter_value."),
    USER_SEARCH_MISSING_STATUS(400, "The filter status must have a filter_value."),
    USER_SEARCH_MISSING_OAUTH_PROVIDERS(400, "The filter oauth_provider must have a filter_value."),
    USER_SEARCH_MISSING_USER_IDS(400, "The filter user_id must have a filter_value."),
    USER_SEARCH_MISSING_FULL_NAME_FUZZY(400, "The filter full_name_fuzzy must have a filter_value."),
    USER_SEARCH_MISSING_PHONE_NUMBERS(400, "The filter phone_number must have a filter_value."),
    USER_SEARCH_MISSING_PHONE_IDS(400, "The filter phone_id must have a filter_value."),
    USER_SEARCH_MISSING_PHONE_VERIFIED(400, "The filter phone_verified must have a filter_value."),
    USER_SEARCH_MISSING_PHONE_NUMBER_FUZZY(400, "The filter phone_number_fuzzy must have a filter_value."),
    USER_SEARCH_MISSING_EMAIL_ADDRESSES(400, "The filter email_address must have a filter_value."),
    USER_SEARCH_MISSING_EMAIL_IDS(400, "The filter email_id must have a filter_value."),
    USER_SEARCH_MISSING_EMAIL_VERIFIED(400, "The filter email_verified must have a filter_value."),
    USER_SEARCH_MISSING_EMAIL_ADDRESS_FUZZY(400, "The filter email_address_fuzzy must have a filter_value."),
    USER_SEARCH_MISSING_EMAIL_DOMAIN(400, "The filter email_domain must have a filter_value."),
    USER_SEARCH_MISSING_WEBAUTHN_REGISTRATION_IDS(400, "The filter webauthn_registration_id must have a filter_value."),
    USER_SEARCH_MISSING_WEBAUTHN_VERIFIED(400, "The filter webauthn_registration_verified must have a filter_value."),
    USER_SEARCH_MISSING_BIOMETRIC_REGISTRATION_IDS(
            400, "The filter biometric_registration_id must have a filter_value."),
    USER_SEARCH_MISSING_BIOMETRIC_VERIFIED(400, "The filter biometric_registration_verified must have a filter_value."),
    USER_SEARCH_MISSING_CRYPTO_WALLET_ID(400, "The filter crypto_wallet_id must have a filter_value."),
    USER_SEARCH_MISSING_CRYPTO_WALLET_ADDRESS(400, "The filter crypto_wallet_address must have a filter_value."),
    USER_SEARCH_MISSING_CRYPTO_WALLET_VERIFIED(400, "The filter crypto_wallet_verified must have a filter_value."),
    USER_SEARCH_MISSING_TOTP_IDS(400, "The filter totp_id must have a filter_value."),
    USER_SEARCH_MISSING_TOTP_VERIFIED(400, "The filter totp_verified must have a filter_value."),
    USER_SEARCH_MISSING_PASSWORD(400, "The filter password_exists must have a filter_value."),
    ;

    private final int status;
    private final String message;

    UserErrors(int status, String message) {
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
