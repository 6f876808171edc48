package dev.selvage.sessions;

/// Writes the JSON of a session that its row stores for responses. A session is read far more often than it is
/// changed, so the store writes this JSON once for each change, and a response copies it.
@FunctionalInterface
public interface SessionJson {

    /// Returns the fields that the session alone decides.
    StoredJson of(Session session);
}
