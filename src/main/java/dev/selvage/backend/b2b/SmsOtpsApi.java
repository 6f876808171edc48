package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.codes.Passcode;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.MemberResponse;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.otps.MemberSmsOtps;
import dev.selvage.sessions.MemberFields;
import dev.selvage.sessions.SandboxMember;
import dev.selvage.signin.MemberSandbox;
import dev.selvage.signin.SecondFactorChoice;
import dev.selvage.signin.SecondFactorGiven;
import dev.selvage.signin.SecondFactorRequest;
import dev.selvage.users.Contacts;
import java.util.List;

/// `/v1/b2b/otps/sms`: codes by SMS, as second factors only.
public final class SmsOtpsApi {

    private final MemberSmsOtps otps;
    private final MemberSandbox sandbox;

    public SmsOtpsApi(MemberSmsOtps otps, MemberSandbox sandbox) {
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

    private MemberResponse send(RequestContext call, SendRequest request) {
        Membership sent = sandbox.isMember(call.project(), request.organizationId, request.memberId)
                ? SandboxMember.membership()
                : otps.send(
                        call.project(),
                        request.organizationId,
                        request.memberId,
                        request.mfaPhoneNumber,
                        request.session,
                        request.session.language());
        return MemberResponse.of(sent);
    }

    private SecondFactorGiven authenticate(RequestContext call, SecondFactorRequest request) {
        Passcode code = Passcode.of(request.code());
        SecondFactorChoice choice = request.choice(MfaMethod.SMS_OTP);
        if (sandbox.isMember(call.project(), request.organizationId(), request.memberId())) {
            return SecondFactorGiven.of(sandbox.code(call.project(), code, request.session()));
        }
        return SecondFactorGiven.of(otps.authenticate(
                call.project(), request.organizationId(), request.memberId(), code, request.session(), choice));
    }
}
