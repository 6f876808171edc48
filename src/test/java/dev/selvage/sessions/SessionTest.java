package dev.selvage.sessions;

import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.projects.Policy;
import dev.selvage.support.Client;
import dev.selvage.support.WireTest;
import dev.selvage.users.User;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;

/// What the tests of sessions share: a user, and sessions that the engine starts.
abstract class SessionTest extends WireTest {

    private static final AtomicInteger USERS = new AtomicInteger();

    protected String userId;

    @BeforeEach
    void makeUser() {
        userId = newUser("");
    }

    /// Makes a user; `members` stand beside the email.
    protected String newUser(String members) {
        String email = "u" + USERS.incrementAndGet() + "@example.com";
        return client.post("/v1/users", "{'email':'" + email + "'" + (members.isEmpty() ? "" : "," + members) + "}")
                .ok()
                .text("user_id");
    }

    /// A session of the user that rests on a password.
    protected Sessions.Issued<UserSession> start(int minutes) {
        return start(
                userId,
                minutes,
                Attributes.NONE,
                "{}",
                Factor.password(app.clock().millis()));
    }

    protected Sessions.Issued<UserSession> start(
            String ofUserId, int minutes, Attributes attributes, String claims, Factor... factors) {
        User user = app.app().users().get(client.project(), ofUserId);
        Session session = app.app()
                .sessions()
                .start(
                        client.project(),
                        new Subject.User(user.id()),
                        List.of(factors),
                        minutes,
                        attributes,
                        Json.object(claims.replace('\'', '"')));
        return app.app().sessions().issue(client.project(), new UserSession(session, user));
    }

    /// Authenticates with these members.
    protected Client.Answer authenticate(String members) {
        return client.post("/v1/sessions/authenticate", "{" + members + "}");
    }

    /// Authenticates by token; `members` stand beside it.
    protected Client.Answer authenticate(Sessions.Issued<UserSession> issued, String... members) {
        return authenticate("'session_token':'" + issued.token() + "'"
                + (members.length == 0 ? "" : "," + String.join(",", members)));
    }

    protected Client.Answer revoke(String members) {
        return client.post("/v1/sessions/revoke", "{" + members + "}");
    }

    /// The sessions that the user has by the API.
    protected Client.Answer list() {
        return client.get("/v1/sessions?user_id=" + userId).ok();
    }

    /// The time so many seconds from now, as bodies show it.
    protected String inSeconds(long seconds) {
        return Times.rfc3339(app.clock().millis() + seconds * Times.SECOND_MILLIS);
    }

    protected void advance(Duration by) {
        app.clock().advance(by);
    }

    protected void policy(Policy policy) {
        app.setting(client, "rbac", policy);
    }
}
