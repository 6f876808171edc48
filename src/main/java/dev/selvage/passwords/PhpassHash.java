package dev.selvage.passwords;

import java.security.MessageDigest;
import java.util.regex.Pattern;

/// A portable hash of phpass, which WordPress (`$P$`) and phpBB (`$H$`) used: iterated MD5 in its own base64
/// alphabet. After the prefix, one character encodes the number of rounds, 8 are the salt, and 22 the hash.
///
/// @param log2rounds binary logarithm of the number of rounds
record PhpassHash(String encoded, int log2rounds) implements PasswordHash {

    private static final String ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Pattern FORM = Pattern.compile("\\$[PH]\\$[./0-9A-Za-z]{31}");
    private static final int SETTING_CHARACTERS = 12;
    private static final int PASSWORD_BYTES_MAX = 4_096;

    /// @throws IllegalArgumentException if the text does not have that form
    static PhpassHash parse(String encoded) {
        if (!FORM.matcher(encoded).matches()) {
            throw new IllegalArgumentException("Not a phpass hash");
        }
        return new PhpassHash(encoded, ALPHABET.indexOf(encoded.charAt(3)));
    }

    /// Like phpass itself, refuses passwords longer than 4,096 bytes, because each round hashes the whole
    /// password.
    @Override
    public boolean matches(byte[] password) {
        if (password.length > PASSWORD_BYTES_MAX) {
            return false;
        }
        MessageDigest md5 = DigestHash.Algorithm.MD5.digest();
        md5.update(PasswordHash.utf8(encoded.substring(4, SETTING_CHARACTERS)));
        byte[] hash = md5.digest(password);
        for (long round = 1L << log2rounds; round > 0; round--) {
            md5.update(hash);
            hash = md5.digest(password);
        }
        String computed = encoded.substring(0, SETTING_CHARACTERS) + base64(hash);
        return MessageDigest.isEqual(PasswordHash.utf8(encoded), PasswordHash.utf8(computed));
    }

    @Override
    public int memoryKib() {
        return 1;
    }

    @Override
    public long work() {
        return 1L << log2rounds;
    }

    @Override
    public PasswordHash probe() {
        return parse("$P$6" + ".".repeat(30));
    }

    /// Encodes 3 bytes as 4 characters, with the lowest bits first.
    private static String base64(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length; at += 3) {
            int count = Math.min(3, bytes.length - at);
            int bits = 0;
            for (int i = 0; i < count; i++) {
                bits |= (bytes[at + i] & 0xff) << 8 * i;
            }
            for (int i = 0; i <= count; i++) {
                text.append(ALPHABET.charAt(bits >> 6 * i & 63));
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "phpass";
    }
}
