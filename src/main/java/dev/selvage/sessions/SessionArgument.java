package dev.selvage.sessions;

import dev.selvage.base.Tokens;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import java.util.Optional;

/// How a request names a session: by token or by JWT.
public sealed interface SessionArgument {

    /// A well-formed session token.
    record Token(String value) implements SessionArgument {
        @Override
        public String toString() {
            return "Token";
        }
    }

    /// A JWT, not verified yet.
    record Jwt(String value) implements SessionArgument {
        @Override
        public String toString() {
            return "Jwt";
        }
    }

    /// The one that is given, if any.
    ///
    /// @throws ApiError `too_many_session_arguments`, `invalid_session_token`
    static Optional<SessionArgument> of(String sessionToken, String sessionJwt) {
        int given = Check.given(sessionToken, sessionJwt);
        Check.that(given < 2, ErrorType.TOO_MANY_SESSION_ARGUMENTS);
        if (given == 0) {
            return Optional.empty();
        }
        return Optional.of(sessionToken != null && !sessionToken.isEmpty() ? token(sessionToken) : new Jwt(sessionJwt));
    }

    /// @throws ApiError `invalid_session_token`
    static Token token(String value) {
        Check.that(Tokens.wellFormed(value), ErrorType.INVALID_SESSION_TOKEN);
        return new Token(value);
    }
}
