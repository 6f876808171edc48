package dev.selvage.passwords;

import java.nio.charset.StandardCharsets;

/// A password as it is stored: what it was hashed with, and the result. A stored text always names its own parameters, so
/// that it is checked by them and not by what is the default today.
sealed interface PasswordHash permits Argon2Hash {

    /// Whether it is the hash of these bytes. Compares in constant time; takes as long as its parameters say.
    boolean matches(byte[] password);

    /// The memory that [#matches] needs, in KiB, rounded up.
    int memoryKib();

    /// The text that is stored, which [#parse] reads.
    String encoded();

    /// Reads what [#encoded] wrote.
    ///
    /// @throws IllegalArgumentException when it is no such text
    static PasswordHash parse(String encoded) {
        if (encoded.startsWith("$argon2")) {
            return Argon2Hash.parse(encoded);
        }
        throw new IllegalArgumentException("Not a stored password hash");
    }

    /// The bytes of a text in UTF-8.
    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
