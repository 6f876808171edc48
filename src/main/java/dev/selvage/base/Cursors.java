package dev.selvage.base;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// Page cursors of searches: base64url of a position, with a MAC that binds it to its search under a key
/// derived from the master key. A cursor that was changed, or that another search or project has issued, is
/// refused. Cursors are not stored.
public final class Cursors {

    private static final int CODE_BYTES = 16;

    private final MasterKeys keys;
    private final KeyedHash hash;

    public Cursors(MasterKeys keys) {
        this.keys = keys;
        this.hash = new KeyedHash(keys, "selvage cursors");
    }

    /// Returns the cursor for a position in a search.
    ///
    /// @param search everything that decides the results and their order: the project and the query
    public String seal(String search, String position) {
        byte[] bytes = position.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream cursor = new ByteArrayOutputStream(CODE_BYTES + bytes.length);
        cursor.writeBytes(code(keys.sealing(), search, bytes));
        cursor.writeBytes(bytes);
        return Tokens.encode(cursor.toByteArray());
    }

    /// Returns the position of a cursor; empty if it was not issued for this search.
    public Optional<String> open(String search, String cursor) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        // Decoding accepts padding and stray bits at the end; only the exact text that was issued is valid.
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
