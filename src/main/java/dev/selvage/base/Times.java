package dev.selvage.base;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Times on the wire. Rows hold milliseconds; bodies and JWTs show whole seconds with `Z`
/// (`open-questions.md` 24: all current documentation does, and every SDK parses it).
public final class Times {

    public static final long SECOND_MILLIS = 1_000;
    public static final long MINUTE_MILLIS = 60 * SECOND_MILLIS;
    public static final long DAY_MILLIS = 24 * 60 * MINUTE_MILLIS;

    private Times() {
    }

    /// RFC 3339 in UTC, cut to whole seconds: `2021-08-09T07:41:52Z`.
    public static String rfc3339(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// As [#rfc3339(long)], with null for null.
    public static String rfc3339(Long millis) {
        return millis == null ? null : rfc3339(millis.longValue());
    }
}
