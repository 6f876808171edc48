package dev.selvage.error;

import java.util.Locale;

/// The catalogue of refusals that this server can answer. A constant's name in lower case is its `error_type`;
/// the statuses are those of the contract's `errors.json`, which a test compares. Messages of the seeds are
/// theirs to the letter.
public enum ErrorType {
    // the request itself
    BAD_REQUEST(400, "The request could not be understood."),
    ROUTE_NOT_FOUND(404, "The requested route could not be found."),
    METHOD_NOT_ALLOWED(405, "The method is not allowed on this route."),
    INTERNAL_SERVER_ERROR(
            500,
            "Oops, something seems to have gone wrong, please reach out to support@stytch.com "
                    + "to let us know what went wrong."),
    SERVER_UNAVAILABLE(503, "The server is shutting down or its store cannot be reached, please try again."),
    TOO_MANY_REQUESTS(429, "Too many requests have been made."),

    // credentials and project
    INVALID_PROJECT_ID_AUTHENTICATION(400, "The project_id in the Authorization header is malformed."),
    INVALID_SECRET_AUTHENTICATION(400, "The secret in the Authorization header is malformed."),
    UNAUTHORIZED_CREDENTIALS(401, "Unauthorized credentials."),
    INVALID_B2B_ENDPOINT(400, "This endpoint is only available to B2B projects."),
    INVALID_CONSUMER_ENDPOINT(400, "This endpoint is only available to Consumer projects."),
    INVALID_PROJECT_ID(400, "project_id format is invalid."),
    PROJECT_NOT_FOUND(404, "Project could not be found."),

    // ids
    INVALID_USER_ID(400, "user_id format is invalid."),
    INVALID_ID(400, "The format of the id is invalid."),
    LIVE_ID_USED_IN_TEST_ENVIRONMENT(400, "An id of the live environment was used in the test environment."),
    TEST_ID_USED_IN_LIVE_ENVIRONMENT(400, "An id of the test environment was used in the live environment."),

    // sessions
    TOO_MANY_SESSION_ARGUMENTS(
            400, "Please provide only one of session_token, session_jwt or intermediate_session_token."),
    NO_SESSION_ARGUMENTS(400, "Please provide one of session_token or session_jwt."),
    TOO_MANY_SESSION_REVOKE_ARGUMENTS(400, "Please name only one session, or one member, to revoke."),
    NO_SESSION_REVOKE_ARGUMENTS(400, "Please name a session to revoke: by its id, a session_token or a session_jwt."),
    INVALID_SESSION_ID(400, "session_id format is invalid."),
    INVALID_SESSION_TOKEN(400, "session_token format is invalid."),
    UNABLE_TO_PARSE_SESSION_JWT(400, "The session JWT could not be parsed."),
    SESSION_NOT_FOUND(404, "Session could not be found."),
    INVALID_SESSION_DURATION_MINUTES(400, "session_duration_minutes must be between 5 and 527040."),
    INVALID_SESSION_DURATION(400, "session_duration_minutes is longer than this project allows."),
    STYTCH_CLAIMS_IN_CUSTOM_CLAIMS(400, "session_custom_claims may not name a claim under https://stytch.com/."),
    RESERVED_CLAIMS_IN_CUSTOM_CLAIMS(400, "session_custom_claims may not name a registered JWT claim."),
    CUSTOM_CLAIMS_TOO_LARGE(400, "Custom claims may not be larger than four kilobytes."),
    CONSUMER_SESSION_AUTHORIZATION_ERROR(
            403, "The user is not authorized to perform the requested action on that resource."),

    INTERMEDIATE_SESSION_NOT_FOUND(404, "Intermediate session could not be found."),
    SESSION_AUTHORIZATION_ERROR(403, "The Member is not authorized to perform the requested action on that resource."),
    SESSION_AUTHORIZATION_TENANCY_ERROR(403, "The Member belongs to another organization than the one of the request."),
    ACTION_AVAILABLE_ONLY_ONCE_PRIMARY_AUTHENTICATION_IS_MET(
            400,
            "You must complete the primary authentication requirements "
                    + "for an organization before completing an MFA flow."),
    OPERATION_RESTRICTED_BY_ORGANIZATION_AUTH_METHODS(400, "The organization does not allow this way to sign in."),
    OPERATION_RESTRICTED_BY_ORGANIZATION_MFA_METHODS(400, "The organization does not allow this second factor."),
    INVALID_INTERMEDIATE_SESSION_TOKEN_FOR_ORGANIZATION(
            400, "The intermediate session has no factor that another organization accepts."),
    INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE(400, "The session has no factor that another organization accepts."),
    MEMBER_SESSION_MEMBER_ID_MISMATCH(400, "The session belongs to another member."),

    // sessions of other services
    MIGRATE_FROM_EXTERNAL_MISSING_USERINFO(400, "This project has no external userinfo endpoint."),
    MIGRATE_FROM_EXTERNAL_UNEXPECTED_RESPONSE(
            400, "The external userinfo endpoint did not answer with a verified email address."),
    MIGRATE_FROM_EXTERNAL_EMAIL_DOES_NOT_EXIST(
            400, "No user, or no member of the organization, has the email address " + "of the external session."),
    TRUSTED_TOKEN_PROFILE_NOT_FOUND(404, "The trusted token profile could not be found."),
    TRUSTED_TOKEN_PROFILE_INCORRECT_EXTERNAL_ID_MAPPING(
            400,
            "The external id in the token belongs to somebody else, " + "or whom the token names has another one."),
    INVALID_TRUSTED_AUTH_TOKEN(400, "The token could not be verified with the keys of the trusted token profile."),
    JWT_INVALID_ISSUER(400, "The issuer of the token is not the one of the trusted token profile."),
    JWT_INVALID_AUDIENCE(400, "The token is not meant for the audience of the trusted token profile."),
    JWT_INVALID_CLAIMS(
            400, "The token is expired or not valid yet, or lacks a claim that the trusted token profile maps."),
    TOKEN_MISSING_ORGANIZATION_ID_CLAIM(
            400,
            "The token names no organization, and the trusted token profile or the request "
                    + "does not make up for it."),
    INVALID_TOKEN_ORGANIZATION_ID_CLAIM(
            400, "The organization in the token is unknown, or another than that of the request."),
    IDP_ACCESS_TOKEN_NOT_FOUND(404, "The access token could not be found."),

    // magic links
    // links
    MAGIC_LINK_NOT_FOUND(404, "The magic link could not be authenticated, try sending another magic link to the user."),
    UNABLE_TO_AUTH_MAGIC_LINK(
            401,
            "The magic link could not be authenticated because it was either already used or expired. "
                    + "Send another magic link to this user."),
    INVALID_TOKEN(400, "Token format is invalid."),
    ATTRIBUTE_MISMATCH(401, "The attributes of this request do not match those with which the link was made."),
    INVALID_PKCE_CODE_CHALLENGE(
            400, "code_challenge must be the base64url encoded SHA-256 of a code_verifier, 43 characters."),
    INVALID_PKCE_CODE_VERIFIER(
            400, "code_verifier must have 43 to 128 characters, which may be letters, digits and any of -._~ only."),
    PKCE_EXPECTED_CODE_VERIFIER(
            400,
            "This flow was started using a code_challenge but the authentication call is missing "
                    + "the corresponding code_verifier."),
    PKCE_DID_NOT_EXPECT_CODE_VERIFIER(
            400, "This flow was started without a code_challenge, so no code_verifier may be sent."),
    PKCE_MISMATCH(400, "The submitted code_verifier does not match the code_challenge sent at the start of the flow."),
    INVALID_EXPIRATION(400, "The expiration must be between 5 and 10080 minutes."),
    INVALID_LOCALE(400, "locale is invalid."),
    TOO_MANY_USER_SELECTION_ARGUMENTS(400, "Please provide only one of user_id, session_token or session_jwt."),
    USER_ALREADY_INVITED(400, "The user has an invite that can still be used. Revoke it before you send another one."),

    // where links lead
    INVALID_LOGIN_MAGIC_LINK_URL(400, "login_magic_link_url format is invalid."),
    INVALID_SIGNUP_MAGIC_LINK_URL(400, "signup_magic_link_url format is invalid."),
    INVALID_INVITE_MAGIC_LINK_URL(400, "invite_magic_link_url format is invalid."),
    INVALID_PASSWORD_RESET_REDIRECT_URL(400, "reset_password_redirect_url format is invalid."),
    INVALID_LOGIN_REDIRECT_URL(400, "login_redirect_url format is invalid."),
    INVALID_SIGNUP_REDIRECT_URL(400, "signup_redirect_url format is invalid."),
    INVALID_INVITE_REDIRECT_URL(400, "invite_redirect_url format is invalid."),
    INVALID_DISCOVERY_REDIRECT_URL(400, "discovery_redirect_url format is invalid."),
    NO_MATCH_FOR_PROVIDED_MAGIC_LINK_URL(
            400, "The URL in the request is none of the redirect URLs that this project has for this use."),
    NO_LOGIN_REDIRECT_URLS_SET(400, "This project has no login redirect URL."),
    NO_DEFAULT_LOGIN_REDIRECT_URL_SET(
            400, "This project has no default login redirect URL, so the request must name one."),
    NO_SIGNUP_REDIRECT_URLS_SET(400, "This project has no signup redirect URL."),
    NO_DEFAULT_SIGNUP_REDIRECT_URL_SET(
            400, "This project has no default signup redirect URL, so the request must name one."),
    NO_INVITE_REDIRECT_URLS_SET(400, "This project has no invite redirect URL."),
    NO_DEFAULT_INVITE_REDIRECT_URL_SET(
            400, "This project has no default invite redirect URL, so the request must name one."),
    NO_DISCOVERY_REDIRECT_URLS_SET(400, "This project has no discovery redirect URL."),
    NO_DEFAULT_DISCOVERY_REDIRECT_URL_SET(
            400, "This project has no default discovery redirect URL, so the request must name one."),
    NO_PASSWORD_RESET_REDIRECT_URL(
            400, "This project has no default password reset redirect URL, so the request must name one."),

    // users
    USER_NOT_FOUND(404, "User could not be found."),
    INVALID_CREATE_USER_REQUEST(400, "Please provide an email or a phone_number."),
    DUPLICATE_EMAIL(400, "A user with the specified email already exists for this project."),
    DUPLICATE_PHONE_NUMBER(400, "A user with the specified phone number already exists for this project."),
    DUPLICATE_USER_EXTERNAL_ID(400, "A user with the specified external_id already exists for this project."),
    INVALID_EMAIL_SANDBOX(400, "The sandbox email can only be used in the test environment."),
    INVALID_EMAIL(400, "Email format is invalid."),
    INVALID_PHONE_NUMBER(400, "Phone number format is invalid. Ensure the phone number is in the E.164 format."),
    INVALID_RBAC_ROLE_ID(400, "role_id is not a role of this project."),
    METADATA_INVALID_FORMAT(400, "Metadata must be a JSON object."),
    METADATA_TOO_LARGE(400, "Metadata may not be larger than four kilobytes."),
    METADATA_TOO_MANY_KEYS(400, "Metadata may not have more than 20 keys at the top level."),
    TOO_MANY_UNVERIFIED_FACTORS(
            400, "We were unable to create a new auth factor. This user already has too many unverified factors."),
    EMAIL_VERIFICATION_REQUIRED(400, "The user's email must be verified before another one can be added."),
    USER_LOCK_LIMIT_REACHED(
            429,
            "The user has been locked out due to too many failed authentication attempts. Please try again later."),
    EMAIL_NOT_FOUND(404, "Email could not be found."),

    // passwords
    WEAK_PASSWORD(400, "password doesn't meet our strength requirements."),
    NO_USER_PASSWORD(400, "user doesn't have an associated password."),
    RESET_PASSWORD(400, "user must reset their password"),
    UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN(
            401,
            "The password reset token could not be authenticated because it is unknown, "
                    + "already used or expired. Start another reset."),
    BREACHED_PASSWORD(400, "password appears in a list of breached passwords, please choose another one."),
    PASSWORD_DOES_NOT_MATCH(400, "existing_password is not the password of this user."),
    PASSWORD_ALREADY_EXISTS(400, "The user already has a password."),
    SESSION_TOO_OLD_TO_RESET_PASSWORD(
            400,
            "The provided session cannot be used to reset a password. It does not have an "
                    + "authentication_factor that was authenticated within the last 5 minutes. Please prompt the user to authenticate "
                    + "again before retrying the endpoint."),
    INVALID_HASH(400, "hash format is invalid for this hash_type."),
    INVALID_HASH_TYPE(
            400,
            "hash_type should be one of bcrypt, md_5, argon_2i, argon_2id, sha_1, sha_512, scrypt, phpass or pbkdf_2."),
    INVALID_BCRYPT_HASH(400, "hash is not a bcrypt hash."),
    INVALID_BCRYPT_COST(400, "The cost of the bcrypt hash should be between 4 and 16."),
    INVALID_MD_5_HASH(400, "hash is not an MD5 digest in hex."),
    INVALID_SHA_1_HASH(400, "hash is not a SHA-1 digest in hex."),
    INVALID_SHA_512_HASH(400, "hash is not a SHA-512 digest in hex."),
    INVALID_PREPEND_SALT(400, "prepend_salt is longer than 512 bytes."),
    INVALID_APPEND_SALT(400, "append_salt is longer than 512 bytes."),
    INVALID_ARGON_2_SALT(400, "The salt of an Argon2 hash should have 8 to 512 bytes."),
    INVALID_ARGON_2_ITERATION_AMOUNT(
            400, "iteration_amount should be at least 1, and iteration_amount times memory at most 2 GiB."),
    INVALID_ARGON_2_MEMORY(
            400, "memory, in KiB, should be at least 8 times threads, and at most 256 MiB or what this server has."),
    INVALID_ARGON_2_THREADS(400, "threads should be between 1 and 64."),
    INVALID_ARGON_2_KEY_LENGTH(400, "key_length should be between 4 and 512."),
    ARGON_2_KEY_LENGTH_MISMATCH(400, "The key_length value doesn't match the length of the provided hash."),
    INVALID_BASE64_SCRYPT_HASH(400, "hash is not base64."),
    INVALID_BASE64_SCRYPT_SALT(400, "salt is not base64."),
    INVALID_SCRYPT_SALT_LENGTH(400, "The salt of an scrypt hash should have 1 to 512 bytes."),
    INVALID_SCRYPT_N_PARAMETER(400, "n_parameter should be a power of two, greater than 1 and less than 262145."),
    INVALID_SCRYPT_PARAMETERS(
            400, "The scrypt parameters are missing, or ask for more memory or work than this server spends."),
    SCRYPT_KEY_LENGTH_MISMATCH(400, "The key_length value doesn't match the length of the provided hash."),
    INVALID_PHPASS_HASH_PREFIX(400, "A phpass hash should begin with $P$ or $H$."),
    INVALID_PHPASS_HASH_FORMAT(400, "hash is not a phpass hash of at most 2^20 rounds."),
    INVALID_PBKDF_2_HASH(400, "hash is not base64 of 4 to 512 bytes."),
    INVALID_PBKDF_2_SALT(400, "salt is not base64 of 1 to 512 bytes."),
    INVALID_PBKDF_2_ITERATION_AMOUNT(400, "iteration_amount should be between 1 and 10000000."),
    INVALID_PBKDF_2_ALGORITHM(400, "algorithm should be sha256 or sha512."),
    PBKDF_2_KEY_LENGTH_MISMATCH(400, "The key_length value doesn't match the length of the provided hash."),
    PASSWORD_VALIDATION_TIMEOUT(408, "The password could not be checked in time, please try again."),

    // mail
    EMAIL_TEMPLATE_NOT_FOUND(404, "Email Template could not be found."),
    TOO_MANY_ROLES(400, "A user may not have more than 100 roles."),
    FORBIDDEN_CHARACTER_ZERO_WIDTH_SPACE(400, "A name may not hold a zero width space."),
    CANNOT_DELETE_LAST_PRIMARY_FACTOR(400, "A user must keep at least one email, phone number or OAuth registration."),
    INVALID_EXCHANGE_PRIMARY_FACTOR_FIELDS(400, "Please provide exactly one of email_address or phone_number."),
    INVALID_EXCHANGE_PRIMARY_FACTOR_USER(
            400, "The user must have exactly one primary factor, an email or a phone number."),
    DUPLICATE_EMAIL_FOR_USER(400, "The user already has this email."),
    DUPLICATE_PHONE_NUMBER_FOR_USER(400, "The user already has this phone number."),

    // what belongs to a user
    INVALID_METHOD_ID(400, "method_id format is invalid."),
    INVALID_EMAIL_ID(400, "email_id format is invalid."),
    INVALID_PASSWORD_ID(400, "password_id format is invalid."),
    INVALID_TOTP_ID(400, "totp_id format is invalid."),
    INVALID_WEBAUTHN_REGISTRATION_ID(400, "webauthn_registration_id format is invalid."),
    INVALID_BIOMETRIC_REGISTRATION_ID(400, "biometric_registration_id format is invalid."),
    INVALID_CRYPTO_WALLET_ID(400, "crypto_wallet_id format is invalid."),
    INVALID_OAUTH_USER_REGISTRATION_ID(400, "oauth_user_registration_id format is invalid."),
    PHONE_NUMBER_NOT_FOUND(404, "Phone Number could not be found."),
    PASSWORD_NOT_FOUND(404, "Password could not be found."),
    TOTP_NOT_FOUND(404, "TOTP could not be found."),
    WEBAUTHN_REGISTRATION_NOT_FOUND(404, "WebAuthn registration could not be found."),
    BIOMETRIC_REGISTRATION_NOT_FOUND(404, "Biometric registration could not be found."),
    CRYPTO_WALLET_NOT_FOUND(404, "Crypto wallet could not be found."),
    OAUTH_USER_REGISTRATION_NOT_FOUND(404, "OAuth user registration could not be found."),
    CONNECTED_APP_NOT_FOUND(404, "Connected App could not be found."),

    // second factors
    ACTION_AVAILABLE_ONLY_FOR_ACTIVE_MEMBERS(400, "A second factor can be added to active members only."),
    SECONDARY_FACTOR_NOT_FOUND(404, "The member has a second factor, and it was not given in this session."),

    // one-time passcodes
    OTP_CODE_NOT_FOUND(
            404,
            "The passcode was incorrect and could not be authenticated, encourage the user to try inputting the "
                    + "passcode again or send another passcode."),
    UNABLE_TO_AUTH_OTP_CODE(
            401,
            "The passcode could not be authenticated because it was either already used or expired. "
                    + "Send another passcode to this user."),
    INVALID_CODE(400, "Passcode format is invalid. It should consist of six digits."),
    INVALID_EXPIRATION_OTP(400, "The expiration is not one that passcodes can have."),
    MEMBER_PHONE_NUMBER_NOT_FOUND(404, "The member has no phone number."),
    DUPLICATE_MEMBER_PHONE_NUMBER(
            400, "A member with the specified phone number already exists for this organization."),
    DUPLICATE_MEMBER_PHONE_NUMBER_FOR_MEMBER(
            400, "The member already has another phone number. Delete it before you add this one."),

    // TOTPs and recovery codes
    ACTIVE_TOTP_EXISTS(
            400, "A TOTP is active already, and there can be only one at a time. Delete it before you create another."),
    EXPIRED_TOTP(400, "The TOTP was not authenticated in time. Please create another."),
    INVALID_TOTP_CODE(400, "TOTP code format is invalid. It should consist of six digits."),
    UNABLE_TO_AUTHENTICATE_TOTP(401, "The TOTP code could not be authenticated."),
    TOTP_CODE_ALREADY_AUTHENTICATED(
            401, "This TOTP code has already been authenticated. Please attempt with the next generated code."),
    RECOVERY_CODE_USED_AS_TOTP_CODE(401, "This is a recovery code, not a TOTP code. Please recover with it instead."),
    INVALID_RECOVERY_CODE(400, "Recovery codes must be different from each other and have 1 to 128 characters."),
    UNABLE_TO_AUTHENTICATE_RECOVERY_CODE(
            401, "The recovery code could not be authenticated because it is wrong or was already used."),
    TOTP_CODE_USED_AS_RECOVERY_CODE(
            401, "This is a TOTP code, not a recovery code. Please authenticate with it instead."),
    NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR(400, "There is no active TOTP that recovery codes could stand in for."),
    RECOVERY_CODES_NOT_FOUND(404, "Recovery codes could not be found."),

    // search of users
    USER_SEARCH_INVALID_CURSOR(400, "The cursor was not given out by this search."),
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

    // organizations
    MEMBER_NOT_FOUND(404, "Member could not be found."),
    MEMBER_RESET_PASSWORD(400, "The member must reset the password."),
    MEMBER_PASSWORD_NOT_FOUND(404, "Member password not found."),
    CROSS_ORG_PASSWORDS_ENABLED(
            400, "The passwords of this project belong to addresses in all organizations, not to single " + "members."),
    CROSS_ORG_PASSWORDS_NOT_ENABLED(
            400, "The passwords of this project belong to single members, not to addresses in all " + "organizations."),
    DUPLICATE_MEMBER_EMAIL(400, "A member with the specified email already exists for this organization."),
    DUPLICATE_MEMBER_EXTERNAL_ID(400, "A member with the specified external_id already exists for this organization."),
    RETIRED_MEMBER_EMAIL(
            400, "Another member of this organization had the specified email before. Unlink it there first."),
    INVALID_MEMBER_GET_FIELDS(400, "Name the member by member_id or email_address."),
    INVALID_MFA_DEFAULT_METHOD(400, "default_mfa_method must be sms_otp or totp."),
    DEFAULT_MFA_MEMBER_MISSING_FACTOR(400, "default_mfa_method names a factor that the member does not have."),
    MEMBER_CANNOT_UPDATE_THEIR_EMAIL_ADDRESS(
            400, "A member may not change the own email_address by this call. Start an email update."),
    EMAIL_UPDATES_AVAILABLE_ONLY_FOR_ACTIVE_MEMBERS(400, "Only active members can begin an email update."),
    MEMBER_HAS_NO_ACTIVE_VERIFIED_EMAIL(400, "The email of the member is not verified."),
    DESIRED_EMAIL_DEACTIVATED_BY_DIFFERENT_MEMBER(
            400, "Another member of this organization had the specified email before. " + "Unlink it there first."),
    DESIRED_EMAIL_UPDATING_FOR_DIFFERENT_MEMBER(
            400, "Another member of this organization is changing to the specified email."),
    UNABLE_TO_VERIFY_MEMBER_EMAIL_UPDATE(
            400, "The email update was not completed in time, or another one took its place."),
    RETIRED_EMAIL_MISSING_EMAIL_IDENTIFIERS(400, "Name the retired email by email_id, email_address or both."),
    NO_DELETED_MEMBER_FOUND_FOR_REACTIVATION(400, "The member is not deleted."),
    REACTIVATION_EMAIL_BELONGS_TO_ANOTHER_MEMBER(
            400, "Another member of this organization has the email of the deleted one."),
    EMAIL_JIT_PROVISIONING_NOT_ALLOWED(400, "The organization takes nobody in by an email address alone."),
    INVALID_EMAIL_FOR_JIT_PROVISIONING(400, "The organization does not take in addresses of this domain."),
    INVALID_EMAIL_FOR_INVITES(400, "The organization does not allow to invite this address."),
    ACTION_NOT_ALLOWED_EMAIL_DOMAIN_IS_CLAIMED(
            400, "Members with this email domain are restricted to organizations that have " + "claimed this domain."),
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
            "organization_external_id may have 1 to 128 letters, digits, dots, underscores, "
                    + "hyphens and vertical bars, and may not look like an id of this API."),
    EXTERNAL_ORGANIZATION_ID_SAME_AS_ORGANIZATION_ID(400, "organization_external_id may not be an organization_id."),
    ORGANIZATION_EXTERNAL_ID_ALREADY_USED(
            400, "The provided organization_external_id is already used in another organization."),
    ORGANIZATION_LOGO_URL_TOO_LONG(400, "organization_logo_url may not have more than 2048 characters."),
    INVALID_ORGANIZATION_AUTH_FACTOR_SETTING(
            400, "sso_jit_provisioning and email_invites must be ALL_ALLOWED, RESTRICTED or " + "NOT_ALLOWED."),
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
    ORGANIZATION_SETTINGS_INVALID_DOMAIN(400, "email_allowed_domains holds what is no domain."),
    ORGANIZATION_SETTINGS_DUPLICATE_DOMAIN(400, "email_allowed_domains holds a domain twice."),
    ORGANIZATION_SETTINGS_DOMAIN_TOO_COMMON(
            400, "email_allowed_domains holds a domain at which anyone can have an address."),
    ORGANIZATION_SETTINGS_DISPOSABLE_DOMAIN(400, "A domain of disposable addresses cannot be allowed or claimed."),
    ORGANIZATION_SETTINGS_INVALID_CLAIMED_DOMAIN(400, "claimed_email_domains holds what is no domain."),
    ORGANIZATION_SETTINGS_DUPLICATE_CLAIMED_DOMAIN(400, "claimed_email_domains holds a domain twice."),
    ORGANIZATION_SETTINGS_CLAIMED_DOMAIN_TOO_COMMON(
            400, "claimed_email_domains holds a domain at which anyone can have an address."),
    INVALID_OAUTH_ALLOWED_TENANTS_FORMAT(
            400, "allowed_oauth_tenants must map slack, hubspot or github to lists of tenants."),
    INVALID_RESTRICTED_OAUTH_TENANTS_SETTING(
            400, "allowed_oauth_tenants must name a tenant when oauth_tenant_jit_provisioning is " + "RESTRICTED."),
    INVALID_CONNECTION_FOR_JIT_PROVISIONING(
            400,
            "sso_jit_provisioning_allowed_connections names a connection that the organization " + "does not have."),
    SSO_CONNECTION_NOT_FOUND(404, "SSO connection could not be found."),
    INVALID_RBAC_ROLE_ASSIGNMENT(400, "Each implicit role assignment must have a domain and a role_id."),
    RBAC_INVALID_DOMAIN(400, "An implicit role assignment names what is no domain."),
    RBAC_DOMAIN_TOO_COMMON(400, "An implicit role assignment names a domain at which anyone can have an address."),
    INVALID_RBAC_CUSTOM_ROLE(400, "A role of the organization's policy is not valid."),
    RBAC_ROLE_DUPLICATE(400, "A role is there twice, or the project has one of that name."),

    // search of organizations
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

    // the search of members
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

    ErrorType(int status, String message) {
        this.status = status;
        this.message = message;
    }

    /// The HTTP status, which is also the body's `status_code`.
    public int status() {
        return status;
    }

    public String message() {
        return message;
    }

    /// The `error_type` of the wire.
    public String wireValue() {
        return name().toLowerCase(Locale.ROOT);
    }
}
