package dev.selvage.base;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// Page cursors: base64url of where a search stopped, with a code that binds it to that search under a key
/// derived from the master key. So a cursor that was altered, or that another search or project gave out, is
/// refused, and nothing about cursors has to be stored.
public final class Cursors {

    private static final int CODE_BYTES = 16;

    private final MasterKeys keys;
    private final KeyedHash hash;

    public Cursors(MasterKeys keys) {
        this.keys = keys;
        this.hash = new KeyedHash(keys, "selvage cursors");
    }

    /// The cursor for a position in a search.
    ///
    /// @param search all that decides the order and the members of the results: whose they are and what was
    ///         asked
    public String seal(String search, String position) {
        byte[] bytes = position.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream cursor = new ByteArrayOutputStream(CODE_BYTES + bytes.length);
        cursor.writeBytes(code(keys.sealing(), search, bytes));
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
        byte[] code = Arrays.copyOf(bytes, CODE_BYTES);
        return keys.all().stream().anyMatch(key -> MessageDigest.isEqual(code(key, search, position), code))
                ? Optional.of(new String(position, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private byte[] code(MasterKeys.Key key, String search, byte[] position) {
        return Arrays.copyOf(
                hash.under(key, Tokens.sha256(search.getBytes(StandardCharsets.UTF_8)), position), CODE_BYTES);
    }
}
