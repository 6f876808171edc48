package dev.selvage.totps;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Texts;
import dev.selvage.error.ApiError;
import java.util.Locale;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/// The key that an authenticator app shares with the server, in base32 (RFC 4648) as apps show and read it.
final class TotpSecret {

    /// 160 bits, the length that RFC 4226 recommends; 32 characters, as the official service's.
    private static final int NEW_BYTES = 20;
    /// Apps have shown secrets of 80 bits for years, so imports must be able to bring them along.
    private static final int BYTES_MIN = 10;
    /// Two blocks of SHA-1. A longer key adds nothing, since HMAC hashes it first.
    private static final int BYTES_MAX = 128;
    /// Base32 is written in groups of so many characters.
    private static final int GROUP = 8;
    /// More than twice what the longest secret takes: room for padding, and for a space or hyphen behind each
    /// character.
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

    /// A secret that another service gave out: 10 to 128 bytes in base32, with or without padding, in either
    /// case, with spaces or hyphens between groups.
    ///
    /// @throws ApiError `bad_request` that names `secret`: the contract has no type of its own for it
    static TotpSecret parse(String text) {
        // The length first: what follows looks at each character more than once.
        String base32 = Texts.isLonger(text, CHARACTERS_MAX) ? "" : plain(text);
        // One, three and six characters at the end are no whole number of bytes.
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

    /// Upper case, without padding.
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
