package dev.selvage.db;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.zaxxer.hikari.HikariDataSource;
import dev.selvage.base.CallMemory;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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

/// The store: connections, transactions and migrations, the same for both engines. Thread-safe.
///
/// A *read* runs on its own connection and sees everything committed before it began. A *write* is one
/// transaction: when the call returns, it is durable. Calls inside [#transaction] join it, so stores never pass
/// connections around.
public final class Database implements AutoCloseable {

    /// To PostgreSQL at most, where nobody says another number: four for each processor, 8 to 20. More of them
    /// share the processors of the database in longer turns, so that some calls wait long and none is faster
    /// (`docs/performance.md`, The tail).
    public static final int CONNECTIONS = Math.clamp(4L * Runtime.getRuntime().availableProcessors(), 8, 20);

    /// What met a conflict is run at most this often,
    private static final int ATTEMPTS_MAX = 20;
    /// and at least this often, however long that takes; between the two as long as it has not taken
    private static final int ATTEMPTS_MIN = 8;
    /// so many nanoseconds.
    private static final long ATTEMPTS_NANOS_MAX = 10_000_000_000L;

    private static final long PAUSE_MILLIS_MAX = 250;
    private static final long RENEWAL_NANOS_MIN = 1_000_000_000L;

    /// The texts that are kept parsed. The program has fewer; those of searches come and go.
    private static final int PARSED_MAX = 1_000;

    private static final MigrationVersion FIRST = MigrationVersion.fromVersion("1");

    /// Failures of a store that takes no writes, other than those of one that is only busy.
    private static final Set<Failure> REFUSING = EnumSet.of(Failure.UNAVAILABLE, Failure.CONNECTION_LOST);
    /// A migration takes as long as it takes, whatever limits the database sets for calls.
    private static final String WITHOUT_LIMITS = """
            SELECT set_config(name, '0', FALSE) FROM pg_settings
            WHERE name IN ('statement_timeout', 'lock_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout',
                           'idle_session_timeout')""";

    private static final ScopedValue<Connection> CURRENT = ScopedValue.newInstance();
    /// What follows the transaction under way.
    private static final ScopedValue<List<Runnable>> BEHIND = ScopedValue.newInstance();

    private final Dialect dialect;
    private final HikariDataSource readers;
    private final HikariDataSource writers;
    private final Optional<PreparedStatements> statements;
    private final Cache<String, ParsedSql> parsed =
            Caffeine.newBuilder().maximumSize(PARSED_MAX).build();
    /// Of SQLite; absent where writers do not wait for each other.
    private final Optional<GroupCommit> groups;
    private volatile boolean refusesWrites;
    private final AtomicLong renewedNanos = new AtomicLong(System.nanoTime());

    private Database(Dialect dialect, HikariDataSource readers, HikariDataSource writers, GroupBounds bounds) {
        this.dialect = dialect;
        this.readers = readers;
        this.writers = writers;
        this.statements = dialect.statements();
        this.groups = dialect == Dialect.SQLITE ? Optional.of(new GroupCommit(writers, bounds)) : Optional.empty();
    }

    /// Opens the store at a JDBC URL (`jdbc:sqlite:…` or `jdbc:postgresql:…`) and brings it to this program's
    /// version.
    ///
    /// @throws StoreException when it cannot be reached, or was written by a newer program
    public static Database open(String jdbcUrl) {
        return open(jdbcUrl, CONNECTIONS);
    }

    /// As [#open(String)].
    ///
    /// @param connections at most; no call needs two at once
    public static Database open(String jdbcUrl, int connections) {
        return open(jdbcUrl, connections, GroupBounds.DEFAULT);
    }

    /// As [#open(String)], with other bounds of what shares a commit of SQLite; for measuring what that saves.
    public static Database open(String jdbcUrl, GroupBounds bounds) {
        return open(jdbcUrl, CONNECTIONS, bounds);
    }

    private static Database open(String jdbcUrl, int connections, GroupBounds bounds) {
        Dialect dialect = Dialect.of(jdbcUrl);
        return dialect.exclusively(jdbcUrl, () -> open(dialect, jdbcUrl, connections, bounds));
    }

    private static Database open(Dialect dialect, String jdbcUrl, int connections, GroupBounds bounds) {
        HikariDataSource writers = connect(dialect, jdbcUrl, connections);
        try {
            StoreRequirements.check(dialect, writers, "The database " + withoutPassword(jdbcUrl));
            if (!Schema.isCurrent(writers)) {
                migrate(dialect, jdbcUrl, writers);
            }
            HikariDataSource readers = dialect == Dialect.SQLITE ? dialect.pool(jdbcUrl, true, connections) : writers;
            return new Database(dialect, readers, writers, bounds);
        } catch (FlywayException failed) {
            writers.close();
            throw new StoreException(
                    "The database " + withoutPassword(jdbcUrl) + " cannot be brought to this program's version: "
                            + reason(failed),
                    failed);
        } catch (RuntimeException failed) {
            writers.close();
            throw failed;
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

    /// The URL without its parameters, which may hold a password.
    private static String withoutPassword(String jdbcUrl) {
        return jdbcUrl.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
    }

    /// The first line of the innermost cause, which is the engine's own.
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
                // Not from the pool: its connections give up on a statement that takes long, and a migration
                // may.
                : Flyway.configure().dataSource(jdbcUrl, null, null).initSql(WITHOUT_LIMITS);
        Flyway flyway = connected
                .locations("classpath:db/migration")
                .table(Schema.HISTORY)
                .baselineOnMigrate(false)
                // An applied migration that this program does not know means a newer program wrote the store.
                .ignoreMigrationPatterns(new String[0])
                .load();
        refuseOthers(flyway);
        flyway.migrate();
    }

    /// The first migration is the same in every release. A store whose first migration differs is older than
    /// that.
    private static void refuseOthers(Flyway flyway) {
        for (MigrationInfo info : flyway.info().all()) {
            boolean first = FIRST.equals(info.getVersion());
            if (first && info.getState().isApplied() && !info.isChecksumMatching()) {
                throw new StoreException(
                        "The database was made by a build of Selvage from before the first release, and this program"
                                + " cannot take over its data. Use an empty database, or start the build that made"
                                + " this one.",
                        null);
            }
            if (info.getState().isApplied() && !info.getState().isResolved()) {
                throw new StoreException(
                        "The database has schema version " + info.getVersion()
                                + ", which this program does not know: it was written by a newer Selvage. "
                                + "Start that version, or restore a backup made before the upgrade.",
                        null);
            }
        }
    }

    /// A statement that reads, on a connection of its own or in the transaction that is under way.
    ///
    /// @param text with a `:name` for each value, and no other colon before a letter
    public Sql read(String text) {
        return new Sql(this, parsed.get(text, ParsedSql::of), false);
    }

    /// A statement that writes, as a transaction of its own or in the one that is under way.
    ///
    /// @param text with a `:name` for each value, and no other colon before a letter
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

    /// Runs `work` on a connection of its own, or on that of the transaction that is under way. It may run more
    /// than once.
    ///
    /// @throws StoreUnavailableException when the store cannot be read at the moment
    public <T> T read(Function<Connection, T> work) {
        if (CURRENT.isBound()) {
            return work.apply(CURRENT.get());
        }
        return CallMemory.reading(() -> repeatedly(() -> {
            try (Connection connection = readers.getConnection()) {
                return work.apply(connection);
            } catch (SQLException failed) {
                throw new DatabaseException("No connection to read: " + failed.getMessage(), failed);
            }
        }));
    }

    /// Runs `work` as one transaction, or as a part of the one that is under way. It may run more than once,
    /// and on another thread, and must therefore have no effect outside the store.
    ///
    /// @throws StoreUnavailableException when the store cannot be written at the moment; nothing was done
    /// @throws StoreException when it is not known whether the transaction was committed
    public <T> T write(Function<Connection, T> work) {
        if (CURRENT.isBound()) {
            return work.apply(CURRENT.get());
        }
        List<Runnable> behind = new ArrayList<>();
        CallMemory.Share memory = CallMemory.current();
        Function<Connection, T> joined = connection -> {
            behind.clear();
            return ScopedValue.where(CURRENT, connection)
                    .where(BEHIND, behind)
                    .call(() -> CallMemory.with(memory, () -> work.apply(connection)));
        };
        boolean apart = BulkWrites.isApart();
        try {
            T result = CallMemory.reading(() ->
                    repeatedly(() -> groups.isPresent() ? groups.get().run(joined, apart) : inTransaction(joined)));
            refusesWrites = false;
            behind.forEach(Runnable::run);
            return result;
        } catch (StoreUnavailableException unavailable) {
            refusesWrites = REFUSING.contains(dialect.failure(sqlException(unavailable)));
            throw unavailable;
        }
    }

    private <T> T inTransaction(Function<Connection, T> work) {
        boolean committing = false;
        // Whatever is not committed is rolled back by the pool when the connection is closed.
        try (Connection connection = writers.getConnection()) {
            connection.setAutoCommit(false);
            T result = work.apply(connection);
            committing = true;
            connection.commit();
            return result;
        } catch (SQLException failed) {
            if (committing && dialect.committedPerhaps(failed)) {
                throw new StoreException("The commit failed, and it is not known whether it took place", failed);
            }
            throw new DatabaseException("The transaction failed: " + failed.getMessage(), failed);
        }
    }

    /// Runs what leaves nothing behind when it fails, and again as long as that can help.
    private <T> T repeatedly(Supplier<T> work) {
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (DatabaseException failed) {
                Failure failure = dialect.failure(sqlException(failed));
                boolean last = attempt == ATTEMPTS_MAX
                        || attempt >= ATTEMPTS_MIN && System.nanoTime() - begin > ATTEMPTS_NANOS_MAX;
                if (failure == Failure.STATEMENT || failure == Failure.REFERENCE_GONE && last) {
                    throw failed;
                }
                if (failure == Failure.UNAVAILABLE || failure == Failure.CONNECTION_LOST) {
                    renewConnections();
                }
                if (failure == Failure.UNAVAILABLE || failure == Failure.BUSY || last) {
                    throw new StoreUnavailableException(reason(failed), failed);
                }
                pause(attempt);
            }
        }
    }

    /// Lets the pool open new connections: the server behind those that it has is gone, or a standby by now.
    /// Not more often than once a second.
    private void renewConnections() {
        long before = renewedNanos.get();
        if (dialect == Dialect.POSTGRESQL
                && System.nanoTime() - before > RENEWAL_NANOS_MIN
                && renewedNanos.compareAndSet(before, System.nanoTime())) {
            writers.getHikariPoolMXBean().softEvictConnections();
        }
    }

    /// Runs `effect` once the transaction under way is durable, on the thread of its caller; never when it is
    /// not.
    public void afterCommit(Runnable effect) {
        BEHIND.get().add(effect);
    }

    /// One transaction around everything that `work` does with this store. The same limits as for [#write]
    /// hold.
    public <T> T transaction(Supplier<T> work) {
        return write((Connection connection) -> work.get());
    }

    /// As [#transaction(Supplier)] for work without a result.
    public void transaction(Runnable work) {
        write((Connection connection) -> {
            work.run();
            return null;
        });
    }

    /// As [#transaction(Supplier)], and a second time when the first was refused with `taken`: then what
    /// another call took meanwhile is found.
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

    /// Whether the store answers. Asks once.
    public boolean reachable() {
        try (Connection connection = readers.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.execute("SELECT 1");
        } catch (SQLException | RuntimeException failed) {
            return false;
        }
    }

    /// Whether the last write was refused because the store is read-only, full or away.
    public boolean refusesWrites() {
        return refusesWrites;
    }

    /// Writes that wait for a commit of SQLite which takes them; for tests.
    int waitingWrites() {
        return groups.map(GroupCommit::waiting).orElse(0);
    }

    @Override
    public void close() {
        groups.ifPresent(GroupCommit::close);
        readers.close();
        writers.close();
    }

    /// What the engine or its driver said; where it was neither, one without a code.
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
            // Not all alike: those that were in each other's way would be so again.
            Thread.sleep(Duration.ofNanos(System.nanoTime() % (millis * 1_000_000)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException("Interrupted while waiting for the store", interrupted);
        }
    }
}
