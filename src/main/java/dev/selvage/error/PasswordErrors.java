package dev.selvage.error;

/// Refusals of passwords, their resets and imported hashes.
public enum PasswordErrors implements ErrorType {
    INVALID_PASSWORD_RESET_REDIRECT_URL(400, "reset_password_redirect_url format is invalid."),
    NO_PASSWORD_RESET_REDIRECT_URL(
            400, "This project has no default password reset redirect URL, so the request must name one."),
    WEAK_PASSWORD(400, "password doesn't meet our strength requirements."),
    RESET_PASSWORD(400, "user must reset their password"),
    UNABLE_TO_AUTH_PASSWORD_RESET_TOKEN(
            401,
            "The password reset token could not be authenticated because it is unknown, already used or "
                    + "expired. Start another reset."),
    BREACHED_PASSWORD(400, "password appears in a list of breached passwords, please choose another one."),
    PASSWORD_DOES_NOT_MATCH(400, "existing_password is not the password of this user."),
    PASSWORD_ALREADY_EXISTS(400, "The user already has a password."),
    INVALID_HASH(400, "hash format is invalid for this hash_type."),
    INVALID_HASH_TYPE(
            400,
            "hash_type should be one of bcrypt, md_5, argon_2i, argon_2id, sha_1, sha_512, scrypt, phpass or "
                    + "pbkdf_2."),
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
            400,
            "memory, in KiB, should be at least 8 times threads and at most 256 MiB, or less if this server "
                    + "has less."),
    INVALID_ARGON_2_THREADS(400, "threads should be between 1 and 64."),
    INVALID_ARGON_2_KEY_LENGTH(400, "key_length should be between 4 and 512."),
    ARGON_2_KEY_LENGTH_MISMATCH(400, "The key_length value doesn't match the length of the provided hash."),
    INVALID_BASE64_SCRYPT_HASH(400, "hash is not base64."),
    INVALID_BASE64_SCRYPT_SALT(400, "salt is not base64."),
    INVALID_SCRYPT_SALT_LENGTH(400, "The salt of an scrypt hash should have 1 to 512 bytes."),
    INVALID_SCRYPT_N_PARAMETER(400, "n_parameter should be a power of two, greater than 1 and less than 262145."),
    INVALID_SCRYPT_PARAMETERS(
            400, "The scrypt parameters are missing, or need more memory or work than this server allows."),
    SCRYPT_KEY_LENGTH_MISMATCH(400, "The key_length value doesn't match the length of the provided hash."),
    INVALID_PHPASS_HASH_PREFIX(400, "A phpass hash should begin with $P$ or $H$."),
    INVALID_PHPASS_HASH_FORMAT(400, "hash is not a phpass hash of at most 2^20 rounds."),
    INVALID_PBKDF_2_HASH(400, "hash is not base64 of 4 to 512 bytes."),
    INVALID_PBKDF_2_SALT(400, "salt is not base64 of 1 to 512 bytes."),
    INVALID_PBKDF_2_ITERATION_AMOUNT(400, "iteration_amount should be between 1 and 10000000."),
    INVALID_PBKDF_2_ALGORITHM(400, "algorithm should be sha256 or sha512."),
    PBKDF_2_KEY_LENGTH_MISMATCH(400, "The key_length value doesn't match the length of the provided hash."),
    PASSWORD_VALIDATION_TIMEOUT(408, "The password could not be checked in time, please try again."),
    INVALID_PASSWORD_ID(400, "password_id format is invalid."),
    PASSWORD_NOT_FOUND(404, "Password could not be found."),
    CROSS_ORG_PASSWORDS_ENABLED(
            400,
            "This project has cross-organization passwords: a password belongs to an email address, not to a "
                    + "member."),
    CROSS_ORG_PASSWORDS_NOT_ENABLED(
            400,
            "This project has no cross-organization passwords: a password belongs to a member, not to an "
                    + "email address."),
    ;

    private final int status;
    private final String message;

    PasswordErrors(int status, String message) {
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
