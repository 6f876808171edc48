package dev.selvage.error;

/// Checks that several requests have in common. Each throws its refusal as an [ApiError].
public final class Check {

    private Check() {}

    /// Refuses with `type` if the condition is false.
    ///
    /// @throws ApiError `type`
    public static void that(boolean holds, ErrorType type) {
        if (!holds) {
            throw ApiError.of(type);
        }
    }

    /// Returns the value of a required field.
    ///
    /// @throws ApiError `bad_request` if it is absent or empty
    public static String required(String value, String field) {
        if (value == null || value.isEmpty()) {
            throw ApiError.badField(field, "is required");
        }
        return value;
    }

    /// Returns the number of values that are present. An empty string counts as absent: Go omits zero values,
    /// so the SDKs cannot distinguish the two (`semantics.md` 15).
    public static int given(String... values) {
        int count = 0;
        for (String value : values) {
            if (value != null && !value.isEmpty()) {
                count++;
            }
        }
        return count;
    }
}
