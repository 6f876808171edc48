package dev.selvage.signin;

import dev.selvage.sessions.SessionBody;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.users.User;
import dev.selvage.users.UserBody;

/// The members that the answer of every sign-in has. Without a session the tokens are empty and `session` is
/// null (`semantics.md` 3.1).
public record SignedIn(
        String userId, UserBody user, String sessionToken, String sessionJwt, SessionBody session, Object userDevice) {

    static SignedIn with(Sessions.Issued<UserSession> issued) {
        User user = issued.held().user();
        return new SignedIn(
                user.id(), UserBody.of(user), issued.token(), issued.jwt(), SessionBody.of(issued.held()), null);
    }

    static SignedIn without(User user) {
        return new SignedIn(user.id(), UserBody.of(user), "", "", null, null);
    }
}
