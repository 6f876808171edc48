package dev.selvage.passwords;

import java.security.MessageDigest;
import java.util.regex.Pattern;

/// The portable hash of phpass, which WordPress (`$P$`) and phpBB (`$H$`) used: MD5 over and over, in a base64
/// of its own. `$P$`, a character for the number of rounds, 8 of salt, 22 of hash.
///
/// @param log2rounds the binary logarithm of the rounds
record PhpassHash(String encoded, int log2rounds) implements PasswordHash {

    private static final String ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Pattern FORM = Pattern.compile("\\$[PH]\\$[./0-9A-Za-z]{31}");
    private static final int SETTING_CHARACTERS = 12;
    private static final int PASSWORD_BYTES_MAX = 4_096;

    /// @throws IllegalArgumentException when it is not of that form
    static PhpassHash parse(String encoded) {
        if (!FORM.matcher(encoded).matches()) {
            throw new IllegalArgumentException("Not a phpass hash");
        }
        return new PhpassHash(encoded, ALPHABET.indexOf(encoded.charAt(3)));
    }

    /// As phpass itself does, it takes no password that is longer than 4,096 bytes: each of them counts in
    /// every round.
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

    /// Three bytes make four characters, the lowest bits first.
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
