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
        database.transaction(() -> {
            database.write("DROP TRIGGER IF EXISTS at_commit ON counters").update();
            database.write("DELETE FROM counters").update();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void aReadThatMeetsAConflictIsRunAgain(String state) {
        atRead("IF attempt < 4 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '" + state + "'; END IF;");
        assertThat(database.read("SELECT run_number()").number()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void aWriteThatMeetsAConflictIsDoneOnce(String state) {
        database.transaction(() -> {
            insert();
            if (runs.incrementAndGet() < 4) {
                raise(state);
            }
            return null;
        });
        assertThat(count()).isOne();
    }

    @Test
    void aConflictAtTheCommitIsRunAgain() {
        database.write("CREATE SEQUENCE attempts").update();
        atCommit("IF nextval('attempts') < 4 THEN RAISE EXCEPTION 'injected' USING ERRCODE = '40001'; END IF;");
        insert();
        assertThat(count()).isOne();
    }

    @Test
    void aConflictThatStaysIsAnsweredAsUnavailable() {
        assertThatThrownBy(() -> database.transaction(() -> {
                    runs.incrementAndGet();
                    insert();
                    raise("40001");
                }))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(runs.get()).isBetween(2, 20);
        assertThat(count()).isZero();
    }

    @Test
    void aWriteWhoseConnectionIsLostBeforeTheCommitIsDoneOnce() {
        database.transaction(() -> {
            insert();
            if (runs.incrementAndGet() < 3) {
                database.write("SELECT pg_terminate_backend(pg_backend_pid())").update();
            }
        });
        assertThat(runs).hasValue(3);
        assertThat(count()).isOne();
    }

    @Test
    void aReadWhoseConnectionIsLostIsRunAgain() {
        atRead("IF attempt < 3 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;");
        assertThat(database.read("SELECT run_number()").number()).isEqualTo(3);
    }

    @Test
    void aCommitWhoseConnectionIsLostIsNotRunAgain() {
        atCommit("PERFORM pg_terminate_backend(pg_backend_pid());");
        assertThatThrownBy(() -> database.transaction(() -> {
                    runs.incrementAndGet();
                    insert();
                }))
                .isInstanceOf(StoreException.class);
        assertThat(runs).hasValue(1);
    }

    @Test
    void aFullDiskIsAnsweredAsUnavailableUntilThereIsRoom() {
        atCommit("RAISE EXCEPTION 'injected' USING ERRCODE = '53100';");
        assertThatThrownBy(RetryTest::insert).isInstanceOf(StoreUnavailableException.class);
        assertThat(database.refusesWrites()).isTrue();
        assertThat(count()).isZero();
        database.write("DROP TRIGGER at_commit ON counters").update();
        insert();
        assertThat(database.refusesWrites()).isFalse();
        assertThat(count()).isOne();
    }

    @Test
    void aServerThatOnlyReadsIsReadAndIsWrittenAgainWhenItMayBe() throws SQLException {
        insert();
        String name = database.read("SELECT current_database()")
                .first(row -> row.text("current_database"))
                .orElseThrow();
        onlyReads("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
        assertThatThrownBy(RetryTest::insert).isInstanceOf(StoreUnavailableException.class);
        assertThat(database.refusesWrites()).isTrue();
        assertThat(count()).isOne();
        assertThat(database.reachable()).isTrue();
        onlyReads("ALTER DATABASE " + name + " RESET default_transaction_read_only");
        insert();
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

    /// Whatever reads `run_number()`, which counts, does this before.
    private static void atRead(String statement) {
        List.of(
                        "DROP SEQUENCE IF EXISTS reads",
                        "CREATE SEQUENCE reads",
                        "CREATE OR REPLACE FUNCTION run_number() RETURNS BIGINT LANGUAGE plpgsql AS $$ "
                                + "DECLARE attempt BIGINT = nextval('reads'); BEGIN " + statement
                                + " RETURN attempt; END $$")
                .forEach(each -> database.write(each).update());
    }

    /// Whatever inserts a counter does this at its commit.
    private static void atCommit(String statement) {
        List.of(
                        "CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + statement
                                + " RETURN NULL; END $$",
                        "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON counters DEFERRABLE INITIALLY DEFERRED "
                                + "FOR EACH ROW EXECUTE FUNCTION fault()")
                .forEach(each -> database.write(each).update());
    }

    private static void raise(String state) {
        database.write("DO $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '" + state + "'; END $$")
                .update();
    }

    private static void insert() {
        database.write("INSERT INTO counters (project_id, target, window_start, count) VALUES ('p', 't' || "
                        + "(SELECT COUNT(*) FROM counters), 1, 1)")
                .update();
    }

    private static long count() {
        return database.read("SELECT COUNT(*) FROM counters").number();
    }
}
