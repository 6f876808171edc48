package dev.selvage.base;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA-256 under a key for one purpose, derived from the master key (HKDF-SHA-256). For values that are
/// too short or too well known for a plain digest: without the master key, the hash cannot be searched.
/// Thread-safe.
public final class KeyedHash {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final MasterKeys keys;
    private final SecretKey current;
    private final Optional<SecretKey> previous;

    /// Creates a hash.
    ///
    /// @param purpose names the hashed values; each purpose has its own key
    public KeyedHash(MasterKeys keys, String purpose) {
        this.keys = keys;
        this.current = key(keys.current(), purpose);
        this.previous = keys.previous().map(key -> key(key, purpose));
    }

    /// The hashes of one value under the master keys of this process.
    ///
    /// @param key     the key for new values
    /// @param sealing the hash under `key`
    /// @param other   the hash under the other key; the same array if there is only one key
    public record Hashes(MasterKeys.Key key, byte[] sealing, byte[] other) {}

    private SecretKey key(MasterKeys.Key key, String purpose) {
        return new SecretKeySpec(key.derive(purpose, KEY_BYTES), ALGORITHM);
    }

    /// Returns the hash of the concatenated parts under the key for new values. Each part except the last must
    /// have a fixed length, or end with a byte that the next cannot start with; otherwise different parts could
    /// have the same hash.
    public byte[] of(byte[]... parts) {
        return under(keys.sealing(), parts);
    }

    /// As [#of(byte\[\]...)], under one of the keys of this process.
    public byte[] under(MasterKeys.Key key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key == keys.current() ? current : previous.orElseThrow());
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Returns the hash of a text in UTF-8.
    public byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Returns the hashes of a text in UTF-8, for a comparison with a stored hash under either key.
    public Hashes both(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MasterKeys.Key sealing = keys.sealing();
        byte[] hash = under(sealing, bytes);
        if (previous.isEmpty()) {
            return new Hashes(sealing, hash, hash);
        }
        return new Hashes(
                sealing,
                hash,
                under(sealing == keys.current() ? keys.previous().orElseThrow() : keys.current(), bytes));
    }
}
