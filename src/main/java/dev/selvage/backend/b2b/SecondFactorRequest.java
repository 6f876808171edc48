package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.signin.SecondFactorChoice;

/// What a call asks that gives a code as a second factor.
public record SecondFactorRequest(
        String organizationId,
        String memberId,
        String code,
        String setMfaEnrollment,
        Boolean setDefaultMfa,
        @JsonUnwrapped MemberSessionFields session) {

    /// @throws dev.selvage.error.ApiError `bad_request` without a code
    public SecondFactorRequest {
        Check.required(code, "code");
    }

    /// What it says of later second factors.
    ///
    /// @param method which one the code is
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
