package dev.selvage.passwords;

import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// An Argon2i or Argon2id hash (RFC 9106). It is stored in the PHC string format:
/// `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`, with base64 without padding.
///
/// @param variant     `argon2i` or `argon2id`
/// @param version     19, or 16 for hashes from before 2016
/// @param memoryKib   memory in KiB
/// @param iterations  number of passes
/// @param parallelism number of lanes
record Argon2Hash(String variant, int version, int memoryKib, int iterations, int parallelism, byte[] salt, byte[] hash)
        implements PasswordHash {

    private static final Pattern PHC = Pattern.compile(
            "\\$(argon2id?)(?:\\$v=(16|19))?\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    static final String ARGON2ID = "argon2id";
    static final String ARGON2I = "argon2i";

    /// Hashes a password.
    static Argon2Hash of(byte[] password, byte[] salt, int hashBytes, int memoryKib, int iterations, int parallelism) {
        Argon2Hash empty = new Argon2Hash(
                ARGON2ID,
                Argon2Parameters.ARGON2_VERSION_13,
                memoryKib,
                iterations,
                parallelism,
                salt,
                new byte[hashBytes]);
        return new Argon2Hash(
                empty.variant, empty.version, memoryKib, iterations, parallelism, salt, empty.compute(password));
    }

    /// @throws IllegalArgumentException if the text is not in the PHC string format
    static Argon2Hash parse(String encoded) {
        Matcher parts = PHC.matcher(encoded);
        if (!parts.matches()) {
            throw new IllegalArgumentException("Not an Argon2 hash in the PHC string format");
        }
        int version = parts.group(2) == null ? Argon2Parameters.ARGON2_VERSION_10 : Integer.parseInt(parts.group(2));
        return new Argon2Hash(
                parts.group(1),
                version,
                Integer.parseInt(parts.group(3)),
                Integer.parseInt(parts.group(4)),
                Integer.parseInt(parts.group(5)),
                PasswordHash.base64(parts.group(6)),
                PasswordHash.base64(parts.group(7)));
    }

    @Override
    public boolean matches(byte[] password) {
        return MessageDigest.isEqual(hash, compute(password));
    }

    @Override
    public long work() {
        return (long) memoryKib * iterations;
    }

    /// Uses one lane, because the measurement is the CPU time of the calling thread. More lanes do not take
    /// longer.
    @Override
    public PasswordHash probe() {
        return new Argon2Hash(variant, version, 8 * 1024, 1, 1, new byte[16], new byte[32]);
    }

    @Override
    public String encoded() {
        return "$%s$v=%d$m=%d,t=%d,p=%d$%s$%s"
                .formatted(
                        variant,
                        version,
                        memoryKib,
                        iterations,
                        parallelism,
                        PasswordHash.base64(salt),
                        PasswordHash.base64(hash));
    }

    private byte[] compute(byte[] password) {
        return NativeArgon2.isLoaded() ? NativeArgon2.compute(this, password) : computeInHeap(password);
    }

    /// Computes the hash with Bouncy Castle, which runs on every platform.
    byte[] computeInHeap(byte[] password) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(
                        variant.equals(ARGON2I) ? Argon2Parameters.ARGON2_i : Argon2Parameters.ARGON2_id)
                .withVersion(version)
                .withMemoryAsKB(memoryKib)
                .withIterations(iterations)
                .withParallelism(parallelism)
                .withSalt(salt)
                .build());
        byte[] computed = new byte[hash.length];
        generator.generateBytes(password, computed);
        return computed;
    }

    @Override
    public String toString() {
        return variant;
    }
}
