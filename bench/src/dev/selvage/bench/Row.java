package dev.selvage.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/// A line of the table and of the results. Of most rows `rps` is the figure and `goal` the least ratio of it
/// and its limit; where `limitIs` begins with "at most" the figure is a time, a size or a cost, and `goal` the
/// greatest ratio.
///
/// @param sessions   in the store
/// @param rps        null where nothing is counted by the second, as are the other numbers that do not apply
/// @param residentMb of the server, MiB
/// @param limitIs    what the limit is, in words
/// @param goal       null for none
/// @param met        null without a goal, and where it cannot be told
/// @param marks      see the foot of the table
/// @param more       for the table alone: spread, CPU time of a call, spread of the limit
/// @param details    for the file of rounds
record Row(
        String operation,
        Options.Engine engine,
        int sessions,
        int connections,
        Double rps,
        Double p50,
        Double p99,
        Double p999,
        long errors,
        Double cpuSeconds,
        Long residentMb,
        String limitIs,
        Double limit,
        Double ratio,
        Double goal,
        Boolean met,
        String marks,
        More more,
        Map<String, Object> details) {

    static final String AT_MOST = "at most";

    /// What only the table says.
    record More(String spread, String cpuMicros, String limitSpread) {

        static final More NONE = new More("-", "-", "-");
    }

    /// The members that issue 4 names, and when it was measured: rows of one file can be of different days.
    Map<String, Object> json(String date) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("operation", operation);
        row.put("engine", engine.wireValue());
        row.put("sessions", sessions);
        row.put("connections", connections);
        row.put("rps", rounded(rps, 1));
        row.put("p50_ms", rounded(p50, 3));
        row.put("p99_ms", rounded(p99, 3));
        row.put("p999_ms", rounded(p999, 3));
        row.put("errors", errors);
        row.put("cpu_s", rounded(cpuSeconds, 2));
        row.put("rss_mb", residentMb);
        row.put("limit", rounded(limit, 1));
        row.put("ratio", rounded(ratio, 3));
        row.put("goal", goal);
        row.put("met", met);
        row.put("date", date);
        return row;
    }

    static Double rounded(Double value, int digits) {
        if (value == null) {
            return null;
        }
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}
