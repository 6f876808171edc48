package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// `POST /v1/sessions/authenticate` without duration and claims: `semantics.md` 3.3, `open-questions.md` 12,
/// 14, 20.
class AuthenticateSessionTest extends SessionTest {

    @Test
    void aTokenAnswersTheSessionTheUserTheTokenAndAJwt() {
        Sessions.Issued<UserSession> issued = start(60);
        Client.Answer answer = authenticate(issued).ok();
        assertThat(answer.text("session.session_id")).isEqualTo(issued.session().id());
        assertThat(answer.text("session_token")).isEqualTo(issued.token()).hasSize(44);
        assertThat(answer.text("session_jwt")).isNotEmpty();
        assertThat(answer.text("user.user_id")).isEqualTo(userId);
        assertThat(answer.at("user.emails")).hasSize(1);
        assertThat(answer.body().has("verdict")).isFalse();
    }

    @Test
    void aJwtIsAnsweredWithTheTokenAndANewJwt() {
        Sessions.Issued<UserSession> issued = start(60);
        advance(Duration.ofSeconds(1));
        Client.Answer answer =
                authenticate("'session_jwt':'" + issued.jwt() + "'").ok();
        assertThat(answer.text("session_token")).isEqualTo(issued.token());
        assertThat(answer.text("session_jwt")).isNotEqualTo(issued.jwt());
        authenticate("'session_jwt':'" + answer.text("session_jwt") + "'").ok();
    }

    @Test
    void theTokenKeepsItsValueOverTheWholeLife() {
        Sessions.Issued<UserSession> issued = start(60);
        for (int i = 0; i < 3; i++) {
            advance(Duration.ofMinutes(50));
            assertThat(authenticate(issued, "'session_duration_minutes':60")
                            .ok()
                            .text("session_token"))
                    .isEqualTo(issued.token());
        }
    }

    @Test
    void everyAuthenticateMovesTheTimeOfAccess() {
        Sessions.Issued<UserSession> issued = start(60);
        advance(Duration.ofSeconds(90));
        Client.Answer answer = authenticate(issued).ok();
        assertThat(answer.text("session.last_accessed_at")).isEqualTo(inSeconds(0));
        assertThat(answer.text("session.started_at")).isEqualTo(inSeconds(-90));
        advance(Duration.ofSeconds(10));
        assertThat(list().text("sessions.0.last_accessed_at")).isEqualTo(inSeconds(-10));
    }

    @Test
    void withoutADurationTheExpiryStays() {
        Sessions.Issued<UserSession> issued = start(60);
        advance(Duration.ofMinutes(1));
        assertThat(authenticate(issued).ok().text("session.expires_at")).isEqualTo(inSeconds(59 * 60));
        assertThat(authenticate(issued, "'session_duration_minutes':null").ok().text("session.expires_at"))
                .isEqualTo(inSeconds(59 * 60));
    }

    @Test
    void aUserWithoutAnyUseStaysSignedInUntilExpiry() {
        Sessions.Issued<UserSession> issued = start(7 * 24 * 60);
        advance(Duration.ofDays(6));
        authenticate(issued).ok();
    }

    @Test
    void noArgumentsAreRefused() {
        authenticate("").refused(400, "no_session_arguments");
        authenticate("'session_token':'','session_jwt':''").refused(400, "no_session_arguments");
        authenticate("'session_token':null").refused(400, "no_session_arguments");
        client.call("POST", "/v1/sessions/authenticate", null).refused(400, "no_session_arguments");
    }

    @Test
    void twoArgumentsAreRefused() {
        Sessions.Issued<UserSession> issued = start(60);
        authenticate("'session_token':'" + issued.token() + "','session_jwt':'" + issued.jwt() + "'")
                .refused(400, "too_many_session_arguments");
        authenticate("'session_token':'x','session_jwt':'y'").refused(400, "too_many_session_arguments");
    }

    @Test
    void anUnknownTokenIsNotFound() {
        authenticate("'session_token':'" + "a".repeat(44) + "'").refused(404, "session_not_found");
    }

    @Test
    void aMalformedTokenIsInvalid() {
        for (String token : new String[] {
            "invalid-token-for-test",
            "INVALID",
            "a".repeat(42),
            "a".repeat(46),
            "a".repeat(5_000),
            "a".repeat(43) + "!",
            "a".repeat(43) + " ",
            "a".repeat(43) + "ü"
        }) {
            authenticate("'session_token':'" + token + "'").refused(400, "invalid_session_token");
        }
    }

    @Test
    void aTokenOfAnotherProjectIsNotFound() {
        Sessions.Issued<UserSession> issued = start(60);
        app.consumer()
                .post("/v1/sessions/authenticate", "{'session_token':'" + issued.token() + "'}")
                .refused(404, "session_not_found");
        authenticate(issued).ok();
    }

    @Test
    void anExpiredSessionCannotBeRevived() {
        Sessions.Issued<UserSession> issued = start(5);
        advance(Duration.ofMinutes(5));
        authenticate(issued, "'session_duration_minutes':60").refused(404, "session_not_found");
        authenticate("'session_jwt':'" + issued.jwt() + "','session_duration_minutes':60")
                .refused(404, "session_not_found");
    }

    @Test
    void wrongJsonTypesNameTheField() {
        Client.Answer answer = authenticate("'session_token':5").refused(400, "bad_request");
        assertThat(answer.text("error_details.field")).isEqualTo("session_token");
        authenticate("'session_token':'x','session_duration_minutes':'5'").refused(400, "bad_request");
        authenticate("'session_token':'x','session_duration_minutes':5.5").refused(400, "bad_request");
        authenticate("'session_token':'x','session_duration_minutes':true").refused(400, "bad_request");
        authenticate("'session_token':'x','session_custom_claims':[1]").refused(400, "bad_request");
        authenticate("'session_token':'x','session_custom_claims':'a'").refused(400, "bad_request");
        authenticate("'session_token':['x']").refused(400, "bad_request");
        authenticate("'session_token':'x','authorization_check':'read'").refused(400, "bad_request");
    }

    @Test
    void bodiesThatAreNoObjectsAreRefused() {
        for (String body :
                new String[] {"[]", "\"x\"", "7", "{", "{}{}", "{\"a\":1,\"a\":2}", "[".repeat(500), "nul"}) {
            client.call("POST", "/v1/sessions/authenticate", body).refused(400, "bad_request");
        }
    }

    @Test
    void membersThatThisServerDoesNotKnowAreIgnored() {
        authenticate(start(60), "'telemetry_id':'x','locale':'en','session_management_type':3")
                .ok();
    }

    @Test
    void aFactorWhoseEmailWasDeletedStaysAsHistory() {
        String emailId = client.get("/v1/users/" + userId).ok().text("emails.0.email_id");
        Sessions.Issued<UserSession> issued = start(
                userId,
                60,
                Attributes.NONE,
                "{}",
                Factor.emailMagicLink(emailId, "gone@example.com", app.clock().millis()));
        app.app()
                .database()
                .write("DELETE FROM user_factors WHERE project_id = :p AND factor_id = :f")
                .bind("p", client.projectId())
                .bind("f", emailId)
                .update();
        assertThat(authenticate(issued).ok().text("session.authentication_factors.0.email_factor.email_id"))
                .isEqualTo(emailId);
    }

    @Test
    void aLockedUserKeepsItsRunningSessions() {
        Sessions.Issued<UserSession> issued = start(120);
        for (int i = 0; i < 10; i++) {
            app.app().subjects().recordFailure(client.project(), userId);
        }
        Client.Answer answer = authenticate(issued).ok();
        assertThat(answer.at("user.is_locked").asBoolean(false)).isTrue();
    }

    @Test
    void theSessionsOfADeletedUserEndWithIt() {
        Sessions.Issued<UserSession> issued = start(60);
        app.app()
                .database()
                .write("DELETE FROM subjects WHERE project_id = :p AND subject_id = :s")
                .bind("p", client.projectId())
                .bind("s", userId)
                .update();
        authenticate(issued).refused(404, "session_not_found");
        authenticate("'session_jwt':'" + issued.jwt() + "'").refused(404, "session_not_found");
        client.get("/v1/sessions?user_id=" + userId).refused(404, "user_not_found");
    }

    @Test
    void rolesAreThoseThatTheUserHasNow() {
        Sessions.Issued<UserSession> issued = start(60);
        app.app()
                .database()
                .write("UPDATE users SET roles = '[\"editor\"]' WHERE user_id = :u")
                .bind("u", userId)
                .update();
        assertThat(authenticate(issued).ok().at("session.roles").toString()).isEqualTo("[\"stytch_user\",\"editor\"]");
        assertThat(list().at("sessions.0.roles").toString()).isEqualTo("[\"stytch_user\",\"editor\"]");
    }
}
