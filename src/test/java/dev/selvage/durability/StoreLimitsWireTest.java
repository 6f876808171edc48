package dev.selvage.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.TestApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// PostgreSQL with limits of its own: what they undo is 503 and can be repeated, and what they disconnect is no
/// failure of a call.
@Tag("postgresql")
class StoreLimitsWireTest {

    private String url;
    private TestApp app;
    private Client client;

    @BeforeEach
    void newDatabase() throws Exception {
        url = Engine.POSTGRESQL.newDatabase(Files.createTempDirectory("selvage-test"));
    }

    @AfterEach
    void close() {
        app.close();
    }

    /// Starts a server over a database whose sessions have a setting.
    private void start(String setting) throws Exception {
        // The operator sets it for the database, and the program does not know of it.
        try (Connection operator = DriverManager.getConnection(url);
                Statement change = operator.createStatement()) {
            if (!setting.isEmpty()) {
                change.execute("ALTER DATABASE " + operator.getCatalog() + " SET " + setting);
            }
        }
        Path directory = Files.createTempDirectory("selvage-test");
        app = TestApp.start(Engine.POSTGRESQL, config -> TestApp.config(directory, url));
        client = app.consumer();
    }

    private String createUser() {
        return client.post("/v1/users", Map.of("email", "ada@example.com")).ok().text("user_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock_timeout = '100ms'", "statement_timeout = '300ms'"})
    void aLockThatIsHeldForTooLongIsUnavailableAndTheCallCanBeRepeated(String setting) throws Exception {
        start(setting);
        String user = createUser();
        String token = client.post(
                        "/v1/passwords",
                        Map.of(
                                "email",
                                "grace@example.com",
                                "password",
                                "four words are enough",
                                "session_duration_minutes",
                                60))
                .ok()
                .text("session_token");
        try (Connection holder = DriverManager.getConnection(url);
                Statement hold = holder.createStatement()) {
            hold.execute("SET statement_timeout = 0");
            holder.setAutoCommit(false);
            hold.execute("LOCK TABLE subjects, users, sessions IN ACCESS EXCLUSIVE MODE");
            client.put("/v1/users/" + user, "{\"name\": {\"first_name\": \"Ada\"}}")
                    .refused(503, "server_unavailable");
            client.post("/v1/sessions/revoke", Map.of("session_token", token)).refused(503, "server_unavailable");
            client.post("/v1/sessions/authenticate", Map.of("session_token", token))
                    .refused(503, "server_unavailable");
            assertThat(app.app().database().refusesWrites())
                    .as("a store that is busy is not read-only")
                    .isFalse();
            holder.rollback();
        }
        client.post("/v1/sessions/authenticate", Map.of("session_token", token)).ok();
        client.put("/v1/users/" + user, "{\"name\": {\"first_name\": \"Ada\"}}").ok();
        client.post("/v1/sessions/revoke", Map.of("session_token", token)).ok();
        client.post("/v1/sessions/authenticate", Map.of("session_token", token)).refused(404, "session_not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"idle_session_timeout = '300ms'", "idle_in_transaction_session_timeout = '300ms'"})
    void aSessionThatTheServerEndsBetweenCallsIsNoFailure(String setting) throws Exception {
        start(setting);
        String user = createUser();
        try (Connection watch = DriverManager.getConnection(url);
                Statement look = watch.createStatement()) {
            look.execute("SET idle_session_timeout = 0");
            if (setting.startsWith("idle_session")) {
                while (others(look) > 0) {
                    Thread.onSpinWait();
                }
            }
        }
        client.get("/v1/users/" + user).ok();
        client.put("/v1/users/" + user, "{\"name\": {\"first_name\": \"Ada\"}}").ok();
    }

    private static int others(Statement look) throws SQLException {
        try (ResultSet rows =
                look.executeQuery("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid()")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    void aTransactionThatTheServerEndsWhileItWaitsIsRunAgain() throws Exception {
        start("idle_in_transaction_session_timeout = '200ms'");
        AtomicInteger runs = new AtomicInteger();
        var database = app.app().database();
        database.transaction(() -> {
            database.write("INSERT INTO server_state (name, value) VALUES ('run', '1')")
                    .update();
            if (runs.incrementAndGet() == 1) {
                awaitEnd((int) database.read("SELECT pg_backend_pid()").number());
            }
        });
        assertThat(runs).hasValue(2);
    }

    private void awaitEnd(int process) {
        try (Connection watch = DriverManager.getConnection(url);
                Statement look = watch.createStatement()) {
            boolean alive = true;
            while (alive) {
                try (ResultSet rows = look.executeQuery("SELECT 1 FROM pg_stat_activity WHERE pid = " + process)) {
                    alive = rows.next();
                }
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// What a statement was undone with decides by its class, whichever statement of a call meets it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "25006 503",
                "53000 503",
                "53100 503",
                "53200 503",
                "53300 503",
                "53400 503",
                "55000 503",
                "55006 503",
                "55P03 503",
                "55P04 503",
                "57000 503",
                "57014 503",
                "58000 503",
                "58030 503",
                "58P01 503",
                "40001 503",
                "40P01 503",
                "40000 503",
                "72000 503",
                "57P01 503",
                "57P02 503",
                "57P03 503",
                "57P05 503",
                "25P03 503",
                "25P04 503",
                "08000 503",
                "08006 503",
                "22001 500",
                "23514 500",
                "25001 500",
                "25P02 500",
                "40002 500",
                "40003 500",
                "42501 500",
                "54000 500",
                "P0001 500",
                "XX000 500"
            })
    void whatUndidAStatementIsUnavailableOrAFaultByItsClass(String row) throws Exception {
        start("");
        String state = row.substring(0, 5);
        int status = Integer.parseInt(row.substring(6));
        change(
                "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '"
                        + state + "'; END $$",
                "CREATE TRIGGER fault BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION fault()");
        client.post("/v1/users", Map.of("email", "ada@example.com"))
                .refused(status, status == 503 ? "server_unavailable" : "internal_server_error");
        change("DROP TRIGGER fault ON users");
        createUser();
    }

    /// A migration that takes longer than the limits that a database sets for calls ends well.
    @Test
    void migrationsHaveNoLimits() throws Exception {
        change(
                "CREATE SCHEMA trap",
                """
                CREATE FUNCTION trap.slow() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
                    PERFORM pg_sleep(1.2) FROM pg_event_trigger_ddl_commands() WHERE object_identity LIKE '%.users';
                END $$""",
                "CREATE EVENT TRIGGER slow ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION trap.slow()");
        start("statement_timeout = '1s'");
        List<String> limits =
                app.app().database().read("SHOW statement_timeout").all(row -> row.text("statement_timeout"));
        assertThat(limits).as("calls keep the limit").containsExactly("1s");
    }

    private void change(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement change = connection.createStatement()) {
            for (String statement : statements) {
                change.execute(statement);
            }
        }
    }
}
