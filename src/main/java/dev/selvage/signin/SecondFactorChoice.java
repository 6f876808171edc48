package dev.selvage.signin;

import dev.selvage.error.ApiError;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;

/// What a call with a second factor says of later ones (`semantics.md` 5.3).
///
/// @param enrol      whether the member shall give a second factor from now on; null: as it was
/// @param setDefault whether this one becomes the default
/// @param method     which one it is
public record SecondFactorChoice(Boolean enrol, boolean setDefault, MfaMethod method) {

    /// What a request says.
    ///
    /// @param setMfaEnrollment `enroll`, `unenroll`; null or empty for neither
    /// @param setDefaultMfa    null for false
    /// @throws ApiError `bad_request` that names `set_mfa_enrollment`
    public static SecondFactorChoice of(String setMfaEnrollment, Boolean setDefaultMfa, MfaMethod method) {
        Boolean enrol =
                switch (setMfaEnrollment == null ? "" : setMfaEnrollment) {
                    case "" -> null;
                    case "enroll" -> true;
                    case "unenroll" -> false;
                    default -> throw ApiError.badField("set_mfa_enrollment", "must be enroll or unenroll");
                };
        return new SecondFactorChoice(enrol, Boolean.TRUE.equals(setDefaultMfa), method);
    }
}
