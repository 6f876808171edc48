package dev.selvage.error;

/// Refusals of TOTPs and recovery codes.
public enum TotpErrors implements ErrorType {
    INVALID_TOTP_ID(400, "totp_id format is invalid."),
    TOTP_NOT_FOUND(404, "TOTP could not be found."),
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
    NO_ACTIVE_RECOVERY_CODE_BACKED_FACTOR(400, "There is no active TOTP that a recovery code could replace."),
    RECOVERY_CODES_NOT_FOUND(404, "Recovery codes could not be found."),
    ;

    private final int status;
    private final String message;

    TotpErrors(int status, String message) {
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
