package dev.selvage.base;

import java.util.Base64;
import java.util.HexFormat;

/// The shard key of a row, for a store that is distributed over several machines: 4 hexadecimal digits, the
/// same for a user or member and all its rows. Each id, token and address that identifies a subject contains or
/// determines it, so that a statement names one shard (`docs/decisions/shard-key.md`):
///
/// - the id of a subject: the first digits of its UUID; members have those of their organization;
/// - the id of a session: the digits of its subject;
/// - a session token: its first two bytes;
/// - an address as a subject: the first digits of its SHA-256.
public final class ShardKey {

    /// The hexadecimal digits, of the UUID of an id or the SHA-256 of an address.
    static final int DIGITS = 4;

    /// The bytes at the start of a session token.
    public static final int BYTES = DIGITS / 2;

    /// The characters of a token that contain its first two bytes.
    private static final int TOKEN_CHARACTERS = 3;
    private static final HexFormat HEX = HexFormat.of();

    private ShardKey() {}

    /// Returns the shard key of a subject, or of a session by its id.
    ///
    /// @param id an id, or an address that is a subject; any other text gives a key without rows
    public static String of(String id) {
        int uuid = id.length() - Ids.UUID_CHARACTERS;
        return uuid < 0 || id.indexOf('@') >= 0
                ? HEX.formatHex(Tokens.hash(id), 0, BYTES)
                : id.substring(uuid, uuid + DIGITS);
    }

    /// Returns the shard key of a session token's subject.
    ///
    /// @param token well-formed
    public static String ofToken(String token) {
        // The last of the characters ends inside of a byte, and the decoder needs whole bytes.
        byte[] start = Base64.getUrlDecoder().decode(token.substring(0, TOKEN_CHARACTERS) + 'A');
        return HEX.formatHex(start, 0, BYTES);
    }

    /// Returns the two bytes at the start of the session token of a subject or session id.
    public static byte[] bytes(String id) {
        return HEX.parseHex(of(id));
    }
}
