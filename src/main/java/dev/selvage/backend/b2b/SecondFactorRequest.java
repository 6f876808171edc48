package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.signin.SecondFactorChoice;

/// The request of a call that verifies a code as a second factor.
public record SecondFactorRequest(
        String organizationId,
        String memberId,
        String code,
        String setMfaEnrollment,
        Boolean setDefaultMfa,
        @JsonUnwrapped MemberSessionFields session) {

    /// @throws dev.selvage.error.ApiError `bad_request` if the code is absent
    public SecondFactorRequest {
        Check.required(code, "code");
    }

    /// The choices of the request about later second factors.
    ///
    /// @param method the method of the code
    /// @throws dev.selvage.error.ApiError `bad_request` that names `set_mfa_enrollment`
    public SecondFactorChoice choice(MfaMethod method) {
        Boolean enrol =
                switch (setMfaEnrollment == null ? "" : setMfaEnrollment) {
                    case "" -> null;
                    case "enroll" -> true;
                    case "unenroll" -> false;
                    default -> throw ApiError.badField("set_mfa_enrollment", "must be enroll or unenroll");
                };
        return new SecondFactorChoice(enrol, Boolean.TRUE.equals(setDefaultMfa), method);
    }

    /// Without the code.
    @Override
    public String toString() {
        return "SecondFactorRequest";
    }
}
