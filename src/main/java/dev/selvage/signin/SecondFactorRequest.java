package dev.selvage.signin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.Check;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.sessions.MemberFields;

/// What a call asks that gives a code as a second factor.
public record SecondFactorRequest(
        String organizationId,
        String memberId,
        String code,
        String setMfaEnrollment,
        Boolean setDefaultMfa,
        @JsonUnwrapped MemberFields session) {

    /// @throws dev.selvage.error.ApiError `bad_request` without a code
    public SecondFactorRequest {
        Check.required(code, "code");
    }

    /// What it says of later second factors.
    ///
    /// @param method which one the code is
    /// @throws dev.selvage.error.ApiError those of [SecondFactorChoice#of]
    public SecondFactorChoice choice(MfaMethod method) {
        return SecondFactorChoice.of(setMfaEnrollment, setDefaultMfa, method);
    }

    /// Without the code.
    @Override
    public String toString() {
        return "SecondFactorRequest";
    }
}
