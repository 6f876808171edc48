package dev.selvage.totps;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import java.util.Locale;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/// The secret that an authenticator app shares with the server, in base32 (RFC 4648).
final class TotpSecret {

    /// 160 bits, as RFC 4226 recommends. This is 32 characters, the same as the official service.
    private static final int NEW_BYTES = 20;
    /// 80 bits. Imports need short secrets, because services have issued them for years.
    private static final int BYTES_MIN = 10;
    /// Two blocks of SHA-1. A longer key adds no security, because HMAC hashes it first.
    private static final int BYTES_MAX = 128;
    /// The number of characters in a base32 group.
    private static final int GROUP = 8;
    /// The longest input. It is more than twice the length of the longest secret, with room for padding and a
    /// space or hyphen after each character.
    private static final int CHARACTERS_MAX = 512;

    private final String base32;
    private final byte[] bytes;

    private TotpSecret(String base32, byte[] bytes) {
        this.base32 = base32;
        this.bytes = bytes;
    }

    static TotpSecret next(ClockAndRandom clock) {
        byte[] bytes = clock.bytes(NEW_BYTES);
        return new TotpSecret(Base32.toBase32String(bytes), bytes);
    }

    /// Parses a secret of another service: 10 to 128 bytes in base32, with or without padding, in either case,
    /// with spaces or hyphens between groups.
    ///
    /// @throws ApiError `bad_request` for the field `secret`, because the contract has no error type for it
    static TotpSecret parse(String text) {
        // The length comes first, because the rest reads each character several times.
        String base32 = Texts.isLonger(text, CHARACTERS_MAX) ? "" : plain(text);
        // A last group of 1, 3 or 6 characters is not a whole number of bytes.
        boolean whole =
                switch (base32.length() % GROUP) {
                    case 0, 2, 4, 5, 7 -> true;
                    default -> false;
                };
        int count = base32.length() * 5 / 8;
        if (!whole || count < BYTES_MIN || count > BYTES_MAX || !base32.matches("[A-Z2-7]+")) {
            throw ApiError.badField("secret", "must be 10 to 128 bytes in base32");
        }
        return new TotpSecret(base32, Base32.decode(base32 + "=".repeat((GROUP - base32.length() % GROUP) % GROUP)));
    }

    private static String plain(String text) {
        String compact = text.replace(" ", "").replace("-", "");
        int end = compact.length();
        while (end > 0 && compact.charAt(end - 1) == '=') {
            end--;
        }
        return compact.substring(0, end).toUpperCase(Locale.ROOT);
    }

    /// The secret in upper case, without padding.
    String base32() {
        return base32;
    }

    SecretKey key() {
        return new SecretKeySpec(bytes, "HmacSHA1");
    }

    @Override
    public String toString() {
        return "TotpSecret";
    }
}
