package dev.selvage.error;

/// Refusals of requests as such, and of fields that several nouns share: routes, limits, addresses, metadata.
public enum RequestErrors implements ErrorType {
    BAD_REQUEST(400, "The request could not be understood."),
    ROUTE_NOT_FOUND(404, "The requested route could not be found."),
    METHOD_NOT_ALLOWED(405, "The method is not allowed on this route."),
    INTERNAL_SERVER_ERROR(
            500,
            "Oops, something seems to have gone wrong, please reach out to support@stytch.com to let us know "
                    + "what went wrong."),
    SERVER_UNAVAILABLE(503, "The server is shutting down or its store cannot be reached, please try again."),
    TOO_MANY_REQUESTS(429, "Too many requests have been made."),
    INVALID_ID(400, "The format of the id is invalid."),
    INVALID_LOCALE(400, "locale is invalid."),
    INVALID_EMAIL_SANDBOX(400, "The sandbox email can only be used in the test environment."),
    INVALID_EMAIL(400, "Email format is invalid."),
    INVALID_PHONE_NUMBER(400, "Phone number format is invalid. Ensure the phone number is in the E.164 format."),
    METADATA_INVALID_FORMAT(400, "Metadata must be a JSON object."),
    METADATA_TOO_LARGE(400, "Metadata may not be larger than four kilobytes."),
    METADATA_TOO_MANY_KEYS(400, "Metadata may not have more than 20 keys at the top level."),
    EMAIL_TEMPLATE_NOT_FOUND(404, "Email Template could not be found."),
    FORBIDDEN_CHARACTER_ZERO_WIDTH_SPACE(400, "A name may not contain a zero width space."),
    ;

    private final int status;
    private final String message;

    RequestErrors(int status, String message) {
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
