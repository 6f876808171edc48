package dev.selvage.passwords;

/// What a new Argon2id hash costs.
///
/// @param memoryKib   memory in KiB
/// @param iterations  passes
/// @param parallelism lanes
public record HashCosts(int memoryKib, int iterations, int parallelism) {
}
