package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.support.WireTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionsWireTest extends WireTest {

    @Test
    void aUserWithoutSessionsHasAnEmptyList() {
        String userId = client.post("/v1/users", "{'email':'a@example.com'}").ok().text("user_id");
        assertThat(client.get("/v1/sessions?user_id=" + userId).ok().at("sessions")).isEmpty();
    }

    @Test
    void anUnknownUserIsNotFound() {
        client.get("/v1/sessions?user_id=user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6").refused(404, "user_not_found");
    }

    @Test
    void aStartedSessionIsListedAuthenticatedAndRevoked() {
        String userId = client.post("/v1/users", "{'email':'a@example.com'}").ok().text("user_id");
        var user = app.app().users().get(client.project(), userId);
        Session session = app.app().sessions().start(client.project(), user, List.of(Factor.password(app.clock().millis())), 60,
                Attributes.NONE, Json.object());
        String token = app.app().sessions().issue(client.project(), session, user).token();
        assertThat(client.get("/v1/sessions?user_id=" + userId).ok().text("sessions.0.session_id")).isEqualTo(session.id());
        var answer = client.post("/v1/sessions/authenticate", "{'session_token':'" + token + "'}").ok();
        assertThat(answer.text("session_token")).isEqualTo(token);
        client.post("/v1/sessions/authenticate", "{'session_jwt':'" + answer.text("session_jwt") + "','session_duration_minutes':30}").ok();
        client.post("/v1/sessions/revoke", "{'session_token':'" + token + "'}").ok();
        client.post("/v1/sessions/authenticate", "{'session_token':'" + token + "'}").refused(404, "session_not_found");
        client.get("/v1/sessions/jwks/" + client.projectId()).ok();
    }
}
