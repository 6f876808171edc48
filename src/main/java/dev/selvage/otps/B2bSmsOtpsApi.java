package dev.selvage.otps;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.codes.Passcode;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.login.MemberFields;
import dev.selvage.login.MemberSandbox;
import dev.selvage.login.SecondFactorChoice;
import dev.selvage.login.SecondFactorGiven;
import dev.selvage.login.SecondFactorRequest;
import dev.selvage.organizations.MemberAnswer;
import dev.selvage.organizations.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.sessions.SandboxMember;
import dev.selvage.users.Contacts;
import java.util.List;

/// `/v1/b2b/otps/sms`: codes by SMS, as second factors only.
public final class B2bSmsOtpsApi {

    private final SmsOtps otps;
    private final MemberSandbox sandbox;

    public B2bSmsOtpsApi(SmsOtps otps, MemberSandbox sandbox) {
        this.otps = otps;
        this.sandbox = sandbox;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/b2b/otps/sms/send", SendRequest.class, this::send),
                Endpoint.post("/v1/b2b/otps/sms/authenticate", SecondFactorRequest.class, this::authenticate));
    }

    record SendRequest(
            String organizationId,
            String memberId,
            String mfaPhoneNumber,
            @JsonUnwrapped MemberFields session) {
        SendRequest {
            mfaPhoneNumber = Contacts.phoneOrNull(mfaPhoneNumber, "mfa_phone_number");
        }

        /// Without the number.
        @Override
        public String toString() {
            return "SendRequest";
        }
    }

    private MemberAnswer send(Call call, SendRequest request) {
        Membership sent = sandbox.isMember(call.project(), request.organizationId, request.memberId)
                ? SandboxMember.membership()
                : otps.send(
                        call.project(),
                        request.organizationId,
                        request.memberId,
                        request.mfaPhoneNumber,
                        request.session,
                        request.session.language());
        return MemberAnswer.of(sent);
    }

    private SecondFactorGiven authenticate(Call call, SecondFactorRequest request) {
        Passcode code = Passcode.of(request.code());
        SecondFactorChoice choice = request.choice(MfaMethod.SMS_OTP);
        if (sandbox.isMember(call.project(), request.organizationId(), request.memberId())) {
            return SecondFactorGiven.of(sandbox.code(call.project(), code, request.session()));
        }
        return SecondFactorGiven.of(otps.authenticate(
                call.project(), request.organizationId(), request.memberId(), code, request.session(), choice));
    }
}
