package dev.selvage.totps;

import com.eatthepath.otp.HmacOneTimePasswordGenerator;
import dev.selvage.base.Times;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;

/// The codes of RFC 6238 as every authenticator app makes them: SHA-1, six digits, a new one every 30 seconds.
final class TotpCodes {

    static final int DIGITS = 6;
    static final long STEP_SECONDS = 30;

    private static final long STEP_MILLIS = STEP_SECONDS * Times.SECOND_MILLIS;
    /// How many steps a code may be behind or ahead, for clocks that differ and people who type. RFC 6238 5.2
    /// recommends one.
    private static final int DRIFT_STEPS = 1;

    private static final Pattern CODE = Pattern.compile("[0-9]{" + DIGITS + "}");
    private static final HmacOneTimePasswordGenerator CODES = new HmacOneTimePasswordGenerator(DIGITS);

    private TotpCodes() {}

    /// Whether it is one as [dev.selvage.base.Pasted#code] gives it.
    static boolean wellFormed(String code) {
        return CODE.matcher(code).matches();
    }

    /// The latest step around `millis` whose code this is; empty when it is none's. All steps are looked at, in
    /// constant time.
    static OptionalLong step(TotpSecret secret, String code, long millis) {
        long now = millis / STEP_MILLIS;
        byte[] given = code.getBytes(StandardCharsets.UTF_8);
        OptionalLong latest = OptionalLong.empty();
        for (long step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step++) {
            if (MessageDigest.isEqual(of(secret, step).getBytes(StandardCharsets.UTF_8), given)) {
                latest = OptionalLong.of(step);
            }
        }
        return latest;
    }

    /// The code of a step. In digits of ASCII, whatever the machine's language.
    static String of(TotpSecret secret, long step) {
        SecretKey key = secret.key();
        try {
            return CODES.generateOneTimePasswordString(key, step, Locale.ROOT);
        } catch (InvalidKeyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
