package dev.selvage.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.support.Engine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What PostgreSQL asks to have run again is run again, and what may have been committed is not.
@Tag("postgresql")
class RetryTest {

    private static String url;
    private static Database database;

    private final AtomicInteger runs = new AtomicInteger();

    @BeforeAll
    static void open(@TempDir Path directory) {
        url = Engine.POSTGRESQL.newStore(directory);
        database = Database.open(url);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.change(handle -> {
            handle.execute("DROP TRIGGER IF EXISTS at_commit ON counters");
            handle.execute("DELETE FROM counters");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void aReadThatMeetsAConflictIsRunAgain(String state) {
        int read = database.read(handle -> {
            if (runs.incrementAndGet() < 4) {
                raise(handle, state);
            }
            return handle.createQuery("SELECT 7").mapTo(Integer.class).one();
        });
        assertThat(read).isEqualTo(7);
        assertThat(runs).hasValue(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void aWriteThatMeetsAConflictIsDoneOnce(String state) {
        database.transaction(() -> {
            database.change(RetryTest::insert);
            if (runs.incrementAndGet() < 4) {
                database.change(handle -> raise(handle, state));
            }
            return null;
        });
        assertThat(count()).isOne();
    }

    @Test
    void aConflictAtTheCommitIsRunAgain() {
        database.change(handle -> handle.execute("CREATE SEQUENCE attempts"));
        atCommit("IF nextval('attempts') < 4 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END IF;");
        database.change(RetryTest::insert);
        assertThat(count()).isOne();
    }

    @Test
    void aConflictThatStaysIsAnsweredAsUnavailable() {
        assertThatThrownBy(() -> database.change(handle -> {
                    runs.incrementAndGet();
                    insert(handle);
                    raise(handle, "40001");
                }))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(runs.get()).isBetween(2, 20);
        assertThat(count()).isZero();
    }

    @Test
    void aWriteWhoseConnectionIsLostBeforeTheCommitIsDoneOnce() {
        database.change(handle -> {
            insert(handle);
            if (runs.incrementAndGet() < 3) {
                handle.execute("SELECT pg_terminate_backend(pg_backend_pid())");
            }
        });
        assertThat(runs).hasValue(3);
        assertThat(count()).isOne();
    }

    @Test
    void aReadWhoseConnectionIsLostIsRunAgain() {
        database.read(handle -> {
            if (runs.incrementAndGet() < 3) {
                handle.execute("SELECT pg_terminate_backend(pg_backend_pid())");
            }
            return handle.createQuery("SELECT 1").mapTo(Integer.class).one();
        });
        assertThat(runs).hasValue(3);
    }

    @Test
    void aCommitWhoseConnectionIsLostIsNotRunAgain() {
        atCommit("PERFORM pg_terminate_backend(pg_backend_pid());");
        assertThatThrownBy(() -> database.change(handle -> {
                    runs.incrementAndGet();
                    insert(handle);
                }))
                .isInstanceOf(StoreException.class);
        assertThat(runs).hasValue(1);
    }

    @Test
    void aFullDiskIsAnsweredAsUnavailableUntilThereIsRoom() {
        atCommit("RAISE EXCEPTION 'injected' USING ERRCODE = '53100';");
        assertThatThrownBy(() -> database.change(RetryTest::insert)).isInstanceOf(StoreUnavailableException.class);
        assertThat(database.refusesWrites()).isTrue();
        assertThat(count()).isZero();
        database.change(handle -> handle.execute("DROP TRIGGER at_commit ON counters"));
        database.change(RetryTest::insert);
        assertThat(database.refusesWrites()).isFalse();
        assertThat(count()).isOne();
    }

    @Test
    void aServerThatOnlyReadsIsReadAndIsWrittenAgainWhenItMayBe() throws SQLException {
        database.change(RetryTest::insert);
        String name = database.read(handle -> handle.createQuery("SELECT current_database()")
                .mapTo(String.class)
                .one());
        onlyReads("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
        assertThatThrownBy(() -> database.change(RetryTest::insert)).isInstanceOf(StoreUnavailableException.class);
        assertThat(database.refusesWrites()).isTrue();
        assertThat(count()).isOne();
        assertThat(database.reachable()).isTrue();
        onlyReads("ALTER DATABASE " + name + " RESET default_transaction_read_only");
        database.change(RetryTest::insert);
        assertThat(count()).isEqualTo(2);
    }

    /// Changes what new connections may do, and ends those that there are.
    private static void onlyReads(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement change = connection.createStatement()) {
            change.execute("SET default_transaction_read_only = off");
            change.execute(statement);
            change.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                    + "WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }
    }

    /// Whatever inserts a counter does this at its commit.
    private static void atCommit(String statement) {
        database.change(handle -> List.of(
                        "CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + statement
                                + " RETURN NULL; END $$",
                        "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON counters DEFERRABLE INITIALLY DEFERRED "
                                + "FOR EACH ROW EXECUTE FUNCTION fault()")
                .forEach(handle::execute));
    }

    private static void raise(Handle handle, String state) {
        handle.execute("DO $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '" + state + "'; END $$");
    }

    private static void insert(Handle handle) {
        handle.execute("INSERT INTO counters (project_id, target, window_start, count) VALUES ('p', 't' || "
                + "(SELECT COUNT(*) FROM counters), 1, 1)");
    }

    private static int count() {
        return database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM counters")
                .mapTo(Integer.class)
                .one());
    }
}
