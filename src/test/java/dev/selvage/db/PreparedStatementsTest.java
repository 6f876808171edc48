package dev.selvage.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.support.Engine;
import dev.selvage.support.Statements;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedStatementsTest {

    @Test
    void aStatementIsPreparedOnceAndRunOften(@TempDir Path directory) {
        try (Statements statements = Statements.watch();
                Database database = Database.open(Engine.SQLITE.newStore(directory))) {
            database.change(handle -> handle.execute("CREATE TABLE things (name TEXT PRIMARY KEY)"));
            assertThat(statements.prepared(() -> {
                        for (int i = 0; i < 10; i++) {
                            insert(database, "thing " + i);
                        }
                    }))
                    .containsOnlyOnce("INSERT INTO things VALUES (?)");
            assertThat(names(database)).hasSize(10);
        }
    }

    @Test
    void valuesOfOneUseAreNotThoseOfTheNext(@TempDir Path directory) {
        try (Database database = Database.open(Engine.SQLITE.newStore(directory))) {
            database.change(handle -> handle.execute("CREATE TABLE things (name TEXT PRIMARY KEY)"));
            insert(database, "a");
            assertThatThrownBy(() -> insert(database, "a"))
                    .matches(failed -> database.isDuplicate((RuntimeException) failed));
            insert(database, "b");
            assertThat(names(database)).containsExactly("a", "b");
        }
    }

    @Test
    void aStatementWithinItselfIsAnother(@TempDir Path directory) {
        try (Database database = Database.open(Engine.SQLITE.newStore(directory))) {
            database.change(handle -> handle.execute("CREATE TABLE things (name TEXT PRIMARY KEY)"));
            insert(database, "a");
            insert(database, "b");
            List<List<String>> pairs =
                    database.read(handle -> handle.createQuery("SELECT name FROM things ORDER BY name")
                            .map((row, context) -> handle.createQuery("SELECT name FROM things ORDER BY name")
                                    .mapTo(String.class)
                                    .list())
                            .list());
            assertThat(pairs).containsExactly(List.of("a", "b"), List.of("a", "b"));
        }
    }

    /// SQLite commits nothing as long as a statement that writes has not come to its end.
    @Test
    void aStatementWhoseRowsNobodyReadsEndsAllTheSame(@TempDir Path directory) {
        try (Database database = Database.open(Engine.SQLITE.newStore(directory))) {
            database.change(handle -> handle.execute("CREATE TABLE things (name TEXT PRIMARY KEY)"));
            for (String name : List.of("a", "b")) {
                database.change(handle -> handle.createUpdate("INSERT INTO things VALUES (:name) RETURNING name")
                        .bind("name", name)
                        .execute());
                assertThat(names(database)).contains(name);
            }
        }
    }

    @Test
    void textsThatComeAndGoDoNotGather(@TempDir Path directory) {
        try (Database database = Database.open(Engine.SQLITE.newStore(directory))) {
            PreparedStatements statements = new PreparedStatements();
            database.change(handle -> {
                handle.setStatementBuilder(statements.createStatementBuilder(handle.getConnection()));
                for (int i = 0; i < PreparedStatements.KEPT_MAX + 50; i++) {
                    handle.createQuery("SELECT " + i).mapTo(Integer.class).one();
                }
            });
            assertThat(statements.kept()).isEqualTo(PreparedStatements.KEPT_MAX);
        }
    }

    private static void insert(Database database, String name) {
        database.change(handle -> handle.createUpdate("INSERT INTO things VALUES (:name)")
                .bind("name", name)
                .execute());
    }

    private static List<String> names(Database database) {
        return database.read(handle -> handle.createQuery("SELECT name FROM things ORDER BY name")
                .mapTo(String.class)
                .list());
    }
}
