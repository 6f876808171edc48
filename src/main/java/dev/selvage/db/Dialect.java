package dev.selvage.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.StatementBuilderFactory;

/// What differs between the engines: connections, locks and error codes. The SQL itself does not.
public enum Dialect {
    /// Embedded. One connection writes, so writers queue in the pool and never meet a locked database; readers see
    /// the last commit through the write-ahead log. `synchronous=FULL`: a commit is on the disk when it returns.
    SQLITE {
        @Override
        HikariDataSource pool(String jdbcUrl, boolean readOnly) {
            HikariConfig config = config(jdbcUrl);
            config.setMaximumPoolSize(readOnly ? READERS_MAX : 1);
            config.setPoolName(readOnly ? "sqlite-read" : "sqlite-write");
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "FULL");
            config.addDataSourceProperty("foreign_keys", "true");
            config.addDataSourceProperty("busy_timeout", "10000");
            config.addDataSourceProperty("cache_size", "-16384");
            // Nobody reads them, and to have them ready costs a statement behind each INSERT.
            config.addDataSourceProperty("jdbc.get_generated_keys", "false");
            config.addDataSourceProperty("transaction_mode", readOnly ? "DEFERRED" : "IMMEDIATE");
            return new HikariDataSource(config);
        }

        @Override
        Optional<StatementBuilderFactory> statements() {
            return Optional.of(new PreparedStatements());
        }

        @Override
        synchronized <T> T exclusively(String jdbcUrl, Supplier<T> work) {
            // The file lock keeps other processes out, the monitor other threads of this one. The first connection is made
            // inside as well: two that switch a new file to the write-ahead log at once refuse each other without waiting.
            String path = jdbcUrl.substring("jdbc:sqlite:".length()).replaceFirst("\\?.*", "");
            try (FileChannel channel = FileChannel.open(Path.of(path + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                return work.get();
            } catch (IOException failed) {
                throw new StoreException("Cannot lock " + path + ".lock: " + failed.getMessage(), failed);
            }
        }

        @Override
        boolean duplicate(SQLException failure) {
            return failure.getErrorCode() == 19 && String.valueOf(failure.getMessage()).contains("UNIQUE")
                    || String.valueOf(failure.getMessage()).contains("SQLITE_CONSTRAINT_PRIMARYKEY");
        }

        @Override
        boolean retryable(SQLException failure) {
            return failure.getErrorCode() == 5 || failure.getErrorCode() == 6;
        }
    },

    /// PostgreSQL 15 or later, and what speaks its protocol.
    POSTGRESQL {
        @Override
        HikariDataSource pool(String jdbcUrl, boolean readOnly) {
            HikariConfig config = config(jdbcUrl);
            config.setMaximumPoolSize(CONNECTIONS_MAX);
            config.setPoolName("postgresql");
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
        boolean duplicate(SQLException failure) {
            return "23505".equals(failure.getSQLState());
        }

        @Override
        boolean retryable(SQLException failure) {
            return RETRYABLE.contains(String.valueOf(failure.getSQLState()));
        }
    };

    private static final int READERS_MAX = 8;
    private static final int CONNECTIONS_MAX = 20;
    /// Serialization failure and deadlock: the engine asks for the transaction to be run again. Foreign key violation: what
    /// a new row belongs to was deleted after the transaction had read it; when run again it sees that, and says so.
    private static final Set<String> RETRYABLE = Set.of("40001", "40P01", "23503");

    private static final Pattern WITH_USER = Pattern.compile("^jdbc:postgresql://[^/?]*@");

    /// The engine of a JDBC URL.
    ///
    /// @throws StoreException for any other than the two
    public static Dialect of(String jdbcUrl) {
        if (jdbcUrl.startsWith("jdbc:sqlite:")) {
            return SQLITE;
        }
        if (WITH_USER.matcher(jdbcUrl).find()) {
            // The driver takes all of it for the name of the host, and its failures name the host.
            throw new StoreException("The database URL must not hold user and password before the host."
                    + " Write them behind the name of the database: ?user=…&password=…", null);
        }
        if (jdbcUrl.startsWith("jdbc:postgresql:")) {
            return POSTGRESQL;
        }
        throw new StoreException("The database URL must begin with jdbc:sqlite: or jdbc:postgresql:", null);
    }

    abstract HikariDataSource pool(String jdbcUrl, boolean readOnly);

    /// What makes the statements of a pool's connections; absent where the driver's own way is the best.
    Optional<StatementBuilderFactory> statements() {
        return Optional.empty();
    }

    /// Opens and migrates the store so that two programs that start at once do not get in each other's way.
    abstract <T> T exclusively(String jdbcUrl, Supplier<T> work);

    /// Whether a unique index refused the row.
    abstract boolean duplicate(SQLException failure);

    /// Whether running the transaction again can succeed.
    abstract boolean retryable(SQLException failure);

    private static HikariConfig config(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setAutoCommit(true);
        config.setConnectionTimeout(10_000);
        return config;
    }
}
