package dev.selvage.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.support.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store that lacks what the program needs is refused at its start, in a sentence that says what to do.
class StoreRequirementsTest {

    private static final int OPENINGS_MAX = 3;

    @TempDir
    private Path directory;

    private static void execute(String url, String... statements) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Database openAlone(String url, Database owner, String role) {
        for (int left = OPENINGS_MAX; ; left--) {
            try {
                return Database.open(url, 1);
            } catch (StoreException refused) {
                if (left == 1 || !refused.getMessage().contains("too many connections for role")) {
                    throw refused;
                }
                while (owner.read("SELECT 1 FROM pg_stat_activity WHERE usename = :role")
                        .bind("role", role)
                        .exists()) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static void refused(String url, String... said) {
        assertThatThrownBy(() -> Database.open(url))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll(said)
                .message()
                .hasLineCount(1);
    }

    private static String named(String url, String database) {
        return url.replaceFirst("/selvage_[0-9_]+", "/" + database);
    }

    @Test
    @Tag("postgresql")
    void anEncodingThatCannotHoldEveryNameIsRefused() {
        String url = Engine.POSTGRESQL.newDatabase(directory);
        String other = url.replaceFirst(".*/(selvage_[0-9_]+).*", "$1_latin");
        execute(url, "CREATE DATABASE " + other + " TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
        refused(named(url, other), "has the encoding LATIN1", "ENCODING 'UTF8'");

        String file = Engine.SQLITE.newDatabase(directory);
        execute(file, "PRAGMA encoding = 'UTF-16le'", "CREATE TABLE something (id INTEGER)");
        refused(file, "has the encoding UTF-16le", "Create a new one");
    }

    @Test
    @Tag("postgresql")
    void anOldVersionIsRefused() {
        String url = Engine.POSTGRESQL.newDatabase(directory);
        // As an old server would answer.
        execute(
                url,
                "CREATE SCHEMA old",
                "CREATE FUNCTION old.current_setting(name TEXT) RETURNS TEXT LANGUAGE SQL AS"
                        + " $$ SELECT CASE name WHEN 'server_version_num' THEN '140011' ELSE pg_catalog.current_setting(name) END $$");
        refused(
                url + "&options=-c%20search_path=old,public,pg_catalog",
                "is PostgreSQL 14",
                "needs PostgreSQL 15 or later");
    }

    @Test
    @Tag("postgresql")
    void aRoleThatMayNotDoWhatCallsDoIsRefused() {
        String url = Engine.POSTGRESQL.newDatabase(directory);
        Database.open(url).close();
        String role = url.replaceFirst(".*/(selvage_[0-9_]+).*", "$1_role");
        execute(
                url,
                "CREATE ROLE " + role + " LOGIN",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role);
        String as = url.replaceFirst("user=[^&]*", "user=" + role);
        Database.open(as).close();
        for (String right : List.of("SELECT", "INSERT", "UPDATE", "DELETE")) {
            execute(url, "REVOKE " + right + " ON sessions, users FROM " + role);
            refused(as, "does not let the role " + role + " read and write these tables: sessions, users.", "Give it");
            execute(url, "GRANT " + right + " ON sessions, users TO " + role);
        }
        // As PostGIS puts one into the schema.
        execute(
                url,
                "CREATE TABLE spatial_ref_sys (srid INTEGER)",
                "ALTER EXTENSION plpgsql ADD TABLE spatial_ref_sys");
        Database.open(as).close();
        execute(url, "REVOKE USAGE ON SCHEMA public FROM PUBLIC");
        refused(as, "has no schema for the role " + role);
        execute(url, "DROP OWNED BY " + role, "DROP ROLE " + role);
    }

    /// A command, which opens one connection, works where the role has no second one. On a busy machine the
    /// pool may replace a connection that was slow to respond, and the server refuses the new one until it has
    /// ended the old one. So the store is opened again once the role has no connection. An opening that needs
    /// two connections at once fails each time.
    @Test
    @Tag("postgresql")
    void oneConnectionIsEnoughToOpenAStore() {
        String url = Engine.POSTGRESQL.newDatabase(directory);
        Database.open(url).close();
        String role = url.replaceFirst(".*/(selvage_[0-9_]+).*", "$1_single");
        execute(
                url,
                "CREATE ROLE " + role + " LOGIN CONNECTION LIMIT 1",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role);
        String as = url.replaceFirst("user=[^&]*", "user=" + role);
        try (Database owner = Database.open(url, 1);
                Database database = openAlone(as, owner, role)) {
            database.transaction(
                    () -> database.read("SELECT COUNT(*) FROM users").number());
        }
        execute(url, "DROP OWNED BY " + role, "DROP ROLE " + role);
    }

    @Test
    void aFileOfSqliteIsItsOwnersAlone() throws IOException {
        Path file = directory.resolve("selvage.db");
        String url = "jdbc:sqlite:" + file;
        try (Database database = Database.open(url)) {
            database.write("INSERT INTO server_state (name, value) VALUES ('a', 'b')")
                    .update();
            assertThat(modes()).containsOnly("rw-------");
        }
        try (var files = Files.list(directory)) {
            for (Path each : files.toList()) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
        try (Database database = Database.open(url)) {
            database.write("INSERT INTO server_state (name, value) VALUES ('c', 'd')")
                    .update();
            assertThat(modes("selvage.db", "selvage.db-wal", "selvage.db-shm")).containsOnly("rw-------");
        }
    }

    @Test
    void aFileIsTheSameBehindLinks() throws IOException {
        Path file = Files.createFile(directory.resolve("selvage.db"));
        Path link = Files.createSymbolicLink(directory.resolve("link.db"), file);
        assertThat(Dialect.sqliteFile("jdbc:sqlite:" + link + "?cache_size=10")).isEqualTo(file.toRealPath());
        assertThat(Dialect.sqliteFile("jdbc:sqlite:" + directory.resolve("new.db")))
                .isEqualTo(directory.resolve("new.db"));
    }

    private List<String> modes(String... names) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> names.length == 0
                            || List.of(names).contains(file.getFileName().toString()))
                    .map(file -> {
                        try {
                            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                        } catch (IOException failed) {
                            throw new IllegalStateException(failed);
                        }
                    })
                    .toList();
        }
    }
}
