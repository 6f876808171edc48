package dev.selvage.otps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Environment;
import dev.selvage.organizations.SandboxOrganization;
import dev.selvage.projects.Vertical;
import dev.selvage.sessions.SandboxMember;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.support.Client.Answer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The sandbox's values in the calls about one-time passcodes.
class SandboxOtpWireTest extends OtpWireTest {

    private static final String SANDBOX = SandboxOrganization.ID;

    @Test
    void theSandboxMemberSignsInByTheCodeOfTheSandbox() {
        Answer sent = loginOrSignupTo(SANDBOX, SandboxSession.EMAIL).ok();
        assertThat(sent.text("member_id")).isEqualTo(SandboxMember.MEMBER_ID);
        assertThat(mailbox.messages(SandboxSession.EMAIL)).isEmpty();
        Answer answer = authenticateIn(SANDBOX, SandboxSession.EMAIL, "000000").ok();
        assertThat(answer.text("member_id")).isEqualTo(SandboxMember.MEMBER_ID);
        assertThat(answer.text("session_token")).isEqualTo(SandboxSession.TOKEN);
        authenticateIn(SANDBOX, SandboxSession.EMAIL, "000001").refused(404, "otp_code_not_found");
    }

    @Test
    void theSandboxMemberGivesASecondFactor() {
        client.post(
                        "/v1/b2b/otps/sms/send",
                        Map.of(
                                "organization_id",
                                SANDBOX,
                                "member_id",
                                SandboxMember.MEMBER_ID,
                                "mfa_phone_number",
                                SandboxSession.PHONE))
                .ok();
        assertThat(mailbox.messages(SandboxSession.PHONE)).isEmpty();
        Answer answer = client.post(
                        "/v1/b2b/otps/sms/authenticate",
                        Map.of(
                                "organization_id",
                                SANDBOX,
                                "member_id",
                                SandboxMember.MEMBER_ID,
                                "code",
                                "000000",
                                "session_token",
                                SandboxSession.TOKEN))
                .ok();
        assertThat(answer.text("member_id")).isEqualTo(SandboxMember.MEMBER_ID);
        client.post(
                        "/v1/b2b/otps/sms/authenticate",
                        Map.of(
                                "organization_id",
                                SANDBOX,
                                "member_id",
                                SandboxMember.MEMBER_ID,
                                "code",
                                "123456",
                                "session_token",
                                SandboxSession.TOKEN))
                .refused(404, "otp_code_not_found");
    }

    @Test
    void theSandboxAddressDiscovers() {
        discover(SandboxSession.EMAIL).ok();
        assertThat(mailbox.messages(SandboxSession.EMAIL)).isEmpty();
        assertThat(discovered(SandboxSession.EMAIL, "000000").ok().text("email_address"))
                .isEqualTo(SandboxSession.EMAIL);
        discovered(SandboxSession.EMAIL, "123456").refused(404, "otp_code_not_found");
    }

    @Test
    void aLiveProjectHasNoSandbox() {
        client = app.client(Vertical.B2B, Environment.LIVE);
        discover(SandboxSession.EMAIL).refused(400, "invalid_email_sandbox");
        discovered(SandboxSession.EMAIL, "000000").refused(400, "invalid_email_sandbox");
    }
}
