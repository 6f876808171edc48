package dev.selvage.users;

import dev.selvage.db.Bindings;
import dev.selvage.db.Database;
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

/// The SQL of a user search. Every value is bound; the text of a statement is made of the constants here alone.
final class UserSearchStore {

    /// Not the backslash: Jdbi would take `'\'` for a text that has not ended.
    private static final String ESCAPE = " ESCAPE '!'";

    private final Database database;

    UserSearchStore(Database database) {
        this.database = database;
    }

    /// @param total how many users the whole search finds
    /// @param more  whether there are users behind these
    record Rows(List<User> users, long total, boolean more) { }

    /// One page, newest first; users made in the same millisecond by id.
    ///
    /// @param after behind whom the page begins; null: from the start
    Rows find(String projectId, UserSearch.Query query, UserSearch.Position after, int limit, long now) {
        Statement statement = new Statement();
        String wanted = "u.project_id = " + statement.bind(projectId) + statement.condition(query, projectId, now);
        String begin = after == null ? "" : " AND (u.created_at, u.user_id) < (%s, %s)"
                .formatted(statement.bind(after.createdAt()), statement.bind(after.userId()));
        String more = statement.bind(limit + 1);
        // SQLite walks along an index that has the order already, past every user of the project. Where a few values decide
        // it is better to find those users and to sort them; an expression is in no index.
        String createdAt = query.narrow() ? "u.created_at + 0" : "u.created_at";
        return database.read(handle -> {
            long total = handle.createQuery("SELECT COUNT(*) FROM users u WHERE " + wanted)
                    .bindMap(statement.bindings.values())
                    .mapTo(Long.class)
                    .one();
            List<User> users = UserStore.users(handle.createQuery("""
                            WITH page AS (
                                SELECT u.* FROM users u
                                WHERE %s%s
                                ORDER BY %s DESC, u.user_id DESC
                                LIMIT %s)
                            SELECT %s
                            FROM page u
                            %s
                            ORDER BY u.created_at DESC, u.user_id DESC, f.created_at, f.factor_id"""
                            .formatted(wanted, begin, createdAt, more, UserStore.COLUMNS, UserStore.JOINS))
                    .bindMap(statement.bindings.values()), now);
            return new Rows(users.subList(0, Math.min(limit, users.size())), total, users.size() > limit);
        });
    }

    /// A statement that is being put together: its values by the names of their parameters.
    private static final class Statement {

        private final Bindings bindings = new Bindings();

        private String bind(Object value) {
            return bindings.bind(value);
        }

        private String bindAll(List<String> all) {
            return bindings.bindAll(all);
        }

        String condition(UserSearch.Query query, String projectId, long now) {
            if (query.filters().isEmpty()) {
                return "";
            }
            return query.filters().stream()
                    .map(filter -> condition(filter, projectId, now))
                    .collect(Collectors.joining(query.any() ? " OR " : " AND ", " AND (", ")"));
        }

        private String condition(UserFilter filter, String projectId, long now) {
            return switch (filter) {
                case Created(long from, long until) -> "u.created_at >= %s AND u.created_at < %s".formatted(bind(from), bind(until));
                case HasStatus(User.Status status) -> "u.status = " + bind(status.name());
                case HasId(List<String> ids) -> "u.user_id IN " + bindAll(ids);
                case HasExternalId(List<String> ids) -> "u.external_id IN " + bindAll(ids);
                case NameLike(String pattern) -> "u.search_name LIKE " + bind(pattern) + ESCAPE;
                case HasFactorId(FactorKind kind, List<String> ids) -> factor(kind, "x.factor_id IN " + bindAll(ids), projectId, now);
                case HasValue(FactorKind kind, List<String> values) -> factor(kind, "x.value IN " + bindAll(values), projectId, now);
                case ValueLike(FactorKind kind, List<String> patterns) -> factor(kind, patterns.stream()
                        .map(pattern -> "x.value LIKE " + bind(pattern) + ESCAPE)
                        .collect(Collectors.joining(" OR ", "(", ")")), projectId, now);
                case HasVerified(FactorKind kind, boolean verified) -> factor(kind, "x.verified = " + bind(verified), projectId, now);
                case HasPassword(boolean exists) -> """
                        %s (SELECT 1 FROM passwords w WHERE w.project_id = u.project_id AND w.subject_id = u.user_id)"""
                        .formatted(exists ? "EXISTS" : "NOT EXISTS");
            };
        }

        /// A list of users rather than a question for each user: a value or an id then leads to them by its index.
        private String factor(FactorKind kind, String holds, String projectId, long now) {
            return """
                    u.user_id IN (SELECT x.user_id FROM user_factors x
                                  WHERE x.project_id = %s AND x.kind = %s AND %s
                                    AND (x.expires_at IS NULL OR x.expires_at > %s))"""
                    .formatted(bind(projectId), bind(kind.name()), holds, bind(now));
        }
    }
}
