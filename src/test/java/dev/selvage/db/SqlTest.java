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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlTest {

    private static final String ABOVE = "SELECT name, amount, good, note AS remark FROM things"
            + " WHERE amount > :least AND (key = :key OR name = :name) AND amount < :least + 100 ORDER BY name";
    private static final String INSERT =
            "INSERT INTO things (name, amount, good, note, key) VALUES (:name, :amount, :good, :note, :key)";

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
        }
    }

    @OnBothEngines
    void everyParameterNeedsAValueAndEveryValueAParameter(Engine engine) {
        try (Database database = open(engine)) {
            insert(database, "a", 5, true, "k");
            assertThatThrownBy(() -> database.read(ABOVE)
                            .bind("least", 1L)
                            .bind("name", "a")
                            .exists())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("key");
            assertThatThrownBy(() -> database.read("SELECT name FROM things WHERE name = :name")
                            .bind("name", "a")
                            .bind("amount", 5L)
                            .exists())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("amount");
            assertThatThrownBy(() -> database.read("SELECT name FROM things").first(row -> row.text("amount")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("amount");
            assertThat(above(database, 3, "k", "z"))
                    .as("a value that was missing leaves nothing behind")
                    .hasSize(1);
        }
    }

    @OnBothEngines
    void allTypesOfValuesAreWrittenAndRead(Engine engine) {
        try (Database database = open(engine)) {
            byte[] key = {0, -1, 7};
            database.write(INSERT)
                    .bind(Map.of("name", "a:b", "amount", 1L << 40, "good", true, "key", key))
                    .bind("note", null)
                    .update();
            assertThat(database.read("SELECT * FROM things WHERE name = 'a:b'")
                            .first(row -> List.<Object>of(
                                    row.text("name"), row.number("amount"), row.flag("good"), row.isNull("note"))))
                    .contains(List.of("a:b", 1L << 40, true, true));
            assertThat(database.read("SELECT key, note FROM things").first(row -> row.bytes("key")))
                    .contains(key);
            assertThat(database.read("SELECT note FROM things").first(row -> row.textOrNull("note")))
                    .as("a NULL is no value")
                    .isEmpty();
            assertThatThrownBy(() -> database.read("SELECT note FROM things").first(row -> row.text("note")))
                    .hasMessageContaining("NULL in column note");
            assertThat(database.read("SELECT name, note FROM things").all(Row::values))
                    .singleElement()
                    .satisfies(values ->
                            assertThat(values).containsEntry("name", "a:b").doesNotContainKey("note"));
            assertThatThrownBy(() -> database.read("SELECT name FROM things WHERE name = :name")
                            .bind("name", 'a')
                            .exists())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @OnBothEngines
    void aGroupIsReadFromSeveralRows(Engine engine) {
        try (Database database = open(engine)) {
            insert(database, "a", 1, true, "k");
            insert(database, "a", 2, true, "k");
            insert(database, "b", 3, true, "k");
            String ordered = "SELECT name, amount FROM things ORDER BY name, amount";
            assertThat(database.read(ordered).groups(SqlTest::amounts)).containsExactly(List.of(1L, 2L), List.of(3L));
            assertThat(database.read(ordered).first(SqlTest::amounts)).contains(List.of(1L, 2L));
            assertThat(database.read("SELECT COUNT(*) FROM things").number()).isEqualTo(3);
            assertThat(database.read("SELECT name, amount FROM things WHERE amount > 3")
                            .groups(SqlTest::amounts))
                    .isEmpty();
        }
    }

    private static List<Long> amounts(Row rows) {
        String name = rows.text("name");
        List<Long> amounts = new ArrayList<>();
        do {
            amounts.add(rows.number("amount"));
        } while (rows.next() && rows.text("name").equals(name));
        return amounts;
    }

    @OnBothEngines
    void aBatchIsOneTransaction(Engine engine) {
        try (Database database = open(engine)) {
            database.write("CREATE UNIQUE INDEX one_name ON things (name)").update();
            String insert = "INSERT INTO things (name, note) VALUES (:name, :note)";
            database.write(insert).bind("note", "same").batch(List.of(), (row, name) -> row.bind("name", name));
            database.write(insert)
                    .bind("note", "same")
                    .batch(List.of("a", "b", "c"), (row, name) -> row.bind("name", name));
            assertThat(database.read("SELECT name FROM things WHERE note = 'same' ORDER BY name")
                            .all(row -> row.text("name")))
                    .containsExactly("a", "b", "c");
            assertThatThrownBy(() -> database.write(insert)
                            .bind("note", "same")
                            .batch(List.of("d", "a"), (row, name) -> row.bind("name", name)))
                    .isInstanceOf(DuplicateException.class);
            assertThat(database.read("SELECT COUNT(*) FROM things").number()).isEqualTo(3);
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
            assertThatThrownBy(() -> database.read("SELECT nothing FROM things WHERE name = :name")
                            .bind("name", "somebody's")
                            .exists())
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("SELECT nothing FROM things WHERE name = ?")
                    .hasMessageNotContaining("somebody's");
        }
    }

    @OnBothEngines
    void whatMeetsAConflictIsRunAgain(Engine engine) {
        try (Database database = open(engine)) {
            insert(database, "a", 5, true, "k");
            AtomicInteger runs = new AtomicInteger();
            assertThat(database.read("SELECT amount FROM things").first(row -> {
                        if (runs.incrementAndGet() < 3) {
                            throw new DatabaseException(
                                    "busy", new SQLException("busy", "40001", engine == Engine.SQLITE ? 5 : 0));
                        }
                        return row.number("amount");
                    }))
                    .contains(5L);
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
        Database database = Database.open(engine.newDatabase(directory));
        database.write("CREATE TABLE things (name TEXT, amount BIGINT, good BOOLEAN, note TEXT, key "
                        + (engine == Engine.SQLITE ? "BLOB" : "BYTEA") + ")")
                .update();
        return database;
    }

    private static void insert(Database database, String name, long amount, boolean good, String key) {
        database.write(INSERT)
                .bind("name", name)
                .bind("amount", amount)
                .bind("good", good)
                .bind("note", key == null ? null : "of " + key)
                .bind("key", key == null ? null : key.getBytes(StandardCharsets.US_ASCII))
                .update();
    }

    private static List<Thing> above(Database database, long least, String key, String name) {
        return database.read(ABOVE)
                .bind("least", least)
                .bind("key", key.getBytes(StandardCharsets.US_ASCII))
                .bind("name", name)
                .all(row ->
                        new Thing(row.text("name"), row.number("amount"), row.flag("good"), row.textOrNull("remark")));
    }
}
