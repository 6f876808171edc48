package dev.selvage.http;

import dev.selvage.base.Tokens;
import java.security.MessageDigest;

/// The token with which the operator reads what no project's secret opens, such as the developer inbox.
public final class AdminToken {

    private final byte[] hash;

    public AdminToken(String token) {
        this.hash = Tokens.hash(token);
    }

    /// Whether an `Authorization` header carries it as bearer. Constant time.
    boolean matches(String authorization) {
        return authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                && MessageDigest.isEqual(
                        hash, Tokens.hash(authorization.substring(7).strip()));
    }
}
