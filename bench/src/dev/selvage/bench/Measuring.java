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

/// Takes the figure of an operation and its limit: warm-up, rounds, repeats.
final class Measuring {

    /// More than that, and a measurement is repeated.
    private static final double OTHER_CORES_MAX = 0.2;
    /// A thread of the loader that is busier than that may be what limits.
    private static final double LOADER_BUSY_MAX = 0.9;
    /// Warm-up goes on while a slice is faster than the best one before by more than this.
    private static final double RISE = 0.03;
    /// So many slices without a rise end it.
    private static final int FLAT_SLICES = 3;
    /// The same in a quick run.
    private static final int FLAT_SLICES_QUICK = 2;
    /// Of what can be answered once, a measurement uses about so much, so that it does not run out.
    private static final double USED_UP_MAX = 0.7;

    private final Options options;
    private final KeyPair rsa;
    /// Limits that have been warm once: a quick run does not wait for them again.
    private final Set<Limit> warm = new HashSet<>();

    Measuring(Options options) throws GeneralSecurityException {
        this.options = options;
        this.rsa = Limits.rsaKey();
    }

    /// A slice of load, and who used what while it ran.
    record Loaded(Wrk.Result result, Usage usage) {}

    private record Limited(double perSecond, Usage usage) {}

    /// What is measured, and the best that was seen of it.
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

    /// The loop over a statement is another one each time; everything else is as warm as the last operation
    /// left it.
    private int limitSlices(Limit limit) {
        boolean known = !warm.add(limit) && limit != Limit.STORE;
        return switch (limit) {
            // Neither gets any faster.
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
                // What signing allows is what it allows on the cores that the others leave to the server.
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

    /// Runs until it does not get faster any more; answers how many slices that took.
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

    /// As long as is asked for, but not so long that what can be answered once runs out.
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
                    // No more connections than the program's pool has.
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

    /// Flushes a second of the disk that a store is on.
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
