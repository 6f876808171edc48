package dev.selvage.projects;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import java.text.ParseException;

/// Encryption at rest under the master key: private keys, seeds, message texts. A sealed value is a JWE
/// (`dir`, `A256GCM`) whose header names what it is, so that one cannot be put in another's place.
public final class Vault {

    /// The length of the master key in bytes.
    public static final int KEY_BYTES = 32;

    private static final String PURPOSE = "for";

    private final byte[] masterKey;

    /// @throws IllegalArgumentException when the key is not 32 bytes
    public Vault(byte[] masterKey) {
        if (masterKey.length != KEY_BYTES) {
            throw new IllegalArgumentException("The master key must be " + KEY_BYTES + " bytes");
        }
        this.masterKey = masterKey.clone();
    }

    /// Encrypts `plain`; `purpose` says what and whose it is and must be given again to open it.
    public String seal(String plain, String purpose) {
        JWEObject jwe = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM).customParam(PURPOSE, purpose).build(),
                new Payload(plain));
        try {
            jwe.encrypt(new DirectEncrypter(masterKey));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
        return jwe.serialize();
    }

    /// Decrypts what [#seal] made.
    ///
    /// @throws IllegalStateException when it was sealed under another key or for another purpose, or was changed
    public String open(String sealed, String purpose) {
        try {
            JWEObject jwe = JWEObject.parse(sealed);
            jwe.decrypt(new DirectDecrypter(masterKey));
            if (!purpose.equals(jwe.getHeader().getCustomParam(PURPOSE))) {
                throw new IllegalStateException("A sealed value stands where it does not belong: " + purpose);
            }
            return jwe.getPayload().toString();
        } catch (ParseException | JOSEException failed) {
            throw new IllegalStateException("Cannot decrypt " + purpose + ": is this the master key of this database?", failed);
        }
    }
}
