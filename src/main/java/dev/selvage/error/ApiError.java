package dev.selvage.error;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A refusal of a request. Any code may throw it; the pipeline writes it in the error shape of the API. It has
/// no stack trace, because it is a response and not a fault.
public final class ApiError extends RuntimeException {

    private static final long serialVersionUID = 1;
    /// The most values of a setting in a message; a project has up to 1,000 redirect URLs.
    private static final int ALLOWED_LISTED_MAX = 10;
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

    /// Returns the refusal with the message of the catalogue, and with the setting that causes it, if any.
    public static ApiError of(ErrorType type) {
        return Setting.of(type).isEmpty()
                ? new ApiError(type, type.message(), Map.of(), 0)
                : bySetting(type, null, List.of());
    }

    /// Returns a refusal that a setting causes. It contains the requested value, the allowed values, and where
    /// to change the setting: for people in `error_message`, for programs in `error_details`.
    ///
    /// @param requested the requested value, or a part of it; null for none, and for a secret
    /// @param allowed values of the setting that the caller may know; empty for none
    public static ApiError bySetting(ErrorType type, @Nullable String requested, Collection<String> allowed) {
        return bySetting(type, "", requested, allowed);
    }

    /// As [#bySetting(ErrorType, String, Collection)], for the part of a setting that applies to one use.
    ///
    /// @param use as the setting names it; empty for all uses
    public static ApiError bySetting(
            ErrorType type, String use, @Nullable String requested, Collection<String> allowed) {
        return bySetting(type, Setting.of(type).orElseThrow(), use, requested, allowed);
    }

    private static ApiError bySetting(
            ErrorType type, Setting setting, String use, @Nullable String requested, Collection<String> allowed) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("setting", setting.path());
        if (!use.isEmpty()) {
            details.put("for", use);
        }
        details.put("changed_by", setting.where());
        StringBuilder message = new StringBuilder(type.message());
        if (requested != null) {
            details.put("given", truncate(requested));
            message.append(" Given: ").append(quote(requested)).append('.');
        }
        if (!allowed.isEmpty()) {
            List<String> listed = allowed.stream()
                    .limit(ALLOWED_LISTED_MAX)
                    .map(ApiError::truncate)
                    .toList();
            details.put("allowed", listed);
            message.append(" Allowed: ")
                    .append(listed.stream().map(ApiError::quote).collect(Collectors.joining(", ")));
            message.append(
                    allowed.size() > listed.size() ? " and " + (allowed.size() - listed.size()) + " more." : ".");
        }
        message.append(" Setting: ")
                .append(setting.path())
                .append(use.isEmpty() ? "" : ", for " + use)
                .append(" (")
                .append(setting.where())
                .append(").");
        return new ApiError(type, setting.inMessage() ? message.toString() : type.message(), details, 0);
    }

    private static String quote(String value) {
        return '"' + truncate(value) + '"';
    }

    private static String truncate(String value) {
        int end = value.offsetByCodePoints(0, Math.min(VALUE_CHARACTERS_MAX, value.codePointCount(0, value.length())));
        return end < value.length() ? value.substring(0, end) + "…" : value;
    }

    /// Returns the refusal with a more specific message.
    public static ApiError of(ErrorType type, String message) {
        return new ApiError(type, message, Map.of(), 0);
    }

    /// Returns `bad_request` with the invalid field in `error_details` (`open-questions.md` 36).
    ///
    /// @param field   empty for the request as a whole
    /// @param problem follows the name of the field, such as `is required`
    public static ApiError badField(String field, String problem) {
        return new ApiError(
                RequestErrors.BAD_REQUEST,
                field.isEmpty() ? "The request " + problem + "." : field + " " + problem + ".",
                Map.of("field", field, "problem", problem),
                0);
    }

    /// Returns a refusal with status 429 and the time until a retry, in whole seconds, at least 1.
    public static ApiError tooMany(ErrorType type, long retryAfterSeconds) {
        return tooMany(of(type), retryAfterSeconds);
    }

    /// Returns `too_many_requests` with the limit in `error_details`. The refusal of a whole group of calls has
    /// no limit there, because the official pages define it literally.
    ///
    /// @param path    the path of the limit in the settings
    /// @param allowed the limit as text
    public static ApiError overLimit(String path, String allowed, long retryAfterSeconds) {
        return tooMany(
                bySetting(RequestErrors.TOO_MANY_REQUESTS, Setting.ofLimit(path), "", null, List.of(allowed)),
                retryAfterSeconds);
    }

    private static ApiError tooMany(ApiError refusal, long retryAfterSeconds) {
        return new ApiError(
                refusal.type,
                Objects.requireNonNull(refusal.getMessage()),
                refusal.details,
                Math.max(1, retryAfterSeconds));
    }

    public ErrorType type() {
        return type;
    }

    /// The `error_details` of the response; empty for none.
    public Map<String, Object> details() {
        return details;
    }

    /// The value of `Retry-After` in seconds; 0 if the header is not sent.
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
