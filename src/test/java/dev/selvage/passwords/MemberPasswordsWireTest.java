package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.members.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.support.Client;
import dev.selvage.support.Race;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/// Signing in by the password of a member, and changing it by the one before and by a session.
class MemberPasswordsWireTest extends MemberPasswordTest {

    private Client.Answer byPassword(String organizationId, String existing, String password, Object... more) {
        return client.post(
                "/v1/b2b/passwords/existing_password/reset",
                with(
                        Map.of(
                                "organization_id",
                                organizationId,
                                "email_address",
                                EMAIL,
                                "existing_password",
                                existing,
                                "new_password",
                                password),
                        more));
    }

    private Client.Answer bySession(String organizationId, String token, String password, Object... more) {
        return client.post(
                "/v1/b2b/passwords/session/reset",
                with(Map.of("organization_id", organizationId, "session_token", token, "password", password), more));
    }

    @Test
    void theRightPasswordStartsASessionOfAnHour() {
        String acme = organization("");
        Membership ada = memberWithPassword(acme, EMAIL);
        Client.Answer in = authenticate(acme, "Ada@ACME.example", PASSWORD).ok();
        assertThat(in.at("member_authenticated").booleanValue()).isTrue();
        assertThat(in.text("member_id")).isEqualTo(ada.member().id());
        assertThat(in.text("member.member_password_id")).startsWith("member-password-test-");
        assertThat(in.at("member_session.authentication_factors")).hasSize(1);
        assertThat(in.text("member_session.authentication_factors.0.type")).isEqualTo("password");
        assertThat(in.text("member_session.authentication_factors.0.delivery_method"))
                .isEqualTo("knowledge");
        assertThat(in.text("intermediate_session_token")).isEmpty();
        assertThat(in.at("mfa_required").isNull()).isTrue();
        sessionOf(in).ok();
        app.clock().advance(Duration.ofMinutes(60));
        sessionOf(in).refused(404, "session_not_found");
    }

    @Test
    void anOrganizationIsNamedBySlugToo() {
        String acme = organization("'organization_slug':'acme-pw'");
        memberWithPassword(acme, EMAIL);
        authenticate("acme-pw", EMAIL, PASSWORD).ok();
    }

    @Test
    void whatDoesNotSignInSaysWhy() {
        String acme = organization("");
        member(acme, EMAIL);
        authenticate(acme, EMAIL, PASSWORD).refused(404, "member_password_not_found");
        authenticate(acme, "nobody@acme.example", PASSWORD).refused(404, "member_not_found");
        authenticate("organization-test-00000000-0000-4000-8000-000000000000", EMAIL, PASSWORD)
                .refused(404, "organization_not_found");
        authenticate("no organization", EMAIL, PASSWORD).refused(400, "invalid_organization_id");
        authenticate(acme, "x", PASSWORD).refused(400, "invalid_email");
        authenticate(acme, EMAIL, "").refused(400, "bad_request");
        authenticate(acme, EMAIL, "x".repeat(4_097)).refused(400, "bad_request");
        memberWithPassword(acme, "bob@acme.example");
        authenticate(acme, "bob@acme.example", "wrong").refused(401, "unauthorized_credentials");
        authenticate(acme, "bob@acme.example", PASSWORD, "session_token", "A".repeat(44))
                .refused(404, "session_not_found");
        authenticate(acme, "bob@acme.example", PASSWORD, "intermediate_session_token", "A".repeat(44))
                .refused(404, "intermediate_session_not_found");
        authenticate(acme, "bob@acme.example", PASSWORD, "session_duration_minutes", 4)
                .refused(400, "invalid_session_duration_minutes");
    }

    @Test
    void aMemberIsFoundInTheOwnOrganizationAndProjectOnly() {
        String acme = organization("");
        String other = organization("");
        memberWithPassword(acme, EMAIL);
        authenticate(other, EMAIL, PASSWORD).refused(404, "member_not_found");
        member(other, EMAIL);
        authenticate(other, EMAIL, PASSWORD).refused(404, "member_password_not_found");
        client = app.b2b();
        authenticate(acme, EMAIL, PASSWORD).refused(404, "organization_not_found");
    }

    @Test
    void theSamePersonHasAPasswordInEachOrganization() {
        String acme = organization("");
        String other = organization("");
        memberWithPassword(acme, EMAIL);
        memberWithPassword(other, EMAIL);
        Client.Answer elsewhere = authenticate(other, EMAIL, PASSWORD).ok();
        byPassword(acme, PASSWORD, NEW_PASSWORD).ok();
        authenticate(acme, EMAIL, NEW_PASSWORD).ok();
        authenticate(other, EMAIL, PASSWORD).ok();
        sessionOf(elsewhere).ok();
    }

    @Test
    void anOrganizationThatForbidsPasswordsTakesNone() {
        String acme = organization("'auth_methods':'RESTRICTED','allowed_auth_methods':['magic_link']");
        Membership ada = memberWithPassword(acme, EMAIL);
        String forbidden = "operation_restricted_by_organization_auth_methods";
        authenticate(acme, EMAIL, PASSWORD).refused(400, forbidden);
        byPassword(acme, PASSWORD, NEW_PASSWORD).refused(400, forbidden);
        bySession(acme, session(ada).token(), NEW_PASSWORD).refused(400, forbidden);
        start(acme, EMAIL).refused(400, forbidden);
        assertThat(mailbox.messages(EMAIL)).isEmpty();
    }

    @Test
    void aSecondFactorIsAskedForWhereItIsDue() {
        String acme = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        memberWithPassword(acme, EMAIL);
        Client.Answer half = authenticate(acme, EMAIL, PASSWORD).ok();
        assertThat(half.at("member_authenticated").booleanValue()).isFalse();
        assertThat(half.at("member_session").isNull()).isTrue();
        assertThat(half.text("session_token")).isEmpty();
        assertThat(half.text("intermediate_session_token")).isNotEmpty();
        assertThat(half.at("mfa_required").isObject()).isTrue();
        Client.Answer again = authenticate(
                        acme, EMAIL, PASSWORD, "intermediate_session_token", half.text("intermediate_session_token"))
                .ok();
        assertThat(again.text("intermediate_session_token")).isEqualTo(half.text("intermediate_session_token"));
    }

    @Test
    void aRunningSessionGainsThePassword() {
        String acme = organization("");
        Membership ada = memberWithPassword(acme, EMAIL);
        var running = session(ada);
        Client.Answer in = authenticate(acme, EMAIL, PASSWORD, "session_token", running.token())
                .ok();
        assertThat(in.text("member_session.member_session_id"))
                .isEqualTo(running.session().id());
        assertThat(in.at("member_session.authentication_factors")).hasSize(2);
    }

    @Test
    void wrongPasswordsLockTheMember() {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        for (int attempt = 1; attempt < LOCK_THRESHOLD; attempt++) {
            authenticate(acme, EMAIL, "wrong").refused(401, "unauthorized_credentials");
        }
        authenticate(acme, EMAIL, PASSWORD).ok();
        for (int attempt = 0; attempt < LOCK_THRESHOLD; attempt++) {
            byPassword(acme, "wrong", NEW_PASSWORD).refused(400, "password_does_not_match");
        }
        authenticate(acme, EMAIL, PASSWORD).refused(429, "user_lock_limit_reached");
        byPassword(acme, PASSWORD, NEW_PASSWORD).refused(429, "user_lock_limit_reached");
        app.clock().advance(Duration.ofMinutes(60));
        authenticate(acme, EMAIL, PASSWORD).ok();
    }

    @Test
    void guessingInParallelGivesNoMoreGuesses() throws InterruptedException, ExecutionException {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        List<Client.Answer> answers = Race.atOnce(2 * LOCK_THRESHOLD, number -> authenticate(acme, EMAIL, "wrong"));
        assertThat(answers.stream().filter(answer -> answer.status() == 401)).hasSize(LOCK_THRESHOLD);
        assertThat(answers.stream().filter(answer -> answer.status() == 429)).hasSize(LOCK_THRESHOLD);
    }

    @Test
    void aPasswordThatIsNotGoodEnoughAnyMoreMustBeReset() {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        app.setting(
                client,
                "passwords",
                Map.of(
                        "strength_policy",
                        "LUDS",
                        "luds_minimum_length",
                        128,
                        "luds_minimum_complexity",
                        4,
                        "check_strength_on_authenticate",
                        true));
        authenticate(acme, EMAIL, PASSWORD).refused(400, "member_reset_password");
        authenticate(acme, EMAIL, "wrong").refused(401, "unauthorized_credentials");
    }

    @Test
    void aChangeByTheOldPasswordEndsEverySessionAlsoTheNamedOne() {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        Client.Answer first = authenticate(acme, EMAIL, PASSWORD).ok();
        Client.Answer second = authenticate(acme, EMAIL, PASSWORD).ok();
        Client.Answer changed = byPassword(acme, PASSWORD, NEW_PASSWORD, "session_token", first.text("session_token"))
                .ok();
        assertThat(changed.text("member.member_password_id")).isEqualTo(first.text("member.member_password_id"));
        assertThat(changed.text("member_session.member_session_id"))
                .isNotEqualTo(first.text("member_session.member_session_id"));
        sessionOf(first).refused(404, "session_not_found");
        sessionOf(second).refused(404, "session_not_found");
        sessionOf(changed).ok();
        authenticate(acme, EMAIL, PASSWORD).refused(401, "unauthorized_credentials");
        authenticate(acme, EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void aChangeEndsHalfSignInsThatRestOnTheOldPassword() {
        String acme = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        memberWithPassword(acme, EMAIL);
        String half = authenticate(acme, EMAIL, PASSWORD).ok().text("intermediate_session_token");
        byPassword(acme, PASSWORD, NEW_PASSWORD).ok();
        authenticate(acme, EMAIL, NEW_PASSWORD, "intermediate_session_token", half)
                .refused(404, "intermediate_session_not_found");
    }

    @Test
    void aChangeWithASessionAsksForNoSecondFactorAgain() {
        String acme = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        Membership ada = memberWithPassword(acme, EMAIL);
        String full = session(
                        ada,
                        Factor.password(app.clock().millis()),
                        Factor.totp(
                                "totp-test-00000000-0000-4000-8000-000000000001",
                                app.clock().millis()))
                .token();
        Client.Answer changed =
                byPassword(acme, PASSWORD, NEW_PASSWORD, "session_token", full).ok();
        assertThat(changed.at("member_authenticated").booleanValue()).isTrue();
        assertThat(changed.text("session_token")).isNotEqualTo(full);
        assertThat(changed.at("member_session.authentication_factors")).hasSize(2);
        client.post("/v1/b2b/sessions/authenticate", Map.of("session_token", full))
                .refused(404, "session_not_found");
        assertThat(byPassword(acme, NEW_PASSWORD, PASSWORD)
                        .ok()
                        .at("member_authenticated")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void aChangeByTheOldPasswordIsRefusedWhereSomethingIsWrong() {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        byPassword(acme, PASSWORD, "password").refused(400, "weak_password");
        byPassword(acme, PASSWORD, "").refused(400, "bad_request");
        byPassword(acme, "", NEW_PASSWORD).refused(400, "bad_request");
        byPassword(acme, "wrong", NEW_PASSWORD).refused(400, "password_does_not_match");
        byPassword(acme, PASSWORD, NEW_PASSWORD, "session_token", "A".repeat(44))
                .refused(404, "session_not_found");
        byPassword(acme, PASSWORD, NEW_PASSWORD, "email_address", "nobody@acme.example")
                .refused(404, "member_not_found");
        byPassword(acme, PASSWORD, NEW_PASSWORD, "organization_id", organization(""))
                .refused(404, "member_not_found");
        authenticate(acme, EMAIL, PASSWORD).ok();
    }

    @Test
    void aFreshSessionSetsAFirstPasswordAndEndsTheOthers() {
        String acme = organization("");
        Membership ada = member(acme, EMAIL);
        var own = session(ada);
        var other = session(ada);
        Client.Answer set = bySession(acme, own.token(), NEW_PASSWORD).ok();
        assertThat(set.text("member.member_password_id")).startsWith("member-password-test-");
        assertThat(set.text("session_token")).isEqualTo(own.token());
        assertThat(set.at("member_session.authentication_factors")).hasSize(2);
        assertThat(sessionsOf(ada).ok().at("member_sessions")).hasSize(1);
        client.post("/v1/b2b/sessions/authenticate", Map.of("session_token", other.token()))
                .refused(404, "session_not_found");
        authenticate(acme, EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void aSessionOfFiveMinutesAgoSetsNoPassword() {
        String acme = organization("");
        Membership ada = member(acme, EMAIL);
        String token = session(ada).token();
        app.clock().advance(Duration.ofMinutes(5));
        bySession(acme, token, NEW_PASSWORD).ok();
        app.clock().advance(Duration.ofMinutes(5).plusMillis(1));
        bySession(acme, token, PASSWORD).refused(400, "session_too_old_to_reset_password");
    }

    @Test
    void aSessionSetsAPasswordInItsOwnOrganizationOnly() {
        String acme = organization("");
        String other = organization("");
        Membership ada = member(acme, EMAIL);
        Membership elsewhere = member(other, EMAIL);
        String token = session(ada).token();
        bySession(other, token, NEW_PASSWORD).refused(404, "session_not_found");
        bySession(acme, token, "password").refused(400, "weak_password");
        bySession(acme, "A".repeat(44), NEW_PASSWORD).refused(404, "session_not_found");
        client.post("/v1/b2b/passwords/session/reset", Map.of("organization_id", acme, "password", NEW_PASSWORD))
                .refused(400, "no_session_arguments");
        bySession(acme, token, NEW_PASSWORD, "session_jwt", "x.y.z").refused(400, "too_many_session_arguments");
        bySession(acme, token, NEW_PASSWORD).ok();
        authenticate(other, EMAIL, NEW_PASSWORD).refused(404, "member_password_not_found");
        assertThat(elsewhere.member().passwordId()).isEmpty();
    }

    @Test
    void ofTwoChangesByTheOldPasswordOneWins() throws InterruptedException, ExecutionException {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        Race.oneWins(
                Race.atOnce(2, number -> byPassword(acme, PASSWORD, NEW_PASSWORD + number)), "password_does_not_match");
    }

    @Test
    void noSessionByTheOldPasswordOutlivesAChange() throws InterruptedException, ExecutionException {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        List<Client.Answer> answers = Race.atOnce(
                6,
                number -> number == 0 ? byPassword(acme, PASSWORD, NEW_PASSWORD) : authenticate(acme, EMAIL, PASSWORD));
        sessionOf(answers.getFirst().ok()).ok();
        for (Client.Answer in : answers.subList(1, answers.size())) {
            if (in.status() == 200) {
                sessionOf(in).refused(404, "session_not_found");
            } else {
                in.refused(401, "unauthorized_credentials");
            }
        }
    }
}
