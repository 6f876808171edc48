package dev.selvage.passwords;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A stored password hash with its algorithm and parameters. The stored text contains the parameters, so a
/// check does not depend on the current defaults.
sealed interface PasswordHash permits Argon2Hash, BcryptHash, ScryptHash, Pbkdf2Hash, PhpassHash, DigestHash {

    /// Whether this is the hash of these bytes. Compares in constant time. The duration depends on the
    /// parameters.
    boolean matches(byte[] password);

    /// Whether matching bytes are exactly the password. False if the algorithm truncates passwords, so that
    /// other bytes match too. HMAC pads keys with NUL bytes, and C ends a string there. Neither matters,
    /// because no request may contain a NUL.
    default boolean isExact(byte[] password) {
        return true;
    }

    /// The memory of [#matches] in KiB, rounded up.
    int memoryKib();

    /// The work of [#matches], in a unit of the algorithm. Twice the work takes twice the time, so the time
    /// follows from that of [#probe]. 0 if the algorithm has no cost parameter and its time is negligible.
    long work();

    /// Returns a hash of the same algorithm that takes milliseconds to check.
    PasswordHash probe();

    /// Returns the text that is stored, which [#parse] reads.
    String encoded();

    /// Parses the result of [#encoded].
    ///
    /// @throws IllegalArgumentException if the text is not a stored hash
    static PasswordHash parse(String encoded) {
        int end = encoded.indexOf('$', 1);
        return switch (end < 0 ? "" : encoded.substring(1, end)) {
            case "argon2id", "argon2i" -> Argon2Hash.parse(encoded);
            case "2a", "2b", "2y" -> BcryptHash.parse(encoded);
            case "scrypt" -> ScryptHash.parse(encoded);
            case "pbkdf2-sha256", "pbkdf2-sha512" -> Pbkdf2Hash.parse(encoded);
            case "P", "H" -> PhpassHash.parse(encoded);
            case "md5", "sha1", "sha512" -> DigestHash.parse(encoded);
            default -> throw new IllegalArgumentException("Not a stored password hash");
        };
    }

    /// Encodes a text as UTF-8.
    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Encodes as base64 without padding, as in the PHC string format.
    static String base64(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Decodes base64 with or without padding.
    ///
    /// @throws IllegalArgumentException if the text is not base64
    static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }
}
