package dev.selvage.sessions;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.ShardKey;
import dev.selvage.base.Tokens;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// Creates, seals and opens session tokens. A token has 44 characters and stays the same during the life of a
/// session. It starts with the shard key of the session's subject, which is not secret; 31 random bytes follow.
/// The response to a call that identifies its session by JWT has the token too (`semantics.md` 3.3). The row
/// therefore stores the random bytes, wrapped (RFC 5649, AES-256) under a key derived from the master key, in
/// addition to the token's digest. See `docs/decisions/session-tokens.md`.
///
/// The stored bytes are the 4 bytes of the master key's id and the 40 bytes of the wrapped secret.
public final class SessionTokens {

    private static final int KEY_ID_BYTES = 4;
    private static final int WRAPPING_KEY_BYTES = 32;
    private static final String WRAPPING = "AES/KWP/NoPadding";
    /// The cipher wraps keys only; the algorithm that the key is for does not matter.
    private static final String SECRET = "HMAC";
    private static final HexFormat HEX = HexFormat.of();

    private final MasterKeys keys;
    private final Map<String, SecretKey> wrapping = new HashMap<>();

    public SessionTokens(MasterKeys keys) {
        this.keys = keys;
        for (MasterKeys.Key key : keys.all()) {
            wrapping.put(
                    key.id(),
                    new SecretKeySpec(key.derive("selvage session tokens at rest", WRAPPING_KEY_BYTES), "AES"));
        }
    }

    /// Creates the token of a new session from 31 random bytes.
    public static String next(String sessionId, ClockAndRandom clock) {
        byte[] shardKey = ShardKey.bytes(sessionId);
        return token(shardKey, clock.bytes(Tokens.BYTES - shardKey.length));
    }

    /// Returns the sealed form of a token for its row.
    public byte[] seal(String token) {
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        return wrap(keys.sealing(), Arrays.copyOfRange(bytes, ShardKey.BYTES, bytes.length));
    }

    /// Returns the token of a session.
    ///
    /// @throws IllegalStateException if its row was written under a master key that is not configured
    public String of(Session session) {
        return switch (session.token()) {
            case TokenSource.Known(String token) -> token;
            case TokenSource.Sealed(byte[] sealed) -> token(ShardKey.bytes(session.id()), unwrap(sealed));
        };
    }

    /// Returns the sealed token under the current master key; empty if it is already sealed under it.
    Optional<byte[]> reseal(byte[] sealed) {
        return keyId(sealed).equals(keys.sealing().id())
                ? Optional.empty()
                : Optional.of(wrap(keys.sealing(), unwrap(sealed)));
    }

    private static String token(byte[] shardKey, byte[] secret) {
        return Tokens.encode(
                ByteBuffer.allocate(Tokens.BYTES).put(shardKey).put(secret).array());
    }

    private static String keyId(byte[] sealed) {
        return HEX.formatHex(sealed, 0, KEY_ID_BYTES);
    }

    private byte[] wrap(MasterKeys.Key key, byte[] secret) {
        try {
            Cipher cipher = Cipher.getInstance(WRAPPING);
            cipher.init(Cipher.WRAP_MODE, wrapping.get(key.id()));
            byte[] wrapped = cipher.wrap(new SecretKeySpec(secret, SECRET));
            return ByteBuffer.allocate(KEY_ID_BYTES + wrapped.length)
                    .put(HEX.parseHex(key.id()))
                    .put(wrapped)
                    .array();
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private byte[] unwrap(byte[] sealed) {
        SecretKey key = wrapping.get(keyId(sealed));
        if (key == null) {
            throw new IllegalStateException(
                    "A session token is sealed under the master key " + keyId(sealed) + ", which is not configured");
        }
        try {
            Cipher cipher = Cipher.getInstance(WRAPPING);
            cipher.init(Cipher.UNWRAP_MODE, key);
            return cipher.unwrap(Arrays.copyOfRange(sealed, KEY_ID_BYTES, sealed.length), SECRET, Cipher.SECRET_KEY)
                    .getEncoded();
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("The sealed session token of a row is corrupt", failed);
        }
    }
}
