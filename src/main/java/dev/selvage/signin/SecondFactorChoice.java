package dev.selvage.signin;

import dev.selvage.organizations.OrganizationSettings.MfaMethod;

/// What a call with a second factor says of later ones (`semantics.md` 5.3).
///
/// @param enrol      whether the member shall give a second factor from now on; null: as it was
/// @param setDefault whether this one becomes the default
/// @param method     which one it is
public record SecondFactorChoice(Boolean enrol, boolean setDefault, MfaMethod method) {

    /// Of a call that says nothing of later ones.
    public static SecondFactorChoice none(MfaMethod method) {
        return new SecondFactorChoice(null, false, method);
    }
}
