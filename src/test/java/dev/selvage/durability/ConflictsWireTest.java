package dev.selvage.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.db.Database;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.TestApp;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// With every transaction serializable, and conflicts injected by the server at statements and at commits, no
/// call fails and none has its effect twice.
@Tag("postgresql")
class ConflictsWireTest {

    private static final int CALLERS = 4;
    private static final int LIVES = 3;
    /// Of the statements and rows written, one in so many meets a conflict.
    private static final int ONE_IN = 20;
    private static final List<String> TABLES = List.of(
            "subjects",
            "users",
            "user_factors",
            "passwords",
            "sessions",
            "organizations",
            "members",
            "member_emails",
            "counters");

    private TestApp app;

    @BeforeEach
    void start() throws Exception {
        var directory = Files.createTempDirectory("selvage-test");
        String url = Engine.POSTGRESQL.newStore(directory) + "&options=-c%20default_transaction_isolation=serializable";
        app = TestApp.start(Engine.POSTGRESQL, config -> TestApp.config(directory, url));
    }

    @AfterEach
    void close() {
        app.close();
    }

    @Test
    void noCallFailsAndNoneHasItsEffectTwice() throws Exception {
        Client users = app.consumer();
        Client members = app.b2b();
        inject();
        List<Future<?>> lives = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                int caller = i;
                lives.add(callers.submit(() -> {
                    for (int life = 0; life < LIVES; life++) {
                        user(users, "user-" + caller + "-" + life + "@example.com");
                        member(members, "org-" + caller + "-" + life);
                    }
                }));
            }
        }
        for (Future<?> life : lives) {
            life.get();
        }
        int all = CALLERS * LIVES;
        assertThat(count("SELECT COUNT(*) FROM users")).isEqualTo(all);
        assertThat(count("SELECT COUNT(*) FROM sessions WHERE organization_id IS NULL"))
                .isEqualTo(2 * all);
        assertThat(count("SELECT COUNT(*) FROM sessions WHERE organization_id IS NULL AND ended_at IS NOT NULL"))
                .isEqualTo(all);
        assertThat(
                        count(
                                "SELECT COUNT(*) FROM sessions WHERE version <> 1 AND organization_id IS NULL AND ended_at IS NULL"))
                .isZero();
        assertThat(count("SELECT COUNT(*) FROM organizations")).isEqualTo(all);
        assertThat(count("SELECT COUNT(*) FROM members")).isEqualTo(all);
        assertThat(count("SELECT last_value FROM injected"))
                .as("conflicts injected")
                .isGreaterThan(all);
    }

    private static void user(Client client, String email) {
        String password = "correct horse battery staple";
        var created = client.post(
                        "/v1/passwords", Map.of("email", email, "password", password, "session_duration_minutes", 60))
                .ok();
        client.post(
                        "/v1/sessions/authenticate",
                        Map.of(
                                "session_token",
                                created.text("session_token"),
                                "session_custom_claims",
                                Map.of("seen", 1)))
                .ok();
        var second = client.post(
                        "/v1/passwords/authenticate",
                        Map.of("email", email, "password", password, "session_duration_minutes", 60))
                .ok();
        assertThat(client.get("/v1/sessions?user_id=" + created.text("user_id"))
                        .ok()
                        .at("sessions")
                        .size())
                .isEqualTo(2);
        client.post("/v1/sessions/revoke", Map.of("session_token", second.text("session_token")))
                .ok();
        client.post("/v1/sessions/authenticate", Map.of("session_token", second.text("session_token")))
                .refused(404, "session_not_found");
        client.post("/v1/passwords/authenticate", Map.of("email", email, "password", "wrong"))
                .refused(401, "unauthorized_credentials");
        assertThat(client.get("/v1/sessions?user_id=" + created.text("user_id"))
                        .ok()
                        .at("sessions")
                        .size())
                .isEqualTo(1);
    }

    private static void member(Client client, String slug) {
        String organization = client.post(
                        "/v1/b2b/organizations", Map.of("organization_name", slug, "organization_slug", slug))
                .ok()
                .text("organization.organization_id");
        var member = client.post(
                        "/v1/b2b/organizations/" + organization + "/members",
                        Map.of("email_address", slug + "@example.com"))
                .ok();
        client.put(
                        "/v1/b2b/organizations/" + organization + "/members/" + member.text("member_id"),
                        "{\"name\":\"Ada\"}")
                .ok();
        assertThat(client.get("/v1/b2b/sessions?organization_id=" + organization + "&member_id="
                                + member.text("member_id"))
                        .ok()
                        .at("member_sessions")
                        .size())
                .isZero();
    }

    /// From now on. A sequence is not rolled back, so it counts.
    private void inject() {
        Database database = app.app().database();
        database.transaction(() -> {
            database.write("CREATE SEQUENCE written").update();
            database.write("CREATE SEQUENCE injected").update();
            database.write("""
                    CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF nextval('written') %% %s = 0 THEN
                            IF nextval('injected') %% 2 = 0 THEN
                                RAISE EXCEPTION 'injected' USING ERRCODE = '40001';
                            END IF;
                            RAISE EXCEPTION 'injected' USING ERRCODE = '40P01';
                        END IF;
                        RETURN NULL;
                    END $$""".formatted(ONE_IN)).update();
            for (String table : TABLES) {
                database.write("CREATE TRIGGER fault_at_statement BEFORE INSERT OR UPDATE OR DELETE ON " + table
                                + " FOR EACH STATEMENT EXECUTE FUNCTION fault()")
                        .update();
                database.write("CREATE CONSTRAINT TRIGGER fault_at_commit AFTER INSERT OR UPDATE OR DELETE ON " + table
                                + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fault()")
                        .update();
            }
        });
    }

    private long count(String sql) {
        return app.app().database().read(sql).number();
    }
}
