package dev.selvage.base;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/// The master key and, while a store changes from one to another, the one before. What is at rest under either
/// can be read; the store decides under which new values are written, so that all servers change at the same
/// moment (`docs/keys.md`). Thread-safe.
public final class MasterKeys {

    /// The length of a master key in bytes.
    public static final int KEY_BYTES = 32;

    private static final int ID_BYTES = 4;

    private final Key current;
    private final Optional<Key> previous;
    private volatile Key sealing;

    /// @param current  32 bytes
    /// @param previous 32 bytes; only while the key is replaced
    /// @throws IllegalArgumentException when a key has another length
    /// @throws OperatorException when both are the same
    public MasterKeys(byte[] current, Optional<byte[]> previous) {
        this.current = new Key(current);
        this.previous = previous.map(Key::new);
        this.sealing = this.current;
        if (this.previous.filter(key -> key.id().equals(this.current.id())).isPresent()) {
            throw new OperatorException(
                    "The master key and the one before it (SELVAGE_PREVIOUS_MASTER_KEY) are the same.");
        }
    }

    /// One key alone.
    public static MasterKeys of(byte[] key) {
        return new MasterKeys(key, Optional.empty());
    }

    /// A master key. Its text is its id.
    public static final class Key {

        private final byte[] bytes;
        private final String id;

        private Key(byte[] bytes) {
            if (bytes.length != KEY_BYTES) {
                throw new IllegalArgumentException("A master key must be " + KEY_BYTES + " bytes");
            }
            this.bytes = bytes.clone();
            this.id = HexFormat.of().formatHex(derived("selvage key id", ID_BYTES));
        }

        /// Eight hexadecimal digits that tell which key it is and nothing else about it.
        public String id() {
            return id;
        }

        /// The key itself.
        public byte[] bytes() {
            return bytes.clone();
        }

        /// A key of its own for a purpose (HKDF-SHA-256), so many bytes long.
        public byte[] derived(String purpose, int length) {
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

    /// The one that this process was given as the master key.
    public Key current() {
        return current;
    }

    /// The one before, where it is given.
    public Optional<Key> previous() {
        return previous;
    }

    /// The one under which new values are written.
    public Key sealing() {
        return sealing;
    }

    /// From now on new values are written under this one of [#all].
    public void sealWith(Key key) {
        sealing = key;
    }

    /// Both, or the one that there is.
    public List<Key> all() {
        return previous.map(before -> List.of(current, before)).orElseGet(() -> List.of(current));
    }

    /// The one of this id, if this process has it.
    public Optional<Key> find(String id) {
        return all().stream().filter(key -> key.id().equals(id)).findFirst();
    }
}
