package dev.selvage.passwords;

import java.security.MessageDigest;
import java.util.regex.Pattern;

/// The portable hash of phpass, which WordPress (`$P$`) and phpBB (`$H$`) used: MD5 over and over, in a base64 of its own.
/// `$P$`, a character for the number of rounds, 8 of salt, 22 of hash.
///
/// @param log2rounds the binary logarithm of the rounds
record PhpassHash(String encoded, int log2rounds) implements PasswordHash {

    private static final String ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Pattern FORM = Pattern.compile("\\$[PH]\\$[./0-9A-Za-z]{31}");
    private static final int SETTING_CHARACTERS = 12;

    /// @throws IllegalArgumentException when it is not of that form
    static PhpassHash parse(String encoded) {
        if (!FORM.matcher(encoded).matches()) {
            throw new IllegalArgumentException("Not a phpass hash");
        }
        return new PhpassHash(encoded, ALPHABET.indexOf(encoded.charAt(3)));
    }

    @Override
    public boolean matches(byte[] password) {
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
