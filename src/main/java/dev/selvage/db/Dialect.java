package dev.selvage.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
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

/// What differs between the engines: connections, locks and error codes. The SQL itself does not.
public enum Dialect {
    /// Embedded. One connection writes, by [GroupCommit], so that writers queue and never meet a locked
    /// database; readers see the last commit through the write-ahead log. `synchronous=FULL`: a commit is on
    /// the disk when it returns.
    SQLITE {
        @Override
        HikariDataSource pool(String jdbcUrl, boolean readOnly, int connections) {
            HikariConfig config = config(jdbcUrl);
            config.setMaximumPoolSize(readOnly ? Math.min(readers(), connections) : 1);
            config.setPoolName(readOnly ? "sqlite-read" : "sqlite-write");
            config.setConnectionTimeout(EMBEDDED_MILLIS_MAX);
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "FULL");
            config.addDataSourceProperty("foreign_keys", "true");
            config.addDataSourceProperty("busy_timeout", "10000");
            // Negative: in KiB. The pages behind it are the system's to keep; the writer's has to hold what a
            // transaction changes.
            config.addDataSourceProperty("cache_size", readOnly ? "-4096" : "-16384");
            // Nobody reads them, and to have them ready costs a statement behind each INSERT.
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
            // The file lock keeps other processes out, the monitor other threads of this one. The first
            // connection is made inside as well: two that switch a new file to the write-ahead log at once
            // refuse each other without waiting.
            Path file = sqliteFile(jdbcUrl);
            try (FileChannel channel = PrivateFile.lockable(beside(file, ".lock"));
                    var lock = channel.lock()) {
                // The engine makes files that every user can read; those beside the database get its mode.
                if (!Files.exists(file)) {
                    // Not where there is one: to close it would give up the locks of whoever has it open in
                    // this process.
                    PrivateFile.lockable(file).close();
                }
                if (!Files.isWritable(file)) {
                    throw new StoreException("The database file " + file + " cannot be written to by this user.", null);
                }
                for (String ending : List.of("", "-wal", "-shm")) {
                    PrivateFile.restrict(beside(file, ending), "It holds data of your users.");
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
        boolean committedPerhaps(SQLException failure) {
            // After these no commit record was written. After others, a failed flush above all, one may be in
            // the log.
            return switch (failure.getErrorCode()) {
                case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_FULL, SQLITE_CONSTRAINT -> false;
                default -> true;
            };
        }

        @Override
        boolean undoneAlone(SQLException failure) {
            // 0 is a failure of the driver. After any other the engine may have ended the transaction, and
            // where it has not, its documentation asks for that: https://sqlite.org/lang_transaction.html, 3.1.
            return switch (failure.getErrorCode()) {
                case 0, SQLITE_ERROR, SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE -> true;
                default -> false;
            };
        }
    },

    /// PostgreSQL 15 or later, and what speaks its protocol.
    POSTGRESQL {
        @Override
        HikariDataSource pool(String jdbcUrl, boolean readOnly, int connections) {
            HikariConfig config = config(jdbcUrl);
            config.setMaximumPoolSize(connections);
            config.setPoolName("postgresql");
            config.setMaxLifetime(CONNECTION_MILLIS_MAX);
            config.setKeepaliveTime(KEEPALIVE_MILLIS);
            config.setValidationTimeout(VALIDATION_MILLIS_MAX);
            // Of the URL's parameters and these, the URL's count: an operator can set others there.
            config.addDataSourceProperty("connectTimeout", CONNECT_SECONDS_MAX);
            config.addDataSourceProperty("socketTimeout", ANSWER_SECONDS_MAX);
            config.addDataSourceProperty("tcpKeepAlive", "true");
            // Its details quote values of the row, and failures reach the log.
            config.addDataSourceProperty("logServerErrorDetail", "false");
            return new HikariDataSource(config);
        }

        @Override
        <T> T exclusively(String jdbcUrl, Supplier<T> work) {
            // Flyway holds an advisory lock of the database while it migrates.
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
                return Failure.BUSY;
            }
            // That the pool got no connection, and that the server did not answer in time: both have taken
            // long.
            if (failure instanceof SQLTransientConnectionException
                    || failure.getCause() instanceof SocketTimeoutException) {
                return Failure.UNAVAILABLE;
            }
            if (endsConnection(failure)) {
                return Failure.CONNECTION_LOST;
            }
            if (state.equals(FOREIGN_KEY_VIOLATION)) {
                return Failure.REFERENCE_GONE;
            }
            return EXCEPTIONS.getOrDefault(
                    state, CLASSES.getOrDefault(state.substring(0, Math.min(2, state.length())), Failure.STATEMENT));
        }

        @Override
        boolean committedPerhaps(SQLException failure) {
            String state = failure.getSQLState();
            return state == null
                    || !state.equals(IDLE_TOO_LONG) && endsConnection(failure)
                    || state.equals(UNKNOWN_OUTCOME);
        }

        /// The connection is gone, or the server ends it: it is stopped, has crashed or is starting, or the
        /// session was idle, or its transaction open, for longer than the settings of the server allow.
        /// Severity FATAL says so too; its word is translated.
        private static boolean endsConnection(SQLException failure) {
            String state = String.valueOf(failure.getSQLState());
            boolean fatal = failure instanceof PSQLException said
                    && said.getServerErrorMessage() != null
                    && ENDING_SEVERITIES.contains(
                            String.valueOf(said.getServerErrorMessage().getSeverity()));
            return state.startsWith("08") || state.startsWith("57P") || ENDED_TRANSACTIONS.contains(state) || fatal;
        }

        @Override
        boolean undoneAlone(SQLException failure) {
            return false;
        }
    };

    /// How long a call waits for a connection that is being opened or is in use.
    private static final long EMBEDDED_MILLIS_MAX = 5_000;
    private static final String CONNECT_SECONDS_MAX = "3";
    /// A server that says nothing for as long is given up; migrations have no such limit.
    private static final String ANSWER_SECONDS_MAX = "30";
    private static final long CONNECTION_MILLIS_MAX = 600_000;
    private static final long KEEPALIVE_MILLIS = 30_000;
    private static final long VALIDATION_MILLIS_MAX = 2_000;
    private static final int SQLITE_READERS_MAX = 8;
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String UNKNOWN_OUTCOME = "40003";
    /// The transaction was open for too long between two statements; the server has not looked at the next one,
    /// which may be the commit.
    private static final String IDLE_TOO_LONG = "25P03";
    private static final Set<String> ENDED_TRANSACTIONS = Set.of(IDLE_TOO_LONG, "25P04");
    private static final Set<String> ENDING_SEVERITIES = Set.of("FATAL", "PANIC");
    /// What the classes of SQLSTATE say (https://www.postgresql.org/docs/current/errcodes-appendix.html), in
    /// which single states are listed only where they differ from their class.
    private static final Map<String, Failure> CLASSES = Map.of(
            // Transaction rollback: serialization failure, deadlock. The engine asks for the transaction to be
            // run again.
            "40", Failure.CONFLICT,
            // Snapshot too old.
            "72", Failure.CONFLICT,
            // Insufficient resources: disk, memory, connections.
            "53", Failure.UNAVAILABLE,
            // System error: the server's disk.
            "58", Failure.UNAVAILABLE,
            // Object in use, or not there in time (lock_timeout).
            "55", Failure.BUSY,
            // Operator intervention: the statement was cancelled (statement_timeout, or by hand).
            "57", Failure.BUSY);
    private static final Map<String, Failure> EXCEPTIONS = Map.of(
            // A read-only server or transaction. The rest of its class is about statements in the wrong place.
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

    /// The engine of a JDBC URL.
    ///
    /// @throws StoreException for any other than the two
    public static Dialect of(String jdbcUrl) {
        if (jdbcUrl.startsWith(SQLITE_URL)) {
            return SQLITE;
        }
        if (WITH_USER.matcher(jdbcUrl).find()) {
            // The driver takes all of it for the name of the host, and its failures name the host.
            throw new StoreException(
                    "The database URL must not hold user and password before the host."
                            + " Write them behind the name of the database: ?user=…&password=…",
                    null);
        }
        if (jdbcUrl.startsWith("jdbc:postgresql:")) {
            return POSTGRESQL;
        }
        throw new StoreException("The database URL must begin with jdbc:sqlite: or jdbc:postgresql:", null);
    }

    /// @param readOnly    only SQLite tells readers from writers
    /// @param connections at most; SQLite knows itself how many are good, and takes no more
    abstract HikariDataSource pool(String jdbcUrl, boolean readOnly, int connections);

    /// What keeps the statements of connections prepared; absent where the driver does.
    Optional<PreparedStatements> statements() {
        return Optional.empty();
    }

    /// Opens and migrates the store so that two programs that start at once do not get in each other's way.
    abstract <T> T exclusively(String jdbcUrl, Supplier<T> work);

    /// What the program needs of a store and does not find in this one: a sentence each.
    abstract List<String> unmet(Connection connection) throws SQLException;

    /// Whether a unique index refused the row.
    abstract boolean duplicate(SQLException failure);

    /// What a failure says about its transaction.
    abstract Failure failure(SQLException failure);

    /// Whether a commit that failed so may have taken place.
    abstract boolean committedPerhaps(SQLException failure);

    /// Whether a statement that failed so was undone by itself, and its transaction can go on.
    abstract boolean undoneAlone(SQLException failure);

    /// The file of an SQLite database, behind all links, since locks and the write-ahead log lie beside it.
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

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /// How many connections read from SQLite. A virtual thread that is in the engine keeps its processor, so
    /// that more than there are processors cannot read at a time; one is for threads of the platform. Each has
    /// a cache of pages of its own.
    public static int readers() {
        return Math.clamp(Runtime.getRuntime().availableProcessors() + 1, 2, SQLITE_READERS_MAX);
    }

    private static HikariConfig config(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setAutoCommit(true);
        config.setConnectionTimeout(10_000);
        return config;
    }
}
