package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.b2b.api.otp.OTPs;
import com.stytch.java.b2b.models.organizations.Member;
import com.stytch.java.b2b.models.otpemail.AuthenticateRequest;
import com.stytch.java.b2b.models.otpemail.LoginOrSignupRequest;
import com.stytch.java.b2b.models.otpsms.SendRequest;
import com.stytch.java.consumer.models.sessions.AuthenticationFactor;
import com.stytch.java.consumer.models.sessions.AuthenticationFactorDeliveryMethod;
import org.junit.jupiter.api.Test;

/// `otps` of the Java SDK for B2B projects.
class JavaSdkB2bOtpsTest extends JavaSdkB2bTest {

    private static final String PHONE = "+12025550123";

    private OTPs otps;

    @Override
    void areas() {
        otps = ledger.area("otps", OTPs.class, client.getOtps());
    }

    @Test
    void aCodeByEmailSignsInOnce() throws Exception {
        Member member = member(organization(), newEmail());
        String id = member.getOrganizationId();
        String email = member.getEmailAddress();
        ok(otps.getEmail().loginOrSignupCompletable(new LoginOrSignupRequest(id, email)));
        AuthenticateRequest request = new AuthenticateRequest(id, email, codeTo(email));
        refused(
                otps.getEmail().authenticateCompletable(new AuthenticateRequest(organization(), email, codeTo(email))),
                404,
                "otp_code_not_found");
        var answer = ok(otps.getEmail().authenticateCompletable(request));
        assertThat(answer.getMemberId()).isEqualTo(member.getMemberId());
        assertThat(answer.getMemberSession()
                        .getAuthenticationFactors()
                        .getFirst()
                        .getDeliveryMethod())
                .isEqualTo(AuthenticationFactorDeliveryMethod.EMAIL);
        refused(otps.getEmail().authenticateCompletable(request), 401, "unable_to_auth_otp_code");
        refused(
                otps.getEmail().loginOrSignupCompletable(new LoginOrSignupRequest(id, newEmail())),
                400,
                "email_jit_provisioning_not_allowed");
    }

    @Test
    void discoveryProvesAnAddressByACode() throws Exception {
        String email = newEmail();
        ok(otps.getEmail()
                .getDiscovery()
                .sendCompletable(new com.stytch.java.b2b.models.otpemaildiscovery.SendRequest(email)));
        var request = new com.stytch.java.b2b.models.otpemaildiscovery.AuthenticateRequest(email, codeTo(email));
        var answer = ok(otps.getEmail().getDiscovery().authenticateCompletable(request));
        assertThat(answer.getIntermediateSessionToken()).hasSize(44);
        assertThat(answer.getDiscoveredOrganizations()).isEmpty();
        refused(otps.getEmail().getDiscovery().authenticateCompletable(request), 401, "unable_to_auth_otp_code");
        refused(
                otps.getEmail()
                        .getDiscovery()
                        .sendCompletable(new com.stytch.java.b2b.models.otpemaildiscovery.SendRequest("no address")),
                400,
                "invalid_email");
    }

    @Test
    void aCodeBySmsCompletesASignIn() throws Exception {
        String id = strictOrganization();
        var half = signIn(id);
        String intermediate = half.getIntermediateSessionToken();
        var sent =
                ok(otps.getSms().sendCompletable(new SendRequest(id, half.getMemberId(), PHONE, null, intermediate)));
        assertThat(sent.getMember().getMfaPhoneNumberVerified()).isFalse();
        var request = new com.stytch.java.b2b.models.otpsms.AuthenticateRequest(
                id, half.getMemberId(), codeTo(PHONE), intermediate);
        var answer = ok(otps.getSms().authenticateCompletable(request));
        assertThat(answer.getMember().getMfaPhoneNumberVerified()).isTrue();
        assertThat(answer.getMemberSession().getAuthenticationFactors())
                .extracting(AuthenticationFactor::getDeliveryMethod)
                .containsExactly(AuthenticationFactorDeliveryMethod.EMAIL, AuthenticationFactorDeliveryMethod.SMS);
        refused(otps.getSms().authenticateCompletable(request), 404, "intermediate_session_not_found");
        Member other = member(id, newEmail());
        refused(
                otps.getSms().sendCompletable(new SendRequest(id, other.getMemberId())),
                404,
                "member_phone_number_not_found");
    }
}
