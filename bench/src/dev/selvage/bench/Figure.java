package dev.selvage.bench;

import dev.selvage.bench.Options.Engine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// All rounds of an operation on an engine.
///
/// @param sessions    number of sessions in the store
/// @param distinct    number of different requests
/// @param residentMegabytes resident memory of the server after the last round
record Figure(
        Operation operation,
        Engine engine,
        int sessions,
        int distinct,
        int connections,
        List<Round> rounds,
        long residentMegabytes) {

    /// A figure and the limit that was measured directly after it.
    ///
    /// @param usage          CPU use during the figure
    /// @param limit          in the unit of the figure: calls per second
    /// @param otherCores     cores that other processes used, the larger value of the two measurements
    /// @param loaderLimited  whether a thread of the load generator was saturated in one of the two, so that
    ///         the load generator was measured instead of the server
    /// @param disturbed      whether other processes used too much after all repeats
    /// @param repeats        number of discarded measurements
    record Round(
            Wrk.Result result,
            Usage usage,
            double limit,
            double otherCores,
            boolean loaderLimited,
            boolean disturbed,
            int repeats) {}

    /// The median of the rounds.
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

    /// CPU microseconds per call.
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

    /// Whether a session was named more than once per second, or a request sent twice, although the operation
    /// does not permit it.
    boolean tooFewRequests() {
        return operation.spreads() && most(round -> round.result().rps()) > distinct
                || operation.once()
                        && rounds.stream().anyMatch(round -> round.result().requests() > distinct);
    }

    /// Whether the goal is met; null without a goal, or if the rounds are inconclusive.
    Boolean met() {
        Double goal = operation.goal(engine);
        boolean unknown = disturbed() || loaderLimited() || tooFewRequests();
        return goal == null || unknown ? null : Boolean.valueOf(ratio() >= goal && errors() == 0);
    }

    /// The row of the table.
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
