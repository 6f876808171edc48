package dev.selvage.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/// A line of the table and of the results. For most rows, `rps` is the figure and `goal` the minimum ratio of
/// figure and limit. If `limitIs` begins with "at most", the figure is a time, a size or a cost, and `goal` the
/// maximum ratio.
///
/// @param sessions   number of sessions in the store
/// @param rps        null if nothing is counted per second, like the other numbers that do not apply
/// @param residentMb resident memory of the server in MiB
/// @param limitIs    description of the limit
/// @param goal       null for none
/// @param met        null without a goal, or if inconclusive
/// @param marks      explained below the table
/// @param more       further columns of the table: spread, CPU time per call, spread of the limit
/// @param details    values for the file of rounds
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

    /// The columns that only the table has.
    record More(String spread, String cpuMicros, String limitSpread) {

        static final More NONE = new More("-", "-", "-");
    }

    /// The fields of the result file, and the date, because rows of one file can be of different days.
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
