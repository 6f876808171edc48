package dev.selvage.base;

import java.util.Base64;
import java.util.HexFormat;

/// Where a row lies when a store is spread over many machines: four hexadecimal digits, the same for a user or
/// member and all that hangs on it. Everything that a call can name its subject by tells them, so that the
/// statement names one shard (`docs/decisions/shard-key.md`):
///
/// - a subject's id: the first digits of its UUID; members take over those of their organization;
/// - a session's id: the same digits, taken over from its subject;
/// - a session token: its first two bytes;
/// - an address as a subject: the first digits of its SHA-256.
public final class ShardKey {

    /// Of the UUID of an id, and of the SHA-256 of an address.
    static final int DIGITS = 4;

    /// With which a session token begins.
    public static final int BYTES = DIGITS / 2;

    /// So many characters of a token hold its first two bytes.
    private static final int TOKEN_CHARACTERS = 3;
    private static final HexFormat HEX = HexFormat.of();

    private ShardKey() {}

    /// The key of a subject, or of a session by its id.
    ///
    /// @param id an id, or the address of a subject that is one; what is neither has some key, under which
    ///         nothing lies
    public static String of(String id) {
        int uuid = id.length() - Ids.UUID_CHARACTERS;
        return uuid < 0 || id.indexOf('@') >= 0
                ? HEX.formatHex(Tokens.hash(id), 0, BYTES)
                : id.substring(uuid, uuid + DIGITS);
    }

    /// The key of the subject that a session token belongs to.
    ///
    /// @param token well-formed
    public static String ofToken(String token) {
        // The last of the characters ends within a byte; the decoder wants a whole number of them.
        byte[] begin = Base64.getUrlDecoder().decode(token.substring(0, TOKEN_CHARACTERS) + 'A');
        return HEX.formatHex(begin, 0, BYTES);
    }

    /// The two bytes with which a session token begins.
    public static byte[] bytes(String id) {
        return HEX.parseHex(of(id));
    }
}
