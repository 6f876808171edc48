package dev.selvage.otps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.projects.Settings.RateLimits;
import dev.selvage.sessions.Factor;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import dev.selvage.support.Race;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `otps.sms.send`.
class SendSmsOtpWireTest extends OtpWireTest {

    private static final String SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

    @Test
    void aNewNumberIsLinkedUnprovenAndGetsACode() {
        Answer answer = text(ann, "mfa_phone_number", NUMBER).ok();
        assertThat(answer.text("member_id")).isEqualTo(ann.member().id());
        assertThat(answer.text("member.mfa_phone_number")).isEqualTo(NUMBER);
        assertThat(answer.at("member.mfa_phone_number_verified").booleanValue()).isFalse();
        assertThat(answer.text("organization.organization_id")).isEqualTo(organizationId);
        assertThat(mailbox.newest(NUMBER).path("channel").stringValue()).isEqualTo("sms");
        assertThat(mailbox.newest(NUMBER).path("text").stringValue()).contains(mailbox.code(NUMBER), "2 minutes");
        nextSecond();
        text(ann).ok();
        assertThat(mailbox.messages(NUMBER)).hasSize(2);
    }

    @Test
    void theNumberOfTheMemberGetsTheCodeAndOnlyThat() {
        setPhone(ann, NUMBER, true);
        text(ann).ok();
        nextSecond();
        text(ann, "mfa_phone_number", NUMBER).ok();
        text(ann, "mfa_phone_number", "+14155550101").refused(400, "duplicate_member_phone_number_for_member");
        assertThat(mailbox.messages(NUMBER)).hasSize(2);
        assertThat(mailbox.messages("+14155550101")).isEmpty();
    }

    @Test
    void whoHasNoNumberMustNameOne() {
        text(ann).refused(404, "member_phone_number_not_found");
        text(ann, "mfa_phone_number", "").refused(404, "member_phone_number_not_found");
        text(ann, "mfa_phone_number", "0123").refused(400, "invalid_phone_number");
    }

    @Test
    void aNumberOfAnotherMemberOfTheOrganizationIsTaken() {
        setPhone(member(organizationId, "bob@example.com"), NUMBER, false);
        text(ann, "mfa_phone_number", NUMBER).refused(400, "duplicate_member_phone_number");
        assertThat(mailbox.messages(NUMBER)).isEmpty();
        assertThat(now(ann).member().mfaPhone()).isEmpty();
        String otherId = organization("");
        Membership twin = member(otherId, ADDRESS);
        text(twin, "mfa_phone_number", NUMBER).ok();
    }

    @Test
    void ofTwoMembersWhoWantANumberAtOnceOneGetsIt() throws Exception {
        Membership bob = member(organizationId, "bob@example.com");
        app.setting(client, "rate_limits.targets", Map.of("sms_send", new RateLimits.Limit(10, 1)));
        Race.oneWins(
                Race.atOnce(2, call -> text(call == 0 ? ann : bob, "mfa_phone_number", NUMBER)),
                "duplicate_member_phone_number");
    }

    @Test
    void onlyActiveMembersGetASecondFactor() {
        Membership pending = app.app()
                .members()
                .create(
                        client.project(),
                        ann.organization(),
                        NewMember.withEmail(new EmailAddress("bob@example.com"), Member.Status.PENDING));
        text(pending, "mfa_phone_number", NUMBER).refused(400, "action_available_only_for_active_members");
        app.app().memberDeletion().delete(client.project(), ann.member().id());
        text(ann, "mfa_phone_number", NUMBER).refused(404, "member_not_found");
    }

    @Test
    void anOrganizationMayForbidCodesBySms() {
        organizationSettings("'mfa_methods':'RESTRICTED','allowed_mfa_methods':['totp']");
        text(ann, "mfa_phone_number", NUMBER).refused(400, "operation_restricted_by_organization_mfa_methods");
        setPhone(ann, NUMBER, true);
        text(ann).refused(400, "operation_restricted_by_organization_mfa_methods");
        assertThat(mailbox.messages(NUMBER)).isEmpty();
    }

    @Test
    void whoHasAnotherSecondFactorMustHaveGivenItToLinkANumber() {
        client.post("/v1/b2b/totp/migrate", about(ann, "secret", SECRET, "recovery_codes", List.of()))
                .ok();
        String totpId = now(ann).member().mfa().totpId();
        text(ann, "mfa_phone_number", NUMBER).refused(400, "no_session_arguments");
        text(ann, "mfa_phone_number", NUMBER, "intermediate_session_token", intermediate(ann))
                .refused(404, "secondary_factor_not_found");
        text(ann, "mfa_phone_number", NUMBER, "session_token", session(ann).token())
                .refused(404, "secondary_factor_not_found");
        assertThat(now(ann).member().mfaPhone()).isEmpty();
        Member.Email email = ann.member().email();
        String both = session(
                        ann, Factor.emailMagicLink(email.id(), email.address().value(), 0), Factor.totp(totpId, 0))
                .token();
        text(ann, "mfa_phone_number", NUMBER, "session_token", both).ok();
        nextSecond();
        text(ann).refused(400, "no_session_arguments");
    }

    @Test
    void aProvenNumberGetsACodeAgainBeforeTheSecondFactorIsGiven() {
        setPhone(ann, NUMBER, true);
        enrol(ann);
        text(ann, "intermediate_session_token", intermediate(ann)).ok();
        nextSecond();
        text(ann).ok();
    }

    @Test
    void aSessionThatComesAlongMustBeTheMembers() {
        Membership bob = member(organizationId, "bob@example.com");
        for (boolean proven : List.of(false, true)) {
            setPhone(ann, NUMBER, proven);
            text(ann, "session_token", session(bob).token()).refused(400, "member_session_member_id_mismatch");
            text(ann, "session_jwt", session(bob).jwt()).refused(400, "member_session_member_id_mismatch");
            text(ann, "intermediate_session_token", intermediate(bob))
                    .refused(400, "member_session_member_id_mismatch");
            text(ann, "session_token", "x".repeat(44)).refused(404, "session_not_found");
            text(ann, "session_token", "x").refused(400, "invalid_session_token");
            text(ann, "intermediate_session_token", "x".repeat(44)).refused(404, "intermediate_session_not_found");
            text(ann, "session_token", session(ann).token(), "intermediate_session_token", intermediate(ann))
                    .refused(400, "too_many_session_arguments");
            text(ann, "session_token", session(ann).token()).ok();
            nextSecond();
        }
    }

    @Test
    void oneTextASecondGoesToANumberAndARefusedOneLinksNothing() {
        setPhone(member(organization(""), "bob@example.com"), NUMBER, true);
        text(ann, "mfa_phone_number", NUMBER).ok();
        text(ann).refused(429, "too_many_requests");
        assertThat(mailbox.messages(NUMBER)).hasSize(1);
        Membership twin = member(organization(""), ADDRESS);
        text(twin, "mfa_phone_number", NUMBER).refused(429, "too_many_requests");
        assertThat(now(twin).member().mfaPhone()).isEmpty();
    }

    @Test
    void theTextIsInTheLanguageOfTheCall() {
        setPhone(ann, NUMBER, true);
        text(ann, "locale", "deDE").ok();
        assertThat(mailbox.newest(NUMBER).path("text").stringValue()).contains("Bestätigungscode");
        nextSecond();
        text(ann, "locale", "zh-Hans").ok();
        assertThat(mailbox.newest(NUMBER).path("text").stringValue()).contains("验证码");
        text(ann, "locale", "xx").refused(400, "invalid_locale");
    }

    @Test
    void nobodyIsFoundThroughAnotherOrganizationOrProject() {
        String otherId = organization("");
        client.post(
                        "/v1/b2b/otps/sms/send",
                        Map.of(
                                "organization_id",
                                otherId,
                                "member_id",
                                ann.member().id(),
                                "mfa_phone_number",
                                NUMBER))
                .refused(404, "member_not_found");
        Client stranger = app.b2b();
        stranger.post("/v1/b2b/otps/sms/send", about(ann, "mfa_phone_number", NUMBER))
                .refused(404, "organization_not_found");
        client.post("/v1/b2b/otps/sms/send", Map.of("member_id", ann.member().id()))
                .refused(400, "invalid_organization_id");
        client.post("/v1/b2b/otps/sms/send", Map.of("organization_id", organizationId))
                .refused(400, "invalid_id");
        assertThat(now(ann).member().mfaPhone()).isEmpty();
        assertThat(mailbox.messages(NUMBER)).isEmpty();
        assertThat(new Mailbox(app, stranger).messages(NUMBER)).isEmpty();
    }
}
