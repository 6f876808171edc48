package dev.selvage.bench;

import dev.selvage.bench.Operation.Limit;
import dev.selvage.bench.Options.Engine;
import dev.selvage.bench.Stage.Requests;
import dev.selvage.db.Database;
import dev.selvage.db.Dialect;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Measures the figure of an operation and its limit: warm-up, rounds, repeats.
final class Measuring {

    /// If other processes use more cores, the measurement is repeated.
    private static final double OTHER_CORES_MAX = 0.2;
    /// A thread of the load generator that is busier may be the bottleneck.
    private static final double LOADER_BUSY_MAX = 0.9;
    /// The warm-up continues while a slice is faster than the best earlier one by more than this ratio.
    private static final double RISE = 0.03;
    /// The number of slices without a rise that end the warm-up.
    private static final int FLAT_SLICES = 3;
    /// As [#FLAT_SLICES], in a quick run.
    private static final int FLAT_SLICES_QUICK = 2;
    /// The maximum share of requests with a single use that one measurement consumes.
    private static final double USED_UP_MAX = 0.7;

    private final Options options;
    private final KeyPair rsa;
    /// The limits that were warmed up. A quick run does not repeat that.
    private final Set<Limit> warm = new HashSet<>();

    Measuring(Options options) throws GeneralSecurityException {
        this.options = options;
        this.rsa = Limits.rsaKey();
    }

    /// The result of a slice of load, and the CPU use during it.
    record Loaded(Wrk.Result result, Usage usage) {}

    private record Limited(double perSecond, Usage usage) {}

    /// The subject of a measurement, and its best value so far.
    private static final class Subject {

        private final Stage stage;
        private final Operation operation;
        private final Requests requests;
        private double best;

        private Subject(Stage stage, Operation operation, Requests requests) {
            this.stage = stage;
            this.operation = operation;
            this.requests = requests;
        }
    }

    Figure figure(Stage stage, Operation operation) throws IOException, InterruptedException {
        Subject subject = new Subject(stage, operation, stage.prepare(operation));
        Limit limit = operation.limit(stage.engine());
        int slices = warmUp(options.slices(), () -> load(subject).result.rps());
        int limitSlices = warmUp(limitSlices(limit), () -> limit(subject, limit).perSecond);
        System.err.println("bench: " + stage.engine().wireValue() + ": " + operation.title() + " (warm after " + slices
                + " and " + limitSlices + " slices)");
        List<Figure.Round> rounds = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            rounds.add(round(subject, limit));
        }
        subject.stage.restore(subject.operation);
        if (operation == Operation.CLAIMS) {
            Stock.restoreClaims(stage.database(), stage.store().dataset());
        }
        return new Figure(
                operation,
                stage.engine(),
                stage.store().dataset().slots(),
                subject.requests.count(),
                operation.connections(options.connections()),
                rounds,
                Machine.residentMegabytes(stage.server().pid()));
    }

    /// The slices of warm-up of a limit. The loop over a statement is new each time; other limits stay warm.
    private int limitSlices(Limit limit) {
        boolean known = !warm.add(limit) && limit != Limit.STORE;
        return switch (limit) {
            // A flush does not get faster.
            case FLUSHES -> 0;
            case BARE_SERVER, SIGNING, HASHING, STORE ->
                known && options.profile() != Options.Profile.FULL ? 1 : options.slices();
        };
    }

    private Figure.Round round(Subject subject, Limit limit) throws IOException, InterruptedException {
        for (int repeats = 0; ; repeats++) {
            Loaded loaded = load(subject);
            Limited limited = limit(subject, limit);
            double others = Math.max(loaded.usage.otherCores(), limited.usage.otherCores());
            boolean disturbed = others > OTHER_CORES_MAX;
            if (!disturbed || repeats == options.repeats()) {
                // The limit of signing applies to the cores that other processes leave to the server.
                double share = limit.ofCores() ? loaded.usage.coresLeft() / Machine.cores() : 1;
                boolean loaderLimited = Math.max(loaded.usage.loaderCores(), limited.usage.loaderCores())
                        > LOADER_BUSY_MAX * options.threads();
                return new Figure.Round(
                        loaded.result,
                        loaded.usage,
                        limited.perSecond * share,
                        others,
                        loaderLimited,
                        disturbed,
                        repeats);
            }
        }
    }

    private interface Slice {
        double perSecond() throws IOException, InterruptedException;
    }

    /// Runs until it does not get faster any more. Returns the number of slices.
    private int warmUp(int slices, Slice slice) throws IOException, InterruptedException {
        int flatEnough = options.profile() == Options.Profile.FULL ? FLAT_SLICES : FLAT_SLICES_QUICK;
        double best = 0;
        int flat = 0;
        int done = 0;
        while (done < slices && flat < flatEnough) {
            double now = slice.perSecond();
            flat = now > best * (1 + RISE) ? 0 : flat + 1;
            best = Math.max(best, now);
            done++;
        }
        return done;
    }

    private Loaded load(Subject subject) throws IOException, InterruptedException {
        subject.stage.restore(subject.operation);
        Loaded loaded = load(subject.stage, subject.operation, subject.requests, seconds(subject));
        subject.best = Math.max(subject.best, loaded.result.rps());
        return loaded;
    }

    /// One slice.
    Loaded load(Stage stage, Operation operation, Requests requests, int seconds)
            throws IOException, InterruptedException {
        Usage before = Usage.soFar(stage);
        Wrk.Result result =
                wrk(operation).run(stage.server().url(), requests.file(), requests.authorization(), "", seconds);
        return new Loaded(result, Usage.soFar(stage).since(before));
    }

    /// The configured time, reduced so that requests with a single use suffice.
    private int seconds(Subject subject) {
        if (!subject.operation.once()) {
            return options.seconds();
        }
        return subject.best == 0
                ? 1
                : Math.clamp((long) (USED_UP_MAX * subject.requests.count() / subject.best), 1, options.seconds());
    }

    private Wrk wrk(Operation operation) {
        return new Wrk(
                options.root().resolve("bench/load.lua"),
                operation.connections(options.connections()),
                options.threads());
    }

    private Limited limit(Subject subject, Limit limit) throws IOException, InterruptedException {
        Stage stage = subject.stage;
        Requests requests = subject.requests;
        Usage before = Usage.soFar(stage);
        double perSecond =
                switch (limit) {
                    case BARE_SERVER -> bare(subject);
                    case SIGNING -> Limits.signing(rsa, options.seconds());
                    case HASHING -> Limits.hashing(options.seconds());
                    case FLUSHES -> flushes(stage.store().directory());
                    // At most as many connections as the pool of the program.
                    case STORE ->
                        Limits.store(
                                stage.database(),
                                requests.statement(),
                                requests.parameters(),
                                Math.min(
                                        options.connections(),
                                        stage.engine() == Engine.SQLITE ? Dialect.readers() : Database.CONNECTIONS),
                                options.seconds());
                };
        return new Limited(perSecond, Usage.soFar(stage).since(before));
    }

    /// Flushes per second of the disk of a store.
    double flushes(Path directory) {
        return Limits.flushes(directory, options.seconds());
    }

    private double bare(Subject subject) throws IOException, InterruptedException {
        Requests requests = subject.requests;
        Wrk.Result result = wrk(subject.operation)
                .run(
                        subject.stage.bare().url(),
                        requests.file(),
                        requests.authorization(),
                        "/" + requests.bytes(),
                        options.seconds());
        if (result.errors() > 0) {
            throw new IllegalStateException("The bare server failed " + result.errors() + " requests");
        }
        return result.rps();
    }
}
