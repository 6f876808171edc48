package dev.selvage.sessions;

import dev.selvage.base.CallMemory;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import dev.selvage.db.Sql;
import dev.selvage.projects.Project;
import dev.selvage.users.User;
import dev.selvage.users.UserStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads sessions together with their users, by one statement each.
public final class UserSessionStore implements SessionReader<UserSession> {

    static final String OF_ID = ofUser("u.shard_key = :shardKey AND u.user_id = :userId");
    /// An external id does not contain the shard key.
    private static final String OF_EXTERNAL_ID = ofUser("u.external_id = :userId");
    private static final Map<String, String> STATEMENTS = Map.of(
            BY_TOKEN,
            statement(BY_TOKEN, SessionStore.COLUMNS),
            BY_ID,
            statement(BY_ID, SessionStore.COLUMNS_WITH_TOKEN));

    private final Database database;
    private final SessionStore store;

    public UserSessionStore(Database database, SessionStore store) {
        this.database = database;
        this.store = store;
    }

    /// The active sessions of a user, newest first, and the roles of the user.
    public record UserSessions(String userId, List<String> roles, List<StoredSession> sessions) {}

    /// Returns the active sessions of the user with an id or external id; empty if the user does not exist.
    public Optional<UserSessions> ofUser(String projectId, String userId, long now) {
        Sql sql = Ids.USER.matches(userId)
                ? database.read(OF_ID).bind("shardKey", ShardKey.of(userId))
                : database.read(OF_EXTERNAL_ID);
        return CallMemory.reading(() -> sql.grouped()
                .bind("projectId", projectId)
                .bind("userId", userId)
                .bind("now", now)
                .first(rows -> new UserSessions(
                        rows.text("user_id"),
                        User.withDefaultRole(Json.strings(rows.text("user_roles"))),
                        SessionStore.stored(rows, new ArrayList<>())))
                .map(found -> new UserSessions(
                        found.userId, found.roles, store.all(projectId, found.userId, found.sessions, now))));
    }

    @Override
    public UserSession sandbox(long now) {
        return SandboxSession.at(now);
    }

    @Override
    public Optional<UserSession> where(
            String condition, Project project, String shardKey, Object key, @Nullable TokenSource token, long now) {
        return database.read(Objects.requireNonNull(STATEMENTS.get(condition)))
                .grouped()
                .bind("projectId", project.id())
                .bind("shardKey", shardKey)
                .bind("key", key)
                .bind("now", now)
                .first(rows -> new UserSession(
                        SessionStore.session(rows, SessionStore.token(rows, token)), UserStore.read(rows, now)));
    }

    private static String ofUser(String condition) {
        return """
                SELECT u.user_id, u.roles AS user_roles, %s
                FROM users u
                LEFT JOIN sessions s ON s.project_id = u.project_id AND s.shard_key = u.shard_key
                    AND s.subject_id = u.user_id AND %s
                WHERE u.project_id = :projectId AND %s
                LIMIT %d""".formatted(SessionStore.STORED_COLUMNS, SessionStore.ACTIVE, condition, SessionStore.PAGE_SIZE);
    }

    private static String statement(String condition, String columns) {
        return """
                SELECT %s, %s
                FROM sessions s
                JOIN users u ON u.project_id = s.project_id AND u.shard_key = s.shard_key AND u.user_id = s.subject_id
                %s
                WHERE s.project_id = :projectId AND s.shard_key = :shardKey AND %s
                AND %s""".formatted(columns, UserStore.COLUMNS, UserStore.JOINS, condition, SessionStore.ACTIVE);
    }
}
