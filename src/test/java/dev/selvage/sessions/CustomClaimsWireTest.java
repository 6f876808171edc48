package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// `session_custom_claims`: `semantics.md` 3.7, `open-questions.md` 3 to 7.
class CustomClaimsWireTest extends SessionTest {

    @Test
    void givenKeysAreSetNullDeletesAbsentKeysStay() {
        Sessions.Issued<UserSession> issued = start(userId, 60, Attributes.NONE, "{'a':1,'b':2,'c':3}");
        assertThat(merged(issued, "{'a':10,'b':null,'d':4}")).isEqualTo("{'a':10,'c':3,'d':4}");
        assertThat(list().at("sessions.0.custom_claims").toString().replace('"', '\''))
                .isEqualTo("{'a':10,'c':3,'d':4}");
    }

    @Test
    void nestedObjectsMergeAndDeleteTheSameWay() {
        Sessions.Issued<UserSession> issued = start(userId, 60, Attributes.NONE, "{'a':{'x':1,'y':{'z':1,'w':2}}}");
        assertThat(merged(issued, "{'a':{'x':null,'y':{'z':5,'v':{'u':null}}}}"))
                .isEqualTo("{'a':{'y':{'z':5,'w':2,'v':{}}}}");
    }

    @Test
    void anObjectEmptiedByDeletesStays() {
        Sessions.Issued<UserSession> issued = start(userId, 60, Attributes.NONE, "{'a':{'x':1}}");
        assertThat(merged(issued, "{'a':{'x':null}}")).isEqualTo("{'a':{}}");
        assertThat(merged(issued, "{'a':null}")).isEqualTo("{}");
    }

    @Test
    void arraysAndScalarsAreReplacedWhole() {
        Sessions.Issued<UserSession> issued =
                start(userId, 60, Attributes.NONE, "{'list':[1,2,3],'s':'x','o':{'k':1}}");
        assertThat(merged(issued, "{'list':[null,{'n':null}],'s':{'deep':true},'o':7}"))
                .isEqualTo("{'list':[null,{'n':null}],'s':{'deep':true},'o':7}");
    }

    @Test
    void claimsAreMergedWithoutADurationToo() {
        Sessions.Issued<UserSession> issued = start(60);
        advance(Duration.ofSeconds(5));
        assertThat(merged(issued, "{'a':1}")).isEqualTo("{'a':1}");
        assertThat(list().text("sessions.0.expires_at")).isEqualTo(inSeconds(3595));
    }

    @Test
    void theSevenRegisteredNamesAreIgnored() {
        Sessions.Issued<UserSession> issued = start(60);
        assertThat(merged(
                        issued,
                        "{'iss':'x','sub':'x','aud':'x','exp':1,'nbf':1,'iat':1,'jti':'x','kept':{'iss':'nested'}}"))
                .isEqualTo("{'kept':{'iss':'nested'}}");
    }

    @Test
    void aStrictProjectRefusesTheRegisteredNames() {
        app.setting(client, "sessions.strict_reserved_claims", true);
        Sessions.Issued<UserSession> issued = start(60);
        authenticate(issued, "'session_custom_claims':{'sub':'x'}").refused(400, "reserved_claims_in_custom_claims");
        authenticate(issued, "'session_custom_claims':{'kept':1}").ok();
    }

    @Test
    void namesUnderStytchComAreRefusedAndChangeNothing() {
        Sessions.Issued<UserSession> issued = start(60);
        for (String name :
                new String[] {"https://stytch.com/session", "https://stytch.com/organization", "https://stytch.com/"}) {
            authenticate(issued, "'session_duration_minutes':5,'session_custom_claims':{'a':1,'" + name + "':{}}")
                    .refused(400, "stytch_claims_in_custom_claims");
        }
        assertThat(list().text("sessions.0.expires_at")).isEqualTo(inSeconds(3600));
        authenticate(issued, "'session_custom_claims':{'https://example.com/x':1}")
                .ok();
    }

    @Test
    void fourKilobytesAreCountedAfterTheMerge() {
        Sessions.Issued<UserSession> issued = start(60);
        // {"a":"…"} is eight bytes longer than its text.
        authenticate(issued, "'session_custom_claims':{'a':'" + "x".repeat(4088) + "'}")
                .ok();
        authenticate(issued, "'session_custom_claims':{'a':'" + "x".repeat(4089) + "'}")
                .refused(400, "custom_claims_too_large");
        authenticate(issued, "'session_custom_claims':{'b':1}").refused(400, "custom_claims_too_large");
        authenticate(issued, "'session_custom_claims':{'a':null,'b':'" + "x".repeat(4088) + "'}")
                .ok();
        // Umlauts have two bytes.
        authenticate(issued, "'session_custom_claims':{'b':'" + "ü".repeat(2044) + "'}")
                .ok();
        authenticate(issued, "'session_custom_claims':{'b':'" + "ü".repeat(2045) + "'}")
                .refused(400, "custom_claims_too_large");
    }

    @Test
    void aRefusedUpdateWritesNothing() {
        Sessions.Issued<UserSession> issued = start(userId, 60, Attributes.NONE, "{'a':1}");
        advance(Duration.ofSeconds(30));
        authenticate(
                        issued,
                        "'session_duration_minutes':5,'session_custom_claims':{'a':2,'b':'" + "x".repeat(5000) + "'}")
                .refused(400, "custom_claims_too_large");
        assertThat(list().at("sessions.0.custom_claims").toString()).isEqualTo("{\"a\":1}");
        assertThat(list().text("sessions.0.expires_at")).isEqualTo(inSeconds(3570));
        assertThat(list().text("sessions.0.last_accessed_at")).isEqualTo(inSeconds(-30));
    }

    @Test
    void claimsStandAtTheTopOfTheJwtAndCannotForgeIt() throws Exception {
        Sessions.Issued<UserSession> issued = start(60);
        String jwt = authenticate(
                        issued, "'session_custom_claims':{'plan':'gold','sub':'user-test-eve','exp':9999999999}")
                .ok()
                .text("session_jwt");
        var claims = JwtProof.verify(client, app.clock(), jwt);
        assertThat(claims.getStringClaimValue("plan")).isEqualTo("gold");
        assertThat(claims.getSubject()).isEqualTo(userId);
        assertThat(claims.getExpirationTime().getValue())
                .isEqualTo(app.clock().instant().getEpochSecond() + 300);
    }

    @Test
    void everyKindOfValueComesBackAsItWas() {
        Sessions.Issued<UserSession> issued = start(60);
        String claims = "{'s':'Zoë 🧵','i':9007199254740993,'n':-1,'f':1.5,'t':true,'e':{},'l':[[],{}],'':'empty'}";
        assertThat(merged(issued, claims)).isEqualTo(claims);
        assertThat(authenticate(issued)
                        .ok()
                        .at("session.custom_claims")
                        .toString()
                        .replace('"', '\''))
                .isEqualTo(claims);
    }

    @Test
    void anEmptyObjectOrNullChangesNothing() {
        Sessions.Issued<UserSession> issued = start(userId, 60, Attributes.NONE, "{'a':1}");
        assertThat(merged(issued, "{}")).isEqualTo("{'a':1}");
        assertThat(merged(issued, "null")).isEqualTo("{'a':1}");
    }

    @Test
    void numbersThatAreNoneAreRefused() {
        Sessions.Issued<UserSession> issued = start(60);
        for (String number : new String[] {"NaN", "Infinity", "1e400", "-1e400", "01", "1" + "0".repeat(200)}) {
            authenticate(issued, "'session_custom_claims':{'a':" + number + "}").refused(400, "bad_request");
        }
    }

    @Test
    void textThatIsNoneIsRefused() {
        Sessions.Issued<UserSession> issued = start(60);
        authenticate(issued, "'session_custom_claims':{'a':'\\u0000'}").refused(400, "bad_request");
        authenticate(issued, "'session_custom_claims':{'a':'\\ud800'}").refused(400, "bad_request");
        authenticate(issued, "'session_custom_claims':{'\\ud800':1}").refused(400, "bad_request");
    }

    private String merged(Sessions.Issued<UserSession> issued, String claims) {
        return authenticate(issued, "'session_custom_claims':" + claims)
                .ok()
                .at("session.custom_claims")
                .toString()
                .replace('"', '\'');
    }
}
