package dev.selvage.passwords;

/// The costs of an Argon2id hash.
///
/// @param memoryKib   memory in KiB
/// @param iterations  number of passes
/// @param parallelism number of lanes
public record Hashing(int memoryKib, int iterations, int parallelism) {

    /// OWASP's first recommendation for Argon2id: 19 MiB, 2 passes, 1 lane.
    public static final Hashing DEFAULT = new Hashing(19 * 1024, 2, 1);
}
