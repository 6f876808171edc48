package dev.selvage.bench;

import dev.selvage.bench.Stage.Requests;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Measures whether the deletion of many ended sessions delays other calls: the p99 of `sessions.get` during a
/// sweep and without.
///
/// The server sweeps every five minutes. The number of ended sessions, read between slices of load, shows from
/// outside whether it does.
final class Sweeping {

    private static final Operation OPERATION = Operation.GET_1;
    private static final double RATIO_MAX = 2;
    private static final int SLICE_SECONDS = 5;
    private static final int QUIET_SLICES = 6;
    /// Three minutes: a whole sweep takes more than 25 minutes while the load saturates the machine.
    private static final int SWEEP_SLICES_MAX = 36;
    /// Two intervals of the sweeper.
    private static final int WAIT_MINUTES_MAX = 10;

    private final Options options;
    private final Measuring measuring;

    Sweeping(Options options, Measuring measuring) {
        this.options = options;
        this.measuring = measuring;
    }

    /// @throws IllegalStateException if no sweep started
    Row measure(Stage stage) throws IOException, InterruptedException, SQLException {
        Requests requests = stage.prepare(OPERATION);
        List<Double> during = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        List<Wrk.Result> results = new ArrayList<>();
        // Warm first: these are not looked at.
        for (int i = 0; i < QUIET_SLICES; i++) {
            slice(stage, requests);
        }
        Loader.add(stage.store().url(), new Tables(stage.store().dataset()).ended(options.ended()));
        long left = ended(stage);
        System.err.println(
                "bench: " + stage.engine().wireValue() + ": waiting until " + left + " ended sessions are swept");
        long added = left;
        long began = System.nanoTime();
        long deadline = began + TimeUnit.MINUTES.toNanos(WAIT_MINUTES_MAX);
        while (left > 0 && during.size() < SWEEP_SLICES_MAX) {
            if (during.isEmpty() && System.nanoTime() > deadline) {
                throw new IllegalStateException("No sweep has begun; there are still " + left + " ended sessions");
            }
            Wrk.Result result = slice(stage, requests);
            long now = ended(stage);
            if (now == left && during.isEmpty()) {
                without.add(result.p99Millis());
                began = System.nanoTime();
            } else {
                during.add(result.p99Millis());
                results.add(result);
            }
            left = now;
        }
        double sweptPerSecond = (added - left) / ((System.nanoTime() - began) / 1e9);
        // The store may be kept, and the remaining sessions would be swept during another measurement.
        Stock.removeEnded(stage.database());
        for (int i = 0; i < QUIET_SLICES; i++) {
            without.add(slice(stage, requests).p99Millis());
        }
        return row(stage, Samples.of(during), Samples.of(without), results, sweptPerSecond);
    }

    private Row row(Stage stage, Samples during, Samples without, List<Wrk.Result> results, double sweptPerSecond) {
        double ratio = during.median() / without.median();
        long errors = results.stream().mapToLong(Wrk.Result::errors).sum();
        Samples rps = Samples.of(results.stream().map(Wrk.Result::rps).toList());
        Samples p50 = Samples.of(results.stream().map(Wrk.Result::p50Millis).toList());
        Samples p999 = Samples.of(results.stream().map(Wrk.Result::p999Millis).toList());
        return new Row(
                "sessions.get, 1 session, while " + options.ended() + " ended sessions are swept",
                stage.engine(),
                stage.store().dataset().slots(),
                options.connections(),
                rps.median(),
                p50.median(),
                during.median(),
                p999.median(),
                errors,
                null,
                Machine.residentMegabytes(stage.server().pid()),
                Row.AT_MOST + " p99 x",
                without.median(),
                ratio,
                RATIO_MAX,
                ratio <= RATIO_MAX && errors == 0,
                "",
                new Row.More(during.spread() + " ms", "-", without.spread() + " ms"),
                Map.of(
                        "p99_ms_during",
                        during.sorted(),
                        "p99_ms_without",
                        without.sorted(),
                        "swept_per_s",
                        sweptPerSecond));
    }

    private Wrk.Result slice(Stage stage, Requests requests) throws IOException, InterruptedException {
        return measuring.load(stage, OPERATION, requests, SLICE_SECONDS).result();
    }

    private static long ended(Stage stage) {
        return stage.database()
                .read("SELECT COUNT(*) FROM sessions WHERE ended_at IS NOT NULL")
                .number();
    }
}
