package dev.selvage.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.Statements;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Statements that run past Jdbi see, bind and fail as those that do not.
class SelectTest {

    private static final Select ABOVE = Select.of("SELECT name, amount, good, note AS remark FROM things"
            + " WHERE amount > :least AND (key = :key OR name = :name) AND amount < :least + 100 ORDER BY name");

    @TempDir
    private Path directory;

    private record Thing(String name, long amount, boolean good, String note) {}

    @OnBothEngines
    void valuesAreBoundByNameAndColumnsReadByName(Engine engine) {
        try (Database database = open(engine)) {
            insert(database, "a", 5, true, "k");
            insert(database, "b", 6, false, "x");
            insert(database, "c", 7, false, null);
            insert(database, "d", 3, false, "k");
            for (int i = 0; i < 3; i++) {
                assertThat(above(database, 3, "k", "c"))
                        .containsExactly(new Thing("a", 5, true, "of k"), new Thing("c", 7, false, null));
            }
            assertThat(above(database, 5, "k", "z")).isEmpty();
            assertThatThrownBy(() -> database.select(ABOVE, Map.of("least", 1L, "name", "a"), Row::next))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("key");
            assertThat(above(database, 3, "k", "z"))
                    .as("a value that was missing leaves nothing behind")
                    .hasSize(1);
        }
    }

    @OnBothEngines
    void withinATransactionItSeesWhatThatHasWritten(Engine engine) {
        try (Database database = open(engine)) {
            assertThatThrownBy(() -> database.transaction(() -> {
                        insert(database, "a", 5, true, "k");
                        assertThat(above(database, 0, "k", "")).hasSize(1);
                        throw new IllegalStateException("undone");
                    }))
                    .hasMessage("undone");
            assertThat(above(database, 0, "k", "")).isEmpty();
        }
    }

    @OnBothEngines
    void aFailureNamesTheStatementAndNotTheValues(Engine engine) {
        try (Database database = open(engine)) {
            Select wrong = Select.of("SELECT nothing FROM things WHERE name = :name");
            assertThatThrownBy(() -> database.select(wrong, Map.of("name", "somebody's"), Row::next))
                    .isInstanceOf(JdbiException.class)
                    .hasMessageContaining("SELECT nothing FROM things WHERE name = ?")
                    .hasMessageNotContaining("somebody's");
        }
    }

    @OnBothEngines
    void whatMeetsAConflictIsRunAgain(Engine engine) {
        try (Database database = open(engine)) {
            insert(database, "a", 5, true, "k");
            AtomicInteger runs = new AtomicInteger();
            long amount = database.select(ABOVE, values(0, "k", ""), rows -> {
                rows.next();
                if (runs.incrementAndGet() < 3) {
                    throw new SQLException("busy", "40001", engine == Engine.SQLITE ? 5 : 0);
                }
                return rows.number("amount");
            });
            assertThat(amount).isEqualTo(5);
            assertThat(runs).hasValue(3);
        }
    }

    /// As everything that asks for the plans of hot statements relies on.
    @Test
    @Tag("postgresql")
    void itIsSeenBelowTheProgram() {
        try (Statements statements = Statements.watch();
                Database database = open(Engine.POSTGRESQL)) {
            assertThat(statements.plans(() -> above(database, 0, "k", "")))
                    .singleElement()
                    .asString()
                    .contains("SELECT name, amount", "Scan on things");
        }
    }

    private Database open(Engine engine) {
        Database database = Database.open(engine.newStore(directory));
        database.change(
                handle -> handle.execute("CREATE TABLE things (name TEXT, amount BIGINT, good BOOLEAN, note TEXT, key "
                        + (engine == Engine.SQLITE ? "BLOB" : "BYTEA") + ")"));
        return database;
    }

    private static void insert(Database database, String name, long amount, boolean good, String key) {
        database.change(handle -> handle.execute(
                "INSERT INTO things VALUES (?, ?, ?, ?, ?)",
                name,
                amount,
                good,
                key == null ? null : "of " + key,
                key == null ? null : key.getBytes(StandardCharsets.US_ASCII)));
    }

    private static List<Thing> above(Database database, long least, String key, String name) {
        return database.select(ABOVE, values(least, key, name), rows -> {
            List<Thing> things = new ArrayList<>();
            while (rows.next()) {
                things.add(new Thing(rows.text("name"), rows.number("amount"), rows.flag("good"), rows.text("remark")));
            }
            return things;
        });
    }

    private static Map<String, Object> values(long least, String key, String name) {
        return Map.of("least", least, "key", key.getBytes(StandardCharsets.US_ASCII), "name", name);
    }
}
