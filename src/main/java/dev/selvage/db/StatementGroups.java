package dev.selvage.db;

import com.zaxxer.hikari.HikariDataSource;
import dev.selvage.base.CallMemory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads of PostgreSQL that share a statement: calls of one text that wait at the same time run as one
/// statement over all their values. Each caller gets its own rows. Thread-safe.
///
/// A statement begins after all its callers have asked for it, as without groups. No call waits for a group to
/// fill: a group has the calls that arrived while the threads were busy. A text has at most [#THREADS_PER_TEXT]
/// threads, so that one slow statement does not delay calls of other texts. A failure of the statement is that
/// of no caller: each then runs its own statement. See `docs/decisions/statement-groups.md`.
final class StatementGroups implements AutoCloseable {

    /// The most callers of a group.
    static final int CALLERS_MAX = 64;
    /// The fewest connections of the store that leave some for groups.
    static final int STORE_CONNECTIONS_MIN = 8;

    private static final int CONNECTIONS_MAX = 4;
    private static final int THREADS_PER_TEXT = 2;
    /// The longest wait for a group. After it, a caller runs its own statement.
    private static final long WAIT_MILLIS_MAX = 250;
    /// The time without groups after a failure of the store.
    private static final long PAUSE_NANOS = 1_000_000_000L;
    /// The parameter that has the time of the call. A group uses the latest of its callers.
    private static final String NOW = "now";

    private static final String BYTES = "bytea";

    private static final Logger LOG = LoggerFactory.getLogger(StatementGroups.class);

    private final HikariDataSource source;
    private final ExecutorService threads;
    private final Map<ParsedSql, Text> texts = new ConcurrentHashMap<>();
    private final AtomicLong pausedNanos = new AtomicLong(System.nanoTime() - PAUSE_NANOS);

    /// @param source connections for groups alone, at least as many as [#connections]
    StatementGroups(HikariDataSource source, int threads) {
        this.source = source;
        this.threads = Executors.newFixedThreadPool(
                threads,
                Thread.ofPlatform().daemon().name("statement-group-", 0).factory());
    }

    /// The connections for groups out of all connections of a store; 0 if it has too few for groups.
    static int connections(int all) {
        return all < STORE_CONNECTIONS_MIN ? 0 : Math.clamp(all / 4, 2, CONNECTIONS_MAX);
    }

    /// Runs a statement in a group. Empty if it did not run; the caller then runs it by itself.
    ///
    /// @param values the value of each parameter; none is null
    <T> Optional<Result<T>> run(ParsedSql sql, Map<String, @Nullable Object> values, Function<Row, T> reader) {
        if (System.nanoTime() - pausedNanos.get() < PAUSE_NANOS) {
            return Optional.empty();
        }
        Caller<T> caller = new Caller<>(sql.values(values), reader, CallMemory.current());
        texts.computeIfAbsent(sql, text -> new Text(text, caller.values)).add(caller);
        return caller.await() ? Optional.of(caller.result()) : Optional.empty();
    }

    /// The result of a reader, which may be null.
    record Result<T>(T value) {}

    /// The values of a caller. Callers with equal values have the same rows.
    private record Key(Object[] values) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.deepEquals(values, key.values);
        }

        @Override
        public int hashCode() {
            return Arrays.deepHashCode(values);
        }
    }

    /// A caller that waits, and its outcome.
    private static final class Caller<T> {
        private final Object[] values;
        private final Function<Row, T> reader;
        private final CallMemory.@Nullable Share memory;
        /// Whether a group has taken the call, or its caller has withdrawn it.
        private final AtomicBoolean decided = new AtomicBoolean();
        private final CountDownLatch done = new CountDownLatch(1);

        @SuppressWarnings("NullAway.Init") // Read only if the call ran without a failure.
        private T value;

        private @Nullable Throwable failure;
        private boolean ran;

        private Caller(Object[] values, Function<Row, T> reader, CallMemory.@Nullable Share memory) {
            this.values = values;
            this.reader = reader;
            this.memory = memory;
        }

        /// True for the first caller.
        private boolean decide() {
            return decided.compareAndSet(false, true);
        }

        /// Reads the rows with the memory account of the caller. A failure is that of this caller alone.
        private void run(Row rows) {
            try {
                value = CallMemory.with(memory, () -> reader.apply(rows));
            } catch (Throwable failed) {
                failure = failed;
            }
            ran = true;
        }

        /// Waits for the outcome; false if there is none.
        private boolean await() {
            boolean interrupted = false;
            long millis = WAIT_MILLIS_MAX;
            while (true) {
                try {
                    if (done.await(millis, TimeUnit.MILLISECONDS)) {
                        break;
                    }
                } catch (InterruptedException stopped) {
                    interrupted = true;
                }
                if (decide()) {
                    done.countDown();
                }
                // The group has begun, and the driver bounds its time.
                millis = Long.MAX_VALUE;
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return ran;
        }

        private Result<T> result() {
            return switch (failure) {
                case null -> new Result<>(value);
                case RuntimeException failed -> throw failed;
                case Error failed -> throw failed;
                default -> throw new IllegalStateException(failure);
            };
        }
    }

    /// The calls of one text.
    private final class Text {
        private final ParsedSql grouped;
        private final String[] types;
        /// The index of the time among the values; -1 for none.
        private final int now;
        private final Queue<Caller<?>> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicInteger running = new AtomicInteger();

        private Text(ParsedSql text, Object[] values) {
            this.types = Arrays.stream(values).map(StatementGroups::type).toArray(String[]::new);
            this.grouped = text.grouped(types);
            this.now = text.names().indexOf(NOW);
        }

        private void add(Caller<?> caller) {
            waiting.add(caller);
            start();
        }

        private void start() {
            for (int before = running.get(); before < THREADS_PER_TEXT; before = running.get()) {
                if (running.compareAndSet(before, before + 1)) {
                    threads.execute(this::run);
                    return;
                }
            }
        }

        private void run() {
            try {
                for (List<Caller<?>> group = next(); !group.isEmpty(); group = next()) {
                    run(group);
                }
            } finally {
                running.decrementAndGet();
                if (!waiting.isEmpty()) {
                    start();
                }
            }
        }

        private List<Caller<?>> next() {
            List<Caller<?>> group = new ArrayList<>();
            for (Caller<?> caller = waiting.poll(); caller != null; caller = waiting.poll()) {
                if (caller.decide()) {
                    group.add(caller);
                }
                if (group.size() == CALLERS_MAX) {
                    break;
                }
            }
            return group;
        }

        /// Never throws. A caller without an outcome runs its own statement.
        private void run(List<Caller<?>> group) {
            try (Connection connection = source.getConnection();
                    PreparedStatement prepared = connection.prepareStatement(
                            grouped.driverText(), ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
                Map<Key, List<Caller<?>>> keys = keys(group);
                bind(connection, prepared, new ArrayList<>(keys.keySet()));
                try (ResultSet rows = prepared.executeQuery()) {
                    answer(rows, new ArrayList<>(keys.values()));
                }
            } catch (SQLException | RuntimeException failed) {
                pausedNanos.set(System.nanoTime());
                LOG.debug("{} statements run by themselves: {}", group.size(), failed.getMessage());
            } finally {
                group.forEach(caller -> caller.done.countDown());
            }
        }

        private Map<Key, List<Caller<?>>> keys(List<Caller<?>> group) {
            if (now >= 0) {
                long latest = group.stream()
                        .mapToLong(caller -> (Long) caller.values[now])
                        .max()
                        .orElseThrow();
                group.forEach(caller -> caller.values[now] = latest);
            }
            Map<Key, List<Caller<?>>> keys = new LinkedHashMap<>();
            for (Caller<?> caller : group) {
                keys.computeIfAbsent(new Key(caller.values), first -> new ArrayList<>())
                        .add(caller);
            }
            return keys;
        }

        private void bind(Connection connection, PreparedStatement prepared, List<Key> keys) throws SQLException {
            for (int i = 0; i < types.length; i++) {
                // The driver takes bytes in an array of their type only.
                Object[] column = types[i].equals(BYTES) ? new byte[keys.size()][] : new Object[keys.size()];
                for (int row = 0; row < column.length; row++) {
                    column[row] = keys.get(row).values[i];
                }
                prepared.setArray(i + 1, connection.createArrayOf(types[i], column));
            }
        }

        /// The rows of a key follow each other.
        private void answer(ResultSet rows, List<List<Caller<?>>> keys) throws SQLException {
            int[] first = new int[keys.size()];
            int[] end = new int[keys.size()];
            for (int at = 1; rows.next(); at++) {
                int key = rows.getInt(1) - 1;
                if (end[key] == 0) {
                    first[key] = at;
                }
                end[key] = at + 1;
            }
            Map<String, Integer> positions = grouped.positions(rows);
            for (int key = 0; key < keys.size(); key++) {
                for (Caller<?> caller : keys.get(key)) {
                    caller.run(new Row(rows, grouped, positions, first[key], end[key], caller.memory));
                }
            }
        }
    }

    /// The type of the array that has a parameter's values.
    private static String type(Object value) {
        return switch (value) {
            case String text -> "text";
            case Long number -> "int8";
            case Integer number -> "int4";
            case Boolean flag -> "bool";
            case byte[] bytes -> BYTES;
            default -> throw new IllegalArgumentException("A value of " + value.getClass());
        };
    }

    /// Closes idle connections, and others when their group ends.
    void renewConnections() {
        source.getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public void close() {
        threads.shutdown();
        source.close();
    }
}
