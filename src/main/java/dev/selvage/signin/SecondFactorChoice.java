package dev.selvage.signin;

import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import org.jspecify.annotations.Nullable;

/// The settings for later sign-ins in a call with a second factor (`semantics.md` 5.3).
///
/// @param enrol      whether the member needs a second factor from now on; null for no change
/// @param setDefault whether this method becomes the default
/// @param method     the method of the call
public record SecondFactorChoice(@Nullable Boolean enrol, boolean setDefault, MfaMethod method) {

    /// For a call without such settings.
    public static SecondFactorChoice none(MfaMethod method) {
        return new SecondFactorChoice(null, false, method);
    }
}
