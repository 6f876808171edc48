package dev.selvage.projects;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import dev.selvage.base.MasterKeys;
import java.text.ParseException;
import java.util.Optional;

/// Encryption at rest under the master key, for private keys, seeds and message texts. A sealed value is a JWE
/// (`dir`, `A256GCM`). Its header names its purpose, so that one value cannot replace another, and its key
/// (`kid`).
public final class Vault {

    private static final String PURPOSE = "for";

    private final MasterKeys keys;

    public Vault(MasterKeys keys) {
        this.keys = keys;
    }

    /// A decrypted value and its key.
    private record Decrypted(String plain, String purpose, MasterKeys.Key key) {

        @Override
        public String toString() {
            return purpose;
        }
    }

    /// Encrypts a text.
    ///
    /// @param purpose what the text is and whose; the same purpose is required to open it
    public String seal(String plain, String purpose) {
        return seal(plain, purpose, keys.sealing());
    }

    /// As [#seal(String, String)], under a given key.
    String seal(String plain, String purpose, MasterKeys.Key key) {
        JWEObject jwe = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                        .keyID(key.id())
                        .customParam(PURPOSE, purpose)
                        .build(),
                new Payload(plain));
        try {
            jwe.encrypt(new DirectEncrypter(key.bytes()));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
        return jwe.serialize();
    }

    /// Decrypts a text that [#seal] encrypted.
    ///
    /// @throws IllegalStateException if it was sealed under an unknown key or for another purpose, or was
    ///         changed
    public String open(String sealed, String purpose) {
        return decrypt(sealed, purpose).plain;
    }

    /// The same text sealed under the key for new values; empty if it is already.
    ///
    /// @throws IllegalStateException if it cannot be decrypted
    public Optional<String> reseal(String sealed) {
        Decrypted decrypted = decrypt(sealed);
        return decrypted.key == keys.sealing()
                ? Optional.empty()
                : Optional.of(seal(decrypted.plain, decrypted.purpose));
    }

    /// The key under which a text is sealed.
    ///
    /// @throws IllegalStateException as [#open]
    MasterKeys.Key keyOf(String sealed, String purpose) {
        return decrypt(sealed, purpose).key;
    }

    private Decrypted decrypt(String sealed, String purpose) {
        Decrypted decrypted = decrypt(sealed);
        if (!purpose.equals(decrypted.purpose)) {
            throw new IllegalStateException("A sealed value has another purpose than " + purpose);
        }
        return decrypted;
    }

    private Decrypted decrypt(String sealed) {
        JWEObject jwe = parse(sealed);
        String id = jwe.getHeader().getKeyID();
        JOSEException failure = null;
        for (MasterKeys.Key key : keys.all()) {
            if (key.id().equals(id)) {
                try {
                    jwe.decrypt(new DirectDecrypter(key.bytes()));
                    return new Decrypted(
                            jwe.getPayload().toString(),
                            String.valueOf(jwe.getHeader().getCustomParam(PURPOSE)),
                            key);
                } catch (JOSEException failed) {
                    failure = failed;
                }
            }
        }
        throw new IllegalStateException(
                "Cannot decrypt " + jwe.getHeader().getCustomParam(PURPOSE) + ": it is sealed under the master key "
                        + id + ", which is not available",
                failure);
    }

    private static JWEObject parse(String sealed) {
        try {
            return JWEObject.parse(sealed);
        } catch (ParseException failed) {
            throw new IllegalStateException("The value is not sealed", failed);
        }
    }
}
