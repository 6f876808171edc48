package dev.selvage.sessions;

import dev.selvage.base.Ids;
import dev.selvage.base.Tokens;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.SessionErrors;
import dev.selvage.projects.Project;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The token, JWT or id by which a request identifies a session. Only revoke calls accept an id.
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

    /// A well-formed id.
    record Id(String value) implements SessionArgument {}

    /// Returns the argument of a request; empty if both are absent or empty.
    ///
    /// @throws ApiError `too_many_session_arguments`, `invalid_session_token`
    static Optional<SessionArgument> of(@Nullable String sessionToken, @Nullable String sessionJwt) {
        Check.atMostOne(SessionErrors.TOO_MANY_SESSION_ARGUMENTS, sessionToken, sessionJwt);
        if (Check.isGiven(sessionToken)) {
            return Optional.of(token(sessionToken));
        }
        return Check.isGiven(sessionJwt) ? Optional.of(new Jwt(sessionJwt)) : Optional.empty();
    }

    /// Refuses a revoke call that does not identify exactly one thing to revoke.
    ///
    /// @throws ApiError `too_many_session_revoke_arguments`, `no_session_revoke_arguments`
    static void checkOneToRevoke(String... values) {
        Check.exactlyOne(
                SessionErrors.NO_SESSION_REVOKE_ARGUMENTS, SessionErrors.TOO_MANY_SESSION_REVOKE_ARGUMENTS, values);
    }

    /// Returns the session of a revoke call that [#checkOneToRevoke] has accepted and that identifies a
    /// session.
    ///
    /// @throws ApiError `invalid_session_id`, `…_id_used_in_…_environment`, `invalid_session_token`
    static SessionArgument toRevoke(Project project, String sessionId, String sessionToken, String sessionJwt) {
        if (!Check.isGiven(sessionId)) {
            return of(sessionToken, sessionJwt).orElseThrow();
        }
        project.checkId(Ids.SESSION, sessionId, SessionErrors.INVALID_SESSION_ID);
        return new Id(sessionId);
    }

    /// Returns a token as argument.
    ///
    /// @throws ApiError `invalid_session_token` if it is malformed
    static Token token(String value) {
        Check.that(Tokens.isWellFormed(value), SessionErrors.INVALID_SESSION_TOKEN);
        return new Token(value);
    }
}
