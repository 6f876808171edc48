package dev.selvage.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.TestApp;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/// A store without room refuses what it cannot keep, says so in the API's shape, still answers what it can
/// read, and goes on when there is room again.
class FullStoreWireTest {

    private TestApp app;

    @AfterEach
    void close() {
        app.close();
    }

    @OnBothEngines
    void aFullStoreRefusesReadsAndGoesOn(Engine engine) {
        app = TestApp.start(engine);
        Client client = app.consumer();
        Client.Answer first = create(client, 0).ok();
        fill(engine);
        int kept = 0;
        Client.Answer refused = create(client, 1);
        while (refused.status() == 200) {
            kept++;
            refused = create(client, kept + 1);
        }
        refused.refused(503, "server_unavailable");
        assertThat(refused.text("request_id")).startsWith("request-id-test-");
        Map<String, String> token = Map.of("session_token", first.text("session_token"));
        assertThat(ready(client)).isEqualTo("read_only");
        client.post("/v1/sessions/authenticate", token).ok();
        assertThat(client.get("/v1/sessions?user_id=" + first.text("user_id"))
                        .ok()
                        .at("sessions")
                        .size())
                .isOne();
        makeRoom(engine);
        create(client, kept + 1).ok();
        assertThat(ready(client)).isEqualTo("ready");
        assertThat(app.app().database().read("SELECT COUNT(*) FROM users").number())
                .as("nothing of what was refused, all of what was not")
                .isEqualTo(kept + 2);
    }

    private static String ready(Client client) {
        return client.get("/readyz").ok().text("status");
    }

    private static Client.Answer create(Client client, int number) {
        return client.post(
                "/v1/passwords",
                Map.of(
                        "email",
                        "user" + number + "@example.com",
                        "password",
                        "correct horse battery staple",
                        "session_duration_minutes",
                        60));
    }

    private void fill(Engine engine) {
        app.app().database().transaction(() -> {
            switch (engine) {
                // Of this connection, which is given up with the first write that finds no room.
                case SQLITE ->
                    app.app().database().write("PRAGMA max_page_count = 1").update();
                case POSTGRESQL -> {
                    app.app()
                            .database()
                            .write("CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                                    + "$$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$")
                            .update();
                    app.app()
                            .database()
                            .write(
                                    "CREATE TRIGGER no_room BEFORE INSERT ON sessions FOR EACH STATEMENT EXECUTE FUNCTION no_room()")
                            .update();
                }
            }
        });
    }

    private void makeRoom(Engine engine) {
        if (engine == Engine.POSTGRESQL) {
            app.app().database().write("DROP TRIGGER no_room ON sessions").update();
        }
    }
}
