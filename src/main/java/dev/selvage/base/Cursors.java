package dev.selvage.base;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/// Page cursors: base64url of where a search stopped, with a code that binds it to that search under a key derived from
/// the master key. So a cursor that was altered, or that another search or project gave out, is refused, and nothing
/// about cursors has to be stored.
public final class Cursors {

    private static final int CODE_BYTES = 16;

    private final SecretKey key;

    public Cursors(byte[] masterKey) {
        try {
            this.key = KDF.getInstance("HKDF-SHA256").deriveKey("HmacSHA256",
                    HKDFParameterSpec.ofExtract().addIKM(masterKey).thenExpand("selvage cursors".getBytes(StandardCharsets.UTF_8), 32));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// The cursor for a position in a search.
    ///
    /// @param search all that decides the order and the members of the results: whose they are and what was asked
    public String seal(String search, String position) {
        byte[] bytes = position.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream cursor = new ByteArrayOutputStream(CODE_BYTES + bytes.length);
        cursor.writeBytes(code(search, bytes));
        cursor.writeBytes(bytes);
        return Tokens.encode(cursor.toByteArray());
    }

    /// The position that [#seal] put into the cursor; empty when this search gave out no such cursor.
    public Optional<String> open(String search, String cursor) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        // Decoding forgives padding and stray bits at the end; what was given out is the one true spelling.
        if (bytes.length <= CODE_BYTES || !Tokens.encode(bytes).equals(cursor)) {
            return Optional.empty();
        }
        byte[] position = Arrays.copyOfRange(bytes, CODE_BYTES, bytes.length);
        return MessageDigest.isEqual(code(search, position), Arrays.copyOf(bytes, CODE_BYTES))
                ? Optional.of(new String(position, StandardCharsets.UTF_8)) : Optional.empty();
    }

    private byte[] code(String search, byte[] position) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(Tokens.sha256(search.getBytes(StandardCharsets.UTF_8)));
            return Arrays.copyOf(mac.doFinal(position), CODE_BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
