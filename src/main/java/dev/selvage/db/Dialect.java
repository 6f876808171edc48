package dev.selvage.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.selvage.base.EventLoops;
import dev.selvage.base.PrivateFile;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;

/// The differences between the engines: connections, locks and error codes. The SQL is the same.
public enum Dialect {
    /// Embedded. One connection writes, by [GroupCommit], so that writers queue and never meet a locked
    /// database. Readers see the last commit through the write-ahead log. With `synchronous=FULL`, a commit is
    /// on the disk when it returns.
    SQLITE {
        @Override
        HikariDataSource pool(String jdbcUrl, boolean readOnly, int connections) {
            HikariConfig config = config(jdbcUrl);
            config.setMaximumPoolSize(readOnly ? Math.min(readers(), connections) : 1);
            config.setPoolName(readOnly ? "sqlite-read" : "sqlite-write");
            config.setConnectionTimeout(SQLITE_WAIT_MILLIS_MAX);
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "FULL");
            config.addDataSourceProperty("foreign_keys", "true");
            config.addDataSourceProperty("busy_timeout", "10000");
            // Negative values are in KiB. The operating system caches further pages; the writer's cache must
            // hold the pages that a transaction changes.
            config.addDataSourceProperty("cache_size", readOnly ? "-4096" : "-16384");
            if (readOnly) {
                config.addDataSourceProperty("mmap_size", MAPPED_BYTES);
            }
            // The program reads none, and each INSERT would run one more statement for them.
            config.addDataSourceProperty("jdbc.get_generated_keys", "false");
            config.addDataSourceProperty("transaction_mode", readOnly ? "DEFERRED" : "IMMEDIATE");
            return new HikariDataSource(config);
        }

        @Override
        Optional<PreparedStatements> statements() {
            return Optional.of(new PreparedStatements());
        }

        @Override
        synchronized <T> T exclusively(String jdbcUrl, Supplier<T> work) {
            // The file lock excludes other processes, the monitor other threads of this process. The first
            // connection is opened inside as well: two connections that switch a new file to the write-ahead
            // log at the same time fail without waiting.
            Path file = sqliteFile(jdbcUrl);
            try (FileChannel channel = PrivateFile.lockable(sibling(file, ".lock"));
                    var lock = channel.lock()) {
                // The engine creates files that every user can read. The files next to the database get its
                // mode.
                if (!Files.exists(file)) {
                    // Only for a new file: closing an existing file would release the locks that this process
                    // has on it.
                    PrivateFile.lockable(file).close();
                }
                if (!Files.isWritable(file)) {
                    throw new StoreException("The database file " + file + " is not writable by this user.");
                }
                for (String ending : List.of("", "-wal", "-shm")) {
                    PrivateFile.restrict(sibling(file, ending), "It contains data of your users.");
                }
                return work.get();
            } catch (IOException failed) {
                throw new StoreException("Cannot use the database file " + file + ": " + failed.getMessage(), failed);
            }
        }

        @Override
        List<String> unmet(Connection connection) throws SQLException {
            return StoreRequirements.ofSqlite(connection);
        }

        @Override
        boolean duplicate(SQLException failure) {
            return failure.getErrorCode() == SQLITE_CONSTRAINT
                            && String.valueOf(failure.getMessage()).contains("UNIQUE")
                    || String.valueOf(failure.getMessage()).contains("SQLITE_CONSTRAINT_PRIMARYKEY");
        }

        @Override
        Failure failure(SQLException failure) {
            return switch (failure.getErrorCode()) {
                case SQLITE_BUSY, SQLITE_LOCKED -> Failure.CONFLICT;
                case SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN -> Failure.UNAVAILABLE;
                default -> failure instanceof SQLTransientConnectionException ? Failure.UNAVAILABLE : Failure.STATEMENT;
            };
        }

        @Override
        boolean maybeCommitted(SQLException failure) {
            // After these codes no commit record was written. After others, such as a failed flush, one may be
            // in the log.
            return switch (failure.getErrorCode()) {
                case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_FULL, SQLITE_CONSTRAINT -> false;
                default -> true;
            };
        }

        @Override
        boolean rolledBackStatementOnly(SQLException failure) {
            // 0 is a failure of the driver. After a code that is not listed, the engine may have rolled back
            // the transaction; if it has not, its documentation asks for a rollback:
            // https://sqlite.org/lang_transaction.html, 3.1.
            return switch (failure.getErrorCode()) {
                case 0, SQLITE_ERROR, SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE -> true;
                default -> false;
            };
        }
    },

    /// PostgreSQL 15 or later, and databases that speak its protocol.
    POSTGRESQL {
        @Override
        HikariDataSource pool(String jdbcUrl, boolean readOnly, int connections) {
            HikariConfig config = config(jdbcUrl);
            config.setMaximumPoolSize(connections);
            config.setPoolName(readOnly ? "postgresql-groups" : "postgresql");
            if (readOnly) {
                // The planner does not know how many values a group has, and would plan each one anew.
                config.setConnectionInitSql("SET plan_cache_mode = force_generic_plan");
                // Opened when the first group runs.
                config.setMinimumIdle(0);
                config.setIdleTimeout(CONNECTION_MILLIS_MAX / 2);
                config.setInitializationFailTimeout(-1);
            }
            config.setMaxLifetime(CONNECTION_MILLIS_MAX);
            config.setKeepaliveTime(KEEPALIVE_MILLIS);
            config.setValidationTimeout(VALIDATION_MILLIS_MAX);
            // A parameter of the URL takes precedence over these, so that an operator can change them.
            config.addDataSourceProperty("connectTimeout", CONNECT_SECONDS_MAX);
            config.addDataSourceProperty("socketTimeout", RESPONSE_SECONDS_MAX);
            config.addDataSourceProperty("tcpKeepAlive", "true");
            // The details of an error quote values of the row, and failures are logged.
            config.addDataSourceProperty("logServerErrorDetail", "false");
            return new HikariDataSource(config);
        }

        @Override
        <T> T exclusively(String jdbcUrl, Supplier<T> work) {
            // Flyway locks the database (advisory lock) during a migration.
            return work.get();
        }

        @Override
        List<String> unmet(Connection connection) throws SQLException {
            return StoreRequirements.ofPostgresql(connection);
        }

        @Override
        boolean duplicate(SQLException failure) {
            return "23505".equals(failure.getSQLState());
        }

        @Override
        Failure failure(SQLException failure) {
            String state = String.valueOf(failure.getSQLState());
            if (failure instanceof SQLTransientConnectionException && failure.getCause() == null) {
                return Failure.TIMED_OUT;
            }
            // The pool got no connection, or the server did not respond in time. Both have taken long already.
            if (failure instanceof SQLTransientConnectionException
                    || failure.getCause() instanceof SocketTimeoutException) {
                return Failure.UNAVAILABLE;
            }
            if (losesConnection(failure)) {
                return Failure.CONNECTION_LOST;
            }
            if (state.equals(FOREIGN_KEY_VIOLATION)) {
                return Failure.PARENT_DELETED;
            }
            return EXCEPTIONS.getOrDefault(
                    state, CLASSES.getOrDefault(state.substring(0, Math.min(2, state.length())), Failure.STATEMENT));
        }

        @Override
        boolean maybeCommitted(SQLException failure) {
            String state = failure.getSQLState();
            return state == null
                    || !state.equals(IDLE_TRANSACTION_TIMEOUT) && losesConnection(failure)
                    || state.equals(UNKNOWN_OUTCOME);
        }

        /// Whether the connection is lost. The server closes it if it stops, has crashed or is starting, or if
        /// the session was idle or its transaction open for longer than its settings allow. Severity FATAL
        /// means the same; its word is translated.
        private static boolean losesConnection(SQLException failure) {
            String state = String.valueOf(failure.getSQLState());
            boolean fatal = failure instanceof PSQLException reported
                    && reported.getServerErrorMessage() != null
                    && FATAL_SEVERITIES.contains(
                            String.valueOf(reported.getServerErrorMessage().getSeverity()));
            return state.startsWith("08") || state.startsWith("57P") || TRANSACTION_TIMEOUTS.contains(state) || fatal;
        }

        @Override
        boolean rolledBackStatementOnly(SQLException failure) {
            return false;
        }
    };

    /// The longest wait for a connection to SQLite that is being opened or is in use.
    private static final long SQLITE_WAIT_MILLIS_MAX = 5_000;
    private static final String CONNECT_SECONDS_MAX = "3";
    /// The longest wait for a response of the server. Migrations have no such limit.
    private static final String RESPONSE_SECONDS_MAX = "30";
    private static final long CONNECTION_MILLIS_MAX = 600_000;
    private static final long KEEPALIVE_MILLIS = 30_000;
    private static final long VALIDATION_MILLIS_MAX = 2_000;
    private static final int SQLITE_READERS_MAX = 8;
    /// The first bytes of the database file that readers map into memory, which saves copies. The bound keeps
    /// the memory of the process small.
    private static final String MAPPED_BYTES = Integer.toString(64 << 20);
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String UNKNOWN_OUTCOME = "40003";
    /// The transaction was idle for too long. The server has not read the next statement, which may be the
    /// commit.
    private static final String IDLE_TRANSACTION_TIMEOUT = "25P03";
    private static final Set<String> TRANSACTION_TIMEOUTS = Set.of(IDLE_TRANSACTION_TIMEOUT, "25P04");
    private static final Set<String> FATAL_SEVERITIES = Set.of("FATAL", "PANIC");
    /// The meaning of SQLSTATE classes (https://www.postgresql.org/docs/current/errcodes-appendix.html). States
    /// that differ from their class are in [#EXCEPTIONS].
    private static final Map<String, Failure> CLASSES = Map.of(
            // Transaction rollback: serialization failure, deadlock. The engine requests a retry of the
            // transaction.
            "40", Failure.CONFLICT,
            // Snapshot too old.
            "72", Failure.CONFLICT,
            // Insufficient resources: disk, memory, connections.
            "53", Failure.UNAVAILABLE,
            // System error: the server's disk.
            "58", Failure.UNAVAILABLE,
            // Object in use, or not available in time (lock_timeout).
            "55", Failure.TIMED_OUT,
            // Operator intervention: the statement was cancelled (by statement_timeout or by hand).
            "57", Failure.TIMED_OUT);
    private static final Map<String, Failure> EXCEPTIONS = Map.of(
            // A read-only server or transaction. The rest of its class is about statements that are invalid in
            // their context.
            "25006",
            Failure.UNAVAILABLE,
            // Rolled back by a constraint.
            "40002",
            Failure.STATEMENT,
            UNKNOWN_OUTCOME,
            Failure.STATEMENT);

    /// Result codes: https://sqlite.org/rescode.html
    private static final int SQLITE_ERROR = 1;
    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_READONLY = 8;
    private static final int SQLITE_IOERR = 10;
    private static final int SQLITE_FULL = 13;
    private static final int SQLITE_CANTOPEN = 14;
    private static final int SQLITE_TOOBIG = 18;
    private static final int SQLITE_CONSTRAINT = 19;
    private static final int SQLITE_MISMATCH = 20;
    private static final int SQLITE_RANGE = 25;

    private static final String SQLITE_URL = "jdbc:sqlite:";
    private static final Pattern WITH_USER = Pattern.compile("^jdbc:postgresql://[^/?]*@");

    /// Returns the engine of a JDBC URL.
    ///
    /// @throws StoreException for a URL of another engine, or with a user before the host
    public static Dialect of(String jdbcUrl) {
        if (jdbcUrl.startsWith(SQLITE_URL)) {
            return SQLITE;
        }
        if (WITH_USER.matcher(jdbcUrl).find()) {
            // The driver takes the user and password as part of the host name, and its failures contain the
            // host name.
            throw new StoreException("The database URL must not contain user and password before the host."
                    + " Write them after the name of the database: ?user=…&password=…");
        }
        if (jdbcUrl.startsWith("jdbc:postgresql:")) {
            return POSTGRESQL;
        }
        throw new StoreException("The database URL must begin with jdbc:sqlite: or jdbc:postgresql:");
    }

    /// Opens a connection pool.
    ///
    /// @param readOnly    for SQLite the readers; for PostgreSQL the connections of [StatementGroups]
    /// @param connections the most connections; SQLite uses its own number if that is smaller
    abstract HikariDataSource pool(String jdbcUrl, boolean readOnly, int connections);

    /// The cache of prepared statements; empty if the driver has one.
    Optional<PreparedStatements> statements() {
        return Optional.empty();
    }

    /// Runs `work`, which opens and migrates the store, so that concurrent starts of two programs do not
    /// conflict.
    abstract <T> T exclusively(String jdbcUrl, Supplier<T> work);

    /// Returns the requirements that the store does not meet, one sentence each.
    abstract List<String> unmet(Connection connection) throws SQLException;

    /// Whether the failure is a violation of a unique index.
    abstract boolean duplicate(SQLException failure);

    /// Classifies a failure.
    abstract Failure failure(SQLException failure);

    /// Whether the transaction may be committed although its commit failed with this failure.
    abstract boolean maybeCommitted(SQLException failure);

    /// Whether the engine has undone only the failed statement, so that its transaction can continue.
    abstract boolean rolledBackStatementOnly(SQLException failure);

    /// Returns the file of an SQLite database, with links resolved, because the lock file and the write-ahead
    /// log are next to it.
    public static Path sqliteFile(String jdbcUrl) {
        Path file = Path.of(jdbcUrl.substring(SQLITE_URL.length()).replaceFirst("\\?.*", ""))
                .toAbsolutePath()
                .normalize();
        try {
            return file.toRealPath();
        } catch (IOException none) {
            return file;
        }
    }

    private static Path sibling(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /// The number of connections that read from SQLite: one more than the processors, 2 to 8, and one for each
    /// event loop ([EventLoops]). A virtual thread inside of the engine pins its carrier thread, so only as
    /// many as there are processors read at a time; one is for platform threads. Each connection has its own
    /// page cache.
    public static int readers() {
        return Math.clamp(Runtime.getRuntime().availableProcessors() + 1, 2, SQLITE_READERS_MAX) + EventLoops.count();
    }

    private static HikariConfig config(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setAutoCommit(true);
        config.setConnectionTimeout(10_000);
        return config;
    }
}
