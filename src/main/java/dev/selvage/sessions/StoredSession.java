package dev.selvage.sessions;

/// A session as a list returns it: its JSON, and what a response adds to it.
///
/// @param startedAt      milliseconds, as all times here
/// @param lastAccessedAt the last successful authenticate
public record StoredSession(String id, long startedAt, long lastAccessedAt, StoredJson json) {

    StoredSession accessedAt(long at) {
        return at <= lastAccessedAt ? this : new StoredSession(id, startedAt, at, json);
    }
}
