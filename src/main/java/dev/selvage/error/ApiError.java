package dev.selvage.error;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A refusal: thrown anywhere, written by the pipeline in the API's error shape. It has no stack trace, because
/// it is an answer and not a fault.
public final class ApiError extends RuntimeException {

    private static final long serialVersionUID = 1;
    /// Of a setting's values; a project has up to a thousand redirect URLs.
    private static final int ALLOWED_SHOWN_MAX = 10;
    private static final int VALUE_CHARACTERS_MAX = 300;

    private final ErrorType type;
    private final transient Map<String, Object> details;
    private final long retryAfterSeconds;

    private ApiError(ErrorType type, String message, Map<String, Object> details, long retryAfterSeconds) {
        super(message, null, false, false);
        this.type = type;
        this.details = details;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /// The refusal with its own message of the catalogue, and the setting that causes it, if one does.
    public static ApiError of(ErrorType type) {
        return Setting.of(type).isEmpty()
                ? new ApiError(type, type.message(), Map.of(), 0)
                : bySetting(type, null, List.of());
    }

    /// A refusal that a setting causes. It says what was asked for, what the setting allows, and where to
    /// change it: to people in `error_message`, to programs in `error_details`.
    ///
    /// @param asked   a value of the request, or out of it; null where there is none, or where it is a secret
    /// @param allowed values of the setting that the caller may know; empty for none
    public static ApiError bySetting(ErrorType type, String asked, Collection<String> allowed) {
        return bySetting(type, "", asked, allowed);
    }

    /// As [#bySetting(ErrorType, String, Collection)], by the part of a setting that is for one use.
    ///
    /// @param use as the setting names it; empty for all
    public static ApiError bySetting(ErrorType type, String use, String asked, Collection<String> allowed) {
        return bySetting(type, Setting.of(type).orElseThrow(), use, asked, allowed);
    }

    private static ApiError bySetting(
            ErrorType type, Setting setting, String use, String asked, Collection<String> allowed) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("setting", setting.path());
        if (!use.isEmpty()) {
            details.put("for", use);
        }
        details.put("changed_by", setting.where());
        StringBuilder message = new StringBuilder(type.message());
        if (asked != null) {
            details.put("given", shortened(asked));
            message.append(" Given: ").append(quoted(asked)).append('.');
        }
        if (!allowed.isEmpty()) {
            List<String> shown = allowed.stream()
                    .limit(ALLOWED_SHOWN_MAX)
                    .map(ApiError::shortened)
                    .toList();
            details.put("allowed", shown);
            message.append(" Allowed: ")
                    .append(shown.stream().map(ApiError::quoted).collect(Collectors.joining(", ")));
            message.append(allowed.size() > shown.size() ? " and " + (allowed.size() - shown.size()) + " more." : ".");
        }
        message.append(" Setting: ")
                .append(setting.path())
                .append(use.isEmpty() ? "" : ", for " + use)
                .append(" (")
                .append(setting.where())
                .append(").");
        return new ApiError(type, setting.inMessage() ? message.toString() : type.message(), details, 0);
    }

    private static String quoted(String value) {
        return '"' + shortened(value) + '"';
    }

    private static String shortened(String value) {
        int end = value.offsetByCodePoints(0, Math.min(VALUE_CHARACTERS_MAX, value.codePointCount(0, value.length())));
        return end < value.length() ? value.substring(0, end) + "…" : value;
    }

    /// The refusal with a message that says more.
    public static ApiError of(ErrorType type, String message) {
        return new ApiError(type, message, Map.of(), 0);
    }

    /// `bad_request` that names the field at fault in `error_details` (`open-questions.md` 36).
    public static ApiError badField(String field, String problem) {
        return new ApiError(
                RequestErrors.BAD_REQUEST,
                field.isEmpty() ? "The request " + problem + "." : field + " " + problem + ".",
                Map.of("field", field, "problem", problem),
                0);
    }

    /// A 429 with the time after which to try again, in whole seconds of at least one.
    public static ApiError tooMany(ErrorType type, long retryAfterSeconds) {
        return tooMany(of(type), retryAfterSeconds);
    }

    /// `too_many_requests` with the limit in `error_details`. The refusal of whole groups of calls has none:
    /// the official pages print it to the letter.
    ///
    /// @param path    of the limit in the settings
    /// @param allowed in words
    public static ApiError overLimit(String path, String allowed, long retryAfterSeconds) {
        return tooMany(
                bySetting(RequestErrors.TOO_MANY_REQUESTS, Setting.ofLimit(path), "", null, List.of(allowed)),
                retryAfterSeconds);
    }

    private static ApiError tooMany(ApiError refusal, long retryAfterSeconds) {
        return new ApiError(refusal.type, refusal.getMessage(), refusal.details, Math.max(1, retryAfterSeconds));
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
