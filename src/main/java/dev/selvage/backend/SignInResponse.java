package dev.selvage.backend;

import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.signin.UserSignedIn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The common fields of all sign-in responses. Without a session, the tokens are empty and `session` is null
/// (`semantics.md` 3.1).
record SignInResponse(
        String userId,
        UserBody user,
        String sessionToken,
        String sessionJwt,
        @Nullable SessionBody session,
        @Nullable Object userDevice) {

    static SignInResponse of(UserSignedIn signedIn) {
        Optional<Sessions.Issued<UserSession>> issued = signedIn.issued();
        return new SignInResponse(
                signedIn.user().id(),
                UserBody.of(signedIn.user()),
                issued.map(Sessions.Issued::token).orElse(""),
                issued.map(Sessions.Issued::jwt).orElse(""),
                issued.map(session -> SessionBody.of(session.sessionWithSubject()))
                        .orElse(null),
                null);
    }

    /// Without the tokens.
    @Override
    public String toString() {
        return userId;
    }
}
