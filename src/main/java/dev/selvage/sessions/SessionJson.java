package dev.selvage.sessions;

/// Writes the JSON of a session that its row keeps for responses. A session is read far more often than it is
/// changed, so the store writes this JSON once for each change, and a response copies it.
@FunctionalInterface
public interface SessionJson {

    /// The version of the fields. A row with JSON of another version is read by its columns, so increase it
    /// with each change of the fields.
    byte VERSION = 1;

    /// A JSON object of all fields that the session alone decides. The time of its last access and everything
    /// that its user, member or organization decides are left out.
    byte[] fields(Session session);
}
