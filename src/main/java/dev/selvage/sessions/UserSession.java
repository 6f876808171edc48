package dev.selvage.sessions;

import dev.selvage.users.User;
import java.util.List;
import java.util.Map;

/// A session of a consumer project with its user.
public record UserSession(Session session, User user) implements SessionWithSubject<UserSession> {

    @Override
    public UserSession with(Session changed) {
        return new UserSession(changed, user);
    }

    /// The roles of the user; none for the sandbox session (`semantics.md` 14).
    @Override
    public List<String> roles() {
        return SandboxSession.is(session) ? List.of() : user.allRoles();
    }

    @Override
    public Map<String, Object> subjectClaims() {
        return Map.of();
    }
}
