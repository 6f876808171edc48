package dev.selvage.passwords;

/// What an Argon2id hash costs.
///
/// @param memoryKib   memory of one Argon2id hash in KiB
/// @param iterations  its passes
/// @param parallelism its lanes
public record Hashing(int memoryKib, int iterations, int parallelism) {

    /// OWASP's first recommendation for Argon2id: 19 MiB, two passes, one lane.
    public static final Hashing DEFAULT = new Hashing(19 * 1024, 2, 1);
}
