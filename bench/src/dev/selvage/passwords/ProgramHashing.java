package dev.selvage.passwords;

import java.nio.charset.StandardCharsets;

/// The program's hash of a password, at the cost that is the default. In the program's package, because only
/// there it can be called.
public final class ProgramHashing {

    private static final byte[] SALT = "a salt that all have".substring(0, 16).getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_BYTES = 32;

    private ProgramHashing() {}

    /// Always the same for the same password, as it is stored.
    public static String hash(String password) {
        Hashing costs = Hashing.DEFAULT;
        return Argon2Hash.of(
                        password.getBytes(StandardCharsets.UTF_8),
                        SALT,
                        HASH_BYTES,
                        costs.memoryKib(),
                        costs.iterations(),
                        costs.parallelism())
                .encoded();
    }
}
