package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.Config;
import dev.selvage.base.Json;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.Statements;
import dev.selvage.users.User;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;

/// How many statements a call of a user's session sends to the store. One more is one more way to the database
/// and back.
class SessionStatementsTest extends SessionTest {

    private Statements statements;

    @Override
    protected Config configure(Config config) {
        statements = Statements.watch();
        return config;
    }

    @AfterParameterizedClassInvocation
    void stopWatching() {
        statements.close();
    }

    @Test
    void aListIsOneRead() {
        start(60);
        start(60);
        sends(this::list, "SELECT users");
    }

    @Test
    void anAuthenticateIsOneReadAndNoWrite() {
        Sessions.Issued<UserSession> issued = start(60);
        sends(() -> authenticate(issued), "SELECT sessions");
        sends(() -> authenticate("'session_jwt':'" + issued.jwt() + "'"), "SELECT sessions");
    }

    @Test
    void anExtensionOrAClaimIsOneWriteMore() {
        Sessions.Issued<UserSession> issued = start(60);
        sends(() -> authenticate(issued, "'session_duration_minutes':30"), "SELECT sessions", "UPDATE sessions");
        sends(() -> authenticate(issued, "'session_custom_claims':{'a':1}"), "SELECT sessions", "UPDATE sessions");
    }

    @Test
    void aRevokeIsOneWrite() {
        Sessions.Issued<UserSession> byToken = start(60);
        Sessions.Issued<UserSession> byJwt = start(60);
        Sessions.Issued<UserSession> byId = start(60);
        sends(() -> revoke("'session_token':'" + byToken.token() + "'"), "UPDATE sessions");
        sends(() -> revoke("'session_jwt':'" + byJwt.jwt() + "'"), "UPDATE sessions");
        sends(() -> revoke("'session_id':'" + byId.session().id() + "'"), "UPDATE sessions");
    }

    @Test
    void aStartIsOneWriteAndOneMoreWhereSessionsAreLimited() {
        User user = app.app().users().get(client.project(), userId);
        Runnable starts = () -> app.app()
                .sessions()
                .start(
                        client.project(),
                        new Subject.User(user.id()),
                        List.of(Factor.password(app.clock().millis())),
                        60,
                        Attributes.NONE,
                        Json.object());
        assertThat(statements.during(starts)).containsExactly("INSERT sessions");
        app.setting(client, "sessions.max_per_user", 2);
        assertThat(statements.during(starts)).containsExactly("INSERT sessions", "UPDATE sessions");
    }

    @Test
    void aSignInByPasswordSendsThese() {
        Map<String, String> credentials =
                Map.of("email", "ada@example.com", "password", "correct horse battery staple 7");
        client.post("/v1/passwords", credentials).ok();
        sends(
                () -> client.post("/v1/passwords/authenticate", with(credentials, "session_duration_minutes", 60)),
                "SELECT user_identifiers",
                "SELECT users",
                "SELECT passwords",
                "UPDATE passwords",
                "SELECT users",
                "INSERT sessions");
    }

    @Test
    void aCallThatContinuesASessionReadsItOnce() {
        Map<String, String> credentials =
                Map.of("email", "ada@example.com", "password", "correct horse battery staple 7");
        client.post("/v1/passwords", credentials).ok();
        String token = client.post("/v1/passwords/authenticate", with(credentials, "session_duration_minutes", 60))
                .ok()
                .text("session_token");
        Map<String, String> byToken = Map.of("session_token", token);
        readsASessionOnce("/v1/passwords/authenticate", with(credentials, "session_token", token));
        readsASessionOnce("/v1/passwords/session/reset", with(byToken, "password", "correct horse battery staple 8"));
        client.post("/v1/magic_links/email/login_or_create", "{'email':'ada@example.com'}")
                .ok();
        String link = new Mailbox(app, client).token("ada@example.com");
        readsASessionOnce("/v1/magic_links/authenticate", with(byToken, "token", link));
    }

    private void readsASessionOnce(String path, Map<String, ?> body) {
        assertThat(statements.during(() -> client.post(path, body).ok())).containsOnlyOnce("SELECT sessions");
    }

    @Test
    void aSignInByMagicLinkSendsTheseAndTheFirstOneThoseThatEndWhatWasThereBefore() {
        signInSends(
                "UPDATE links",
                "SELECT users",
                "UPDATE subjects",
                "SELECT users",
                "UPDATE user_factors",
                "UPDATE user_identifiers",
                "UPDATE users",
                "UPDATE passwords",
                "DELETE totps",
                "UPDATE links",
                "UPDATE codes",
                "DELETE intermediate_sessions",
                "UPDATE subjects",
                "UPDATE sessions",
                "SELECT users",
                "INSERT sessions");
        app.clock().advance(Duration.ofSeconds(2));
        signInSends(
                "UPDATE links",
                "SELECT users",
                "UPDATE user_factors",
                "UPDATE user_identifiers",
                "UPDATE users",
                "SELECT users",
                "INSERT sessions");
    }

    private void signInSends(String... wanted) {
        client.post("/v1/magic_links/email/login_or_create", "{'email':'ada@example.com'}")
                .ok();
        String token = new Mailbox(app, client).token("ada@example.com");
        List<String> sent = statements.during(() -> client.post(
                        "/v1/magic_links/authenticate", Map.of("token", token, "session_duration_minutes", 60))
                .ok());
        // One start in 32, by chance, looks how many sessions there are.
        assertThat(sent.getLast().equals("SELECT sessions") ? sent.subList(0, sent.size() - 1) : sent)
                .isEqualTo(List.of(wanted));
    }

    private void sends(Supplier<Client.Answer> call, String... wanted) {
        assertThat(statements.during(() -> call.get().ok())).isEqualTo(List.of(wanted));
    }
}
