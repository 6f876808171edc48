package dev.selvage.sessions;

import dev.selvage.base.KeyedHash;
import dev.selvage.base.ShardKey;
import dev.selvage.base.Tokens;
import java.nio.ByteBuffer;

/// Session tokens. A call that names its session by JWT is answered with the token too (`semantics.md` 3.3), yet the store
/// holds only its digest; so a token is computed from the session's id under a key derived from the master key, and can
/// be computed again. Without the key it is as good as random. See `docs/decisions/session-tokens.md`.
public final class SessionTokens {

    private final KeyedHash hash;

    public SessionTokens(byte[] masterKey) {
        this.hash = new KeyedHash(KeyedHash.Algorithm.SHA_512, masterKey, "selvage session tokens");
    }

    /// The token of a session: 44 characters, the same over its whole life. It begins with the shard key of the session's
    /// subject, which is no secret; 31 bytes of the hash follow.
    public String of(String projectId, String sessionId) {
        byte[] shardKey = ShardKey.bytes(sessionId);
        byte[] secret = hash.of(projectId + "\n" + sessionId);
        return Tokens.encode(ByteBuffer.allocate(Tokens.BYTES).put(shardKey).put(secret, 0, Tokens.BYTES - shardKey.length).array());
    }
}
