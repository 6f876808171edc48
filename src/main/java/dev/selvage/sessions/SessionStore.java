package dev.selvage.sessions;

import dev.selvage.base.Json;
import dev.selvage.base.ShardKey;
import dev.selvage.base.Tokens;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import dev.selvage.subjects.SubjectStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The table `sessions`: what is written, and how a row is read. Active means not ended and not expired *now*;
/// every statement says so itself. [UserSessionStore] and [MemberSessionStore] read it with those who hold the
/// sessions.
public final class SessionStore {

    /// The columns of a session, for a statement over `sessions s`.
    static final String COLUMNS = """
            s.session_id, s.subject_id, s.organization_id AS session_organization_id, s.started_at, s.last_accessed_at,
            s.expires_at, s.ip_address, s.user_agent, s.factors, s.custom_claims, s.version""";
    /// And what its token is told from, where nobody has given it.
    static final String COLUMNS_WITH_TOKEN = COLUMNS + ", s.sealed_token";
    /// That it is active; binds `:now`.
    static final String ACTIVE = "s.ended_at IS NULL AND s.expires_at > :now";
    private static final Comparator<Session> NEWEST_FIRST =
            Comparator.comparingLong(Session::startedAt).reversed().thenComparing(Session::id);
    private static final int ENDED_AT_ONCE_MAX = 1_000;

    /// So many sessions a list reads with their holder, by one statement. Further ones are read in parts of as
    /// many: the driver of PostgreSQL keeps all rows of a statement in memory.
    static final int PART = 100;
    private static final String NEXT = """
            SELECT %s FROM sessions s
            WHERE s.project_id = :projectId AND s.shard_key = :shardKey AND s.subject_id = :subjectId AND %s AND s.session_id > :after
            ORDER BY s.session_id LIMIT :part""".formatted(COLUMNS, ACTIVE);
    private static final String BEYOND = """
            SELECT s.session_id FROM sessions s
            WHERE s.project_id = :projectId AND s.shard_key = :shardKey AND s.subject_id = :subjectId AND %s
            LIMIT 1 OFFSET :count""".formatted(ACTIVE);

    private final Database database;
    private final SubjectStore subjects;

    public SessionStore(Database database, SubjectStore subjects) {
        this.database = database;
        this.subjects = subjects;
    }

    void insert(String projectId, Session session, byte[] tokenHash, byte[] sealedToken) {
        database.write("""
                        INSERT INTO sessions (project_id, shard_key, session_id, subject_id, organization_id, token_hash,
                                              sealed_token, started_at, last_accessed_at, expires_at, ip_address, user_agent, factors,
                                              custom_claims, version)
                        VALUES (:projectId, :shardKey, :sessionId, :subjectId, :organizationId, :tokenHash, :sealedToken, :startedAt,
                                :lastAccessedAt, :expiresAt, :ipAddress, :userAgent, :factors, :customClaims, :version)""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(session.id()))
                .bind("sessionId", session.id())
                .bind("subjectId", session.subject().id())
                .bind(
                        "organizationId",
                        session.subject() instanceof Subject.Member member ? member.organizationId() : null)
                .bind("tokenHash", tokenHash)
                .bind("sealedToken", sealedToken)
                .bind("startedAt", session.startedAt())
                .bind("lastAccessedAt", session.lastAccessedAt())
                .bind("expiresAt", session.expiresAt())
                .bind("ipAddress", session.attributes().ipAddress())
                .bind("userAgent", session.attributes().userAgent())
                .bind("factors", Factor.json(session.factors()))
                .bind("customClaims", Json.write(session.customClaims()))
                .bind("version", session.version())
                .update();
    }

    /// Writes what a call changed, if the session is still active and as it was when it was read. A touch that
    /// was written meanwhile does not count as a change; the later time of access stays.
    boolean update(String projectId, Session changed, int versionBefore, long now) {
        return database.write("""
                        UPDATE sessions SET
                            last_accessed_at = CASE WHEN last_accessed_at > :lastAccessedAt THEN last_accessed_at ELSE :lastAccessedAt END,
                            expires_at = :expiresAt, factors = :factors, custom_claims = :customClaims, version = :version
                        WHERE project_id = :projectId AND shard_key = :shardKey AND session_id = :sessionId
                          AND version = :versionBefore AND ended_at IS NULL AND expires_at > :now""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(changed.id()))
                        .bind("sessionId", changed.id())
                        .bind("lastAccessedAt", changed.lastAccessedAt())
                        .bind("expiresAt", changed.expiresAt())
                        .bind("factors", Factor.json(changed.factors()))
                        .bind("customClaims", Json.write(changed.customClaims()))
                        .bind("version", changed.version())
                        .bind("versionBefore", versionBefore)
                        .bind("now", now)
                        .update()
                == 1;
    }

    /// Whose session it is, also when it has ended.
    Optional<String> subject(String projectId, String sessionId) {
        return database.read("""
                        SELECT subject_id FROM sessions
                        WHERE project_id = :projectId AND shard_key = :shardKey AND session_id = :sessionId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(sessionId))
                .bind("sessionId", sessionId)
                .first(row -> row.text("subject_id"));
    }

    /// As [#subject], by token.
    Optional<String> subjectByToken(String projectId, String token) {
        return database.read("""
                        SELECT subject_id FROM sessions
                        WHERE project_id = :projectId AND shard_key = :shardKey AND token_hash = :tokenHash""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.ofToken(token))
                .bind("tokenHash", Tokens.hash(token))
                .first(row -> row.text("subject_id"));
    }

    /// Ends the session of an id; false when there never was one. One that has ended stays as it is.
    boolean end(String projectId, String sessionId, String reason, long now) {
        return database.write("""
                        UPDATE sessions SET ended_at = COALESCE(ended_at, :now), end_reason = COALESCE(end_reason, :reason)
                        WHERE project_id = :projectId AND shard_key = :shardKey AND session_id = :sessionId""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(sessionId))
                        .bind("sessionId", sessionId)
                        .bind("reason", reason)
                        .bind("now", now)
                        .update()
                == 1;
    }

    /// As [#end], by token.
    boolean endByToken(String projectId, String token, String reason, long now) {
        return database.write("""
                        UPDATE sessions SET ended_at = COALESCE(ended_at, :now), end_reason = COALESCE(end_reason, :reason)
                        WHERE project_id = :projectId AND shard_key = :shardKey AND token_hash = :tokenHash""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.ofToken(token))
                        .bind("tokenHash", Tokens.hash(token))
                        .bind("reason", reason)
                        .bind("now", now)
                        .update()
                == 1;
    }

    /// Ends the sessions of a subject but one; an empty id spares none. Holds the subject: whoever goes on from
    /// one of them to another holds it too, and then finds it ended, or has it ended here.
    int endAll(String projectId, String subjectId, String exceptSessionId, String reason, long now) {
        return database.transaction(() -> {
            subjects.hold(projectId, subjectId);
            return database.write("""
                            UPDATE sessions SET ended_at = :now, end_reason = :reason
                            WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId
                              AND session_id <> :except AND ended_at IS NULL AND expires_at > :now""")
                    .bind("projectId", projectId)
                    .bind("shardKey", ShardKey.of(subjectId))
                    .bind("subjectId", subjectId)
                    .bind("except", exceptSessionId)
                    .bind("reason", reason)
                    .bind("now", now)
                    .update();
        });
    }

    /// Ends every active session of the members whose current address it is, but one. Holds the subject of the
    /// address, as [#endAll] holds that of a member.
    void endAllOfAddress(String projectId, String emailAddress, String exceptSessionId, String reason, long now) {
        database.transaction(() -> {
            subjects.hold(projectId, emailAddress);
            return database.write("""
                            UPDATE sessions SET ended_at = :now, end_reason = :reason
                            WHERE project_id = :projectId AND session_id <> :except AND ended_at IS NULL AND expires_at > :now
                              AND subject_id IN (SELECT e.member_id FROM member_emails e
                                                 WHERE e.project_id = :projectId AND e.email_address = :email
                                                   AND e.state = 'CURRENT')""")
                    .bind("projectId", projectId)
                    .bind("email", emailAddress)
                    .bind("except", exceptSessionId)
                    .bind("reason", reason)
                    .bind("now", now)
                    .update();
        });
    }

    /// Ends the oldest active sessions of a subject until at most `count` are left beside one; in one go not
    /// more than [#ENDED_AT_ONCE_MAX].
    int endOldest(String projectId, String subjectId, String besideSessionId, int count, String reason, long now) {
        return database.write("""
                        UPDATE sessions SET ended_at = :now, end_reason = :reason
                        WHERE project_id = :projectId AND shard_key = :shardKey AND ended_at IS NULL AND session_id IN (
                            SELECT s.session_id FROM sessions s
                            WHERE s.project_id = :projectId AND s.shard_key = :shardKey AND s.subject_id = :subjectId
                              AND s.session_id <> :beside AND %s
                            ORDER BY s.started_at DESC, s.session_id LIMIT :limit OFFSET :count)""".formatted(ACTIVE))
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .bind("beside", besideSessionId)
                .bind("count", count)
                .bind("limit", ENDED_AT_ONCE_MAX)
                .bind("reason", reason)
                .bind("now", now)
                .update();
    }

    /// Whether a subject has more than `count` active sessions.
    boolean hasMoreThan(String projectId, String subjectId, long count, long now) {
        return database.read(BEYOND)
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .bind("now", now)
                .bind("count", count)
                .exists();
    }

    /// The active sessions of which a list has read the first [#PART], newest first.
    static List<Session> all(Database database, String projectId, List<Session> first, long now) {
        if (first.size() < PART) {
            return first;
        }
        String subjectId = first.getFirst().subject().id();
        List<Session> all = new ArrayList<>();
        List<Session> part;
        do {
            String after = all.isEmpty() ? "" : all.getLast().id();
            part = database.read(NEXT)
                    .bind("projectId", projectId)
                    .bind("shardKey", ShardKey.of(subjectId))
                    .bind("subjectId", subjectId)
                    .bind("now", now)
                    .bind("after", after)
                    .bind("part", PART)
                    .all(row -> session(row, null));
            all.addAll(part);
        } while (part.size() == PART);
        all.sort(NEWEST_FIRST);
        return all;
    }

    /// Moves `last_accessed_at` forward for many sessions in one transaction.
    void touch(Collection<Map.Entry<AccessTimes.Key, Long>> touches) {
        database.write("""
                    UPDATE sessions SET last_accessed_at = :at
                    WHERE project_id = :projectId AND shard_key = :shardKey AND session_id = :sessionId
                      AND last_accessed_at < :at""").batch(touches, (row, touch) -> row.bind(
                        "projectId", touch.getKey().projectId())
                .bind("shardKey", ShardKey.of(touch.getKey().sessionId()))
                .bind("sessionId", touch.getKey().sessionId())
                .bind("at", touch.getValue()));
    }

    /// Deletes at most `count` sessions that expired before `limit` and as many that ended before; answers how
    /// many of the kind of which there were more. Each kind is read off the beginning of its own index: with an
    /// OR of the two, PostgreSQL scans the table.
    int sweep(long limit, int count) {
        return Math.max(sweep("expires_at", limit, count), sweep("ended_at", limit, count));
    }

    private int sweep(String column, long limit, int count) {
        return database.write("""
                        DELETE FROM sessions WHERE (project_id, session_id) IN (
                            SELECT project_id, session_id FROM sessions
                            WHERE %1$s < :limit ORDER BY %1$s LIMIT :count)""".formatted(column))
                .bind("limit", limit)
                .bind("count", count)
                .update();
    }

    /// The sessions of the row at which the result stands and all behind it, newest first; rows may have none.
    /// They come in no order: for the second term of one SQLite would build a tree in each call.
    static List<Session> sessions(Row rows) {
        List<Session> sessions = new ArrayList<>();
        do {
            if (rows.text("session_id") != null) {
                sessions.add(session(rows, null));
            }
        } while (rows.next());
        sessions.sort(NEWEST_FIRST);
        return sessions;
    }

    /// What the token of the session is told from: what the call gave, or what the row holds.
    static TokenSource token(Row row, TokenSource given) {
        return given == null ? new TokenSource.Sealed(row.bytes("sealed_token")) : given;
    }

    /// The session of the row at which the result stands.
    ///
    /// @param token what its token is told from; may be null where no token is answered
    static Session session(Row row, TokenSource token) {
        String organizationId = row.text("session_organization_id");
        Subject subject = organizationId == null
                ? new Subject.User(row.text("subject_id"))
                : new Subject.Member(row.text("subject_id"), organizationId);
        return new Session(
                row.text("session_id"),
                subject,
                row.number("started_at"),
                row.number("last_accessed_at"),
                row.number("expires_at"),
                new Attributes(row.text("ip_address"), row.text("user_agent")),
                Factor.list(row.text("factors")),
                Json.object(row.text("custom_claims")),
                token,
                row.integer("version"));
    }
}
