package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Environment;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Client;
import dev.selvage.support.WireTest;
import java.time.Duration;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.Test;

/// `semantics.md` 14, the part of sessions.
class SandboxSessionTest extends WireTest {

    private static final String TOKEN = "WJtR5BCy38Szd5AfoDpf0iqFKEt4EE5JhjlWUY7l3FtY";
    private static final String USER = "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd";
    private static final String SESSION = "session-test-eb94233f-8800-4ebd-8645-51dc15f9d028";

    @Test
    void theSandboxTokenAnswersWithTheFixedSession() {
        Client.Answer answer = authenticate("'session_token':'" + TOKEN + "'").ok();
        assertThat(answer.text("session_token")).isEqualTo(TOKEN);
        assertThat(answer.text("session.session_id")).isEqualTo(SESSION);
        assertThat(answer.text("session.user_id")).isEqualTo(USER);
        assertThat(answer.text("session.started_at")).isEqualTo("2021-08-28T00:41:58.935673Z");
        assertThat(answer.text("session.last_accessed_at"))
                .isEqualTo(app.clock().instant().toString());
        assertThat(answer.text("session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofHours(1)).toString());
        assertThat(answer.at("session.roles")).isEmpty();
        assertThat(answer.text("session.authentication_factors.0.email_factor.email_address"))
                .isEqualTo("sandbox@stytch.com");
        assertThat(answer.text("user.user_id")).isEqualTo(USER);
        assertThat(answer.text("user.emails.0.email_id")).isEqualTo("email-test-23873e89-d4ed-4e92-b3b9-e5c7198fa286");
        assertThat(answer.text("user.phone_numbers.0.phone_number")).isEqualTo("+10000000000");
    }

    @Test
    void theSandboxJwtIsVerifiedByTheKeysOfTheProject() throws Exception {
        String jwt = authenticate("'session_token':'" + TOKEN + "'").ok().text("session_jwt");
        JwtClaims claims = JwtProof.verify(client, app.clock(), jwt);
        assertThat(claims.getSubject()).isEqualTo(USER);
        assertThat(claims.getClaimValue("https://stytch.com/session").toString())
                .contains("id=" + SESSION, "started_at=2021-08-28T00:41:58Z", "roles=[]");
    }

    @Test
    void theSandboxJwtNamesTheSessionToo() {
        String jwt = authenticate("'session_token':'" + TOKEN + "'").ok().text("session_jwt");
        Client.Answer answer = authenticate("'session_jwt':'" + jwt + "'").ok();
        assertThat(answer.text("session.session_id")).isEqualTo(SESSION);
        assertThat(answer.text("session_token")).isEqualTo(TOKEN);
    }

    @Test
    void durationAndClaimsShowInTheAnswerAndAreNotKept() {
        Client.Answer answer = authenticate(
                        "'session_token':'" + TOKEN + "','session_duration_minutes':5,'session_custom_claims':{'a':1}")
                .ok();
        assertThat(answer.text("session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofMinutes(5)).toString());
        assertThat(answer.at("session.custom_claims.a").asInt(0)).isEqualTo(1);
        Client.Answer later = authenticate("'session_token':'" + TOKEN + "'").ok();
        assertThat(later.at("session.custom_claims")).isEmpty();
        assertThat(later.text("session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofHours(1)).toString());
    }

    @Test
    void theSandboxSessionHasNoRolesAndIsAuthorizedForNothing() {
        authenticate("'session_token':'" + TOKEN
                        + "','authorization_check':{'resource_id':'documents','action':'read'}")
                .refused(403, "consumer_session_authorization_error");
    }

    @Test
    void theOtherSandboxTokenIsUnknown() {
        authenticate("'session_token':'59cnLELtq5cFVS6uYK9f-pAWzBkhqZl8AvLhbhOvKNWw'")
                .refused(404, "session_not_found");
    }

    @Test
    void theSandboxUserIsNotStored() {
        authenticate("'session_token':'" + TOKEN + "'").ok();
        client.get("/v1/sessions?user_id=" + USER).refused(404, "user_not_found");
        client.get("/v1/users/" + USER).refused(404, "user_not_found");
    }

    @Test
    void revokingTheSandboxSessionSucceedsAndChangesNothing() {
        client.post("/v1/sessions/revoke", "{'session_token':'" + TOKEN + "'}").ok();
        client.post("/v1/sessions/revoke", "{'session_id':'" + SESSION + "'}").ok();
        String jwt = authenticate("'session_token':'" + TOKEN + "'").ok().text("session_jwt");
        client.post("/v1/sessions/revoke", "{'session_jwt':'" + jwt + "'}").ok();
        authenticate("'session_token':'" + TOKEN + "'").ok();
        authenticate("'session_jwt':'" + jwt + "'").ok();
    }

    @Test
    void aLiveProjectHasNoSandbox() {
        client = app.client(Vertical.CONSUMER, Environment.LIVE);
        assertUnknown();
    }

    @Test
    void aTestProjectCanSwitchTheSandboxOff() {
        String jwt = authenticate("'session_token':'" + TOKEN + "'").ok().text("session_jwt");
        app.setting(client, "sandbox", false);
        assertUnknown();
        authenticate("'session_jwt':'" + jwt + "'").refused(404, "session_not_found");
    }

    private void assertUnknown() {
        authenticate("'session_token':'" + TOKEN + "'").refused(404, "session_not_found");
        client.post("/v1/sessions/revoke", "{'session_token':'" + TOKEN + "'}").refused(404, "session_not_found");
    }

    private Client.Answer authenticate(String members) {
        return client.post("/v1/sessions/authenticate", "{" + members + "}");
    }
}
