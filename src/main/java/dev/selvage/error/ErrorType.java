package dev.selvage.error;

import java.util.Locale;

/// The catalogue of refusals that this server can answer. A constant's name in lower case is its `error_type`; the
/// statuses are those of the contract's `errors.json`, which a test compares. Messages of the seeds are theirs to the
/// letter.
public enum ErrorType {
    // the request itself
    BAD_REQUEST(400, "The request could not be understood."),
    ROUTE_NOT_FOUND(404, "The requested route could not be found."),
    METHOD_NOT_ALLOWED(405, "The method is not allowed on this route."),
    INTERNAL_SERVER_ERROR(500, "Oops, something seems to have gone wrong, please reach out to support@stytch.com to let us know what went wrong."),
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
    LIVE_ID_USED_IN_TEST_ENVIRONMENT(400, "An id of the live environment was used in the test environment."),
    TEST_ID_USED_IN_LIVE_ENVIRONMENT(400, "An id of the test environment was used in the live environment."),

    // sessions
    TOO_MANY_SESSION_ARGUMENTS(400, "Please provide only one of session_token, session_jwt or intermediate_session_token."),
    NO_SESSION_ARGUMENTS(400, "Please provide one of session_token or session_jwt."),
    TOO_MANY_SESSION_REVOKE_ARGUMENTS(400, "Please provide only one of session_id, session_token or session_jwt."),
    NO_SESSION_REVOKE_ARGUMENTS(400, "Please provide one of session_id, session_token or session_jwt."),
    INVALID_SESSION_ID(400, "session_id format is invalid."),
    INVALID_SESSION_TOKEN(400, "session_token format is invalid."),
    UNABLE_TO_PARSE_SESSION_JWT(400, "The session JWT could not be parsed."),
    SESSION_NOT_FOUND(404, "Session could not be found."),
    INVALID_SESSION_DURATION_MINUTES(400, "session_duration_minutes must be between 5 and 527040."),
    INVALID_SESSION_DURATION(400, "session_duration_minutes is longer than this project allows."),
    STYTCH_CLAIMS_IN_CUSTOM_CLAIMS(400, "session_custom_claims may not name a claim under https://stytch.com/."),
    RESERVED_CLAIMS_IN_CUSTOM_CLAIMS(400, "session_custom_claims may not name a registered JWT claim."),
    CUSTOM_CLAIMS_TOO_LARGE(400, "Custom claims may not be larger than four kilobytes."),
    CONSUMER_SESSION_AUTHORIZATION_ERROR(403, "The user is not authorized to perform the requested action on that resource."),

    // magic links
    MAGIC_LINK_NOT_FOUND(404, "The magic link could not be authenticated, try sending another magic link to the user."),
    UNABLE_TO_AUTH_MAGIC_LINK(401, "The magic link could not be authenticated because it was either already used or expired. Send another magic link to this user."),

    // users
    USER_NOT_FOUND(404, "User could not be found."),
    INVALID_CREATE_USER_REQUEST(400, "Please provide an email or a phone_number."),
    DUPLICATE_EMAIL(400, "A user with the specified email already exists for this project."),
    DUPLICATE_PHONE_NUMBER(400, "A user with the specified phone number already exists for this project."),
    DUPLICATE_USER_EXTERNAL_ID(400, "A user with the specified external_id already exists for this project."),
    INVALID_EMAIL(400, "Email format is invalid."),
    INVALID_PHONE_NUMBER(400, "Phone number format is invalid. Ensure the phone number is in the E.164 format."),
    INVALID_RBAC_ROLE_ID(400, "role_id is not a role of this project."),
    METADATA_INVALID_FORMAT(400, "Metadata must be a JSON object."),
    METADATA_TOO_LARGE(400, "Metadata may not be larger than four kilobytes."),
    METADATA_TOO_MANY_KEYS(400, "Metadata may not have more than 20 keys at the top level."),
    USER_LOCK_LIMIT_REACHED(429, "The user has been locked out due to too many failed authentication attempts. Please try again later."),
    EMAIL_NOT_FOUND(404, "Email could not be found."),

    // passwords
    WEAK_PASSWORD(400, "password doesn't meet our strength requirements."),
    NO_USER_PASSWORD(400, "user doesn't have an associated password."),
    RESET_PASSWORD(400, "user must reset their password."),
    BREACHED_PASSWORD(400, "password appears in a list of breached passwords, please choose another one."),
    PASSWORD_DOES_NOT_MATCH(400, "existing_password is not the password of this user."),
    PASSWORD_ALREADY_EXISTS(400, "The user already has a password."),
    SESSION_TOO_OLD_TO_RESET_PASSWORD(400, "The provided session cannot be used to reset a password. It does not have an "
            + "authentication_factor that was authenticated within the last 5 minutes. Please prompt the user to authenticate "
            + "again before retrying the endpoint."),
    INVALID_HASH(400, "hash format is invalid for this hash_type."),
    INVALID_HASH_TYPE(400, "hash_type should be one of bcrypt, md_5, argon_2i, argon_2id, sha_1, sha_512, scrypt, phpass or pbkdf_2."),
    INVALID_BCRYPT_HASH(400, "hash is not a bcrypt hash."),
    INVALID_BCRYPT_COST(400, "The cost of the bcrypt hash should be between 4 and 16."),
    INVALID_MD_5_HASH(400, "hash is not an MD5 digest in hex."),
    INVALID_SHA_1_HASH(400, "hash is not a SHA-1 digest in hex."),
    INVALID_SHA_512_HASH(400, "hash is not a SHA-512 digest in hex."),
    INVALID_PREPEND_SALT(400, "prepend_salt is longer than 512 bytes."),
    INVALID_APPEND_SALT(400, "append_salt is longer than 512 bytes."),
    INVALID_ARGON_2_SALT(400, "The salt of an Argon2 hash should have 8 to 512 bytes."),
    INVALID_ARGON_2_ITERATION_AMOUNT(400, "iteration_amount should be at least 1, and iteration_amount times memory at most 2 GiB."),
    INVALID_ARGON_2_MEMORY(400, "memory, in KiB, should be at least 8 times threads, and at most 256 MiB or what this server has."),
    INVALID_ARGON_2_THREADS(400, "threads should be between 1 and 64."),
    INVALID_ARGON_2_KEY_LENGTH(400, "key_length should be between 4 and 512."),
    ARGON_2_KEY_LENGTH_MISMATCH(400, "The key_length value doesn't match the length of the provided hash."),
    INVALID_BASE64_SCRYPT_HASH(400, "hash is not base64."),
    INVALID_BASE64_SCRYPT_SALT(400, "salt is not base64."),
    INVALID_SCRYPT_SALT_LENGTH(400, "The salt of an scrypt hash should have 1 to 512 bytes."),
    INVALID_SCRYPT_N_PARAMETER(400, "n_parameter should be a power of two, greater than 1 and less than 262145."),
    INVALID_SCRYPT_PARAMETERS(400, "The scrypt parameters are missing, or ask for more memory or work than this server spends."),
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
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
