package dev.selvage.base;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// Bearer tokens: random bytes in base64url. Only their SHA-256 is stored; they hold at least 256 random bits,
/// so a plain digest cannot be searched backwards.
public final class Tokens {

    /// Session, intermediate session, magic link and reset tokens: 33 bytes make 44 characters without padding.
    public static final int BYTES = 33;

    /// Base64url of about the right length; the sandbox values of 32 bytes end in `=`. Source: `semantics.md`
    /// 4.
    private static final AsciiSet BASE64URL = AsciiSet.lettersDigitsAnd("_-");
    private static final int CHARACTERS_MIN = 43;
    private static final int CHARACTERS_MAX = 44;

    private Tokens() {}

    /// A new token of 44 characters.
    public static String next(ClockAndRandom clock) {
        return encode(clock.bytes(BYTES));
    }

    /// Whether `value` could be a token at all.
    public static boolean wellFormed(String value) {
        return BASE64URL.matchesAll(
                value.endsWith("=") ? value.substring(0, value.length() - 1) : value, CHARACTERS_MIN, CHARACTERS_MAX);
    }

    /// What is stored in a token's place.
    public static byte[] hash(String token) {
        return sha256(token.getBytes(StandardCharsets.UTF_8));
    }

    /// SHA-256.
    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Base64url without padding.
    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
