package dev.selvage.sessions;

import dev.selvage.projects.Project;
import java.util.Optional;

/// Finds active sessions together with those who hold them: users in consumer projects, members in B2B projects.
///
/// @param <S> a session and its holder
public sealed interface SessionReader<S extends Held<S>> permits UserSessionStore, MemberSessionStore {

    /// The active session of a token.
    ///
    /// @param token well-formed
    /// @param now   milliseconds
    Optional<S> byToken(Project project, String token, long now);

    /// The active session of an id.
    Optional<S> byId(Project project, String sessionId, long now);
}
