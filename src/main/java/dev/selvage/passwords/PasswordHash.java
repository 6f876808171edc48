package dev.selvage.passwords;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A password as it is stored: what it was hashed with, and the result. A stored text names its own parameters,
/// so that it is checked by them and not by what is the default today.
sealed interface PasswordHash permits Argon2Hash, BcryptHash, ScryptHash, Pbkdf2Hash, PhpassHash, DigestHash {

    /// Whether it is the hash of these bytes. Compares in constant time; takes as long as its parameters say.
    boolean matches(byte[] password);

    /// Whether these bytes, if they match, are the password, and not another one that the algorithm cannot tell
    /// from it because it cuts passwords off. That HMAC fills keys up with NUL bytes, and C ends a text there,
    /// does not matter: no request may hold one.
    default boolean isExact(byte[] password) {
        return true;
    }

    /// The memory that [#matches] needs, in KiB, rounded up.
    int memoryKib();

    /// How much [#matches] has to do, in a unit of the algorithm: as many times that of [#probe] as it takes
    /// times as long. 0 where there is nothing to choose and the time is too short to count.
    long work();

    /// A hash of the same algorithm that takes milliseconds to check.
    PasswordHash probe();

    /// The text that is stored, which [#parse] reads.
    String encoded();

    /// Reads what [#encoded] wrote.
    ///
    /// @throws IllegalArgumentException when it is no such text
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

    /// The bytes of a text in UTF-8.
    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Base64 without padding, as the PHC string format has it.
    static String base64(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Reads base64 with or without padding.
    ///
    /// @throws IllegalArgumentException when it is not base64
    static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }
}
