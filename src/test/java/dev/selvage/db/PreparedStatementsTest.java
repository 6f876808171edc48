package dev.selvage.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.support.Engine;
import dev.selvage.support.Statements;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedStatementsTest {

    private static final String NAMES = "SELECT name FROM things ORDER BY name";

    @Test
    void aStatementIsPreparedOnceAndRunOften(@TempDir Path directory) {
        try (Statements statements = Statements.watch();
                Database database = Database.open(Engine.SQLITE.newStore(directory))) {
            database.write("CREATE TABLE things (name TEXT PRIMARY KEY)").update();
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
            database.write("CREATE TABLE things (name TEXT PRIMARY KEY)").update();
            insert(database, "a");
            assertThatThrownBy(() -> insert(database, "a")).isInstanceOf(DuplicateException.class);
            insert(database, "b");
            assertThat(names(database)).containsExactly("a", "b");
        }
    }

    @Test
    void aStatementWithinItselfIsAnother(@TempDir Path directory) {
        try (Database database = Database.open(Engine.SQLITE.newStore(directory))) {
            database.write("CREATE TABLE things (name TEXT PRIMARY KEY)").update();
            insert(database, "a");
            insert(database, "b");
            List<List<String>> pairs = database.transaction(
                    () -> database.read(NAMES).all(row -> database.read(NAMES).all(each -> each.text("name"))));
            assertThat(pairs).containsExactly(List.of("a", "b"), List.of("a", "b"));
        }
    }

    /// SQLite commits nothing as long as a statement that writes has not come to its end.
    @Test
    void aStatementWhoseRowsNobodyReadsEndsAllTheSame(@TempDir Path directory) {
        try (Database database = Database.open(Engine.SQLITE.newStore(directory))) {
            database.write("CREATE TABLE things (name TEXT PRIMARY KEY)").update();
            for (String name : List.of("a", "b")) {
                database.write("INSERT INTO things VALUES (:name) RETURNING name")
                        .bind("name", name)
                        .update();
                assertThat(names(database)).contains(name);
            }
        }
    }

    @Test
    void textsThatComeAndGoDoNotGather(@TempDir Path directory) {
        try (Database database = Database.open(Engine.SQLITE.newStore(directory))) {
            PreparedStatements statements = new PreparedStatements();
            database.write((Connection connection) -> {
                for (int i = 0; i < PreparedStatements.CACHED_MAX + 50; i++) {
                    run(statements, connection, ParsedSql.of("SELECT " + i));
                }
                return null;
            });
            assertThat(statements.cached()).isEqualTo(PreparedStatements.CACHED_MAX);
        }
    }

    private static void insert(Database database, String name) {
        database.write("INSERT INTO things VALUES (:name)").bind("name", name).update();
    }

    private static List<String> names(Database database) {
        return database.read(NAMES).all(row -> row.text("name"));
    }

    private static void run(PreparedStatements statements, Connection connection, ParsedSql sql) {
        try {
            statements.run(connection, sql, PreparedStatement::executeQuery);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
