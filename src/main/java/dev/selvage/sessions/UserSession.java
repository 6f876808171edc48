package dev.selvage.sessions;

import dev.selvage.users.User;

/// A session and the user it belongs to, read together.
public record UserSession(Session session, User user) {
}
