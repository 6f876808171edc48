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

/// Codes by RFC 6238 with the parameters of all authenticator apps: SHA-1, 6 digits, steps of 30 s.
final class TotpCodes {

    static final int DIGITS = 6;
    static final long STEP_SECONDS = 30;

    private static final long STEP_MILLIS = STEP_SECONDS * Times.SECOND_MILLIS;
    /// The steps by which a code may be early or late, because clocks differ and typing takes time. RFC 6238,
    /// 5.2, recommends 1.
    private static final int DRIFT_STEPS = 1;

    private static final Pattern CODE = Pattern.compile("[0-9]{" + DIGITS + "}");
    private static final HmacOneTimePasswordGenerator CODES = new HmacOneTimePasswordGenerator(DIGITS);

    private TotpCodes() {}

    /// Whether a text has the form of a code. Expects the result of
    /// [dev.selvage.base.CodeNormalizer#normalize].
    static boolean wellFormed(String code) {
        return CODE.matcher(code).matches();
    }

    /// Returns the latest step around `millis` with this code; empty if none has it. Compares all steps in
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

    /// Returns the code of a step in ASCII digits, independent of the default locale.
    static String of(TotpSecret secret, long step) {
        SecretKey key = secret.key();
        try {
            return CODES.generateOneTimePasswordString(key, step, Locale.ROOT);
        } catch (InvalidKeyException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
