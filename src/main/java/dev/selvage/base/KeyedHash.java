package dev.selvage.base;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/// HMAC under a key of its own, derived from the master key (HKDF-SHA-256). For what is too short, or too well known, for
/// a plain digest: without the master key its hash tells nothing. Thread-safe.
public final class KeyedHash {

    private final Algorithm algorithm;
    private final SecretKey key;

    /// @param purpose what is hashed; each purpose has its own key
    public KeyedHash(Algorithm algorithm, byte[] masterKey, String purpose) {
        this.algorithm = algorithm;
        try {
            this.key = KDF.getInstance("HKDF-SHA256").deriveKey(algorithm.mac, HKDFParameterSpec.ofExtract().addIKM(masterKey)
                    .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), algorithm.bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Which hash, and how many bytes its values and its key have.
    public enum Algorithm {
        SHA_256("HmacSHA256", 32),
        SHA_512("HmacSHA512", 64);

        private final String mac;
        private final int bytes;

        Algorithm(String mac, int bytes) {
            this.mac = mac;
            this.bytes = bytes;
        }
    }

    /// The hash of the parts one behind the other. All but the last must be of a fixed length, or end in what the next
    /// cannot begin with: else two lists of parts could be the same.
    public byte[] of(byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(algorithm.mac);
            mac.init(key);
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// The hash of a text in UTF-8.
    public byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }
}
