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

/// Session tokens: 44 characters, the same over a session's whole life. One begins with the shard key of the
/// session's subject, which is no secret; 31 random bytes follow. A call that names its session by JWT is
/// answered with the token too (`semantics.md` 3.3), so the row holds the random bytes, wrapped (RFC 5649,
/// AES-256) under a key derived from the master key, beside the token's digest. See
/// `docs/decisions/session-tokens.md`.
///
/// What is stored: the four bytes of the master key's id, and the 40 bytes of the wrapped secret.
public final class SessionTokens {

    private static final int KEY_ID_BYTES = 4;
    private static final int WRAPPING_KEY_BYTES = 32;
    private static final String WRAPPING = "AES/KWP/NoPadding";
    /// The wrapping takes keys; which algorithm they are for does not matter to it.
    private static final String SECRET = "HMAC";
    private static final HexFormat HEX = HexFormat.of();

    private final MasterKeys keys;
    private final Map<String, SecretKey> wrapping = new HashMap<>();

    public SessionTokens(MasterKeys keys) {
        this.keys = keys;
        for (MasterKeys.Key key : keys.all()) {
            wrapping.put(
                    key.id(),
                    new SecretKeySpec(key.derived("selvage session tokens at rest", WRAPPING_KEY_BYTES), "AES"));
        }
    }

    /// The token of a new session, from 31 random bytes.
    public static String next(String sessionId, ClockAndRandom clock) {
        byte[] shardKey = ShardKey.bytes(sessionId);
        return token(shardKey, clock.bytes(Tokens.BYTES - shardKey.length));
    }

    /// What the row holds of a token.
    public byte[] seal(String token) {
        byte[] bytes = Base64.getUrlDecoder().decode(token);
        return wrap(keys.sealing(), Arrays.copyOfRange(bytes, ShardKey.BYTES, bytes.length));
    }

    /// The token of a session.
    ///
    /// @throws IllegalStateException when its row was written under a master key that is not here
    public String of(Session session) {
        return switch (session.token()) {
            case TokenSource.Known(String token) -> token;
            case TokenSource.Sealed(byte[] sealed) -> token(ShardKey.bytes(session.id()), unwrap(sealed));
        };
    }

    /// The same under the key for new ones; empty when it is already.
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
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private byte[] unwrap(byte[] sealed) {
        SecretKey key = wrapping.get(keyId(sealed));
        if (key == null) {
            throw new IllegalStateException(
                    "A session token lies under the master key " + keyId(sealed) + ", which is not here");
        }
        try {
            Cipher cipher = Cipher.getInstance(WRAPPING);
            cipher.init(Cipher.UNWRAP_MODE, key);
            return cipher.unwrap(Arrays.copyOfRange(sealed, KEY_ID_BYTES, sealed.length), SECRET, Cipher.SECRET_KEY)
                    .getEncoded();
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("A session token was changed in its row", failed);
        }
    }
}
