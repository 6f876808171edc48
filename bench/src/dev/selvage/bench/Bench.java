package dev.selvage.bench;

import dev.selvage.bench.Options.Engine;
import dev.selvage.bench.Options.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// `bench/run`: measures the requested parts on each engine, prints one table, and writes the files. Its
/// arguments are the repository, the directory of these classes, and the options.
final class Bench {

    private final Options options;
    private final Path classes;
    private final Measuring measuring;

    private Bench(Options options, Path classes) throws GeneralSecurityException {
        this.options = options;
        this.classes = classes;
        this.measuring = new Measuring(options);
    }

    public static void main(String[] arguments) throws Exception {
        endChildrenAtExit();
        try {
            List<String> given = Arrays.asList(arguments);
            new Bench(Options.parse(Path.of(arguments[0]), given.subList(2, given.size())), Path.of(arguments[1]))
                    .run();
        } catch (IllegalArgumentException misunderstood) {
            System.err.println("bench: " + misunderstood.getMessage());
            System.exit(2);
        }
    }

    /// Ends the child processes when this one ends.
    static void endChildrenAtExit() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform()
                        .unstarted(() -> ProcessHandle.current().children().forEach(ProcessHandle::destroy)));
    }

    private void run() throws IOException, InterruptedException, SQLException {
        Path work =
                Files.createTempDirectory(Files.createDirectories(options.root().resolve("target/bench")), "run-");
        Report report = new Report(options, Machine.description());
        try {
            for (Engine engine : options.engines()) {
                measure(engine, Files.createDirectory(work.resolve(engine.wireValue())), report);
            }
        } finally {
            delete(work);
        }
        report.finish();
    }

    private void measure(Engine engine, Path work, Report report)
            throws IOException, InterruptedException, SQLException {
        try (Store store = store(engine, work, options.sessions())) {
            if (store.postgres() != null) {
                report.machine("postgresql", store.postgres().version());
            }
            report.machine("flushes_per_s", Row.rounded(measuring.flushes(store.directory()), 1));
            for (Row row : new Starts(options).measure(store, work)) {
                report.add(row);
            }
            if (has(Part.OPERATIONS) || has(Part.MEMORY) || has(Part.SWEEP) || has(Part.COST)) {
                try (Stage stage = Stage.set(options.root(), store, work, classes)) {
                    drive(stage, work, report);
                }
            }
        }
    }

    private void drive(Stage stage, Path work, Report report) throws IOException, InterruptedException, SQLException {
        if (has(Part.OPERATIONS)) {
            for (Operation operation : Operation.values()) {
                if (operation.title().contains(options.only())) {
                    report.add(measuring.figure(stage, operation).row());
                }
            }
        }
        if (has(Part.MEMORY)) {
            report.add(new LoadMemory(options, measuring).measure(stage));
        }
        if (has(Part.COST)) {
            Path beside = Files.createDirectories(work.resolve("against"));
            try (Store few = store(stage.engine(), beside, options.against());
                    Stage other = Stage.set(options.root(), few, beside, classes)) {
                new Cost(options, measuring).measure(stage, other, report);
            }
        }
        if (has(Part.SWEEP)) {
            report.add(new Sweeping(options, measuring).measure(stage));
        }
    }

    private boolean has(Part part) {
        return options.parts().contains(part);
    }

    private Store store(Engine engine, Path work, int sessions) throws IOException, InterruptedException, SQLException {
        Path directory =
                (options.stores() == null ? work : options.stores()).resolve(engine.wireValue() + "-" + sessions);
        Store store = Store.open(options.root(), engine, directory, sessions);
        if (options.stores() != null) {
            System.err.println("bench: the store stays in " + directory);
        }
        return store;
    }

    /// Deletes a directory. A failure is only reported, because it must not hide an earlier one.
    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException failed) {
            System.err.println("bench: cannot delete " + folder + ": " + failed);
        }
    }
}
