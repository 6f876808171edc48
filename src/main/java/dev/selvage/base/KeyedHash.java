package dev.selvage.base;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA-256 under a key of its own, derived from the master key (HKDF-SHA-256). For what is too short, or
/// too well known, for a plain digest: without the master key its hash tells nothing. Thread-safe.
public final class KeyedHash {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final MasterKeys keys;
    private final SecretKey current;
    private final Optional<SecretKey> previous;

    /// @param purpose what is hashed; each purpose has its own key
    public KeyedHash(MasterKeys keys, String purpose) {
        this.keys = keys;
        this.current = key(keys.current(), purpose);
        this.previous = keys.previous().map(key -> key(key, purpose));
    }

    /// The hashes of one value under the keys that a process has.
    ///
    /// @param key     under which new values are written
    /// @param sealing the hash under it
    /// @param other   the hash under the other one; the same where there is one key
    public record Hashes(MasterKeys.Key key, byte[] sealing, byte[] other) {}

    private SecretKey key(MasterKeys.Key key, String purpose) {
        return new SecretKeySpec(key.derived(purpose, KEY_BYTES), ALGORITHM);
    }

    /// The hash of the parts one behind the other, as it is written down now. All but the last must be of a
    /// fixed length, or end in what the next cannot begin with: else two lists of parts could be the same.
    public byte[] of(byte[]... parts) {
        return under(keys.sealing(), parts);
    }

    /// As [#of(byte\[\]...)] under one of the process's keys.
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

    /// The hash of a text in UTF-8.
    public byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The hashes of a text in UTF-8, for a comparison with what may have been written down under either key.
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
