package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// `POST /v1/sessions/revoke`: `semantics.md` 3.5 and 8, `open-questions.md` 1.
class RevokeSessionTest extends SessionTest {

    @Test
    void byIdByTokenAndByJwt() {
        Sessions.Issued<UserSession> byId = start(60);
        Sessions.Issued<UserSession> byToken = start(60);
        Sessions.Issued<UserSession> byJwt = start(60);
        revoke("'session_id':'" + byId.session().id() + "'").ok();
        authenticate(byId).refused(404, "session_not_found");
        revoke("'session_token':'" + byToken.token() + "'").ok();
        authenticate(byToken).refused(404, "session_not_found");
        revoke("'session_jwt':'" + byJwt.jwt() + "'").ok();
        authenticate(byJwt).refused(404, "session_not_found");
    }

    @Test
    void theAnswerHoldsNothingElse() {
        Client.Answer answer =
                revoke("'session_id':'" + start(60).session().id() + "'").ok();
        assertThat(answer.body().propertyNames()).containsExactlyInAnyOrder("status_code", "request_id");
    }

    @Test
    void theTokenAndTheJwtDieAtOnceForTheServer() {
        Sessions.Issued<UserSession> issued = start(60);
        revoke("'session_token':'" + issued.token() + "'").ok();
        authenticate("'session_jwt':'" + issued.jwt() + "'").refused(404, "session_not_found");
        // Verifiers that do not ask the server still accept it until its expiry.
        JwtProof.verify(client, app.clock(), issued.jwt());
    }

    @Test
    void aJwtPastItsExpiryStillRevokes() {
        Sessions.Issued<UserSession> issued = start(60);
        advance(Duration.ofMinutes(30));
        revoke("'session_jwt':'" + issued.jwt() + "'").ok();
        authenticate(issued).refused(404, "session_not_found");
    }

    @Test
    void aSecondRevokeSucceeds() {
        Sessions.Issued<UserSession> issued = start(60);
        for (int i = 0; i < 2; i++) {
            revoke("'session_id':'" + issued.session().id() + "'").ok();
            revoke("'session_token':'" + issued.token() + "'").ok();
            revoke("'session_jwt':'" + issued.jwt() + "'").ok();
        }
    }

    @Test
    void anExpiredSessionCanBeRevoked() {
        Sessions.Issued<UserSession> issued = start(5);
        advance(Duration.ofHours(1));
        revoke("'session_token':'" + issued.token() + "'").ok();
    }

    @Test
    void oneThatNeverWasIsNotFound() {
        revoke("'session_id':'session-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6'")
                .refused(404, "session_not_found");
        revoke("'session_token':'" + "a".repeat(44) + "'").refused(404, "session_not_found");
    }

    @Test
    void malformedValuesAreRefused() {
        for (String id : new String[] {"x", "session-test-1", "user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6"}) {
            revoke("'session_id':'" + id + "'").refused(400, "invalid_session_id");
        }
        revoke("'session_token':'x'").refused(400, "invalid_session_token");
        revoke("'session_jwt':'x'").refused(400, "unable_to_parse_session_jwt");
    }

    @Test
    void anIdOfTheOtherEnvironmentIsNamedAsSuch() {
        revoke("'session_id':'session-live-16d9ba61-97a1-4ba4-9720-b03761dc50c6'")
                .refused(400, "live_id_used_in_test_environment");
    }

    @Test
    void exactlyOneArgumentIsNeeded() {
        Sessions.Issued<UserSession> issued = start(60);
        revoke("").refused(400, "no_session_revoke_arguments");
        client.call("POST", "/v1/sessions/revoke", null).refused(400, "no_session_revoke_arguments");
        revoke("'session_id':'" + issued.session().id() + "','session_token':'" + issued.token() + "'")
                .refused(400, "too_many_session_revoke_arguments");
        revoke("'session_jwt':'" + issued.jwt() + "','session_token':'" + issued.token() + "'")
                .refused(400, "too_many_session_revoke_arguments");
        authenticate(issued).ok();
    }

    @Test
    void aSessionOfAnotherProjectIsNotFoundAndLives() {
        Sessions.Issued<UserSession> issued = start(60);
        Client other = app.consumer();
        other.post("/v1/sessions/revoke", "{'session_id':'" + issued.session().id() + "'}")
                .refused(404, "session_not_found");
        other.post("/v1/sessions/revoke", "{'session_token':'" + issued.token() + "'}")
                .refused(404, "session_not_found");
        other.post("/v1/sessions/revoke", "{'session_jwt':'" + issued.jwt() + "'}")
                .refused(400, "unable_to_parse_session_jwt");
        authenticate(issued).ok();
    }

    @Test
    void otherSessionsOfTheUserLive() {
        Sessions.Issued<UserSession> revoked = start(60);
        Sessions.Issued<UserSession> kept = start(60);
        revoke("'session_id':'" + revoked.session().id() + "'").ok();
        authenticate(kept).ok();
    }

    @Test
    void aRevokedSessionIsSweptOnlyAfterItsRetention() {
        Sessions.Issued<UserSession> issued = start(60);
        revoke("'session_id':'" + issued.session().id() + "'").ok();
        advance(Duration.ofMillis(Sessions.RETENTION_MILLIS));
        app.app().sessions().sweep(500);
        revoke("'session_id':'" + issued.session().id() + "'").ok();
        advance(Duration.ofMillis(1));
        assertThat(app.app().sessions().sweep(500)).isPositive();
        revoke("'session_id':'" + issued.session().id() + "'").refused(404, "session_not_found");
    }

    @Test
    void allOfAUserOrAllButOneCanBeEnded() {
        Sessions.Issued<UserSession> first = start(60);
        Sessions.Issued<UserSession> kept = start(60);
        app.app()
                .sessions()
                .revokeOthers(
                        client.project(),
                        userId,
                        Optional.of(kept.session().id()),
                        Sessions.RevocationReason.PASSWORD_RESET);
        authenticate(first).refused(404, "session_not_found");
        authenticate(kept).ok();
        app.app().sessions().revokeAll(client.project(), userId, Sessions.RevocationReason.PASSWORD_RESET);
        authenticate(kept).refused(404, "session_not_found");
    }
}
