package dev.selvage.sessions;

import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.db.Database;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import dev.selvage.users.UserStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import tools.jackson.core.type.TypeReference;

/// The table `sessions`. Active means not ended and not expired *now*; every statement says so itself.
final class SessionStore {

    private static final String COLUMNS = """
            s.session_id, s.subject_id, s.started_at, s.last_accessed_at, s.expires_at, s.ip_address, s.user_agent,
            s.factors, s.custom_claims, s.version""";
    private static final String ACTIVE = "s.ended_at IS NULL AND s.expires_at > :now";
    private static final int ENDED_AT_ONCE_MAX = 1_000;

    private final Database database;

    SessionStore(Database database) {
        this.database = database;
    }

    /// The active sessions of a user, newest first, with the user's roles; empty when there is no such user.
    record OfUser(List<String> explicitRoles, List<Session> sessions) { }

    Optional<OfUser> ofUser(String projectId, String userId, long now) {
        String key = Ids.USER.matches(userId) ? "u.user_id" : "u.external_id";
        return database.read(handle -> handle.createQuery("""
                        SELECT u.roles AS user_roles, %s
                        FROM users u
                        LEFT JOIN sessions s ON s.project_id = u.project_id AND s.subject_id = u.user_id AND %s
                        WHERE u.project_id = :projectId AND %s = :userId
                        ORDER BY s.started_at DESC, s.session_id""".formatted(COLUMNS, ACTIVE, key))
                .bind("projectId", projectId)
                .bind("userId", userId)
                .bind("now", now)
                .scanResultSet((results, context) -> {
                    try (context; ResultSet rows = results.get()) {
                        List<String> roles = null;
                        List<Session> sessions = new ArrayList<>();
                        while (rows.next()) {
                            roles = roles == null ? Json.strings(rows.getString("user_roles")) : roles;
                            if (rows.getString("session_id") != null) {
                                sessions.add(session(rows));
                            }
                        }
                        return roles == null ? Optional.empty() : Optional.of(new OfUser(roles, sessions));
                    }
                }));
    }

    /// The active session of a token, with its user.
    Optional<UserSession> findByToken(String projectId, byte[] tokenHash, long now) {
        return database.read(handle -> withUser(handle.createQuery(selectWithUser("s.token_hash = :tokenHash"))
                .bind("projectId", projectId)
                .bind("tokenHash", tokenHash), now));
    }

    /// The active session of an id, with its user.
    Optional<UserSession> find(String projectId, String sessionId, long now) {
        return database.read(handle -> withUser(handle.createQuery(selectWithUser("s.session_id = :sessionId"))
                .bind("projectId", projectId)
                .bind("sessionId", sessionId), now));
    }

    void insert(String projectId, Session session, byte[] tokenHash) {
        database.change(handle -> handle.createUpdate("""
                        INSERT INTO sessions (project_id, session_id, subject_id, token_hash, started_at, last_accessed_at,
                                              expires_at, ip_address, user_agent, factors, custom_claims, version)
                        VALUES (:projectId, :sessionId, :subjectId, :tokenHash, :startedAt, :lastAccessedAt,
                                :expiresAt, :ipAddress, :userAgent, :factors, :customClaims, :version)""")
                .bind("projectId", projectId)
                .bind("sessionId", session.id())
                .bind("subjectId", session.subject().id())
                .bind("tokenHash", tokenHash)
                .bind("startedAt", session.startedAt())
                .bind("lastAccessedAt", session.lastAccessedAt())
                .bind("expiresAt", session.expiresAt())
                .bind("ipAddress", session.attributes().ipAddress())
                .bind("userAgent", session.attributes().userAgent())
                .bind("factors", Json.write(session.factors()))
                .bind("customClaims", Json.write(session.customClaims()))
                .bind("version", session.version())
                .execute());
    }

    /// Writes what a call changed, if the session is still active and as it was when it was read. A touch that was written
    /// meanwhile does not count as a change; the later time of access stays.
    boolean update(String projectId, Session changed, int versionBefore, long now) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE sessions SET
                            last_accessed_at = CASE WHEN last_accessed_at > :lastAccessedAt THEN last_accessed_at ELSE :lastAccessedAt END,
                            expires_at = :expiresAt, factors = :factors, custom_claims = :customClaims, version = :version
                        WHERE project_id = :projectId AND session_id = :sessionId AND version = :versionBefore
                          AND ended_at IS NULL AND expires_at > :now""")
                .bind("projectId", projectId)
                .bind("sessionId", changed.id())
                .bind("lastAccessedAt", changed.lastAccessedAt())
                .bind("expiresAt", changed.expiresAt())
                .bind("factors", Json.write(changed.factors()))
                .bind("customClaims", Json.write(changed.customClaims()))
                .bind("version", changed.version())
                .bind("versionBefore", versionBefore)
                .bind("now", now)
                .execute()) == 1;
    }

    /// Ends the session of an id; false when there never was one. One that has ended stays as it is.
    boolean end(String projectId, String sessionId, String reason, long now) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE sessions SET ended_at = COALESCE(ended_at, :now), end_reason = COALESCE(end_reason, :reason)
                        WHERE project_id = :projectId AND session_id = :sessionId""")
                .bind("projectId", projectId)
                .bind("sessionId", sessionId)
                .bind("reason", reason)
                .bind("now", now)
                .execute()) == 1;
    }

    /// As [#end], by token.
    boolean endByToken(String projectId, byte[] tokenHash, String reason, long now) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE sessions SET ended_at = COALESCE(ended_at, :now), end_reason = COALESCE(end_reason, :reason)
                        WHERE project_id = :projectId AND token_hash = :tokenHash""")
                .bind("projectId", projectId)
                .bind("tokenHash", tokenHash)
                .bind("reason", reason)
                .bind("now", now)
                .execute()) == 1;
    }

    /// Ends the sessions of a subject but one; an empty id spares none. Answers how many.
    int endAll(String projectId, String subjectId, String exceptSessionId, String reason, long now) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE sessions SET ended_at = :now, end_reason = :reason
                        WHERE project_id = :projectId AND subject_id = :subjectId AND session_id <> :except
                          AND ended_at IS NULL AND expires_at > :now""")
                .bind("projectId", projectId)
                .bind("subjectId", subjectId)
                .bind("except", exceptSessionId)
                .bind("reason", reason)
                .bind("now", now)
                .execute());
    }

    /// Ends the oldest active sessions of a subject until at most `count` are left beside one; in one go not more than
    /// [#ENDED_AT_ONCE_MAX].
    void endOldest(String projectId, String subjectId, String besideSessionId, int count, String reason, long now) {
        database.change(handle -> handle.createUpdate("""
                        UPDATE sessions SET ended_at = :now, end_reason = :reason
                        WHERE project_id = :projectId AND ended_at IS NULL AND session_id IN (
                            SELECT s.session_id FROM sessions s
                            WHERE s.project_id = :projectId AND s.subject_id = :subjectId AND s.session_id <> :beside AND %s
                            ORDER BY s.started_at DESC, s.session_id LIMIT :limit OFFSET :count)""".formatted(ACTIVE))
                .bind("projectId", projectId)
                .bind("subjectId", subjectId)
                .bind("beside", besideSessionId)
                .bind("count", count)
                .bind("limit", ENDED_AT_ONCE_MAX)
                .bind("reason", reason)
                .bind("now", now)
                .execute());
    }

    /// Moves `last_accessed_at` forward for many sessions in one transaction.
    void touch(Collection<Map.Entry<Touches.Key, Long>> touches) {
        database.change(handle -> {
            PreparedBatch batch = handle.prepareBatch("""
                    UPDATE sessions SET last_accessed_at = :at
                    WHERE project_id = :projectId AND session_id = :sessionId AND last_accessed_at < :at""");
            for (Map.Entry<Touches.Key, Long> touch : touches) {
                batch.bind("projectId", touch.getKey().projectId())
                        .bind("sessionId", touch.getKey().sessionId())
                        .bind("at", touch.getValue())
                        .add();
            }
            batch.execute();
        });
    }

    /// Deletes at most `count` sessions that ended or expired before `limit`; answers how many.
    int sweep(long limit, int count) {
        return database.write(handle -> handle.createUpdate("""
                        DELETE FROM sessions WHERE (project_id, session_id) IN (
                            SELECT project_id, session_id FROM sessions
                            WHERE expires_at < :limit OR (ended_at IS NOT NULL AND ended_at < :limit) LIMIT :count)""")
                .bind("limit", limit)
                .bind("count", count)
                .execute());
    }

    private static String selectWithUser(String condition) {
        return """
                SELECT %s, %s
                FROM sessions s
                JOIN users u ON u.project_id = s.project_id AND u.user_id = s.subject_id
                %s
                WHERE s.project_id = :projectId AND %s AND %s
                ORDER BY f.created_at, f.factor_id""".formatted(COLUMNS, UserStore.COLUMNS, UserStore.JOINS, condition, ACTIVE);
    }

    private static Optional<UserSession> withUser(Query query, long now) {
        return query.bind("now", now).scanResultSet((results, context) -> {
            try (context; ResultSet rows = results.get()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                Session session = session(rows);
                User bare = UserStore.read(rows, now);
                List<UserFactor> factors = new ArrayList<>();
                do {
                    UserStore.addFactor(rows, factors);
                } while (rows.next());
                return Optional.of(new UserSession(session, UserStore.withFactors(bare, factors)));
            }
        });
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(row.getString("session_id"), new Subject.OfUser(row.getString("subject_id")),
                row.getLong("started_at"), row.getLong("last_accessed_at"), row.getLong("expires_at"),
                new Attributes(row.getString("ip_address"), row.getString("user_agent")),
                Json.read(row.getString("factors"), new TypeReference<List<Factor>>() { }),
                Json.object(row.getString("custom_claims")), row.getInt("version"));
    }
}
