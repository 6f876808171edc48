package dev.selvage.history;

import dev.selvage.history.Cluster.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/// `bench/history`: kills and pauses servers and databases under load, and proves from the responses to the
/// clients that no write was lost and no deleted session returned. Its arguments are the directory for its
/// files, and the options. The exit code is 1 if it finds a violation.
final class History {

    private static final String USAGE = """
            bench/history [--engine sqlite|postgresql] [--kills N] [--minutes N] [--clients N] [--seed N]
            See docs/history-checker.md.""";

    private History() {}

    /// @param engines the stores, one after the other
    /// @param kills   number of kills on each
    /// @param minutes maximum time on each; the number of kills is then lower
    /// @param seed    determines the faults and the random choices of clients
    record Options(List<Engine> engines, int kills, int minutes, int clients, long seed) {

        private static final int KILLS = 50;
        private static final int MINUTES = 1_000;
        private static final int CLIENTS = 8;

        /// @throws IllegalArgumentException with a message for the caller
        static Options parse(List<String> arguments, long someSeed) {
            List<Engine> engines = List.of(Engine.values());
            int kills = KILLS;
            int minutes = MINUTES;
            int clients = CLIENTS;
            long seed = someSeed;
            Deque<String> left = new ArrayDeque<>(arguments);
            while (!left.isEmpty()) {
                String name = left.pop();
                String value = left.isEmpty() ? "" : left.pop();
                switch (name) {
                    case "--engine" -> engines = List.of(engine(value));
                    case "--kills" -> kills = number(name, value, 10_000);
                    case "--minutes" -> minutes = number(name, value, MINUTES);
                    case "--clients" -> clients = number(name, value, 64);
                    case "--seed" -> seed = number(name, value, Integer.MAX_VALUE);
                    default -> throw new IllegalArgumentException("Unknown option " + name + "\n" + USAGE);
                }
            }
            return new Options(engines, kills, minutes, clients, seed);
        }

        private static Engine engine(String word) {
            return Arrays.stream(Engine.values())
                    .filter(engine -> engine.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("--engine is sqlite or postgresql, not " + word));
        }

        private static int number(String name, String value, int max) {
            if (!value.matches("[0-9]{1,10}") || Long.parseLong(value) < 1 || Long.parseLong(value) > max) {
                throw new IllegalArgumentException(name + " is a number from 1 to " + max + ", not " + value);
            }
            return Integer.parseInt(value);
        }
    }

    public static void main(String[] arguments) throws Exception {
        // No child process outlives this one. A paused process does not react to SIGTERM.
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform()
                        .unstarted(() -> ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly)));
        try {
            Path folder = Path.of(arguments[0]);
            Options options = Options.parse(
                    Arrays.asList(arguments).subList(1, arguments.length), System.nanoTime() % 1_000_000 + 1);
            boolean well = true;
            for (Engine engine : options.engines) {
                well &= run(
                        engine,
                        options,
                        Files.createTempDirectory(
                                Files.createDirectories(folder), engine.name().toLowerCase(Locale.ROOT) + "-"));
            }
            System.exit(well ? 0 : 1);
        } catch (IllegalArgumentException misunderstood) {
            System.err.println("history: " + misunderstood.getMessage());
            System.exit(2);
        }
    }

    private static boolean run(Engine engine, Options options, Path directory) throws Exception {
        System.out.println(engine + ", seed " + options.seed + ", " + options.clients + " clients, in " + directory);
        Run run = Run.make(
                engine,
                directory,
                Fault.plan(engine, options.kills, options.seed),
                options.minutes,
                options.clients,
                options.seed,
                System.out,
                Plant.NONE);
        System.out.println(run.report());
        return run.violations().isEmpty();
    }
}
