package dev.selvage.bench;

import dev.selvage.bench.Options.Engine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What was measured of an operation on an engine: all rounds.
///
/// @param sessions    in the store
/// @param distinct    different requests
/// @param residentMegabytes of the server, behind the last round
record Figure(
        Operation operation,
        Engine engine,
        int sessions,
        int distinct,
        int connections,
        List<Round> rounds,
        long residentMegabytes) {

    /// A figure and, right behind it, its limit.
    ///
    /// @param usage          while the figure was taken
    /// @param limit          the same unit as the figure: calls a second
    /// @param otherCores     that other processes used, the worse of the two measurements
    /// @param loaderLimited whether a thread of the loader had no time left in one of the two: then it was
    ///         measured, not the server
    /// @param disturbed      whether that was too much, after all repeats
    /// @param repeats        how many measurements were thrown away for it
    record Round(
            Wrk.Result result,
            Usage usage,
            double limit,
            double otherCores,
            boolean loaderLimited,
            boolean disturbed,
            int repeats) {}

    /// The middle of the rounds.
    double median(ToDoubleFunction<Round> value) {
        double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least(ToDoubleFunction<Round> value) {
        return rounds.stream().mapToDouble(value).min().orElseThrow();
    }

    double most(ToDoubleFunction<Round> value) {
        return rounds.stream().mapToDouble(value).max().orElseThrow();
    }

    double rps() {
        return median(round -> round.result().rps());
    }

    double limit() {
        return median(Round::limit);
    }

    double ratio() {
        return rps() / limit();
    }

    long errors() {
        return rounds.stream().mapToLong(round -> round.result().errors()).sum();
    }

    /// CPU microseconds of a call.
    double cpuMicros(ToDoubleFunction<Usage> whose) {
        return median(round -> whose.applyAsDouble(round.usage())
                * 1e6
                / Math.max(1, round.result().requests()));
    }

    boolean disturbed() {
        return rounds.stream().anyMatch(Round::disturbed);
    }

    boolean loaderLimited() {
        return rounds.stream().anyMatch(Round::loaderLimited);
    }

    /// Whether a session was named more than once in a second, or a request sent again, where the operation
    /// must not.
    boolean tooFewRequests() {
        return operation.spreads() && most(round -> round.result().rps()) > distinct
                || operation.once()
                        && rounds.stream().anyMatch(round -> round.result().requests() > distinct);
    }

    /// Null where there is no goal, or where the rounds cannot tell.
    Boolean met() {
        Double goal = operation.goal(engine);
        boolean unknown = disturbed() || loaderLimited() || tooFewRequests();
        return goal == null || unknown ? null : Boolean.valueOf(ratio() >= goal && errors() == 0);
    }

    /// As a line of the table.
    Row row() {
        String marks = (disturbed() ? Report.DISTURBED : "")
                + (tooFewRequests() ? Report.TOO_FEW : "")
                + (loaderLimited() ? Report.LOADER : "");
        Row.More more = new Row.More(
                spread(round -> round.result().rps()),
                String.format(
                        Locale.ROOT,
                        "%.0f/%.0f/%.0f",
                        cpuMicros(Usage::server),
                        cpuMicros(Usage::database),
                        cpuMicros(Usage::loader)),
                spread(Round::limit));
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("different_requests", distinct);
        details.put("server_cpu_us", Row.rounded(cpuMicros(Usage::server), 1));
        details.put("database_cpu_us", Row.rounded(cpuMicros(Usage::database), 1));
        details.put("loader_cpu_us", Row.rounded(cpuMicros(Usage::loader), 1));
        details.put("rounds", rounds);
        return new Row(
                operation.title(),
                engine,
                sessions,
                connections,
                rps(),
                median(round -> round.result().p50Millis()),
                median(round -> round.result().p99Millis()),
                median(round -> round.result().p999Millis()),
                errors(),
                median(round -> round.usage().server() + round.usage().database()),
                residentMegabytes,
                operation.limit(engine).wireValue(),
                limit(),
                ratio(),
                operation.goal(engine),
                met(),
                marks,
                more,
                details);
    }

    private String spread(ToDoubleFunction<Round> value) {
        return String.format(Locale.ROOT, "%.0f to %.0f", least(value), most(value));
    }
}
