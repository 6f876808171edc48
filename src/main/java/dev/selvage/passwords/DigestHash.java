package dev.selvage.passwords;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A hash by one plain digest over salt, password and salt, from legacy systems. It is stored as
/// `$sha1$<salt before>$<salt after>$<hash>` in base64. The first sign-in replaces it by Argon2id.
record DigestHash(Algorithm algorithm, byte[] prepended, byte[] appended, byte[] hash) implements PasswordHash {

    private static final Pattern FORM =
            Pattern.compile("\\$(md5|sha1|sha512)\\$([A-Za-z0-9+/]*)\\$([A-Za-z0-9+/]*)\\$([A-Za-z0-9+/]+)");

    /// The supported digests.
    enum Algorithm {
        MD5("md5", "MD5", 16),
        SHA1("sha1", "SHA-1", 20),
        SHA512("sha512", "SHA-512", 64);

        private final String id;
        private final String jca;
        private final int bytes;

        Algorithm(String id, String jca, int bytes) {
            this.id = id;
            this.jca = jca;
            this.bytes = bytes;
        }

        /// The length of a digest in bytes.
        int bytes() {
            return bytes;
        }

        MessageDigest digest() {
            try {
                return MessageDigest.getInstance(jca);
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        private static Algorithm of(String id) {
            for (Algorithm algorithm : values()) {
                if (algorithm.id.equals(id)) {
                    return algorithm;
                }
            }
            throw new IllegalArgumentException("Not a digest");
        }
    }

    /// @throws IllegalArgumentException if the text does not have that form
    static DigestHash parse(String encoded) {
        Matcher parts = FORM.matcher(encoded);
        if (!parts.matches()) {
            throw new IllegalArgumentException("Not a salted digest");
        }
        return new DigestHash(
                Algorithm.of(parts.group(1)),
                PasswordHash.base64(parts.group(2)),
                PasswordHash.base64(parts.group(3)),
                PasswordHash.base64(parts.group(4)));
    }

    @Override
    public boolean matches(byte[] password) {
        MessageDigest digest = algorithm.digest();
        digest.update(prepended);
        digest.update(password);
        digest.update(appended);
        return MessageDigest.isEqual(hash, digest.digest());
    }

    @Override
    public int memoryKib() {
        return 1;
    }

    @Override
    public long work() {
        return 0;
    }

    @Override
    public PasswordHash probe() {
        return this;
    }

    @Override
    public String encoded() {
        return "$%s$%s$%s$%s"
                .formatted(
                        algorithm.id,
                        PasswordHash.base64(prepended),
                        PasswordHash.base64(appended),
                        PasswordHash.base64(hash));
    }

    @Override
    public String toString() {
        return algorithm.id;
    }
}
