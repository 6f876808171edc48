package dev.selvage.base;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// Formats times for the wire. Rows store milliseconds; responses and JWTs have whole seconds with `Z`
/// (`open-questions.md` 24: all current documentation does, and every SDK parses it).
public final class Times {

    public static final long SECOND_MILLIS = 1_000;
    public static final long MINUTE_MILLIS = 60 * SECOND_MILLIS;
    public static final long DAY_MILLIS = 24 * 60 * MINUTE_MILLIS;

    private static final int FOUR_DIGITS_MAX = 9999;

    private Times() {}

    /// Returns a time in RFC 3339 in UTC, cut to whole seconds: `2021-08-09T07:41:52Z`.
    ///
    /// @param millis since 1970-01-01T00:00:00Z
    public static String rfc3339(long millis) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(millis, DAY_MILLIS));
        if (day.getYear() < 0 || day.getYear() > FOUR_DIGITS_MAX) {
            return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
        }
        // Without the library's formatter, which takes about 20 times as long: a response has up to twelve
        // times for each session.
        int second = (int) (Math.floorMod(millis, DAY_MILLIS) / SECOND_MILLIS);
        byte[] text = "0000-00-00T00:00:00Z".getBytes(StandardCharsets.ISO_8859_1);
        put(text, 0, day.getYear() / 100);
        put(text, 2, day.getYear() % 100);
        put(text, 5, day.getMonthValue());
        put(text, 8, day.getDayOfMonth());
        put(text, 11, second / 3600);
        put(text, 14, second / 60 % 60);
        put(text, 17, second % 60);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void put(byte[] text, int position, int twoDigits) {
        text[position] += (byte) (twoDigits / 10);
        text[position + 1] += (byte) (twoDigits % 10);
    }

    /// As [#rfc3339(long)]; null for null.
    public static @Nullable String rfc3339(Long millis) {
        return millis == null ? null : rfc3339(millis.longValue());
    }
}
