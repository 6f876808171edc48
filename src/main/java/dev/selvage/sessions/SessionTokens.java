package dev.selvage.sessions;

import dev.selvage.base.Tokens;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/// Session tokens. A call that names its session by JWT is answered with the token too (`semantics.md` 3.3), yet the store
/// holds only its digest; so a token is computed from the session's id under a key derived from the master key, and can
/// be computed again. Without the key it is as good as random. See `docs/decisions/session-tokens.md`.
public final class SessionTokens {

    private final SecretKey key;

    public SessionTokens(byte[] masterKey) {
        try {
            this.key = KDF.getInstance("HKDF-SHA256").deriveKey("HmacSHA512",
                    HKDFParameterSpec.ofExtract().addIKM(masterKey).thenExpand("selvage session tokens".getBytes(StandardCharsets.UTF_8),
                            64));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// The token of a session: 44 characters, the same over its whole life.
    public String of(String projectId, String sessionId) {
        try {
            Mac mac = Mac.getInstance("HmacSHA512");
            mac.init(key);
            byte[] digest = mac.doFinal((projectId + "\n" + sessionId).getBytes(StandardCharsets.UTF_8));
            return Tokens.encode(Arrays.copyOf(digest, Tokens.BYTES));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
