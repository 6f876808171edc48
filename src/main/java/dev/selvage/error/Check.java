package dev.selvage.error;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Checks that several requests have in common. Each throws its refusal as an [ApiError].
public final class Check {

    private Check() {}

    /// Refuses with `type` if the condition is false.
    ///
    /// @throws ApiError `type`
    @Contract("false, _ -> fail")
    public static void that(boolean holds, ErrorType type) {
        if (!holds) {
            throw ApiError.of(type);
        }
    }

    /// Returns the value; refuses null with `type`.
    public static <T> T present(@Nullable T value, ErrorType type) {
        if (value == null) {
            throw ApiError.of(type);
        }
        return value;
    }

    /// Returns the value of a required field.
    ///
    /// @throws ApiError `bad_request` if it is absent or empty
    public static String required(@Nullable String value, String field) {
        if (!isGiven(value)) {
            throw ApiError.badField(field, "is required");
        }
        return value;
    }

    /// Refuses an absent value of a field that must be there.
    public static void required(@Nullable Object value, String field) {
        if (value == null) {
            throw ApiError.badField(field, "is required");
        }
    }

    /// Whether a field of a request has a value. An empty string counts as absent: Go omits zero values, so the
    /// SDKs cannot distinguish the two (`semantics.md` 15).
    @Contract("null -> false")
    public static boolean isGiven(@Nullable String value) {
        return value != null && !value.isEmpty();
    }

    /// Refuses a request in which none of the values is given.
    ///
    /// @throws ApiError `type`
    public static void atLeastOne(ErrorType type, @Nullable String... values) {
        that(given(values) > 0, type);
    }

    /// Refuses a request in which more than one of the values is given.
    ///
    /// @throws ApiError `type`
    public static void atMostOne(ErrorType type, @Nullable String... values) {
        that(given(values) < 2, type);
    }

    /// Refuses a request in which not exactly one of the values is given.
    ///
    /// @throws ApiError `none` or `several`
    public static void exactlyOne(ErrorType none, ErrorType several, @Nullable String... values) {
        atLeastOne(none, values);
        atMostOne(several, values);
    }

    private static long given(@Nullable String... values) {
        return Arrays.stream(values).filter(Check::isGiven).count();
    }
}
