package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.projects.SigningKey;
import dev.selvage.projects.SigningKeys;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.Nodes;
import dev.selvage.support.Race;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/// Three servers over one store: what one has answered holds at all of them at once.
class NodesTest extends SessionTest {

    private static final Duration UNTIL_A_KEY_SIGNS = Duration.ofMillis(SigningKeys.PUBLISHED_BEFORE_MILLIS);

    private Nodes nodes;

    @BeforeParameterizedClassInvocation
    void startMore() {
        nodes = Nodes.beside(app, 2);
    }

    @AfterParameterizedClassInvocation
    void stopMore() {
        nodes.close();
    }

    @Test
    void aRevokeIsSeenByAllAtOnce() {
        endsEverywhere((node, issued) -> node.post("/v1/sessions/revoke", "{'session_token':'" + issued.token() + "'}")
                .ok());
        endsEverywhere((node, issued) -> node.post("/v1/sessions/revoke", "{'session_jwt':'" + issued.jwt() + "'}")
                .ok());
        endsEverywhere((node, issued) -> node.post(
                        "/v1/sessions/revoke",
                        "{'session_id':'" + issued.session().id() + "'}")
                .ok());
    }

    @Test
    void theEndOfAUserIsSeenByAllAtOnce() {
        for (Client node : nodes.clients(client)) {
            userId = newUser("");
            Sessions.Issued<UserSession> issued = start(60);
            nodes.clients(client).forEach(each -> accepts(each, issued));
            node.delete("/v1/users/" + userId).ok();
            nodes.clients(client).forEach(each -> {
                refuses(each, issued);
                each.get("/v1/sessions?user_id=" + userId).refused(404, "user_not_found");
            });
        }
    }

    @Test
    void aPasswordResetEndsSessionsForAllAtOnce() {
        Mailbox mailbox = new Mailbox(app, client);
        int number = 0;
        for (Client node : nodes.clients(client)) {
            String email = "reset" + number++ + "@example.com";
            userId = node.post("/v1/passwords", Map.of("email", email, "password", "correct horse battery staple 7"))
                    .ok()
                    .text("user_id");
            Sessions.Issued<UserSession> issued = start(60);
            nodes.clients(client).forEach(each -> accepts(each, issued));
            client.post("/v1/passwords/email/reset/start", Map.of("email", email))
                    .ok();
            node.post(
                            "/v1/passwords/email/reset",
                            Map.of("token", mailbox.token(email), "password", "an entirely different sentence 8"))
                    .ok();
            nodes.clients(client).forEach(each -> refuses(each, issued));
            advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void wrongPasswordsCountAcrossNodesAndTheLockHoldsAtAll() {
        String email = "locked@example.com";
        client.post("/v1/passwords", Map.of("email", email, "password", "correct horse battery staple 7"))
                .ok();
        for (int i = 0; i < 10; i++) {
            nodes.inTurn(client, i)
                    .post("/v1/passwords/authenticate", Map.of("email", email, "password", "wrong"))
                    .refused(401, "unauthorized_credentials");
        }
        nodes.clients(client).forEach(node -> node.post(
                        "/v1/passwords/authenticate",
                        Map.of("email", email, "password", "correct horse battery staple 7"))
                .refused(429, "user_lock_limit_reached"));
    }

    @Test
    void aMessageThatOneNodeSentCountsAtTheOthers() {
        for (int i = 0; i < 3; i++) {
            nodes.inTurn(client, i)
                    .post("/v1/magic_links/email/login_or_create", "{'email':'often@example.com'}")
                    .ok();
            nodes.clients(client)
                    .forEach(node -> node.post("/v1/magic_links/email/login_or_create", "{'email':'often@example.com'}")
                            .refused(429, "too_many_requests"));
            advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void nodesThatRotateAtOnceMakeOneKeyAndAllUseIt() throws Exception {
        Sessions.Issued<UserSession> before = start(60);
        nodes.clients(client).forEach(node -> accepts(node, before));
        List<SigningKey> made = Race.atOnce(12, call -> keys(call).rotate(client.project()));
        assertThat(made)
                .extracting(SigningKey::kid)
                .containsOnly(made.getFirst().kid());
        nodes.clients(client).forEach(node -> assertThat(kids(node))
                .hasSize(2)
                .contains(made.getFirst().kid()));

        advance(UNTIL_A_KEY_SIGNS);
        List<String> jwts = nodes.clients(client).stream()
                .map(node -> accepts(node, before).text("session_jwt"))
                .toList();
        for (String jwt : jwts) {
            assertThat(JwtProof.verify(client, app.clock(), jwt)).isNotNull();
            nodes.clients(client).forEach(node -> byJwt(node, jwt).ok());
        }
        assertThat(kids(client)).hasSize(2);
    }

    @Test
    void nodesThatFindTheSameKeyDueAtOnceMakeOne() throws Exception {
        start(60);
        advance(Duration.ofMillis(SigningKeys.ROTATES_AFTER_MILLIS + 1));
        Race.atOnce(12, call -> keys(call)
                .rotateDue(nodes.all().get(call % nodes.all().size()).app().projects()));
        nodes.clients(client).forEach(node -> assertThat(kids(node)).hasSize(2));
    }

    @Test
    void nodesThatSignForTheFirstTimeAtOnceUseOneKey() throws Exception {
        List<SigningKey> made = Race.atOnce(12, call -> keys(call).current(client.project()));
        assertThat(made)
                .extracting(SigningKey::kid)
                .containsOnly(made.getFirst().kid());
    }

    @Test
    void aJwtWhoseKeyANodeHasNotSeenVerifiesThere() {
        Sessions.Issued<UserSession> issued = start(60);
        nodes.clients(client).forEach(NodesTest::kids);
        SigningKey next = keys(0).rotate(client.project());
        advance(UNTIL_A_KEY_SIGNS);
        String jwt = accepts(client, issued).text("session_jwt");
        assertThat(new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[0]), StandardCharsets.UTF_8))
                .contains(next.kid());
        nodes.clients(client).forEach(node -> byJwt(node, jwt).ok());
    }

    @Test
    void aSecretThatOneNodeRevokedIsSoonRefusedByAll() {
        Client second = client.at(nodes.all().getLast());
        second.post("/v1/users/search", "{}").ok();
        var secrets = app.app().projects();
        assertThat(secrets.revokeSecret(
                        client.project(),
                        secrets.secrets(client.project()).getFirst().secretId()))
                .isTrue();
        client.post("/v1/users/search", "{}").refused(401, "unauthorized_credentials");
        // Projects.CACHE_SECONDS, by a clock that no test turns.
        Client.Answer answer = second.post("/v1/users/search", "{}");
        while (answer.status() == 200) {
            answer = second.post("/v1/users/search", "{}");
        }
        answer.refused(401, "unauthorized_credentials");
    }

    /// At each node a session is ended that all have accepted; then none accepts it or shows it.
    private void endsEverywhere(BiConsumer<Client, Sessions.Issued<UserSession>> end) {
        for (Client node : nodes.clients(client)) {
            Sessions.Issued<UserSession> issued = start(60);
            nodes.clients(client).forEach(each -> {
                accepts(each, issued);
                assertThat(each.get("/v1/sessions?user_id=" + userId).ok().at("sessions"))
                        .hasSize(1);
            });
            end.accept(node, issued);
            nodes.clients(client).forEach(each -> {
                refuses(each, issued);
                assertThat(each.get("/v1/sessions?user_id=" + userId).ok().at("sessions"))
                        .isEmpty();
            });
        }
    }

    private static Client.Answer accepts(Client node, Sessions.Issued<UserSession> issued) {
        byJwt(node, issued.jwt()).ok();
        return byToken(node, issued).ok();
    }

    private static void refuses(Client node, Sessions.Issued<UserSession> issued) {
        byToken(node, issued).refused(404, "session_not_found");
        byJwt(node, issued.jwt()).refused(404, "session_not_found");
    }

    private static Client.Answer byToken(Client node, Sessions.Issued<UserSession> issued) {
        return node.post("/v1/sessions/authenticate", "{'session_token':'" + issued.token() + "'}");
    }

    private static Client.Answer byJwt(Client node, String jwt) {
        return node.post("/v1/sessions/authenticate", "{'session_jwt':'" + jwt + "'}");
    }

    private SigningKeys keys(int call) {
        return nodes.all().get(call % nodes.all().size()).app().keys();
    }

    private static List<String> kids(Client node) {
        return node.get("/v1/sessions/jwks/" + node.projectId())
                .ok()
                .at("keys")
                .valueStream()
                .map(key -> key.path("kid").stringValue())
                .toList();
    }
}
