package dev.selvage.passwords;

import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.SCrypt;

/// An scrypt hash (RFC 7914), stored in the PHC string format: `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`.
///
/// @param log2n binary logarithm of N
record ScryptHash(int log2n, int r, int p, byte[] salt, byte[] hash) implements PasswordHash {

    private static final Pattern PHC = Pattern.compile(
            "\\$scrypt\\$ln=(\\d{1,2}),r=(\\d{1,9}),p=(\\d{1,9})\\$([A-Za-z0-9+/]*)={0,2}\\$([A-Za-z0-9+/]+)={0,2}");

    /// @throws IllegalArgumentException if the text is not in the PHC string format
    static ScryptHash parse(String encoded) {
        Matcher parts = PHC.matcher(encoded);
        if (!parts.matches()) {
            throw new IllegalArgumentException("Not an scrypt hash in the PHC string format");
        }
        return new ScryptHash(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                PasswordHash.base64(parts.group(4)),
                PasswordHash.base64(parts.group(5)));
    }

    @Override
    public boolean matches(byte[] password) {
        return MessageDigest.isEqual(hash, SCrypt.generate(password, salt, 1 << log2n, r, p, hash.length));
    }

    @Override
    public int memoryKib() {
        return (int) Math.min(Integer.MAX_VALUE, (((long) r << log2n) + (long) r * p) / 8 + 1);
    }

    @Override
    public long work() {
        return (long) r * p << log2n;
    }

    @Override
    public PasswordHash probe() {
        return new ScryptHash(12, 8, 1, new byte[16], new byte[32]);
    }

    @Override
    public String encoded() {
        return "$scrypt$ln=%d,r=%d,p=%d$%s$%s"
                .formatted(log2n, r, p, PasswordHash.base64(salt), PasswordHash.base64(hash));
    }

    @Override
    public String toString() {
        return "scrypt";
    }
}
