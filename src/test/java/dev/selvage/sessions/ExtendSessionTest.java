package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// `session_duration_minutes` of `sessions.authenticate`: `semantics.md` 3.1 and 3.3, `open-questions.md` 14.
class ExtendSessionTest extends SessionTest {

    @Test
    void theSessionThenExpiresSoManyMinutesFromNow() {
        Sessions.Issued<UserSession> issued = start(60);
        advance(Duration.ofMinutes(30));
        assertThat(authenticate(issued, "'session_duration_minutes':60").ok().text("session.expires_at"))
                .isEqualTo(inSeconds(3600));
        assertThat(list().text("sessions.0.expires_at")).isEqualTo(inSeconds(3600));
    }

    @Test
    void aShorterDurationShortensIt() {
        Sessions.Issued<UserSession> issued = start(60);
        assertThat(authenticate(issued, "'session_duration_minutes':5").ok().text("session.expires_at"))
                .isEqualTo(inSeconds(300));
        advance(Duration.ofMinutes(5));
        authenticate(issued).refused(404, "session_not_found");
    }

    @Test
    void aWindowThatSlidesWithEachCallKeepsTheSession() {
        Sessions.Issued<UserSession> issued = start(10);
        for (int i = 0; i < 10; i++) {
            advance(Duration.ofMinutes(9));
            authenticate(issued, "'session_duration_minutes':10").ok();
        }
        advance(Duration.ofMinutes(10));
        authenticate(issued, "'session_duration_minutes':10").refused(404, "session_not_found");
    }

    @Test
    void bothBoundsAreAllowed() {
        Sessions.Issued<UserSession> issued = start(60);
        authenticate(issued, "'session_duration_minutes':5").ok();
        assertThat(authenticate(issued, "'session_duration_minutes':527040")
                        .ok()
                        .text("session.expires_at"))
                .isEqualTo(inSeconds(527_040L * 60));
        authenticate(issued, "'session_duration_minutes':30.0").ok();
    }

    @Test
    void outsideTheBoundsIsRefusedAndChangesNothing() {
        Sessions.Issued<UserSession> issued = start(60);
        for (String minutes : new String[] {"4", "0", "-1", "-2147483648", "527041", "2147483647", "99999999999"}) {
            authenticate(issued, "'session_duration_minutes':" + minutes)
                    .refused(400, "invalid_session_duration_minutes");
        }
        assertThat(list().text("sessions.0.expires_at")).isEqualTo(inSeconds(3600));
    }

    @Test
    void aProjectCanHaveALowerMaximum() {
        app.setting(client, "sessions.max_duration_minutes", 60);
        Sessions.Issued<UserSession> issued = start(30);
        authenticate(issued, "'session_duration_minutes':60").ok();
        authenticate(issued, "'session_duration_minutes':61").refused(400, "invalid_session_duration");
    }

    @Test
    void theJwtOfAnExtendedSessionShowsTheNewExpiry() throws Exception {
        Sessions.Issued<UserSession> issued = start(60);
        String jwt = authenticate(issued, "'session_duration_minutes':120").ok().text("session_jwt");
        assertThat(JwtProof.verify(client, app.clock(), jwt)
                        .getClaimValue("https://stytch.com/session")
                        .toString())
                .contains("expires_at=" + inSeconds(7200));
    }
}
