package dev.selvage.pages;

import dev.selvage.base.Tokens;
import dev.selvage.error.ApiError;
import dev.selvage.error.ProjectErrors;
import dev.selvage.http.Authenticator;
import dev.selvage.http.Caller;
import dev.selvage.http.Request;
import java.security.MessageDigest;
import java.util.function.Supplier;

/// Authenticates the operator by the admin token, sent as a bearer token. It gives access to calls that no
/// project secret allows, for example the developer inbox.
///
/// @param token available once the server listens
public record AdminToken(Supplier<String> token) implements Authenticator {

    @Override
    public Credentials read(Request request) {
        return () -> {
            if (!matches(request.header("Authorization").orElse(""))) {
                throw ApiError.of(ProjectErrors.UNAUTHORIZED_CREDENTIALS);
            }
            return new Caller.Operator();
        };
    }

    /// Compares in constant time.
    private boolean matches(String authorization) {
        return authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                && MessageDigest.isEqual(
                        Tokens.hash(token.get()),
                        Tokens.hash(authorization.substring(7).strip()));
    }

    @Override
    public String toString() {
        return "AdminToken";
    }
}
