package dev.selvage.bench;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The options of `bench/run`.
///
/// @param root         the repository
/// @param profile      the duration of the run
/// @param parts        the parts to measure
/// @param engines      the stores
/// @param only         operations whose name contains it; empty: all
/// @param sessions     number of sessions in the store
/// @param against      number of sessions in the second store of [Part#COST]
/// @param connections  of the load generator
/// @param threads      of the load generator
/// @param rounds       number of alternating measurements of a figure and its limit
/// @param seconds      duration of one measurement
/// @param slices       maximum slices of warm-up, each as long as a measurement
/// @param repeats      maximum repeats of a measurement that other processes disturbed
/// @param starts       number of starts of a server, for [Part#START]
/// @param loadMinutes  minutes of load before memory is measured; 0 for a second
/// @param ended        number of sessions that a sweep deletes, for [Part#SWEEP]
/// @param results      the directory of the result files
/// @param stores       the directory of filled stores for later runs; null: they are deleted
record Options(
        Path root,
        Profile profile,
        Set<Part> parts,
        List<Engine> engines,
        String only,
        int sessions,
        int against,
        int connections,
        int threads,
        int rounds,
        int seconds,
        int slices,
        int repeats,
        int starts,
        int loadMinutes,
        int ended,
        Path results,
        Path stores) {

    static final String USAGE = """
            bench/run [--quick | --smoke] [--operations] [--start] [--memory] [--sweep] [--cost]
                      [--engines sqlite,postgresql] [--only TEXT] [--sessions N] [--against N] [--connections N] [--threads N]
                      [--rounds N] [--seconds N] [--slices N] [--repeats N] [--starts N] [--load-minutes N] [--ended N]
                      [--results DIR] [--store DIR | --keep]
            See bench/README.md.""";

    private static final int SESSIONS_MIN = 1_000;
    private static final int SESSIONS_MAX = 10_000_000;
    private static final int ROUNDS_MIN = 3;

    /// The duration of a run, and the default of each number.
    enum Profile {
        /// Hours: the published figures.
        FULL(100_000, 100_000, 10, 24, 3, 10, 10, 1_000_000),
        /// About 25 minutes for both engines.
        QUICK(100_000, 100_000, 3, 8, 1, 10, 1, 1_000_000),
        /// Minutes. It shows that everything works; its figures have no meaning.
        SMOKE(5_000, 1_000, 1, 1, 0, 2, 0, 20_000);

        private final int sessions;
        private final int against;
        private final int seconds;
        private final int slices;
        private final int repeats;
        private final int starts;
        private final int loadMinutes;
        private final int ended;

        Profile(
                int sessions,
                int against,
                int seconds,
                int slices,
                int repeats,
                int starts,
                int loadMinutes,
                int ended) {
            this.sessions = sessions;
            this.against = against;
            this.seconds = seconds;
            this.slices = slices;
            this.repeats = repeats;
            this.starts = starts;
            this.loadMinutes = loadMinutes;
            this.ended = ended;
        }

        /// The default parts. A sweep starts after minutes, and cost needs a second store.
        private Set<Part> parts() {
            return switch (this) {
                case FULL -> EnumSet.of(Part.OPERATIONS, Part.START, Part.MEMORY, Part.SWEEP);
                case QUICK -> EnumSet.of(Part.OPERATIONS, Part.START, Part.MEMORY);
                case SMOKE -> EnumSet.of(Part.OPERATIONS, Part.START, Part.MEMORY, Part.COST);
            };
        }
    }

    /// The parts of a run.
    enum Part {
        OPERATIONS,
        START,
        MEMORY,
        SWEEP,
        COST
    }

    /// The engines by their names on the command line and in the results.
    enum Engine {
        SQLITE,
        POSTGRESQL;

        String wireValue() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws IllegalArgumentException with a message for the caller
    static Options parse(Path root, List<String> arguments) {
        Profile profile = arguments.contains("--smoke")
                ? Profile.SMOKE
                : arguments.contains("--quick") ? Profile.QUICK : Profile.FULL;
        Set<Part> parts = EnumSet.noneOf(Part.class);
        List<Engine> engines = List.of(Engine.values());
        String only = "";
        int sessions = profile.sessions;
        int against = profile.against;
        int connections = 32;
        int threads = 2;
        int rounds = ROUNDS_MIN;
        int seconds = profile.seconds;
        int slices = profile.slices;
        int repeats = profile.repeats;
        int starts = profile.starts;
        int loadMinutes = profile.loadMinutes;
        int ended = profile.ended;
        // A smoke run never overwrites real figures.
        Path results = root.resolve(profile == Profile.SMOKE ? "target/bench/smoke" : "bench/results");
        Path stores = null;
        Deque<String> left = new ArrayDeque<>(arguments);
        while (!left.isEmpty()) {
            String name = left.pop();
            switch (name) {
                case "--smoke", "--quick" -> {}
                case "--operations", "--start", "--memory", "--sweep", "--cost" ->
                    parts.add(Part.valueOf(name.substring(2).toUpperCase(Locale.ROOT)));
                case "--engines" ->
                    engines = List.of(value(name, left).split(",")).stream()
                            .map(Options::engine)
                            .toList();
                case "--only" -> only = value(name, left);
                case "--sessions" -> sessions = number(name, left, SESSIONS_MIN, SESSIONS_MAX);
                case "--against" -> against = number(name, left, SESSIONS_MIN, SESSIONS_MAX);
                case "--connections" -> connections = number(name, left, 1, 10_000);
                case "--threads" -> threads = number(name, left, 1, 64);
                case "--rounds" -> rounds = number(name, left, ROUNDS_MIN, 99);
                case "--seconds" -> seconds = number(name, left, 1, 600);
                case "--slices" -> slices = number(name, left, 1, 1_000);
                case "--repeats" -> repeats = number(name, left, 0, 99);
                case "--starts" -> starts = number(name, left, 1, 1_000);
                case "--load-minutes" -> loadMinutes = number(name, left, 0, 1_000);
                case "--ended" -> ended = number(name, left, 1_000, SESSIONS_MAX);
                case "--results" -> results = Path.of(value(name, left)).toAbsolutePath();
                case "--store" -> stores = Path.of(value(name, left)).toAbsolutePath();
                case "--keep" -> stores = root.resolve("target/bench/stores");
                default -> throw new IllegalArgumentException("Unknown option " + name + "\n" + USAGE);
            }
        }
        if (threads > connections) {
            throw new IllegalArgumentException("--threads must not be more than --connections");
        }
        if (parts.isEmpty()) {
            parts = profile.parts();
        }
        if (parts.contains(Part.COST) && against >= sessions) {
            throw new IllegalArgumentException("--cost compares --sessions with --against, which must be fewer");
        }
        return new Options(
                root,
                profile,
                parts,
                engines,
                only,
                sessions,
                against,
                connections,
                threads,
                rounds,
                seconds,
                slices,
                repeats,
                starts,
                loadMinutes,
                ended,
                results,
                stores);
    }

    private static Engine engine(String word) {
        for (Engine engine : Engine.values()) {
            if (engine.wireValue().equals(word)) {
                return engine;
            }
        }
        throw new IllegalArgumentException("--engines: sqlite, postgresql or both with a comma, not " + word);
    }

    /// The value of an option.
    static String value(String name, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        return left.pop();
    }

    /// The value of an option that is a number within bounds.
    static int number(String name, Deque<String> left, int min, int max) {
        String value = value(name, left);
        if (!value.matches("[0-9]{1,9}") || Integer.parseInt(value) < min || Integer.parseInt(value) > max) {
            throw new IllegalArgumentException(name + " is a number from " + min + " to " + max + ", not " + value);
        }
        return Integer.parseInt(value);
    }
}
