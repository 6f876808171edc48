package dev.selvage.totps;

/// The app on somebody's phone.
public final class AuthenticatorApp {

    private AuthenticatorApp() {}

    /// The code that it shows at a time, in milliseconds.
    public static String code(String secret, long millis) {
        return TotpCodes.of(TotpSecret.parse(secret), millis / (TotpCodes.STEP_SECONDS * 1_000));
    }
}
