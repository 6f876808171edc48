package dev.selvage.bench;

import dev.selvage.bench.Stage.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Compares the cost of a call with many sessions in the store and with few: two servers with two stores,
/// measured alternately.
final class Cost {

    private static final double RATIO_MAX = 1.3;
    private static final List<Operation> OPERATIONS = List.of(
            Operation.GET_1,
            Operation.GET_5,
            Operation.TOKEN_MANY,
            Operation.EXTENSION,
            Operation.REVOKE,
            Operation.MAGIC_LINK,
            Operation.B2B_TOKEN);

    private final Options options;
    private final Measuring measuring;

    Cost(Options options, Measuring measuring) {
        this.options = options;
        this.measuring = measuring;
    }

    /// Measures all operations and reports each.
    void measure(Stage many, Stage few, Report report) throws IOException, InterruptedException {
        for (Operation operation : OPERATIONS) {
            if (operation.title().contains(options.only())) {
                report.add(measure(many, few, operation));
            }
        }
    }

    private Row measure(Stage many, Stage few, Operation operation) throws IOException, InterruptedException {
        Requests ofMany = many.prepare(operation);
        Requests ofFew = few.prepare(operation);
        int seconds = operation.once() ? 1 : options.seconds();
        int slices = Math.max(2, options.slices() / 2);
        for (int i = 0; i < slices; i++) {
            slice(many, operation, ofMany, seconds);
            slice(few, operation, ofFew, seconds);
        }
        List<Double> byRate = new ArrayList<>();
        List<Double> byTime = new ArrayList<>();
        List<Wrk.Result> resultsOfMany = new ArrayList<>();
        List<Wrk.Result> resultsOfFew = new ArrayList<>();
        for (int i = 0; i < Math.max(options.rounds(), 5); i++) {
            Wrk.Result large = slice(many, operation, ofMany, seconds);
            Wrk.Result small = slice(few, operation, ofFew, seconds);
            byRate.add(small.rps() / large.rps());
            byTime.add(large.p50Millis() / small.p50Millis());
            resultsOfMany.add(large);
            resultsOfFew.add(small);
        }
        many.restore(operation);
        few.restore(operation);
        return row(many, few, operation, Samples.of(byRate), Samples.of(byTime), resultsOfMany, resultsOfFew);
    }

    private Row row(
            Stage many,
            Stage few,
            Operation operation,
            Samples byRate,
            Samples byTime,
            List<Wrk.Result> ofMany,
            List<Wrk.Result> ofFew) {
        double ratio = Math.max(byRate.median(), byTime.median());
        long errors = ofMany.stream().mapToLong(Wrk.Result::errors).sum()
                + ofFew.stream().mapToLong(Wrk.Result::errors).sum();
        Samples rps = Samples.of(ofMany.stream().map(Wrk.Result::rps).toList());
        Samples limit = Samples.of(ofFew.stream().map(Wrk.Result::rps).toList());
        return new Row(
                String.format(
                        Locale.ROOT,
                        "cost against %d sessions: %s",
                        few.store().dataset().slots(),
                        operation.title()),
                many.engine(),
                many.store().dataset().slots(),
                operation.connections(options.connections()),
                rps.median(),
                median(ofMany.stream().map(Wrk.Result::p50Millis).toList()),
                median(ofMany.stream().map(Wrk.Result::p99Millis).toList()),
                median(ofMany.stream().map(Wrk.Result::p999Millis).toList()),
                errors,
                null,
                Machine.residentMegabytes(many.server().pid()),
                Row.AT_MOST + " x",
                limit.median(),
                ratio,
                RATIO_MAX,
                ratio <= RATIO_MAX && errors == 0,
                "",
                new Row.More(rps.spread(), "-", limit.spread()),
                Map.of(
                        "ratio_of_rps",
                        byRate.sorted(),
                        "ratio_of_p50",
                        byTime.sorted(),
                        "of_many",
                        ofMany,
                        "of_few",
                        ofFew));
    }

    private static double median(List<Double> values) {
        return Samples.of(values).median();
    }

    private Wrk.Result slice(Stage stage, Operation operation, Requests requests, int seconds)
            throws IOException, InterruptedException {
        stage.restore(operation);
        return measuring.load(stage, operation, requests, seconds).result();
    }
}
