package dev.selvage.base;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/// The master key and, during its replacement, the previous one. Data sealed under either can be read. The
/// store decides which one seals new values, so that all servers switch at the same time (`docs/keys.md`).
/// Thread-safe.
public final class MasterKeys {

    /// The length of a master key, in bytes.
    public static final int KEY_BYTES = 32;

    private static final int ID_BYTES = 4;

    private final Key current;
    private final Optional<Key> previous;
    private volatile Key sealing;

    /// Creates the keys.
    ///
    /// @param current  32 bytes
    /// @param previous 32 bytes; empty unless the key is being replaced
    /// @throws IllegalArgumentException if a key has another length
    /// @throws OperatorException if both keys are equal
    public MasterKeys(byte[] current, Optional<byte[]> previous) {
        this.current = new Key(current);
        this.previous = previous.map(Key::new);
        this.sealing = this.current;
        if (this.previous.filter(key -> key.id().equals(this.current.id())).isPresent()) {
            throw new OperatorException(
                    "The master key and the one before it (SELVAGE_PREVIOUS_MASTER_KEY) are the same.");
        }
    }

    /// Returns keys without a previous one.
    public static MasterKeys of(byte[] key) {
        return new MasterKeys(key, Optional.empty());
    }

    /// A master key. Its `toString` is its id.
    public static final class Key {

        private final byte[] bytes;
        private final String id;

        private Key(byte[] bytes) {
            if (bytes.length != KEY_BYTES) {
                throw new IllegalArgumentException("A master key must be " + KEY_BYTES + " bytes");
            }
            this.bytes = bytes.clone();
            this.id = HexFormat.of().formatHex(derive("selvage key id", ID_BYTES));
        }

        /// The id of the key: 8 hexadecimal digits, which reveal nothing else about it.
        public String id() {
            return id;
        }

        /// The secret bytes of the key.
        public byte[] bytes() {
            return bytes.clone();
        }

        /// Derives a key for a purpose (HKDF-SHA-256).
        ///
        /// @param length in bytes
        public byte[] derive(String purpose, int length) {
            try {
                return KDF.getInstance("HKDF-SHA256")
                        .deriveData(HKDFParameterSpec.ofExtract()
                                .addIKM(bytes)
                                .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), length));
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public String toString() {
            return id;
        }
    }

    /// The key that is configured as master key.
    public Key current() {
        return current;
    }

    /// The previous key, if configured.
    public Optional<Key> previous() {
        return previous;
    }

    /// The key that seals new values.
    public Key sealing() {
        return sealing;
    }

    /// Sets the key that seals new values; one of [#all].
    public void sealWith(Key key) {
        sealing = key;
    }

    /// The configured keys: the current one, then the previous one if present.
    public List<Key> all() {
        return previous.map(key -> List.of(current, key)).orElseGet(() -> List.of(current));
    }

    /// Returns the key with an id, if it is configured.
    public Optional<Key> find(String id) {
        return all().stream().filter(key -> key.id().equals(id)).findFirst();
    }
}
