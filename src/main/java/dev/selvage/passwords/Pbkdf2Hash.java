package dev.selvage.passwords;

import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/// A PBKDF2 hash (RFC 8018) with HMAC, stored as `$pbkdf2-sha256$i=600000$<salt>$<hash>`.
///
/// @param algorithm `sha256` or `sha512`
record Pbkdf2Hash(String algorithm, int iterations, byte[] salt, byte[] hash) implements PasswordHash {

    static final String SHA256 = "sha256";
    static final String SHA512 = "sha512";

    private static final Pattern FORM =
            Pattern.compile("\\$pbkdf2-(sha256|sha512)\\$i=(\\d{1,9})\\$([A-Za-z0-9+/]*)\\$([A-Za-z0-9+/]+)");

    /// @throws IllegalArgumentException if the text does not have that form
    static Pbkdf2Hash parse(String encoded) {
        Matcher parts = FORM.matcher(encoded);
        if (!parts.matches()) {
            throw new IllegalArgumentException("Not a PBKDF2 hash");
        }
        return new Pbkdf2Hash(
                parts.group(1),
                Integer.parseInt(parts.group(2)),
                PasswordHash.base64(parts.group(3)),
                PasswordHash.base64(parts.group(4)));
    }

    /// The total number of HMAC computations.
    long rounds() {
        int blockBytes = algorithm.equals(SHA512) ? 64 : 32;
        return (long) iterations * ((hash.length + blockBytes - 1) / blockBytes);
    }

    @Override
    public boolean matches(byte[] password) {
        PKCS5S2ParametersGenerator generator =
                new PKCS5S2ParametersGenerator(algorithm.equals(SHA512) ? new SHA512Digest() : new SHA256Digest());
        generator.init(password, salt, iterations);
        KeyParameter derived = (KeyParameter) generator.generateDerivedMacParameters(hash.length * 8);
        return MessageDigest.isEqual(hash, derived.getKey());
    }

    @Override
    public int memoryKib() {
        return 1;
    }

    @Override
    public long work() {
        return rounds();
    }

    @Override
    public PasswordHash probe() {
        return new Pbkdf2Hash(algorithm, 4_000, new byte[16], new byte[32]);
    }

    @Override
    public String encoded() {
        return "$pbkdf2-%s$i=%d$%s$%s"
                .formatted(algorithm, iterations, PasswordHash.base64(salt), PasswordHash.base64(hash));
    }

    @Override
    public String toString() {
        return "pbkdf2";
    }
}
