package dev.selvage.error;

import java.util.Map;

/// A refusal: thrown anywhere, written by the pipeline in the API's error shape. It has no stack trace, because it is
/// an answer and not a fault.
public final class ApiError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ErrorType type;
    private final transient Map<String, Object> details;
    private final long retryAfterSeconds;

    private ApiError(ErrorType type, String message, Map<String, Object> details, long retryAfterSeconds) {
        super(message, null, false, false);
        this.type = type;
        this.details = details;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /// The refusal with its own message of the catalogue.
    public static ApiError of(ErrorType type) {
        return new ApiError(type, type.message(), Map.of(), 0);
    }

    /// The refusal with a message that says more.
    public static ApiError of(ErrorType type, String message) {
        return new ApiError(type, message, Map.of(), 0);
    }

    /// `bad_request` that names the field at fault in `error_details` (`open-questions.md` 36).
    public static ApiError badField(String field, String problem) {
        return new ApiError(ErrorType.BAD_REQUEST, field.isEmpty() ? "The request " + problem + "." : field + " " + problem + ".",
                Map.of("field", field, "problem", problem), 0);
    }

    /// A 429 with the time after which to try again, in whole seconds of at least one.
    public static ApiError tooMany(ErrorType type, long retryAfterSeconds) {
        return new ApiError(type, type.message(), Map.of(), Math.max(1, retryAfterSeconds));
    }

    public ErrorType type() {
        return type;
    }

    /// `error_details`; empty when there are none.
    public Map<String, Object> details() {
        return details;
    }

    /// Seconds for `Retry-After`; 0 when the header is not sent.
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
