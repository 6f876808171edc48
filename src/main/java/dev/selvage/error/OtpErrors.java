package dev.selvage.error;

/// Refusals of one-time passcodes.
public enum OtpErrors implements ErrorType {
    OTP_CODE_NOT_FOUND(
            404,
            "The passcode was incorrect and could not be authenticated, encourage the user to try inputting "
                    + "the passcode again or send another passcode."),
    UNABLE_TO_AUTH_OTP_CODE(
            401,
            "The passcode could not be authenticated because it was either already used or expired. Send "
                    + "another passcode to this user."),
    INVALID_CODE(400, "Passcode format is invalid. It should consist of six digits."),
    INVALID_EXPIRATION_OTP(400, "The expiration of the passcode is out of range."),
    ;

    private final int status;
    private final String message;

    OtpErrors(int status, String message) {
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
