package dev.selvage.otps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.support.Client.Answer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Codes by SMS that sign-ins send by themselves.
class SecondaryAuthWireTest extends OtpWireTest {

    private static final String SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

    @BeforeEach
    void enrolMember() {
        enrol(ann);
    }

    @Test
    void aSignInThatLacksASecondFactorSendsACode() {
        setPhone(ann, NUMBER, true);
        Answer answer = signIn();
        assertThat(answer.text("mfa_required.secondary_auth_initiated")).isEqualTo("sms_otp");
        assertThat(answer.text("mfa_required.member_options.mfa_phone_number")).isEqualTo(NUMBER);
        assertThat(answer.at("member_authenticated").booleanValue()).isFalse();
        assertThat(answer.text("session_token")).isEmpty();
        assertThat(mailbox.messages(NUMBER)).hasSize(1);
        Answer done = authenticateText(
                        ann,
                        mailbox.code(NUMBER),
                        "intermediate_session_token",
                        answer.text("intermediate_session_token"))
                .ok();
        assertThat(done.at("member_session.authentication_factors")).hasSize(2);
    }

    @Test
    void theCodeIsInTheLanguageOfTheSignIn() {
        setPhone(ann, NUMBER, true);
        signIn("locale", "es");
        assertThat(mailbox.newest(NUMBER).path("text").stringValue()).contains("código");
    }

    @Test
    void aNumberThatIsNotProvenGetsACodeWhenTheMemberHasNothingElse() {
        setPhone(ann, NUMBER, false);
        Answer answer = signIn();
        assertThat(answer.text("mfa_required.secondary_auth_initiated")).isEqualTo("sms_otp");
        Answer done = authenticateText(
                        ann,
                        mailbox.code(NUMBER),
                        "intermediate_session_token",
                        answer.text("intermediate_session_token"))
                .ok();
        assertThat(done.at("member.mfa_phone_number_verified").booleanValue()).isTrue();
    }

    @Test
    void noCodeGoesToANumberThatIsNotProvenBesideAnotherSecondFactor() {
        setPhone(ann, NUMBER, false);
        client.post("/v1/b2b/totp/migrate", about(ann, "secret", SECRET, "recovery_codes", List.of()))
                .ok();
        notInitiated(signIn());
    }

    @Test
    void aCodeIsSentToWhoHasNoUsualSecondFactorYet() {
        setPhone(ann, NUMBER, true);
        client.post("/v1/b2b/totp/migrate", about(ann, "secret", SECRET, "recovery_codes", List.of()))
                .ok();
        app.app().members().change(client.project(), ann.member().id(), member -> member.withMfa(true, null));
        assertThat(signIn().text("mfa_required.secondary_auth_initiated")).isEqualTo("sms_otp");
    }

    @Test
    void whoHasNoSecondFactorHasNoOptions() {
        Answer answer = signIn();
        assertThat(answer.at("mfa_required.member_options").isNull()).isTrue();
        assertThat(answer.at("mfa_required.secondary_auth_initiated").isNull()).isTrue();
    }

    @Test
    void noCodeIsSentWhereTheOrganizationForbidsIt() {
        setPhone(ann, NUMBER, true);
        organizationSettings("'mfa_methods':'RESTRICTED','allowed_mfa_methods':['totp']");
        notInitiated(signIn());
    }

    @Test
    void whoUsuallyGivesAnotherSecondFactorGetsNoCode() {
        setPhone(ann, NUMBER, true);
        client.post("/v1/b2b/totp/migrate", about(ann, "secret", SECRET, "recovery_codes", List.of()))
                .ok();
        app.app().members().change(client.project(), ann.member().id(), member -> member.withMfa(true, MfaMethod.TOTP));
        notInitiated(signIn());
        app.app()
                .members()
                .change(client.project(), ann.member().id(), member -> member.withMfa(true, MfaMethod.SMS_OTP));
        assertThat(signIn().text("mfa_required.secondary_auth_initiated")).isEqualTo("sms_otp");
    }

    @Test
    void theOnlySecondFactorThatIsPossibleIsSent() {
        setPhone(ann, NUMBER, true);
        client.post("/v1/b2b/totp/migrate", about(ann, "secret", SECRET, "recovery_codes", List.of()))
                .ok();
        app.app().members().change(client.project(), ann.member().id(), member -> member.withMfa(true, MfaMethod.TOTP));
        organizationSettings("'mfa_methods':'RESTRICTED','allowed_mfa_methods':['sms_otp']");
        assertThat(signIn().text("mfa_required.secondary_auth_initiated")).isEqualTo("sms_otp");
    }

    @Test
    void whoMustSignInAnotherWayFirstGetsNoCode() {
        setPhone(ann, NUMBER, true);
        loginOrSignup(ADDRESS).ok();
        organizationSettings("'auth_methods':'RESTRICTED','allowed_auth_methods':['password']");
        Answer answer = authenticate(ADDRESS, mailbox.code(ADDRESS)).ok();
        assertThat(answer.at("mfa_required").isNull()).isTrue();
        assertThat(mailbox.messages(NUMBER)).isEmpty();
    }

    @Test
    void aCodeThatWasSentAMomentAgoDoesNotFailTheSignIn() {
        setPhone(ann, NUMBER, true);
        loginOrSignup(ADDRESS).ok();
        text(ann).ok();
        String code = mailbox.code(NUMBER);
        Answer answer = authenticate(ADDRESS, mailbox.code(ADDRESS)).ok();
        assertThat(answer.at("mfa_required.secondary_auth_initiated").isNull()).isTrue();
        assertThat(mailbox.messages(NUMBER)).hasSize(1);
        authenticateText(ann, code, "intermediate_session_token", answer.text("intermediate_session_token"))
                .ok();
    }

    @Test
    void aRefusedSignInSendsNothing() {
        setPhone(ann, NUMBER, true);
        loginOrSignup(ADDRESS).ok();
        authenticate(ADDRESS, mailbox.code(ADDRESS), "intermediate_session_token", "x".repeat(44))
                .refused(404, "intermediate_session_not_found");
        assertThat(mailbox.messages(NUMBER)).isEmpty();
    }

    private void notInitiated(Answer answer) {
        assertThat(answer.at("mfa_required.secondary_auth_initiated").isNull()).isTrue();
        assertThat(answer.text("mfa_required.member_options.mfa_phone_number")).isEqualTo(NUMBER);
        assertThat(mailbox.messages(NUMBER)).isEmpty();
    }

    /// Signs in by a code by email, as far as that goes.
    private Answer signIn(Object... besides) {
        nextSecond();
        loginOrSignup(ADDRESS).ok();
        return authenticate(ADDRESS, mailbox.code(ADDRESS), besides).ok();
    }
}
