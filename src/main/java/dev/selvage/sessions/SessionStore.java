package dev.selvage.sessions;

import dev.selvage.base.CallMemory;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The table `sessions`: its writes, and how a row is read. A session is active if it is neither revoked nor
/// expired *now*; every statement that reads or changes active sessions has this condition. [UserSessionStore]
/// and [MemberSessionStore] read sessions together with their subjects.
public final class SessionStore {

    /// The columns of a session, for a statement over `sessions s`.
    static final String COLUMNS = """
            s.session_id, s.subject_id, s.organization_id AS session_organization_id, s.started_at, s.last_accessed_at,
            s.expires_at, s.ip_address, s.user_agent, s.factors, s.custom_claims, s.version, s.json""";
    /// The columns of a [StoredSession].
    static final String STORED_COLUMNS = "s.session_id, s.started_at, s.last_accessed_at, s.json";
    /// [#COLUMNS] with the sealed token, for calls that do not have the token.
    static final String COLUMNS_WITH_TOKEN = COLUMNS + ", s.sealed_token";
    /// The condition of an active session; binds `:now`.
    static final String ACTIVE = "s.ended_at IS NULL AND s.expires_at > :now";
    private static final Comparator<StoredSession> NEWEST_FIRST =
            Comparator.comparingLong(StoredSession::startedAt).reversed().thenComparing(StoredSession::id);
    private static final int REVOKED_AT_ONCE_MAX = 1_000;

    /// The sessions of a list that are read together with their subject, by one statement. Further sessions are
    /// read in parts of the same size, because the driver of PostgreSQL keeps all rows of a statement in
    /// memory.
    static final int PAGE_SIZE = 100;
    private static final String NEXT_STORED = next(STORED_COLUMNS);
    private static final String NEXT_PAGE = next(COLUMNS);
    private static final String MORE_THAN = """
            SELECT s.session_id FROM sessions s
            WHERE s.project_id = :projectId AND s.shard_key = :shardKey AND s.subject_id = :subjectId AND %s
            LIMIT 1 OFFSET :count""".formatted(ACTIVE);

    private final Database database;
    private final SubjectStore subjects;
    private final SessionJson json;

    public SessionStore(Database database, SubjectStore subjects, SessionJson json) {
        this.database = database;
        this.subjects = subjects;
        this.json = json;
    }

    void insert(String projectId, Session session, byte[] tokenHash, byte[] sealedToken) {
        database.write("""
                        INSERT INTO sessions (project_id, shard_key, session_id, subject_id, organization_id, token_hash,
                                              sealed_token, started_at, last_accessed_at, expires_at, ip_address, user_agent, factors,
                                              custom_claims, version, json)
                        VALUES (:projectId, :shardKey, :sessionId, :subjectId, :organizationId, :tokenHash, :sealedToken, :startedAt,
                                :lastAccessedAt, :expiresAt, :ipAddress, :userAgent, :factors, :customClaims, :version, :json)""")
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
                .bind("json", json.of(session).column())
                .update();
    }

    /// Stores a changed session if it is still active and has the version that was read. An access that was
    /// written meanwhile does not count as a change; the later time of access is kept. Returns whether the row
    /// was updated.
    boolean update(String projectId, Session changed, int versionBefore, long now) {
        return database.write("""
                        UPDATE sessions SET
                            last_accessed_at = CASE WHEN last_accessed_at > :lastAccessedAt THEN last_accessed_at ELSE :lastAccessedAt END,
                            expires_at = :expiresAt, factors = :factors, custom_claims = :customClaims, version = :version,
                            json = :json
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
                        .bind("json", json.of(changed).column())
                        .bind("versionBefore", versionBefore)
                        .bind("now", now)
                        .update()
                == 1;
    }

    /// Returns the subject id of a session, also if it is revoked or expired.
    Optional<String> subjectId(String projectId, String sessionId) {
        return database.read("""
                        SELECT subject_id FROM sessions
                        WHERE project_id = :projectId AND shard_key = :shardKey AND session_id = :sessionId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(sessionId))
                .bind("sessionId", sessionId)
                .first(row -> row.text("subject_id"));
    }

    /// As [#subjectId], by token.
    Optional<String> subjectIdByToken(String projectId, String token) {
        return database.read("""
                        SELECT subject_id FROM sessions
                        WHERE project_id = :projectId AND shard_key = :shardKey AND token_hash = :tokenHash""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.ofToken(token))
                .bind("tokenHash", Tokens.hash(token))
                .first(row -> row.text("subject_id"));
    }

    /// Revokes the session of an id. A session that is revoked already keeps its time and reason. Returns false
    /// if the session does not exist.
    boolean revoke(String projectId, String sessionId, String reason, long now) {
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

    /// As [#revoke], by token.
    boolean revokeByToken(String projectId, String token, String reason, long now) {
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

    /// Revokes the active sessions of a subject except one and returns their number. It locks the subject. A
    /// call that continues from one session of the subject to another locks the subject too: it finds its
    /// session revoked, or the session that it starts is revoked here.
    ///
    /// @param keptSessionId empty for none
    int revokeAll(String projectId, String subjectId, String keptSessionId, String reason, long now) {
        return database.transaction(() -> {
            subjects.lockRow(projectId, subjectId);
            return database.write("""
                            UPDATE sessions SET ended_at = :now, end_reason = :reason
                            WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId
                              AND session_id <> :kept AND ended_at IS NULL AND expires_at > :now""")
                    .bind("projectId", projectId)
                    .bind("shardKey", ShardKey.of(subjectId))
                    .bind("subjectId", subjectId)
                    .bind("kept", keptSessionId)
                    .bind("reason", reason)
                    .bind("now", now)
                    .update();
        });
    }

    /// Revokes every active session of the members whose current address this is, except one. It locks the
    /// subject of the address, as [#revokeAll] locks the member.
    void revokeAllOfAddress(String projectId, String emailAddress, String keptSessionId, String reason, long now) {
        database.transaction(() -> {
            subjects.lockRow(projectId, emailAddress);
            return database.write("""
                            UPDATE sessions SET ended_at = :now, end_reason = :reason
                            WHERE project_id = :projectId AND session_id <> :kept AND ended_at IS NULL AND expires_at > :now
                              AND subject_id IN (SELECT e.member_id FROM member_emails e
                                                 WHERE e.project_id = :projectId AND e.email_address = :email
                                                   AND e.state = 'CURRENT')""")
                    .bind("projectId", projectId)
                    .bind("email", emailAddress)
                    .bind("kept", keptSessionId)
                    .bind("reason", reason)
                    .bind("now", now)
                    .update();
        });
    }

    /// Revokes the oldest active sessions of a subject until at most `count` are left besides one; at most
    /// [#REVOKED_AT_ONCE_MAX] in one call. Returns the number of revoked sessions.
    int revokeOldest(String projectId, String subjectId, String keptSessionId, int count, String reason, long now) {
        return database.write("""
                        UPDATE sessions SET ended_at = :now, end_reason = :reason
                        WHERE project_id = :projectId AND shard_key = :shardKey AND ended_at IS NULL AND session_id IN (
                            SELECT s.session_id FROM sessions s
                            WHERE s.project_id = :projectId AND s.shard_key = :shardKey AND s.subject_id = :subjectId
                              AND s.session_id <> :kept AND %s
                            ORDER BY s.started_at DESC, s.session_id LIMIT :limit OFFSET :count)""".formatted(ACTIVE))
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .bind("kept", keptSessionId)
                .bind("count", count)
                .bind("limit", REVOKED_AT_ONCE_MAX)
                .bind("reason", reason)
                .bind("now", now)
                .update();
    }

    /// Whether a subject has more than `count` active sessions.
    boolean hasMoreThan(String projectId, String subjectId, long count, long now) {
        return database.read(MORE_THAN)
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .bind("now", now)
                .bind("count", count)
                .exists();
    }

    /// Returns all active sessions of a list whose first [#PAGE_SIZE] were read, newest first. If the row of
    /// one has no JSON of this version, all are read by their columns.
    List<StoredSession> all(String projectId, String subjectId, List<StoredSession> first, long now) {
        if (first.size() == PAGE_SIZE) {
            CallMemory.checkMayWait();
        }
        List<StoredSession> all =
                first.size() < PAGE_SIZE ? first : parts(NEXT_STORED, SessionStore::stored, projectId, subjectId, now);
        if (all.contains(null)) {
            all = parts(NEXT_PAGE, this::rendered, projectId, subjectId, now);
        }
        all.sort(NEWEST_FIRST);
        return all;
    }

    private List<StoredSession> parts(
            String statement,
            Function<Row, ? extends @Nullable StoredSession> reader,
            String projectId,
            String subjectId,
            long now) {
        List<StoredSession> all = new ArrayList<>();
        String after = "";
        while (true) {
            List<String> ids = new ArrayList<>();
            database.read(statement)
                    .bind("projectId", projectId)
                    .bind("shardKey", ShardKey.of(subjectId))
                    .bind("subjectId", subjectId)
                    .bind("now", now)
                    .bind("after", after)
                    .bind("pageSize", PAGE_SIZE)
                    .query(rows -> {
                        while (rows.next()) {
                            ids.add(rows.text("session_id"));
                            all.add(reader.apply(rows));
                        }
                        return all;
                    });
            if (ids.size() < PAGE_SIZE) {
                return all;
            }
            after = ids.getLast();
        }
    }

    private static String next(String columns) {
        return """
                SELECT %s FROM sessions s
                WHERE s.project_id = :projectId AND s.shard_key = :shardKey AND s.subject_id = :subjectId AND %s AND s.session_id > :after
                ORDER BY s.session_id LIMIT :pageSize""".formatted(columns, ACTIVE);
    }

    /// Sets `last_accessed_at` of many sessions in one transaction, where the new time is later.
    void updateAccessTimes(Collection<Map.Entry<AccessTimes.Key, Long>> accesses) {
        database.write("""
                    UPDATE sessions SET last_accessed_at = :at
                    WHERE project_id = :projectId AND shard_key = :shardKey AND session_id = :sessionId
                      AND last_accessed_at < :at""").batch(accesses, (row, access) -> row.bind(
                        "projectId", access.getKey().projectId())
                .bind("shardKey", ShardKey.of(access.getKey().sessionId()))
                .bind("sessionId", access.getKey().sessionId())
                .bind("at", access.getValue()));
    }

    /// Deletes at most `count` sessions that expired before `limit`, and at most `count` that were revoked
    /// before it. Returns the larger of the two numbers. Each kind is read from the start of its own index:
    /// with an OR of both conditions, PostgreSQL scans the table.
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

    /// Reads the sessions of the current row and all rows after it. A row can be without a session. The list
    /// has null for a session whose row has no JSON of this version. The statement does not sort: for the
    /// second term of an ORDER BY, SQLite would build a temporary B-tree in each call.
    static List<StoredSession> stored(Row rows, List<StoredSession> sessions) {
        do {
            if (!rows.isNull("session_id")) {
                sessions.add(stored(rows));
            }
        } while (rows.next());
        return sessions;
    }

    private static @Nullable StoredSession stored(Row row) {
        StoredJson stored = StoredJson.read(row.bytesOrNull("json"));
        return stored == null
                ? null
                : new StoredSession(
                        row.text("session_id"), row.number("started_at"), row.number("last_accessed_at"), stored);
    }

    private StoredSession rendered(Row row) {
        Session session = session(row, null);
        return new StoredSession(session.id(), session.startedAt(), session.lastAccessedAt(), json.of(session));
    }

    /// The source of a session's token: `token` if present, else the sealed token of the row.
    static TokenSource token(Row row, @Nullable TokenSource token) {
        return token == null ? new TokenSource.Sealed(row.bytes("sealed_token")) : token;
    }

    /// Reads the session of the current row.
    ///
    /// @param token the source of its token; null if the response has no token
    static Session session(Row row, @Nullable TokenSource token) {
        String organizationId = row.textOrNull("session_organization_id");
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
                row.integer("version"),
                StoredJson.read(row.bytesOrNull("json")));
    }
}
