package dev.selvage.users;

import dev.selvage.db.Database;
import dev.selvage.search.CursorPosition;
import dev.selvage.search.PageRows;
import dev.selvage.search.Search;
import dev.selvage.search.WhereClause;
import dev.selvage.users.UserFilter.Created;
import dev.selvage.users.UserFilter.HasExternalId;
import dev.selvage.users.UserFilter.HasFactorId;
import dev.selvage.users.UserFilter.HasId;
import dev.selvage.users.UserFilter.HasPassword;
import dev.selvage.users.UserFilter.HasStatus;
import dev.selvage.users.UserFilter.HasValue;
import dev.selvage.users.UserFilter.HasVerified;
import dev.selvage.users.UserFilter.NameLike;
import dev.selvage.users.UserFilter.ValueLike;
import java.util.List;
import java.util.stream.Collectors;

/// The SQL of a user search. Every value is bound; the text of a statement consists of constants of this class
/// and of [UserStore], and of what [WhereClause] adds.
final class UserSearchStore {

    private final Database database;

    UserSearchStore(Database database) {
        this.database = database;
    }

    /// Returns one page and the total count.
    PageRows<User> find(String projectId, Search.ParsedSearch<UserFilter> search, long now) {
        WhereClause all = new WhereClause();
        String countCondition = whereCondition(all, projectId, search, now);
        long total = database.read("SELECT COUNT(*) FROM users u WHERE " + countCondition)
                .bind(all.values())
                .number();
        return PageRows.inParts(
                search, total, (after, count) -> readPart(projectId, search, after, count, now), UserSearch::position);
    }

    private static String whereCondition(
            WhereClause sql, String projectId, Search.ParsedSearch<UserFilter> search, long now) {
        return "u.project_id = " + sql.bind(projectId)
                + sql.and(search.query(), filter -> condition(sql, filter, projectId, now));
    }

    private List<User> readPart(
            String projectId, Search.ParsedSearch<UserFilter> search, CursorPosition after, int count, long now) {
        WhereClause sql = new WhereClause();
        String conditions = whereCondition(sql, projectId, search, now);
        String afterCursor = sql.andAfter(after, "u.created_at", "u.user_id");
        String limit = sql.bind(count);
        // SQLite can read an index that is already in this order, but then visits every user of the project. If
        // the query is narrow, it is faster to find its users and sort them. The expression `+ 0` keeps SQLite
        // from using that index.
        String createdAt = search.query().narrow(UserFilter::narrow) ? "u.created_at + 0" : "u.created_at";
        return database.read(
                        """
                        WITH page AS (
                            SELECT u.* FROM users u
                            WHERE %s%s
                            ORDER BY %s DESC, u.user_id DESC
                            LIMIT %s)
                        SELECT %s
                        FROM page u
                        %s
                        ORDER BY u.created_at DESC, u.user_id DESC""".formatted(conditions, afterCursor, createdAt, limit, UserStore.COLUMNS, UserStore.JOINS))
                .bind(sql.values())
                .bind("now", now)
                .groups(rows -> UserStore.read(rows, now));
    }

    private static String condition(WhereClause sql, UserFilter filter, String projectId, long now) {
        return switch (filter) {
            case Created(long from, long until) ->
                "u.created_at >= %s AND u.created_at < %s".formatted(sql.bind(from), sql.bind(until));
            case HasStatus(User.Status status) -> "u.status = " + sql.bind(status.name());
            case HasId(List<String> ids) -> "u.user_id IN " + sql.bindAll(ids);
            case HasExternalId(List<String> ids) -> "u.external_id IN " + sql.bindAll(ids);
            case NameLike(String pattern) -> sql.like("u.search_name", pattern);
            case HasFactorId(FactorKind kind, List<String> ids) ->
                factor(sql, kind, "x.factor_id IN " + sql.bindAll(ids), projectId, now);
            case HasValue(FactorKind kind, List<String> values) ->
                factor(sql, kind, "x.value IN " + sql.bindAll(values), projectId, now);
            case ValueLike(FactorKind kind, List<String> patterns) ->
                factor(
                        sql,
                        kind,
                        patterns.stream()
                                .map(pattern -> sql.like("x.value", pattern))
                                .collect(Collectors.joining(" OR ", "(", ")")),
                        projectId,
                        now);
            case HasVerified(FactorKind kind, boolean verified) ->
                factor(sql, kind, "x.verified = " + sql.bind(verified), projectId, now);
            case HasPassword(boolean exists) -> """
                    %s (SELECT 1 FROM passwords w WHERE w.project_id = u.project_id AND w.shard_key = u.shard_key
                        AND w.subject_id = u.user_id)""".formatted(exists ? "EXISTS" : "NOT EXISTS");
        };
    }

    /// Selects the ids of all users with such a factor. Unlike a subquery for each user, this lets a value or
    /// an id use its index.
    private static String factor(WhereClause sql, FactorKind kind, String condition, String projectId, long now) {
        return """
                u.user_id IN (SELECT x.user_id FROM user_factors x
                              WHERE x.project_id = %s AND x.kind = %s AND %s
                                AND (x.expires_at IS NULL OR x.expires_at > %s))""".formatted(sql.bind(projectId), sql.bind(kind.name()), condition, sql.bind(now));
    }
}
