package dev.selvage.passwords;

import java.nio.charset.StandardCharsets;

/// The password hash of the program, at the default cost. This class is in the package of the program to reach
/// a package-private method.
public final class ProgramHashing {

    private static final byte[] SALT = "a salt that all have".substring(0, 16).getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_BYTES = 32;

    private ProgramHashing() {}

    /// The hash as it is stored. The same password always has the same hash.
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
