package dev.selvage.bench;

import dev.selvage.bench.Operation.Limit;
import dev.selvage.bench.Options.Engine;
import dev.selvage.bench.Stage.Requests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// `bench/run`: measures each operation beside its limit, prints one table, and writes the files. Its arguments are the repository,
/// the folder of these classes, and the options.
final class Bench {

    /// More than that, and a measurement is repeated.
    private static final double OTHER_CORES_MAX = 0.2;
    /// A thread of the loader that is busier than that may be what limits.
    private static final double LOADER_BUSY_MAX = 0.9;
    /// Warm-up goes on while a slice is faster than the best one before by more than this.
    private static final double RISE = 0.03;
    /// So many slices without a rise end it.
    private static final int FLAT_SLICES = 3;
    /// Connections of the program's pools; a loop over a statement has no more.
    private static final int SQLITE_READERS = 8;
    private static final int POSTGRESQL_CONNECTIONS = 20;

    private final Options options;
    private final Path classes;
    private final Wrk wrk;
    private final KeyPair rsa;

    private Bench(Options options, Path classes) throws GeneralSecurityException {
        this.options = options;
        this.classes = classes;
        this.wrk = new Wrk(options.root().resolve("bench/load.lua"), options.connections(), options.threads());
        this.rsa = Limits.rsaKey();
    }

    public static void main(String[] arguments) throws Exception {
        // Whatever happens, nothing that was started here stays behind.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(
                () -> ProcessHandle.current().children().forEach(ProcessHandle::destroy)));
        try {
            List<String> given = Arrays.asList(arguments);
            new Bench(Options.parse(Path.of(arguments[0]), given.subList(2, given.size())), Path.of(arguments[1])).run();
        } catch (IllegalArgumentException misunderstood) {
            System.err.println("bench: " + misunderstood.getMessage());
            System.exit(2);
        }
    }

    private void run() throws IOException, InterruptedException, SQLException {
        Path work = Files.createTempDirectory(Files.createDirectories(options.root().resolve("target/bench")), "run-");
        Report report = new Report(options);
        try {
            for (Engine engine : options.engines()) {
                Path directory = Files.createDirectory(work.resolve(engine.word()));
                if (engine == Engine.POSTGRESQL) {
                    try (Postgres postgres = Postgres.start(directory.resolve("postgresql"))) {
                        report.postgresql(postgres.version());
                        measure(engine, directory, postgres, report);
                    }
                } else {
                    measure(engine, directory, null, report);
                }
            }
        } finally {
            if (options.keep()) {
                say("the stores are kept in " + work);
            } else {
                delete(work);
            }
        }
        report.finish();
    }

    private void measure(Engine engine, Path directory, Postgres postgres, Report report) throws IOException, InterruptedException {
        say(engine.word() + ": writing " + options.sessions() + " sessions");
        try (Stage stage = Stage.set(options, engine, directory, postgres, classes)) {
            for (Operation operation : Operation.values()) {
                if (operation.title().contains(options.only())) {
                    report.add(measure(stage, operation));
                }
            }
        }
    }

    private Figure measure(Stage stage, Operation operation) throws IOException, InterruptedException {
        Requests requests = stage.prepare(operation);
        Limit limit = operation.limit(stage.engine());
        int slices = warmUp(() -> load(stage, requests).result.rps());
        int limitSlices = warmUp(() -> limit(stage, requests, limit).perSecond);
        say(stage.engine().word() + ": " + operation.title() + " (warm after " + slices + " and " + limitSlices + " slices)");
        List<Figure.Round> rounds = new ArrayList<>();
        for (int i = 0; i < options.rounds(); i++) {
            rounds.add(round(stage, requests, limit));
        }
        return new Figure(operation, stage.engine(), stage.dataset().slots(), requests.count(), options.connections(), rounds,
                Machine.residentMegabytes(stage.server().pid()));
    }

    private Figure.Round round(Stage stage, Requests requests, Limit limit) throws IOException, InterruptedException {
        for (int repeats = 0; ; repeats++) {
            Loaded loaded = load(stage, requests);
            Limited limited = limit(stage, requests, limit);
            double others = Math.max(loaded.usage.otherCores(), limited.usage.otherCores());
            boolean disturbed = others > OTHER_CORES_MAX;
            if (!disturbed || repeats == options.repeats()) {
                // What signing allows is what it allows on the cores that the others leave to the server.
                double share = limit == Limit.SIGNING ? loaded.usage.coresLeft() / Machine.cores() : 1;
                boolean loaderLimited = Math.max(loaded.usage.loaderCores(), limited.usage.loaderCores()) > LOADER_BUSY_MAX * options.threads();
                return new Figure.Round(loaded.result, loaded.usage, limited.perSecond * share, others, loaderLimited, disturbed, repeats);
            }
        }
    }

    private interface Slice {
        double perSecond() throws IOException, InterruptedException;
    }

    /// Runs until it does not get faster any more; answers how many slices that took.
    private int warmUp(Slice slice) throws IOException, InterruptedException {
        double best = 0;
        int flat = 0;
        int done = 0;
        while (done < options.slices() && flat < FLAT_SLICES) {
            double now = slice.perSecond();
            flat = now > best * (1 + RISE) ? 0 : flat + 1;
            best = Math.max(best, now);
            done++;
        }
        return done;
    }

    private record Loaded(Wrk.Result result, Usage usage) { }

    private Loaded load(Stage stage, Requests requests) throws IOException, InterruptedException {
        Usage before = Usage.soFar(stage);
        Wrk.Result result = wrk.run(stage.server().url(), requests.file(), requests.authorization(), "", options.seconds());
        return new Loaded(result, Usage.soFar(stage).since(before));
    }

    private record Limited(double perSecond, Usage usage) { }

    private Limited limit(Stage stage, Requests requests, Limit limit) throws IOException, InterruptedException {
        Usage before = Usage.soFar(stage);
        double perSecond = switch (limit) {
            case BARE_SERVER -> bare(stage, requests);
            case SIGNING -> Limits.signing(rsa, options.seconds());
            case STORE -> Limits.store(stage.database(), requests.statement(), requests.parameters(),
                    Math.min(options.connections(), stage.engine() == Engine.SQLITE ? SQLITE_READERS : POSTGRESQL_CONNECTIONS),
                    options.seconds());
        };
        return new Limited(perSecond, Usage.soFar(stage).since(before));
    }

    private double bare(Stage stage, Requests requests) throws IOException, InterruptedException {
        Wrk.Result result = wrk.run(stage.bare().url(), requests.file(), requests.authorization(), "/" + requests.bytes(), options.seconds());
        if (result.errors() > 0) {
            throw new IllegalStateException("The bare server failed " + result.errors() + " requests");
        }
        return result.rps();
    }

    private static void say(String text) {
        System.err.println("bench: " + text);
    }

    /// A failure is only said: there may be another one behind it, which matters more.
    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException failed) {
            say("cannot delete " + folder + ": " + failed);
        }
    }
}
