package dev.selvage.otps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Race;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// `otps.sms.authenticate`.
class AuthenticateSmsOtpWireTest extends OtpWireTest {

    @Test
    void theFirstFactorForgetsNoGuessesAtTheSecond() {
        setPhone(ann, NUMBER, true);
        enrol(ann);
        String token = session(ann).token();
        text(ann, "session_token", token).ok();
        String right = mailbox.code(NUMBER);
        authenticateText(ann, mailbox.wrongCode(NUMBER), "session_token", token).refused(404, "otp_code_not_found");
        loginOrSignup(ADDRESS).ok();
        authenticate(ADDRESS, mailbox.code(ADDRESS), "session_token", token).ok();
        assertThat(now(ann).member().failures().count()).isEqualTo(1);
        authenticateText(ann, right, "session_token", token).ok();
        assertThat(now(ann).member().failures().count()).isZero();
    }

    @Test
    void aCodeCompletesASignInAndProvesTheNumber() {
        enrol(ann);
        text(ann, "mfa_phone_number", NUMBER).ok();
        String intermediate = intermediate(ann);
        Answer answer = authenticateText(ann, mailbox.code(NUMBER), "intermediate_session_token", intermediate)
                .ok();
        assertThat(answer.text("member_id")).isEqualTo(ann.member().id());
        assertThat(answer.at("member.mfa_phone_number_verified").booleanValue()).isTrue();
        assertThat(answer.text("member.default_mfa_method")).isEqualTo("sms_otp");
        assertThat(answer.text("member_session.authentication_factors.0.type")).isEqualTo("magic_link");
        assertThat(answer.text("member_session.authentication_factors.1.type")).isEqualTo("otp");
        assertThat(answer.text("member_session.authentication_factors.1.delivery_method"))
                .isEqualTo("sms");
        assertThat(answer.text("member_session.authentication_factors.1.phone_number_factor.phone_number"))
                .isEqualTo(NUMBER);
        assertThat(answer.body().propertyNames())
                .containsExactlyInAnyOrder(
                        "status_code",
                        "request_id",
                        "member_id",
                        "member",
                        "organization",
                        "session_token",
                        "session_jwt",
                        "member_session",
                        "member_device");
        client.post("/v1/b2b/sessions/authenticate", Map.of("session_token", answer.text("session_token")))
                .ok();
        nextSecond();
        text(ann).ok();
        authenticateText(ann, mailbox.code(NUMBER), "intermediate_session_token", intermediate)
                .refused(404, "intermediate_session_not_found");
    }

    @Test
    void aCodeIsAddedToASession() {
        setPhone(ann, NUMBER, true);
        var running = session(ann);
        text(ann).ok();
        Answer answer = authenticateText(
                        ann,
                        mailbox.code(NUMBER),
                        "session_jwt",
                        running.jwt(),
                        "session_duration_minutes",
                        30,
                        "session_custom_claims",
                        Map.of("claim", "value"))
                .ok();
        assertThat(answer.text("member_session.member_session_id"))
                .isEqualTo(running.session().id());
        assertThat(answer.text("session_token")).isEqualTo(running.token());
        assertThat(answer.text("member_session.custom_claims.claim")).isEqualTo("value");
        assertThat(answer.at("member_session.authentication_factors")).hasSize(2);
    }

    @Test
    void theCallSaysWhetherTheMemberEnrols() {
        setPhone(ann, NUMBER, true);
        assertThat(add().at("member.mfa_enrolled").booleanValue()).isFalse();
        assertThat(add("set_mfa_enrollment", "enroll").at("member.mfa_enrolled").booleanValue())
                .isTrue();
        assertThat(add().at("member.mfa_enrolled").booleanValue()).isTrue();
        assertThat(add("set_mfa_enrollment", "unenroll")
                        .at("member.mfa_enrolled")
                        .booleanValue())
                .isFalse();
        organizationSettings("'mfa_policy':'REQUIRED_FOR_ALL'");
        assertThat(add("set_mfa_enrollment", "unenroll")
                        .at("member.mfa_enrolled")
                        .booleanValue())
                .isTrue();
        authenticateText(ann, "123456", "session_token", session(ann).token(), "set_mfa_enrollment", "x")
                .refused(400, "bad_request");
    }

    @Test
    void theFirstSecondFactorIsTheDefaultAndOthersWhenTheCallSaysSo() {
        setPhone(ann, NUMBER, true);
        app.app()
                .members()
                .change(client.project(), ann.member().id(), member -> member.withMfa(false, MfaMethod.TOTP));
        assertThat(add().text("member.default_mfa_method")).isEqualTo("totp");
        assertThat(add("set_default_mfa", true).text("member.default_mfa_method"))
                .isEqualTo("sms_otp");
    }

    @Test
    void aSessionOfTheMemberIsNeededAndGuessesWithoutOneAreNotLookedAt() {
        setPhone(ann, NUMBER, true);
        text(ann).ok();
        Membership bob = member(organizationId, "bob@example.com");
        String wrong = mailbox.wrongCode(NUMBER);
        String right = mailbox.code(NUMBER);
        for (String code : List.of(wrong, right, wrong, right, wrong, right)) {
            authenticateText(ann, code).refused(400, "no_session_arguments");
            authenticateText(ann, code, "session_token", session(bob).token())
                    .refused(400, "member_session_member_id_mismatch");
            authenticateText(ann, code, "intermediate_session_token", intermediate(bob))
                    .refused(400, "action_available_only_once_primary_authentication_is_met");
            authenticateText(ann, code, "session_token", "x".repeat(44)).refused(404, "session_not_found");
            authenticateText(ann, code, "intermediate_session_token", "x".repeat(44))
                    .refused(404, "intermediate_session_not_found");
        }
        authenticateText(
                        ann,
                        right,
                        "session_token",
                        session(ann).token(),
                        "intermediate_session_token",
                        intermediate(ann))
                .refused(400, "too_many_session_arguments");
        assertThat(now(ann).member().failures().count()).isZero();
        authenticateText(ann, right, "session_token", session(ann).token()).ok();
    }

    @Test
    void theFirstFactorMustBeOneThatTheOrganizationAllows() {
        setPhone(ann, NUMBER, true);
        organizationSettings("'auth_methods':'RESTRICTED','allowed_auth_methods':['password']");
        text(ann).ok();
        authenticateText(ann, mailbox.code(NUMBER), "intermediate_session_token", intermediate(ann))
                .refused(400, "action_available_only_once_primary_authentication_is_met");
    }

    @Test
    void anOrganizationMayForbidCodesBySms() {
        setPhone(ann, NUMBER, true);
        text(ann).ok();
        organizationSettings("'mfa_methods':'RESTRICTED','allowed_mfa_methods':['totp']");
        authenticateText(
                        ann, mailbox.code(NUMBER), "session_token", session(ann).token())
                .refused(400, "operation_restricted_by_organization_mfa_methods");
    }

    @Test
    void aCodeWorksOnceForTwoMinutesAndNotAfterANewerOne() {
        setPhone(ann, NUMBER, true);
        String session = session(ann).token();
        text(ann).ok();
        String first = mailbox.code(NUMBER);
        nextSecond();
        text(ann).ok();
        String second = mailbox.code(NUMBER);
        if (!first.equals(second)) {
            authenticateText(ann, first, "session_token", session).refused(404, "otp_code_not_found");
        }
        app.clock().advance(Duration.ofMinutes(2).minusSeconds(1));
        authenticateText(ann, second, "session_token", session).ok();
        authenticateText(ann, second, "session_token", session).refused(401, "unable_to_auth_otp_code");
        text(ann).ok();
        app.clock().advance(Duration.ofMinutes(2));
        authenticateText(ann, mailbox.code(NUMBER), "session_token", session).refused(401, "unable_to_auth_otp_code");
    }

    @Test
    void wrongCodesLockTheMember() {
        setPhone(ann, NUMBER, true);
        String session = session(ann).token();
        authenticateText(ann, "123456", "session_token", session).refused(404, "otp_code_not_found");
        for (int i = 1; i < 10; i++) {
            nextSecond();
            text(ann).ok();
            authenticateText(ann, mailbox.wrongCode(NUMBER), "session_token", session)
                    .refused(404, "otp_code_not_found");
        }
        nextSecond();
        text(ann).ok();
        authenticateText(ann, mailbox.code(NUMBER), "session_token", session).refused(429, "user_lock_limit_reached");
        client.post("/v1/b2b/sessions/authenticate", Map.of("session_token", session))
                .ok();
    }

    @Test
    void aFirstFactorDoesNotMakeWrongCodesForgotten() {
        setPhone(ann, NUMBER, true);
        enrol(ann);
        loginOrSignup(ADDRESS).ok();
        Answer first = authenticate(ADDRESS, mailbox.code(ADDRESS)).ok();
        String intermediate = first.text("intermediate_session_token");
        authenticateText(ann, mailbox.wrongCode(NUMBER), "intermediate_session_token", intermediate)
                .refused(404, "otp_code_not_found");
        nextSecond();
        loginOrSignup(ADDRESS).ok();
        authenticate(ADDRESS, mailbox.code(ADDRESS), "intermediate_session_token", intermediate)
                .ok();
        assertThat(now(ann).member().failures().count()).isEqualTo(1);
        authenticateText(ann, mailbox.code(NUMBER), "intermediate_session_token", intermediate)
                .ok();
        assertThat(now(ann).member().failures().count()).isZero();
    }

    @Test
    void guessingInParallelGivesNoMoreGuesses() throws Exception {
        setPhone(ann, NUMBER, true);
        String session = session(ann).token();
        text(ann).ok();
        String wrong = mailbox.wrongCode(NUMBER);
        List<Answer> answers = Race.atOnce(20, call -> authenticateText(ann, wrong, "session_token", session));
        assertThat(answers.stream().filter(answer -> answer.status() == 404)).hasSize(5);
        assertThat(answers).allMatch(answer -> Set.of(404, 401, 429).contains(answer.status()));
    }

    @Test
    void ofTwoCallsWithOneCodeOneSucceeds() throws Exception {
        setPhone(ann, NUMBER, true);
        enrol(ann);
        text(ann).ok();
        String code = mailbox.code(NUMBER);
        List<String> waiting = List.of(intermediate(ann), intermediate(ann), intermediate(ann), intermediate(ann));
        List<Answer> answers =
                Race.atOnce(4, call -> authenticateText(ann, code, "intermediate_session_token", waiting.get(call)));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream()
                .filter(answer -> answer.status() != 200)
                .forEach(answer -> answer.refused(401, "unable_to_auth_otp_code"));
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(1);
    }

    @Test
    void anIntermediateSessionIsCompletedOnce() throws Exception {
        setPhone(ann, NUMBER, true);
        enrol(ann);
        text(ann).ok();
        String code = mailbox.code(NUMBER);
        String intermediate = intermediate(ann);
        List<Answer> answers =
                Race.atOnce(4, call -> authenticateText(ann, code, "intermediate_session_token", intermediate));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(1);
    }

    @Test
    void aCodeToANumberThatTheMemberHasNoMoreIsOver() {
        setPhone(ann, NUMBER, true);
        String session = session(ann).token();
        text(ann).ok();
        String code = mailbox.code(NUMBER);
        app.app().members().deletePhone(client.project(), ann.member().id());
        authenticateText(ann, code, "session_token", session).refused(404, "otp_code_not_found");
        app.app()
                .members()
                .change(
                        client.project(),
                        ann.member().id(),
                        member -> member.withPhone(new Member.Phone(
                                "phone-number-test-00000000-0000-4000-8000-000000000002", NUMBER, false)));
        authenticateText(ann, code, "session_token", session).refused(401, "unable_to_auth_otp_code");
        assertThat(now(ann).member().mfa().phone().verified()).isFalse();
    }

    @Test
    void aCodeIsOfNoUseThroughAnotherOrganizationMemberOrProject() {
        setPhone(ann, NUMBER, true);
        Membership twin = member(organization(""), ADDRESS);
        setPhone(twin, NUMBER, true);
        text(ann).ok();
        String code = mailbox.code(NUMBER);
        authenticateText(twin, code, "session_token", session(twin).token()).refused(404, "otp_code_not_found");
        client.post(
                        "/v1/b2b/otps/sms/authenticate",
                        Map.of(
                                "organization_id",
                                twin.organization().id(),
                                "member_id",
                                ann.member().id(),
                                "code",
                                code,
                                "session_token",
                                session(ann).token()))
                .refused(404, "member_not_found");
        Client stranger = app.b2b();
        stranger.post("/v1/b2b/otps/sms/authenticate", about(ann, "code", code)).refused(404, "organization_not_found");
        nextSecond();
        text(twin).ok();
        authenticateText(ann, code, "session_token", session(ann).token()).ok();
    }

    @Test
    void whatCannotBeAuthenticatedIsRefused() {
        setPhone(ann, NUMBER, true);
        authenticateText(ann, "", "session_token", session(ann).token()).refused(400, "bad_request");
        client.post(
                        "/v1/b2b/otps/sms/authenticate",
                        Map.of("member_id", ann.member().id(), "code", "123456"))
                .refused(400, "invalid_organization_id");
        client.post("/v1/b2b/otps/sms/authenticate", Map.of("organization_id", organizationId, "code", "123456"))
                .refused(400, "invalid_id");
        client.post(
                        "/v1/b2b/otps/sms/authenticate",
                        Map.of("organization_id", organizationId, "member_id", "nobody", "code", "123456"))
                .refused(404, "member_not_found");
        authenticateText(ann, "12", "session_token", session(ann).token()).refused(400, "invalid_code");
    }

    /// Adds a code by SMS to a new session.
    private Answer add(Object... besides) {
        nextSecond();
        text(ann).ok();
        Map<String, Object> body = about(ann, besides);
        body.put("code", mailbox.code(NUMBER));
        body.put("session_token", session(ann).token());
        return client.post("/v1/b2b/otps/sms/authenticate", body).ok();
    }
}
