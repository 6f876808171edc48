package dev.selvage.bench;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// What `bench/run` was asked for.
///
/// @param root         the repository
/// @param smoke        a quick run that shows whether everything works; its figures mean nothing
/// @param engines      which stores
/// @param only         operations whose name contains it; empty: all
/// @param sessions     in the store
/// @param connections  of the load generator
/// @param threads      of the load generator
/// @param rounds       how often a figure and its limit are measured, by turns
/// @param seconds      of one measurement
/// @param slices       of warm-up at most, each as long as a measurement
/// @param repeats      of a measurement that other processes disturbed, at most
/// @param results      where the files go
/// @param keep         whether the stores stay when it ends
record Options(Path root, boolean smoke, List<Engine> engines, String only, int sessions, int connections, int threads, int rounds,
               int seconds, int slices, int repeats, Path results, boolean keep) {

    static final String USAGE = """
            bench/run [--smoke] [--engines sqlite,postgresql] [--only TEXT] [--sessions N] [--connections N] [--threads N]
                      [--rounds N] [--seconds N] [--slices N] [--repeats N] [--results DIR] [--keep]
            See bench/README.md.""";

    private static final int SESSIONS_MIN = 1_000;
    private static final int SESSIONS_MAX = 10_000_000;
    private static final int ROUNDS_MIN = 3;

    /// The engines by their names on the command line and in the results.
    enum Engine {
        SQLITE, POSTGRESQL;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// @throws IllegalArgumentException with a message for the caller
    static Options parse(Path root, List<String> arguments) {
        boolean smoke = arguments.contains("--smoke");
        List<Engine> engines = List.of(Engine.values());
        String only = "";
        int sessions = smoke ? 5_000 : 100_000;
        int connections = 32;
        int threads = 2;
        int rounds = ROUNDS_MIN;
        int seconds = smoke ? 1 : 10;
        int slices = smoke ? 1 : 24;
        int repeats = smoke ? 0 : 3;
        // Figures of a smoke run never stand where real ones do.
        Path results = smoke ? root.resolve("target/bench/smoke") : root.resolve("bench/results");
        boolean keep = false;
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String name = left.pop();
            switch (name) {
                case "--smoke" -> { }
                case "--keep" -> keep = true;
                case "--engines" -> engines = List.of(value(name, left).split(",")).stream().map(Options::engine).toList();
                case "--only" -> only = value(name, left);
                case "--sessions" -> sessions = number(name, left, SESSIONS_MIN, SESSIONS_MAX);
                case "--connections" -> connections = number(name, left, 1, 10_000);
                case "--threads" -> threads = number(name, left, 1, 64);
                case "--rounds" -> rounds = number(name, left, ROUNDS_MIN, 99);
                case "--seconds" -> seconds = number(name, left, 1, 600);
                case "--slices" -> slices = number(name, left, 1, 1_000);
                case "--repeats" -> repeats = number(name, left, 0, 99);
                case "--results" -> results = Path.of(value(name, left)).toAbsolutePath();
                default -> throw new IllegalArgumentException("Unknown option " + name + "\n" + USAGE);
            }
        }
        if (threads > connections) {
            throw new IllegalArgumentException("--threads must not be more than --connections");
        }
        return new Options(root, smoke, engines, only, sessions, connections, threads, rounds, seconds, slices, repeats, results, keep);
    }

    private static Engine engine(String word) {
        for (Engine engine : Engine.values()) {
            if (engine.word().equals(word)) {
                return engine;
            }
        }
        throw new IllegalArgumentException("--engines: sqlite, postgresql or both with a comma, not " + word);
    }

    private static String value(String name, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(name + " needs a value\n" + USAGE);
        }
        return left.pop();
    }

    private static int number(String name, Deque<String> left, int min, int max) {
        String value = value(name, left);
        if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) < min || Integer.parseInt(value) > max) {
            throw new IllegalArgumentException(name + " is a number from " + min + " to " + max + ", not " + value);
        }
        return Integer.parseInt(value);
    }
}
