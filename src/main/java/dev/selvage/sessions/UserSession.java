package dev.selvage.sessions;

import dev.selvage.users.User;
import java.util.List;
import java.util.Map;

/// A session of a consumer project and the user it belongs to.
public record UserSession(Session session, User user) implements SessionWithSubject<UserSession> {

    @Override
    public UserSession with(Session changed) {
        return new UserSession(changed, user);
    }

    /// Those of its user; the sandbox session has none (`semantics.md` 14).
    @Override
    public List<String> roles() {
        return SandboxSession.is(session) ? List.of() : user.allRoles();
    }

    @Override
    public Map<String, Object> holderClaims() {
        return Map.of();
    }
}
