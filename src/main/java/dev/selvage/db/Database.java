package dev.selvage.db;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.zaxxer.hikari.HikariDataSource;
import dev.selvage.base.CallMemory;
import dev.selvage.base.WouldBlockException;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

/// The store: connections, transactions and migrations, with the same interface for SQLite and PostgreSQL.
/// Thread-safe.
///
/// A *read* runs on its own connection and sees everything that was committed before it started. A *write* is
/// one transaction, which is durable when the call returns. Calls inside of [#transaction] join it, so that
/// stores do not pass connections around.
public final class Database implements AutoCloseable {

    /// The default of the most connections to PostgreSQL: 4 for each processor, 8 to 20. With more connections,
    /// each keeps a processor of the database for longer, so that some calls wait long and none is faster
    /// (`docs/performance.md`, The tail).
    public static final int CONNECTIONS = Math.clamp(4L * Runtime.getRuntime().availableProcessors(), 8, 20);

    /// The most attempts of work that meets a conflict.
    private static final int ATTEMPTS_MAX = 20;
    /// The fewest attempts, however long they take.
    private static final int ATTEMPTS_MIN = 8;
    /// The time after which no attempt follows the first [#ATTEMPTS_MIN].
    private static final long ATTEMPTS_NANOS_MAX = 10_000_000_000L;

    private static final long PAUSE_MILLIS_MAX = 250;
    private static final long RENEWAL_NANOS_MIN = 1_000_000_000L;

    /// The most statements that are cached in parsed form. The program has fewer; the texts of searches vary.
    private static final int PARSED_MAX = 1_000;

    private static final MigrationVersion FIRST = MigrationVersion.fromVersion("1");

    /// Failures of a store that accepts no writes. A busy store is none of them.
    private static final Set<Failure> UNWRITABLE = EnumSet.of(Failure.UNAVAILABLE, Failure.CONNECTION_LOST);
    /// Removes the time limits of the database for a migration, which may take long.
    private static final String WITHOUT_LIMITS = """
            SELECT set_config(name, '0', FALSE) FROM pg_settings
            WHERE name IN ('statement_timeout', 'lock_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout',
                           'idle_session_timeout')""";

    private static final ScopedValue<Connection> CONNECTION = ScopedValue.newInstance();
    /// The effects to run after the commit of the current transaction.
    private static final ScopedValue<List<Runnable>> AFTER_COMMIT = ScopedValue.newInstance();
    /// Bound in [#snapshot].
    private static final ScopedValue<Boolean> SNAPSHOT = ScopedValue.newInstance();
    private static final ParsedSql BEGIN = ParsedSql.of("BEGIN");
    private static final ParsedSql COMMIT = ParsedSql.of("COMMIT");

    private final Dialect dialect;
    private final HikariDataSource readers;
    private final HikariDataSource writers;
    private final Optional<PreparedStatements> statements;
    private final Cache<String, ParsedSql> parsed =
            Caffeine.newBuilder().maximumSize(PARSED_MAX).build();
    /// Present for SQLite, whose writes share commits.
    private final Optional<GroupCommit> groups;
    /// Present for PostgreSQL with enough connections, except on Citus.
    private final Optional<StatementGroups> statementGroups;
    private volatile boolean refusesWrites;
    private final AtomicLong renewedNanos = new AtomicLong(System.nanoTime());

    private Database(
            Dialect dialect,
            HikariDataSource readers,
            HikariDataSource writers,
            GroupBounds bounds,
            Optional<StatementGroups> statementGroups) {
        this.dialect = dialect;
        this.readers = readers;
        this.writers = writers;
        this.statements = dialect.statements();
        this.groups = dialect == Dialect.SQLITE ? Optional.of(new GroupCommit(writers, bounds)) : Optional.empty();
        this.statementGroups = statementGroups;
    }

    /// Opens the store at a JDBC URL (`jdbc:sqlite:…` or `jdbc:postgresql:…`) and migrates its schema to the
    /// version of this program.
    ///
    /// @throws StoreException if it cannot be reached, lacks a requirement, or was written by a newer or
    ///         unreleased program
    public static Database open(String jdbcUrl) {
        return open(jdbcUrl, CONNECTIONS);
    }

    /// As [#open(String)].
    ///
    /// @param connections the most connections; no call needs two at once
    public static Database open(String jdbcUrl, int connections) {
        return open(jdbcUrl, connections, GroupBounds.DEFAULT);
    }

    /// As [#open(String)], with other bounds of a shared commit of SQLite, for measurements.
    public static Database open(String jdbcUrl, GroupBounds bounds) {
        return open(jdbcUrl, CONNECTIONS, bounds);
    }

    private static Database open(String jdbcUrl, int connections, GroupBounds bounds) {
        Dialect dialect = Dialect.of(jdbcUrl);
        return dialect.exclusively(jdbcUrl, () -> open(dialect, jdbcUrl, connections, bounds));
    }

    private static Database open(Dialect dialect, String jdbcUrl, int connections, GroupBounds bounds) {
        int grouping = dialect == Dialect.POSTGRESQL ? StatementGroups.connections(connections) : 0;
        HikariDataSource writers = connect(dialect, jdbcUrl, connections - grouping);
        try {
            StoreRequirements.check(dialect, writers, "The database " + withoutPassword(jdbcUrl));
            if (!Schema.isCurrent(writers)) {
                migrate(dialect, jdbcUrl, writers);
            }
            HikariDataSource readers = dialect == Dialect.SQLITE ? dialect.pool(jdbcUrl, true, connections) : writers;
            Optional<StatementGroups> groups = grouping == 0 || isDistributed(writers)
                    ? Optional.empty()
                    : Optional.of(new StatementGroups(dialect.pool(jdbcUrl, true, grouping), grouping));
            return new Database(dialect, readers, writers, bounds, groups);
        } catch (FlywayException failed) {
            writers.close();
            throw new StoreException(
                    "The database " + withoutPassword(jdbcUrl) + " cannot be migrated to the schema of this program: "
                            + reason(failed),
                    failed);
        } catch (RuntimeException failed) {
            writers.close();
            throw failed;
        }
    }

    /// Whether Citus distributes the tables. The values of a group would be on several nodes.
    private static boolean isDistributed(HikariDataSource source) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1 FROM pg_extension WHERE extname = 'citus'")) {
            return rows.next();
        } catch (SQLException unknown) {
            // A server that only speaks the protocol of PostgreSQL.
            return true;
        }
    }

    private static HikariDataSource connect(Dialect dialect, String jdbcUrl, int connections) {
        try {
            return dialect.pool(jdbcUrl, false, connections);
        } catch (RuntimeException failed) {
            throw new StoreException(
                    "The database " + withoutPassword(jdbcUrl) + " cannot be opened: " + reason(failed), failed);
        }
    }

    /// The URL without user, password and parameters, which may contain a password.
    private static String withoutPassword(String jdbcUrl) {
        return jdbcUrl.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
    }

    /// The first line of the innermost cause's message, which comes from the engine or its driver.
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage())
                .lines()
                .findFirst()
                .orElse(cause.getClass().getSimpleName());
    }

    private static void migrate(Dialect dialect, String jdbcUrl, HikariDataSource pool) {
        FluentConfiguration connected = dialect == Dialect.SQLITE
                ? Flyway.configure().dataSource(pool)
                // Not from the pool, whose connections time out on a long statement, which a migration may
                // have.
                : Flyway.configure().dataSource(jdbcUrl, null, null).initSql(WITHOUT_LIMITS);
        Flyway flyway = connected
                .locations("classpath:db/migration")
                .table(Schema.HISTORY)
                .baselineOnMigrate(false)
                // An applied migration that this program does not have means that a newer program wrote the
                // store.
                .ignoreMigrationPatterns(new String[0])
                .load();
        checkHistory(flyway);
        flyway.migrate();
    }

    /// Refuses stores that this program cannot migrate. The first migration is the same in every release: a
    /// store with another first migration was written before the first release. A store with an unknown
    /// migration was written by a newer program.
    private static void checkHistory(Flyway flyway) {
        for (MigrationInfo info : flyway.info().all()) {
            boolean first = FIRST.equals(info.getVersion());
            if (first && info.getState().isApplied() && !info.isChecksumMatching()) {
                throw new StoreException(
                        "The database was created by a build of Selvage from before the first release, and this program"
                                + " cannot migrate it. Use an empty database, or start the build that created"
                                + " this one.");
            }
            if (info.getState().isApplied() && !info.getState().isResolved()) {
                throw new StoreException("The database has schema version " + info.getVersion()
                        + ", which this program does not know: it was written by a newer release. "
                        + "Start that version, or restore a backup made before the upgrade.");
            }
        }
    }

    /// Creates a statement that reads, on its own connection or in the current transaction.
    ///
    /// @param text SQL with a `:name` for each value, and no other colon before a letter
    public Sql read(String text) {
        return new Sql(this, parsed.get(text, ParsedSql::of), false);
    }

    /// Creates a statement that writes, in its own transaction or in the current one.
    ///
    /// @param text SQL with a `:name` for each value, and no other colon before a letter
    public Sql write(String text) {
        return new Sql(this, parsed.get(text, ParsedSql::of), true);
    }

    <T> T run(ParsedSql sql, boolean writes, Sql.Run<T> run) {
        Function<Connection, T> work = connection -> {
            try {
                if (statements.isPresent()) {
                    return statements.get().run(connection, sql, run);
                }
                try (PreparedStatement prepared = connection.prepareStatement(sql.driverText())) {
                    return run.with(prepared);
                }
            } catch (SQLException failed) {
                throw dialect.duplicate(failed)
                        ? new DuplicateException(sql, failed)
                        : new DatabaseException(sql, failed);
            }
        };
        return writes ? write(work) : read(work);
    }

    /// Runs a statement in a group with others, or `alone` if the store has no groups or this group failed.
    <T> T runInGroup(ParsedSql sql, Map<String, @Nullable Object> values, Function<Row, T> reader, Supplier<T> alone) {
        if (statementGroups.isEmpty() || CONNECTION.isBound()) {
            return alone.get();
        }
        return CallMemory.reading(() -> {
            Optional<StatementGroups.Result<T>> result = statementGroups.get().run(sql, values, reader);
            return result.isPresent() ? result.get().value() : alone.get();
        });
    }

    /// Whether [#snapshot] can run: on SQLite, which reads without waiting for another process.
    public boolean hasSnapshots() {
        return dialect == Dialect.SQLITE && readers.getMaximumPoolSize() >= Dialect.readers();
    }

    /// Runs the reads of a batch of calls in one read transaction of SQLite, on the calling thread. A call in
    /// it that would write or wait throws [WouldBlockException], and its caller runs it again outside.
    ///
    /// @throws StoreUnavailableException if no connection becomes free in time
    public void snapshot(Runnable batch) {
        try (Connection connection = readers.getConnection()) {
            statements.orElseThrow().run(connection, BEGIN, PreparedStatement::execute);
            try {
                ScopedValue.where(CONNECTION, connection).where(SNAPSHOT, true).run(batch);
            } finally {
                statements.orElseThrow().run(connection, COMMIT, PreparedStatement::execute);
            }
        } catch (SQLException failed) {
            throw new StoreUnavailableException("No read transaction: " + failed.getMessage(), failed);
        }
    }

    /// Runs `work` on its own connection, or on that of the current transaction. It may run more than once.
    ///
    /// @throws StoreUnavailableException if the store cannot be read at the moment
    public <T> T read(Function<Connection, T> work) {
        if (SNAPSHOT.isBound()) {
            try {
                return work.apply(CONNECTION.get());
            } catch (DatabaseException failed) {
                // Outside of the snapshot it is retried.
                throw WouldBlockException.INSTANCE;
            }
        }
        if (CONNECTION.isBound()) {
            return work.apply(CONNECTION.get());
        }
        return CallMemory.reading(() -> withRetries(() -> {
            try (Connection connection = readers.getConnection()) {
                return work.apply(connection);
            } catch (SQLException failed) {
                throw new DatabaseException("No connection to read: " + failed.getMessage(), failed);
            }
        }));
    }

    /// Runs `work` as one transaction, or as part of the current one. It may run more than once and on another
    /// thread, so it must have no effect outside of the store.
    ///
    /// @throws StoreUnavailableException if the store cannot be written at the moment; nothing was written
    /// @throws StoreException if it is not known whether the transaction was committed
    public <T> T write(Function<Connection, T> work) {
        if (SNAPSHOT.isBound()) {
            throw WouldBlockException.INSTANCE;
        }
        if (CONNECTION.isBound()) {
            return work.apply(CONNECTION.get());
        }
        List<Runnable> effects = new ArrayList<>();
        CallMemory.Share memory = CallMemory.current();
        Function<Connection, T> joined = connection -> {
            effects.clear();
            return ScopedValue.where(CONNECTION, connection)
                    .where(AFTER_COMMIT, effects)
                    .call(() -> CallMemory.with(memory, () -> work.apply(connection)));
        };
        boolean separate = BulkWrites.isSeparate();
        try {
            T result = CallMemory.reading(() ->
                    withRetries(() -> groups.isPresent() ? groups.get().run(joined, separate) : inTransaction(joined)));
            refusesWrites = false;
            effects.forEach(Runnable::run);
            return result;
        } catch (StoreUnavailableException unavailable) {
            refusesWrites = UNWRITABLE.contains(dialect.failure(sqlException(unavailable)));
            throw unavailable;
        }
    }

    private <T> T inTransaction(Function<Connection, T> work) {
        boolean committing = false;
        // The pool rolls back an uncommitted transaction when it takes back the connection.
        try (Connection connection = writers.getConnection()) {
            connection.setAutoCommit(false);
            T result = work.apply(connection);
            committing = true;
            connection.commit();
            return result;
        } catch (SQLException failed) {
            if (committing && dialect.maybeCommitted(failed)) {
                throw new StoreException("The commit failed, and it is not known whether it took place", failed);
            }
            throw new DatabaseException("The transaction failed: " + failed.getMessage(), failed);
        }
    }

    /// Runs work whose failure has no effect, and retries as long as a retry can succeed.
    private <T> T withRetries(Supplier<T> work) {
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (DatabaseException failed) {
                Failure failure = dialect.failure(sqlException(failed));
                boolean last = attempt == ATTEMPTS_MAX
                        || attempt >= ATTEMPTS_MIN && System.nanoTime() - begin > ATTEMPTS_NANOS_MAX;
                if (failure == Failure.STATEMENT || failure == Failure.PARENT_DELETED && last) {
                    throw failed;
                }
                if (failure == Failure.UNAVAILABLE || failure == Failure.CONNECTION_LOST) {
                    renewConnections();
                }
                if (failure == Failure.UNAVAILABLE || failure == Failure.TIMED_OUT || last) {
                    throw new StoreUnavailableException(reason(failed), failed);
                }
                pause(attempt);
            }
        }
    }

    /// Lets the pool open new connections, because the server of the existing ones is gone or has become a
    /// standby. At most once a second.
    private void renewConnections() {
        long before = renewedNanos.get();
        if (dialect == Dialect.POSTGRESQL
                && System.nanoTime() - before > RENEWAL_NANOS_MIN
                && renewedNanos.compareAndSet(before, System.nanoTime())) {
            writers.getHikariPoolMXBean().softEvictConnections();
            statementGroups.ifPresent(StatementGroups::renewConnections);
        }
    }

    /// Runs `effect` after the current transaction is durable, on the thread of its caller; never if it is
    /// rolled back. Must be called inside of a transaction.
    public void afterCommit(Runnable effect) {
        AFTER_COMMIT.get().add(effect);
    }

    /// Runs everything that `work` does with this store in one transaction. The limits of [#write] apply.
    public <T> T transaction(Supplier<T> work) {
        return write((Connection connection) -> work.get());
    }

    /// As [#transaction(Supplier)] for work without a result.
    public void transaction(Runnable work) {
        write((Connection connection) -> {
            work.run();
            return true;
        });
    }

    /// As [#transaction(Supplier)], and retries once if the first attempt is refused with `taken`. The second
    /// attempt finds the row that a concurrent call has inserted.
    public <T> T transaction(ErrorType taken, Supplier<T> work) {
        try {
            return transaction(work);
        } catch (ApiError refused) {
            if (refused.type() != taken) {
                throw refused;
            }
            return transaction(work);
        }
    }

    public Dialect dialect() {
        return dialect;
    }

    /// Whether the store can be read. Runs one statement, without a retry.
    public boolean reachable() {
        try (Connection connection = readers.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.execute("SELECT 1");
        } catch (SQLException | RuntimeException failed) {
            return false;
        }
    }

    /// Whether the last write failed because the store is read-only, full or unreachable.
    public boolean refusesWrites() {
        return refusesWrites;
    }

    /// The number of writes that wait for a group commit of SQLite; for tests.
    int waitingWrites() {
        return groups.map(GroupCommit::waiting).orElse(0);
    }

    @Override
    public void close() {
        groups.ifPresent(GroupCommit::close);
        statementGroups.ifPresent(StatementGroups::close);
        readers.close();
        writers.close();
    }

    /// The failure of the engine or its driver; if the cause is neither, an exception without a code.
    static SQLException sqlException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return new SQLException(failure);
    }

    private static void pause(int attempt) {
        try {
            long millis = Math.min(1L << attempt, PAUSE_MILLIS_MAX);
            // Random, so that two transactions in conflict do not retry at the same time.
            Thread.sleep(Duration.ofNanos(System.nanoTime() % (millis * 1_000_000)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException("Interrupted while waiting for the store", interrupted);
        }
    }
}
