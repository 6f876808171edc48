package dev.selvage.base;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// Bearer tokens: random bytes in base64url. Only their SHA-256 is stored. They have at least 248 random bits,
/// so a plain digest cannot be searched.
public final class Tokens {

    /// The length of session, intermediate session, magic link and reset tokens: 33 bytes, which are 44
    /// characters without padding.
    public static final int BYTES = 33;

    /// The characters of tokens (base64url, `semantics.md` 4). Tokens of the sandbox have 32 bytes and end with
    /// `=`.
    private static final AsciiSet BASE64URL = AsciiSet.lettersDigitsAnd("_-");
    private static final int CHARACTERS_MIN = 43;
    private static final int CHARACTERS_MAX = 44;

    private Tokens() {}

    /// Returns a new token of 44 characters.
    public static String next(ClockAndRandom clock) {
        return encode(clock.bytes(BYTES));
    }

    /// Whether `value` has the form of a token.
    public static boolean isWellFormed(String value) {
        return BASE64URL.matchesAll(
                value.endsWith("=") ? value.substring(0, value.length() - 1) : value, CHARACTERS_MIN, CHARACTERS_MAX);
    }

    /// Returns the digest that is stored instead of a token.
    public static byte[] hash(String token) {
        return sha256(token.getBytes(StandardCharsets.UTF_8));
    }

    /// Returns the SHA-256 of bytes.
    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Returns base64url without padding.
    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
