package dev.selvage.sessions;

import dev.selvage.base.ShardKey;
import dev.selvage.base.Tokens;
import dev.selvage.projects.Project;
import java.util.Optional;

/// Finds active sessions together with those who hold them: users in consumer projects, members in B2B
/// projects.
///
/// @param <S> a session and its holder
public sealed interface SessionReader<S extends SessionWithSubject<S>> permits UserSessionStore, MemberSessionStore {

    /// Conditions of `sessions s`, about `:key`.
    String BY_TOKEN = "s.token_hash = :key";
    String BY_ID = "s.session_id = :key";

    /// The active session of a token.
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

    /// The active session of an id.
    default Optional<S> byId(Project project, String sessionId, long now) {
        return SandboxSession.hasId(project, sessionId)
                ? Optional.of(sandbox(now))
                : where(BY_ID, project, ShardKey.of(sessionId), sessionId, null, now);
    }

    /// The session that is in every test project and in no store.
    S sandbox(long now);

    /// The active session for which a condition holds. One statement.
    ///
    /// @param condition [#BY_TOKEN] or [#BY_ID]
    /// @param token     the token of the first; null for the second, whose row tells it
    Optional<S> where(String condition, Project project, String shardKey, Object key, TokenSource token, long now);
}
