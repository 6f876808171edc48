package dev.selvage.sessions;

import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import dev.selvage.projects.Project;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import dev.selvage.users.UserStore;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads sessions with the users who hold them: one statement each.
public final class UserSessionStore implements SessionReader<UserSession> {

    private static final String OF_ID = ofUser("u.shard_key = :shardKey AND u.user_id = :userId");
    /// An external id does not tell the shard.
    private static final String OF_EXTERNAL_ID = ofUser("u.external_id = :userId");
    private static final Map<String, String> STATEMENTS = Map.of(BY_TOKEN, statement(BY_TOKEN), BY_ID, statement(BY_ID));

    private final Database database;

    public UserSessionStore(Database database) {
        this.database = database;
    }

    /// The active sessions of a user, newest first, and the roles that each of them has.
    record OfUser(List<String> roles, List<Session> sessions) { }

    /// The active sessions of the user of an id or external id; empty when there is no such user.
    Optional<OfUser> ofUser(String projectId, String userId, long now) {
        boolean byId = Ids.USER.matches(userId);
        return database.read(handle -> handle.createQuery(byId ? OF_ID : OF_EXTERNAL_ID)
                .bind("projectId", projectId)
                .bind("shardKey", byId ? ShardKey.of(userId) : null)
                .bind("userId", userId)
                .bind("now", now)
                .scanResultSet((results, context) -> {
                    try (context; ResultSet rows = results.get()) {
                        if (!rows.next()) {
                            return Optional.empty();
                        }
                        List<String> roles = User.withDefaultRole(Json.strings(rows.getString("user_roles")));
                        return Optional.of(new OfUser(roles, SessionStore.sessions(rows)));
                    }
                }));
    }

    @Override
    public UserSession sandbox(long now) {
        return SandboxSession.at(now);
    }

    @Override
    public Optional<UserSession> where(String condition, Project project, String shardKey, Object key, long now) {
        return database.read(handle -> handle.createQuery(STATEMENTS.get(condition))
                .bind("projectId", project.id())
                .bind("shardKey", shardKey)
                .bind("key", key)
                .bind("now", now)
                .scanResultSet((results, context) -> {
                    try (context; ResultSet rows = results.get()) {
                        if (!rows.next()) {
                            return Optional.empty();
                        }
                        Session session = SessionStore.session(rows);
                        User bare = UserStore.read(rows, now);
                        List<UserFactor> factors = new ArrayList<>();
                        do {
                            UserStore.addFactor(rows, factors);
                        } while (rows.next());
                        return Optional.of(new UserSession(session, UserStore.withFactors(bare, factors)));
                    }
                }));
    }

    private static String ofUser(String condition) {
        return """
                SELECT u.roles AS user_roles, %s
                FROM users u
                LEFT JOIN sessions s ON s.project_id = u.project_id AND s.shard_key = u.shard_key
                    AND s.subject_id = u.user_id AND %s
                WHERE u.project_id = :projectId AND %s
                ORDER BY s.started_at DESC, s.session_id""".formatted(SessionStore.COLUMNS, SessionStore.ACTIVE, condition);
    }

    private static String statement(String condition) {
        return """
                SELECT %s, %s
                FROM sessions s
                JOIN users u ON u.project_id = s.project_id AND u.shard_key = s.shard_key AND u.user_id = s.subject_id
                %s
                WHERE s.project_id = :projectId AND s.shard_key = :shardKey AND %s AND %s
                ORDER BY f.created_at, f.factor_id"""
                .formatted(SessionStore.COLUMNS, UserStore.COLUMNS, UserStore.JOINS, condition, SessionStore.ACTIVE);
    }
}
