package dev.selvage.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.io.TempDir;

/// A store of an older program keeps what it holds when this one brings it up to date.
class UpgradeTest {

    /// What a store of version 2 can hold, one row a table that a later migration touches.
    private static final List<String> ROWS = List.of(
            "INSERT INTO projects VALUES ('p', 'Project', 'CONSUMER', 'TEST', 'public', '{}', 1)",
            "INSERT INTO subjects VALUES ('p', 'u', 3, NULL, NULL)",
            "INSERT INTO users VALUES ('p', 'u', 'ACTIVE', 'Ada', '', '', 'ada', '{}', '{}', NULL, '[]', 1)",
            "INSERT INTO user_factors VALUES ('p', 'e', 'u', 'EMAIL', 'ada@example.com', TRUE, '{}', 1, NULL)",
            "INSERT INTO passwords VALUES ('p', 'u', 'password', 'hash', FALSE, 1)",
            "INSERT INTO sessions VALUES ('p', 's', 'u', NULL, %1$s, 1, 1, 9, NULL, NULL, '', '', '[]', '{}', 0)",
            "INSERT INTO links VALUES ('p', %1$s, 'LOGIN', 'u', 'e', 'https://example.com', 'c', '10.0.0.1', 'agent', 1, 9, NULL)",
            "INSERT INTO messages VALUES ('p', 'm', 'email', 'ada@example.com', 'sealed', 1, 'QUEUED', 1, 5)",
            "INSERT INTO organizations VALUES ('p', 'o', 'Acme', 'acme', 'acme', NULL, "
                    + "'{\"email_jit_provisioning\":\"RESTRICTED\",\"email_allowed_domains\":[\"acme.example\"]}', '[]', '{}', 1, 1)",
            "INSERT INTO organization_domains VALUES ('p', 'o', 'ALLOWED', 'acme.example')");

    @OnBothEngines
    void aStoreOfVersionTwoKeepsItsRows(Engine engine, @TempDir Path directory) {
        String url = engine.newDatabase(directory);
        String bytes = engine == Engine.SQLITE ? "x'0102'" : "decode('0102', 'hex')";
        try (HikariDataSource source = Dialect.of(url).pool(url, false, 2)) {
            Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/migration")
                    .table("schema_history")
                    .target("2")
                    .load()
                    .migrate();
            Jdbi.create(source).useTransaction(handle -> ROWS.forEach(row -> handle.execute(row.formatted(bytes))));
        }
        try (Database database = Database.open(url)) {
            for (String table : List.of(
                    "projects",
                    "subjects",
                    "users",
                    "user_factors",
                    "user_identifiers",
                    "passwords",
                    "links",
                    "messages",
                    "organizations")) {
                assertThat(count(database, table)).as(table).isEqualTo(1);
            }
            Map<String, Object> link =
                    database.read(handle -> handle.createQuery("""
                    SELECT purpose, subject_id, method_id, email_address, redirect_url, code_challenge, ip_address, user_agent,
                           created_at, expires_at, used_at
                    FROM links""").mapToMap().one());
            assertThat(link)
                    .containsEntry("purpose", "LOGIN")
                    .containsEntry("subject_id", "u")
                    .containsEntry("method_id", "e")
                    .containsEntry("email_address", "")
                    .containsEntry("redirect_url", "https://example.com")
                    .containsEntry("code_challenge", "c")
                    .containsEntry("ip_address", "10.0.0.1")
                    .containsEntry("user_agent", "agent")
                    .containsEntry("used_at", null);
            assertThat(((Number) link.get("created_at")).longValue()).isEqualTo(1);
            assertThat(((Number) link.get("expires_at")).longValue()).isEqualTo(9);
            assertThat(kinds(database)).containsExactly("ALLOWED", "JOINABLE");
            database.change(handle -> handle.execute("DELETE FROM subjects"));
            for (String table : List.of("users", "user_factors", "passwords", "sessions", "links")) {
                assertThat(count(database, table)).as(table).isZero();
            }
        }
    }

    private static long count(Database database, String table) {
        return database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM " + table)
                .mapTo(Long.class)
                .one());
    }

    private static List<String> kinds(Database database) {
        return database.read(handle -> handle.createQuery("SELECT kind FROM organization_domains ORDER BY kind")
                .mapTo(String.class)
                .list());
    }
}
