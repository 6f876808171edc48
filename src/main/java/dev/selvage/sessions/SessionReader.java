package dev.selvage.sessions;

import dev.selvage.base.ShardKey;
import dev.selvage.base.Tokens;
import dev.selvage.projects.Project;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds active sessions together with their subjects: users in consumer projects, members in B2B projects.
///
/// @param <S> a session with its subject
public sealed interface SessionReader<S extends SessionWithSubject<S>> permits UserSessionStore, MemberSessionStore {

    /// Conditions on `sessions s` with the parameter `:key`.
    String BY_TOKEN = "s.token_hash = :key";
    String BY_ID = "s.session_id = :key";

    /// Returns the active session of a token.
    ///
    /// @param token well-formed
    /// @param now   milliseconds
    default Optional<S> byToken(Project project, String token, long now) {
        return SandboxSession.hasToken(project, token)
                ? Optional.of(sandbox(now))
                : where(
                        BY_TOKEN,
                        project,
                        ShardKey.ofToken(token),
                        Tokens.hash(token),
                        new TokenSource.Known(token),
                        now);
    }

    /// Returns the active session of an id.
    ///
    /// @param now milliseconds
    default Optional<S> byId(Project project, String sessionId, long now) {
        return SandboxSession.hasId(project, sessionId)
                ? Optional.of(sandbox(now))
                : where(BY_ID, project, ShardKey.of(sessionId), sessionId, null, now);
    }

    /// Returns the sandbox session, which no store contains.
    S sandbox(long now);

    /// Returns the active session that matches a condition. One statement finds it.
    ///
    /// @param condition [#BY_TOKEN] or [#BY_ID]
    /// @param token     the source of the token for [#BY_TOKEN]; null for [#BY_ID], which reads it from the row
    Optional<S> where(
            String condition, Project project, String shardKey, Object key, @Nullable TokenSource token, long now);
}
