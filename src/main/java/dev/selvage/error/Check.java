package dev.selvage.error;

/// Checks that several requests share. Each names its refusal.
public final class Check {

    private Check() {}

    /// Refuses with `type` unless `holds`.
    public static void that(boolean holds, ErrorType type) {
        if (!holds) {
            throw ApiError.of(type);
        }
    }

    /// Refuses an absent or empty value of a field that must be there.
    public static String required(String value, String field) {
        if (value == null || value.isEmpty()) {
            throw ApiError.badField(field, "is required");
        }
        return value;
    }

    /// How many of the values are given. An empty string counts as absent: Go leaves out zero values, so the
    /// SDKs cannot tell the two apart (`semantics.md` 15).
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
