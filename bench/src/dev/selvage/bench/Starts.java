package dev.selvage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Measures the time from the start of the packaged server's process to its first success of `/readyz`, and its
/// memory afterwards.
final class Starts {

    private static final double EMPTY_MILLIS_MAX = 1_000;
    private static final double FILLED_MILLIS_MAX = 1_200;
    private static final double REST_MB_MAX = 200;
    /// The background work of a start is finished after this time.
    private static final int SETTLE_MILLIS = 3_000;

    private final Options options;

    Starts(Options options) {
        this.options = options;
    }

    /// @param work a directory for the data of the empty store
    List<Row> measure(Store store, Path work) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        Path empty = Files.createDirectories(work.resolve(store.engine().wireValue() + "-empty"))
                .resolve("data");
        Map<String, String> environment = Store.environment(store.postgres(), Postgres.EMPTY);
        if (options.parts().contains(Options.Part.START)) {
            rows.add(start(store, 0, "start to ready, empty store", empty, environment, EMPTY_MILLIS_MAX));
            rows.add(start(
                    store,
                    store.dataset().slots(),
                    "start to ready, filled store",
                    store.data(),
                    store.environment(),
                    FILLED_MILLIS_MAX));
        }
        if (options.parts().contains(Options.Part.MEMORY)) {
            rows.add(atRest(store));
        }
        return rows;
    }

    private Row start(
            Store store, int sessions, String operation, Path data, Map<String, String> environment, double goal)
            throws IOException, InterruptedException {
        // The first start creates the tables and the files that later starts use.
        Started.selvage(options.root(), data, environment).close();
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < options.starts(); i++) {
            try (Started started = Started.selvage(options.root(), data, environment)) {
                millis.add(started.readyMillis());
            }
        }
        Samples samples = Samples.of(millis);
        double ratio = samples.median() / goal;
        return new Row(
                operation,
                store.engine(),
                sessions,
                0,
                null,
                samples.median(),
                null,
                null,
                0,
                null,
                null,
                Row.AT_MOST + " ms",
                goal,
                ratio,
                1.0,
                ratio <= 1,
                "",
                new Row.More(samples.spread() + " ms", "-", "-"),
                Map.of("millis", millis));
    }

    private Row atRest(Store store) throws IOException, InterruptedException {
        List<Double> resident = new ArrayList<>();
        List<Double> proportional = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            try (Started started = Started.selvage(options.root(), store.data(), store.environment())) {
                Thread.sleep(SETTLE_MILLIS);
                resident.add((double) Machine.residentMegabytes(started.pid()));
                proportional.add((double) Machine.proportionalMegabytes(started.pid()));
            }
        }
        return memory(store, "memory at rest, after start", 0, resident, proportional, REST_MB_MAX);
    }

    /// @param goal MiB resident; null for none
    static Row memory(
            Store store,
            String operation,
            int connections,
            List<Double> resident,
            List<Double> proportional,
            Double goal) {
        Samples samples = Samples.of(resident);
        Double ratio = goal == null ? null : samples.median() / goal;
        return new Row(
                operation,
                store.engine(),
                store.dataset().slots(),
                connections,
                null,
                null,
                null,
                null,
                0,
                null,
                Math.round(samples.median()),
                Row.AT_MOST + " MB",
                goal,
                ratio,
                goal == null ? null : 1.0,
                goal == null ? null : ratio <= 1,
                "",
                new Row.More(samples.spread() + " MB", "-", "-"),
                Map.of("resident_mb", resident, "proportional_mb", proportional));
    }
}
