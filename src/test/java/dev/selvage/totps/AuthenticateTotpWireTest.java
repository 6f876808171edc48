package dev.selvage.totps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import dev.selvage.support.Race;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `totps.authenticate`.
class AuthenticateTotpWireTest extends TotpWireTest {

    @Test
    void aCodeCompletesASignIn() {
        migrated(ann);
        String intermediate = intermediate(ann);
        Answer answer = authenticate(ann, "code", code(0), "intermediate_session_token", intermediate)
                .ok();
        assertThat(answer.text("member_session.authentication_factors.0.type")).isEqualTo("magic_link");
        assertThat(answer.text("member_session.authentication_factors.1.type")).isEqualTo("totp");
        assertThat(answer.text("member_session.authentication_factors.1.delivery_method"))
                .isEqualTo("authenticator_app");
        assertThat(answer.text("member_session.authentication_factors.1.sequence_order"))
                .isEqualTo("SECONDARY");
        assertThat(answer.text("member_session.authentication_factors.1.authenticator_app_factor.totp_id"))
                .isEqualTo(answer.text("member.totp_registration_id"));
        assertThat(answer.text("member_session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofMinutes(60)).toString());
        client.post("/v1/b2b/sessions/authenticate", Map.of("session_token", answer.text("session_token")))
                .ok();
        client.post("/v1/b2b/sessions/authenticate", Map.of("session_jwt", answer.text("session_jwt")))
                .ok();
        nextCodes();
        authenticate(ann, "code", code(0), "intermediate_session_token", intermediate)
                .refused(404, "intermediate_session_not_found");
    }

    @Test
    void aCodeIsAddedToASession() {
        migrated(ann);
        Sessions.Issued<MemberSession> running = session(ann);
        app.clock().advance(Duration.ofMinutes(1));
        Answer byToken = authenticate(ann, "code", code(0), "session_token", running.token())
                .ok();
        assertThat(byToken.text("member_session.member_session_id"))
                .isEqualTo(running.session().id());
        assertThat(byToken.text("session_token")).isEqualTo(running.token());
        assertThat(byToken.at("member_session.authentication_factors")).hasSize(2);
        nextCodes();
        Answer byJwt = authenticate(
                        ann,
                        "code",
                        code(0),
                        "session_jwt",
                        byToken.text("session_jwt"),
                        "session_duration_minutes",
                        30,
                        "session_custom_claims",
                        Map.of("claim", "value"))
                .ok();
        assertThat(byJwt.at("member_session.authentication_factors")).hasSize(2);
        assertThat(byJwt.text("member_session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofMinutes(30)).toString());
        assertThat(byJwt.text("member_session.custom_claims.claim")).isEqualTo("value");
    }

    @Test
    void guessingAtOnceGivesNoMoreGuessesThanTheLockAllows() throws Exception {
        migrated(ann);
        String token = session(ann).token();
        List<Answer> answers =
                Race.atOnce(24, i -> authenticate(ann, "code", "%06d".formatted(i), "session_token", token));
        assertThat(answers)
                .filteredOn(answer -> answer.text("error_type").equals("unable_to_authenticate_totp"))
                .hasSize(10);
        assertThat(answers)
                .filteredOn(answer -> answer.text("error_type").equals("user_lock_limit_reached"))
                .hasSize(14);
    }

    @Test
    void exactlyOneSessionArgumentIsNeeded() {
        migrated(ann);
        authenticate(ann, "code", code(0)).refused(400, "no_session_arguments");
        authenticate(
                        ann,
                        "code",
                        code(0),
                        "session_token",
                        session(ann).token(),
                        "intermediate_session_token",
                        intermediate(ann))
                .refused(400, "too_many_session_arguments");
        authenticate(ann, "code", code(0), "session_token", "x").refused(400, "invalid_session_token");
        authenticate(ann, "code", code(0), "session_token", "x".repeat(44)).refused(404, "session_not_found");
        authenticate(ann, "code", code(0), "intermediate_session_token", "x".repeat(44))
                .refused(404, "intermediate_session_not_found");
        authenticate(ann, "code", code(0), "session_token", session(ann).token(), "session_duration_minutes", 1)
                .refused(400, "invalid_session_duration_minutes");
        authenticate(ann, "code", code(0), "session_token", session(ann).token())
                .ok();
    }

    @Test
    void theSessionMustBeTheMembers() {
        migrated(ann);
        Membership bob = member(organizationId, "bob@example.com");
        authenticate(ann, "code", code(0), "session_token", session(bob).token())
                .refused(400, "member_session_member_id_mismatch");
        authenticate(ann, "code", code(0), "intermediate_session_token", intermediate(bob))
                .refused(400, "action_available_only_once_primary_authentication_is_met");
        authenticate(ann, "code", code(0), "session_token", session(ann).token())
                .ok();
    }

    @Test
    void aRegistrationFromBeforeAnotherSecondFactorNeedsThatOne() {
        String secret = create(ann, "expiration_minutes", 60).ok().text("secret");
        setPhone(ann, true);
        String intermediate = intermediate(ann);
        authenticate(ann, "code", code(secret, 0), "intermediate_session_token", intermediate)
                .refused(404, "secondary_factor_not_found");
        authenticate(ann, "code", code(secret, 0), "session_token", session(ann).token())
                .refused(404, "secondary_factor_not_found");
        assertThat(now(ann).member().mfa().totpId()).isEmpty();
        Member.Phone phone = now(ann).member().mfa().phone();
        String both = session(
                        ann,
                        Factor.password(app.clock().millis()),
                        Factor.smsOtp(phone.id(), phone.number(), app.clock().millis()))
                .token();
        authenticate(ann, "code", code(secret, 0), "session_token", both).ok();
    }

    @Test
    void codesOfAnotherMemberAreOfNoUse() {
        Membership bob = member(organizationId, "bob@example.com");
        migrated(bob);
        authenticate(ann, "code", code(0), "session_token", session(ann).token())
                .refused(404, "totp_not_found");
        create(ann).ok();
        authenticate(ann, "code", code(0), "session_token", session(ann).token())
                .refused(401, "unable_to_authenticate_totp");
        authenticate(bob, "code", code(0), "session_token", session(bob).token())
                .ok();
    }

    @Test
    void whatIsNoCodeIsRefused() {
        List<String> codes = migrated(ann);
        String token = session(ann).token();
        authenticate(ann, "session_token", token).refused(400, "bad_request");
        authenticate(ann, "code", "12345", "session_token", token).refused(400, "invalid_totp_code");
        authenticate(ann, "code", codes.getFirst(), "session_token", token)
                .refused(401, "recovery_code_used_as_totp_code");
        authenticate(ann, "code", wrongCode(), "session_token", token).refused(401, "unable_to_authenticate_totp");
        authenticate(ann, "code", code(0), "session_token", token, "set_mfa_enrollment", "maybe")
                .refused(400, "bad_request");
        assertThat(sessionsOf(ann).ok().at("member_sessions.0.authentication_factors"))
                .hasSize(1);
    }

    @Test
    void aCodeWorksOnce() {
        migrated(ann);
        String code = code(0);
        authenticate(ann, "code", code, "session_token", session(ann).token()).ok();
        authenticate(ann, "code", code, "session_token", session(ann).token())
                .refused(401, "totp_code_already_authenticated");
    }

    @Test
    void aRefusalLeavesTheCodeUsable() {
        migrated(ann);
        String token = session(ann).token();
        authenticate(
                        ann,
                        "code",
                        code(0),
                        "session_token",
                        token,
                        "session_custom_claims",
                        Map.of("claim", "x".repeat(5_000)))
                .refused(400, "custom_claims_too_large");
        authenticate(ann, "code", code(0), "session_token", token).ok();
    }

    @Test
    void tenWrongCodesLockTheMember() {
        List<String> codes = migrated(ann);
        String token = session(ann).token();
        for (int i = 0; i < 10; i++) {
            authenticate(ann, "code", wrongCode(), "session_token", token).refused(401, "unable_to_authenticate_totp");
        }
        authenticate(ann, "code", code(0), "session_token", token).refused(429, "user_lock_limit_reached");
        recover(ann, "recovery_code", codes.getFirst(), "session_token", token).refused(429, "user_lock_limit_reached");
        Membership bob = member(organizationId, "bob@example.com");
        migrated(bob);
        authenticate(bob, "code", code(0), "session_token", session(bob).token())
                .ok();
        app.clock().advance(Duration.ofMinutes(60));
        authenticate(ann, "code", code(0), "session_token", session(ann).token())
                .ok();
    }

    @Test
    void aFirstFactorForgetsNoGuessesAtTheSecondAlsoWhereNoneIsDue() {
        migrated(ann);
        for (int i = 0; i < 10; i++) {
            String token = signedInByEmail();
            authenticate(ann, "code", wrongCode(), "session_token", token).refused(401, "unable_to_authenticate_totp");
        }
        signedInByEmail();
        assertThat(now(ann).member().failures().lock()).isNull();
        authenticate(ann, "code", code(0), "session_token", signedInByEmail()).refused(429, "too_many_requests");
        recover(ann, "recovery_code", "a1b2-c3d4-e5f6", "session_token", signedInByEmail())
                .refused(429, "too_many_requests");
        app.clock().advance(Duration.ofHours(1));
        authenticate(ann, "code", code(0), "session_token", signedInByEmail()).ok();
    }

    /// Signs in anew by a first factor alone.
    private String signedInByEmail() {
        app.clock().advance(Duration.ofSeconds(1));
        Mailbox mailbox = new Mailbox(app, client);
        Map<String, String> ofAnn = Map.of("organization_id", organizationId, "email_address", "ann@example.com");
        client.post("/v1/b2b/otps/email/login_or_signup", ofAnn).ok();
        return client.post("/v1/b2b/otps/email/authenticate", with(ofAnn, "code", mailbox.code("ann@example.com")))
                .ok()
                .text("session_token");
    }

    @Test
    void aRightCodeForgetsWrongOnes() {
        migrated(ann);
        String token = session(ann).token();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 9; i++) {
                authenticate(ann, "code", wrongCode(), "session_token", token)
                        .refused(401, "unable_to_authenticate_totp");
            }
            authenticate(ann, "code", code(0), "session_token", token).ok();
            nextCodes();
        }
    }

    @Test
    void theFirstSecondFactorBecomesTheDefault() {
        migrated(ann);
        assertThat(now(ann).member().mfa().method()).isNull();
        Answer answer = authenticate(
                        ann, "code", code(0), "session_token", session(ann).token())
                .ok();
        assertThat(answer.text("member.default_mfa_method")).isEqualTo("totp");
        assertThat(answer.at("member.mfa_enrolled").booleanValue()).isFalse();
    }

    @Test
    void aLaterOneBecomesTheDefaultWhenTheRequestSaysSo() {
        migrated(ann);
        app.app()
                .members()
                .change(
                        client.project(),
                        ann.member().id(),
                        member -> member.withMfa(
                                false, dev.selvage.organizations.OrganizationSettings.MfaMethod.SMS_OTP));
        String token = session(ann).token();
        assertThat(authenticate(ann, "code", code(0), "session_token", token)
                        .ok()
                        .text("member.default_mfa_method"))
                .isEqualTo("sms_otp");
        nextCodes();
        assertThat(authenticate(ann, "code", code(0), "session_token", token, "set_default_mfa", true)
                        .ok()
                        .text("member.default_mfa_method"))
                .isEqualTo("totp");
    }

    @Test
    void aRequestEnrolsAndUnenrolsTheMember() {
        migrated(ann);
        String token = session(ann).token();
        assertThat(authenticate(ann, "code", code(0), "session_token", token, "set_mfa_enrollment", "enroll")
                        .ok()
                        .at("member.mfa_enrolled")
                        .booleanValue())
                .isTrue();
        nextCodes();
        assertThat(authenticate(ann, "code", code(0), "session_token", token)
                        .ok()
                        .at("member.mfa_enrolled")
                        .booleanValue())
                .isTrue();
        nextCodes();
        assertThat(authenticate(ann, "code", code(0), "session_token", token, "set_mfa_enrollment", "unenroll")
                        .ok()
                        .at("member.mfa_enrolled")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void whereAllMustGiveASecondFactorTheFirstOneEnrols() {
        Membership bob = member(organization("'mfa_policy':'REQUIRED_FOR_ALL'"), "bob@example.com");
        String secret = create(bob, "intermediate_session_token", intermediate(bob))
                .ok()
                .text("secret");
        Answer answer = authenticate(
                        bob,
                        "code",
                        code(secret, 0),
                        "intermediate_session_token",
                        intermediate(bob),
                        "set_mfa_enrollment",
                        "unenroll")
                .ok();
        assertThat(answer.at("member.mfa_enrolled").booleanValue()).isTrue();
        assertThat(answer.text("member.default_mfa_method")).isEqualTo("totp");
        assertThat(answer.at("member_session.authentication_factors")).hasSize(2);
    }

    @Test
    void ofOneCodeAtOnceOneSucceeds() throws Exception {
        migrated(ann);
        String token = session(ann).token();
        String code = code(0);
        List<Answer> answers = Race.atOnce(4, i -> authenticate(ann, "code", code, "session_token", token));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream()
                .filter(answer -> answer.status() != 200)
                .forEach(answer -> answer.refused(401, "totp_code_already_authenticated"));
    }

    @Test
    void ofTwoCodesAtOnceForOneSignInOneSucceeds() throws Exception {
        List<String> codes = migrated(ann);
        String intermediate = intermediate(ann);
        List<Answer> answers = Race.atOnce(
                2,
                i -> i == 0
                        ? authenticate(ann, "code", code(0), "intermediate_session_token", intermediate)
                        : recover(ann, "recovery_code", codes.getFirst(), "intermediate_session_token", intermediate));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream()
                .filter(answer -> answer.status() != 200)
                .forEach(answer -> answer.refused(404, "intermediate_session_not_found"));
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(1);
        assertThat(strings(codesOf(ann).ok(), "recovery_codes"))
                .hasSize(answers.getFirst().status() == 200 ? 10 : 9);
    }
}
