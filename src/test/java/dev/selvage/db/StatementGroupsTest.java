package dev.selvage.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.support.Engine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Calls that share a statement: each gets its own rows, begins after its call, fails alone, and is durable.
@Tag("postgresql")
class StatementGroupsTest {

    private static final String ROWS = """
            SELECT name, value FROM server_state WHERE name >= :name AND name < :name || 'z' AND LENGTH(value) < :now""";
    private static final String SLOW = "SELECT name, pg_advisory_lock_shared(1) FROM server_state WHERE name = :name";

    @TempDir
    private Path directory;

    private String url;
    private Database database;

    @BeforeEach
    void open() {
        url = Engine.POSTGRESQL.newStore(directory);
        database = Database.open(url);
        for (int i = 0; i < 50; i++) {
            for (int row = 0; row < i % 4; row++) {
                insert("k%02d-%d".formatted(i, row), "v" + i);
            }
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void eachReadGetsItsOwnRows() throws Exception {
        List<Callable<Boolean>> reads = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            int key = i % 50;
            reads.add(() -> {
                List<String> expected = new ArrayList<>();
                for (int row = 0; row < key % 4; row++) {
                    expected.add("k%02d-%d=v%d".formatted(key, row, key));
                }
                assertThat(rows("k%02d".formatted(key))).containsExactlyInAnyOrderElementsOf(expected);
                return true;
            });
        }
        all(reads);
    }

    @Test
    void aReaderThatEndsEarlyOrFailsLeavesTheOthersAlone() throws Exception {
        List<Callable<Boolean>> reads = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            int turn = i;
            reads.add(() -> {
                switch (turn % 3) {
                    case 0 ->
                        assertThat(read("k03").first(row -> row.text("value"))).contains("v3");
                    case 1 ->
                        assertThatThrownBy(() -> read("k03").first(row -> {
                                    throw new IllegalStateException("refused");
                                }))
                                .isInstanceOf(IllegalStateException.class);
                    default -> assertThat(rows("k03")).hasSize(3);
                }
                return true;
            });
        }
        all(reads);
    }

    @Test
    void aReadBeginsAfterItsCall() throws Exception {
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            String name = "w" + (char) ('a' + i);
            writers.add(() -> {
                for (int row = 0; row < 40; row++) {
                    insert(name + row, "v");
                    assertThat(rows(name)).hasSize(row + 1);
                }
                return true;
            });
        }
        all(writers);
    }

    @Test
    void aReadWithoutGroupsRunsByItself() throws Exception {
        rows("k03");
        List<Callable<Boolean>> reads = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            reads.add(() -> {
                assertThat(rows("k03")).hasSize(3);
                return true;
            });
        }
        // The connections of groups are those with the forced plan; their statements name the positions.
        database.write("""
                        SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
                        WHERE datname = current_database() AND query LIKE '%%position%%' AND pid <> pg_backend_pid()""").number();
        all(reads);
    }

    @Test
    void aSlowTextDelaysNoOther() throws Exception {
        try (Connection holder = DriverManager.getConnection(url);
                Statement lock = holder.createStatement();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            lock.execute("SELECT pg_advisory_lock(1)");
            List<Future<Boolean>> slow = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                slow.add(callers.submit(() ->
                        database.read(SLOW).grouped().bind("name", "k03-0").exists()));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(rows("k03")).hasSize(3);
            }
            assertThat(slow).noneMatch(Future::isDone);
            lock.execute("SELECT pg_advisory_unlock(1)");
            for (Future<Boolean> read : slow) {
                assertThat(read.get()).isTrue();
            }
        }
    }

    @Test
    void valuesOfEachTypeRunInAGroup() {
        try (StatementGroups groups = new StatementGroups(Dialect.POSTGRESQL.pool(url, true, 2), 2)) {
            ParsedSql text = ParsedSql.of("""
                    SELECT name FROM server_state
                    WHERE name = :text AND octet_length(:bytes) = :integer AND :long = 3 AND :flag""");
            Map<String, Object> values =
                    Map.of("text", "k03-0", "bytes", new byte[2], "integer", 2, "long", 3L, "flag", true);
            assertThat(groups.run(text, values, Row::next).orElseThrow().value())
                    .isTrue();
        }
    }

    @Test
    void aReadWithoutRowsIsEmpty() {
        assertThat(read("none").first(row -> row.text("name"))).isEqualTo(Optional.empty());
        assertThat(read("none").exists()).isFalse();
    }

    private List<String> rows(String name) {
        return read(name).all(row -> row.text("name") + "=" + row.text("value"));
    }

    private Sql read(String name) {
        return database.read(ROWS).grouped().bind("name", name).bind("now", System.nanoTime());
    }

    private void insert(String name, String value) {
        database.write("INSERT INTO server_state (name, value) VALUES (:name, :value)")
                .bind("name", name)
                .bind("value", value)
                .update();
    }

    private static void all(List<Callable<Boolean>> calls) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> call : callers.invokeAll(calls)) {
                assertThat(call.get()).isTrue();
            }
        }
    }
}
