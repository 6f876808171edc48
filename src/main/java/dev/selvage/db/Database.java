package dev.selvage.db;

import com.zaxxer.hikari.HikariDataSource;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementExceptions;

/// The store: connections, transactions and migrations, the same for both engines. Thread-safe.
///
/// A *read* runs on its own connection and sees everything committed before it began. A *write* is one transaction: when
/// the call returns, it is durable. Calls inside [#transaction] join it, so stores never pass connections around.
public final class Database implements AutoCloseable {

    /// A transaction that met a conflict is run again at most this often.
    private static final int ATTEMPTS_MAX = 20;

    private static final ScopedValue<Handle> CURRENT = ScopedValue.newInstance();

    private final Dialect dialect;
    private final HikariDataSource readers;
    private final HikariDataSource writers;
    private final Jdbi readJdbi;
    private final Jdbi writeJdbi;

    private Database(Dialect dialect, HikariDataSource readers, HikariDataSource writers) {
        this.dialect = dialect;
        this.readers = readers;
        this.writers = writers;
        this.readJdbi = jdbi(dialect, readers);
        this.writeJdbi = readers == writers ? readJdbi : jdbi(dialect, writers);
    }

    /// Failures name the statement but not its values: they reach the log, and values are people's.
    private static Jdbi jdbi(Dialect dialect, HikariDataSource source) {
        Jdbi jdbi = Jdbi.create(source);
        dialect.statements().ifPresent(jdbi::setStatementBuilderFactory);
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(
                failure -> failure.getShortMessage() + " [" + failure.getStatementContext().getRenderedSql() + "]");
        return jdbi;
    }

    /// Opens the store at a JDBC URL (`jdbc:sqlite:…` or `jdbc:postgresql:…`) and brings it to this program's version.
    ///
    /// @throws StoreException when it cannot be reached, or was written by a newer program
    public static Database open(String jdbcUrl) {
        Dialect dialect = Dialect.of(jdbcUrl);
        return dialect.exclusively(jdbcUrl, () -> open(dialect, jdbcUrl));
    }

    private static Database open(Dialect dialect, String jdbcUrl) {
        HikariDataSource writers = connect(dialect, jdbcUrl);
        try {
            migrate(writers);
            HikariDataSource readers = dialect == Dialect.SQLITE ? dialect.pool(jdbcUrl, true) : writers;
            return new Database(dialect, readers, writers);
        } catch (FlywayException failed) {
            writers.close();
            throw new StoreException("The database " + withoutPassword(jdbcUrl) + " cannot be brought to this program's version: "
                    + reason(failed), failed);
        } catch (RuntimeException failed) {
            writers.close();
            throw failed;
        }
    }

    private static HikariDataSource connect(Dialect dialect, String jdbcUrl) {
        try {
            return dialect.pool(jdbcUrl, false);
        } catch (RuntimeException failed) {
            throw new StoreException("The database " + withoutPassword(jdbcUrl) + " cannot be opened: " + reason(failed), failed);
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
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.getClass().getSimpleName());
    }

    private static void migrate(HikariDataSource source) {
        Flyway flyway = Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration")
                .javaMigrations(new AddressShardKeys())
                .table("schema_history")
                .baselineOnMigrate(false)
                // An applied migration that this program does not know means a newer program wrote the store.
                .ignoreMigrationPatterns(new String[0])
                .load();
        refuseNewer(flyway);
        flyway.migrate();
    }

    private static void refuseNewer(Flyway flyway) {
        for (var info : flyway.info().all()) {
            if (info.getState().isApplied() && !info.getState().isResolved()) {
                throw new StoreException("The database has schema version " + info.getVersion()
                        + ", which this program does not know: it was written by a newer Selvage. "
                        + "Start that version, or restore a backup made before the upgrade.", null);
            }
        }
    }

    /// Runs `work` on a connection of its own, or in the transaction that is under way.
    public <T> T read(Function<Handle, T> work) {
        if (CURRENT.isBound()) {
            return work.apply(CURRENT.get());
        }
        return readJdbi.withHandle(work::apply);
    }

    /// Runs `work` as one transaction, or as a part of the one that is under way. It may run more than once (see
    /// [Dialect#retryable]) and must therefore have no effect outside the store.
    public <T> T write(Function<Handle, T> work) {
        if (CURRENT.isBound()) {
            return work.apply(CURRENT.get());
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return writeJdbi.inTransaction(work::apply);
            } catch (JdbiException failed) {
                if (attempt == ATTEMPTS_MAX || !dialect.retryable(sqlException(failed))) {
                    throw failed;
                }
                pause(attempt);
            }
        }
    }

    /// As [#write(Function)] for work without a result.
    public void change(Consumer<Handle> work) {
        write(handle -> {
            work.accept(handle);
            return null;
        });
    }

    /// One transaction around everything that `work` does with this store. The same limits as for [#write] hold.
    public <T> T transaction(Supplier<T> work) {
        return write(handle -> ScopedValue.where(CURRENT, handle).call(work::get));
    }

    /// As [#transaction(Supplier)], and a second time when the first was refused with `taken`: then what another call took
    /// meanwhile is found.
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

    /// Whether the failure is a unique index that refused a second row.
    public boolean isDuplicate(RuntimeException failure) {
        return dialect.duplicate(sqlException(failure));
    }

    /// As [#isDuplicate(RuntimeException)], of an index that is about `word`: SQLite names its columns, PostgreSQL its name.
    public boolean isDuplicate(RuntimeException failure, String word) {
        SQLException cause = sqlException(failure);
        return dialect.duplicate(cause) && String.valueOf(cause.getMessage()).contains(word);
    }

    public Dialect dialect() {
        return dialect;
    }

    /// Whether the store answers.
    public boolean reachable() {
        try {
            return read(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one()) == 1;
        } catch (RuntimeException failed) {
            return false;
        }
    }

    @Override
    public void close() {
        readers.close();
        writers.close();
    }

    private static SQLException sqlException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return new SQLException(failure);
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(Math.min(1L << attempt, 100));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoreException("Interrupted while waiting for the store", interrupted);
        }
    }
}
