package dev.selvage.sessions;

import dev.selvage.users.User;
import java.util.List;

/// A session and the user it belongs to, read together.
public record UserSession(Session session, User user) {

    /// The roles that the session has now: those of its user; the sandbox session has none (`semantics.md` 14).
    public List<String> roles() {
        return SandboxSession.is(session) ? List.of() : user.allRoles();
    }
}
