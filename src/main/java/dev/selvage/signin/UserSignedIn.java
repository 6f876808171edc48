package dev.selvage.signin;

import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.users.User;
import java.util.Optional;

/// A user who has signed in.
///
/// @param issued the session; empty if the request continued none and requested none
public record UserSignedIn(User user, Optional<Sessions.Issued<UserSession>> issued) {

    static UserSignedIn with(Sessions.Issued<UserSession> issued) {
        return new UserSignedIn(issued.sessionWithSubject().user(), Optional.of(issued));
    }

    static UserSignedIn without(User user) {
        return new UserSignedIn(user, Optional.empty());
    }
}
