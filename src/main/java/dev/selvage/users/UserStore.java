package dev.selvage.users;

import dev.selvage.base.Json;
import dev.selvage.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/// The tables `subjects` (of users), `users` and `user_factors`; reads `passwords` as well, so that one statement gives
/// a whole user, deletes from it, because `users.deletePassword` is a call of users, and marks what must be reset, because a
/// sign-in of any kind can ask for that.
public final class UserStore {

    /// The columns of a whole user, for a statement over `users u` with [#JOINS]. A user has as many rows as factors.
    public static final String COLUMNS = """
            u.user_id, u.status, u.first_name, u.middle_name, u.last_name, u.trusted_metadata, u.untrusted_metadata,
            u.external_id, u.roles, u.created_at, j.failed_attempts, j.lock_created_at, j.lock_expires_at,
            p.password_id, p.requires_reset,
            f.factor_id, f.kind, f.value, f.verified, f.detail, f.created_at AS factor_created_at,
            f.expires_at AS factor_expires_at""";

    /// What hangs on a user; binds `:now` to hide what has run out.
    public static final String JOINS = """
            JOIN subjects j ON j.project_id = u.project_id AND j.subject_id = u.user_id
            LEFT JOIN passwords p ON p.project_id = u.project_id AND p.subject_id = u.user_id
            LEFT JOIN user_factors f ON f.project_id = u.project_id AND f.user_id = u.user_id
                AND (f.expires_at IS NULL OR f.expires_at > :now)""";

    private final Database database;
    private final Subjects subjects;

    UserStore(Database database, Subjects subjects) {
        this.database = database;
        this.subjects = subjects;
    }

    Optional<User> find(String projectId, String userId, long now) {
        return one(projectId, "u.user_id = :key", userId, now);
    }

    Optional<User> findByExternalId(String projectId, String externalId, long now) {
        return one(projectId, "u.external_id = :key", externalId, now);
    }

    /// The user to whom a value belongs. One that waits for its proof belongs to nobody yet: whoever added it need not be
    /// the one who holds it.
    Optional<User> findByFactor(String projectId, FactorKind kind, String value, long now) {
        return database.read(handle -> users(handle.createQuery(select("""
                        u.user_id = (SELECT owned.user_id FROM user_factors owned
                                     WHERE owned.project_id = :projectId AND owned.kind = :kind AND owned.value = :value
                                       AND owned.expires_at IS NULL)"""))
                .bind("projectId", projectId)
                .bind("kind", kind.name())
                .bind("value", value), now).stream().findFirst());
    }

    /// Inserts the subject and the user; false when the external id is taken.
    boolean insert(String projectId, User user) {
        return database.write(handle -> {
            subjects.insert(projectId, user.id());
            return handle.createUpdate("""
                            INSERT INTO users (project_id, user_id, status, first_name, middle_name, last_name,
                                               search_name, trusted_metadata, untrusted_metadata, external_id, roles, created_at)
                            VALUES (:projectId, :id, :status, :firstName, :middleName, :lastName,
                                    :searchName, :trusted, :untrusted, :externalId, :roles, :createdAt)
                            ON CONFLICT DO NOTHING""")
                    .bind("projectId", projectId)
                    .bind("id", user.id())
                    .bind("status", user.status().name())
                    .bind("firstName", user.name().firstName())
                    .bind("middleName", user.name().middleName())
                    .bind("lastName", user.name().lastName())
                    .bind("searchName", Names.searchable(user.name()))
                    .bind("trusted", Json.write(user.trustedMetadata()))
                    .bind("untrusted", Json.write(user.untrustedMetadata()))
                    .bind("externalId", user.externalId())
                    .bind("roles", Json.write(user.roles()))
                    .bind("createdAt", user.createdAt())
                    .execute() == 1;
        });
    }

    /// Writes name, metadata, external id and roles. Throws what [Database#isDuplicate] knows when the external id is
    /// taken.
    void update(String projectId, User user) {
        database.change(handle -> handle.createUpdate("""
                        UPDATE users SET first_name = :firstName, middle_name = :middleName, last_name = :lastName,
                                         search_name = :searchName, trusted_metadata = :trusted,
                                         untrusted_metadata = :untrusted, external_id = :externalId, roles = :roles
                        WHERE project_id = :projectId AND user_id = :id""")
                .bind("projectId", projectId)
                .bind("id", user.id())
                .bind("firstName", user.name().firstName())
                .bind("middleName", user.name().middleName())
                .bind("lastName", user.name().lastName())
                .bind("searchName", Names.searchable(user.name()))
                .bind("trusted", Json.write(user.trustedMetadata()))
                .bind("untrusted", Json.write(user.untrustedMetadata()))
                .bind("externalId", user.externalId())
                .bind("roles", Json.write(user.roles()))
                .execute());
    }

    /// Whose factor it is.
    Optional<String> ownerOf(String projectId, FactorKind kind, String factorId) {
        return database.read(handle -> handle.createQuery("""
                        SELECT user_id FROM user_factors
                        WHERE project_id = :projectId AND factor_id = :factorId AND kind = :kind""")
                .bind("projectId", projectId)
                .bind("factorId", factorId)
                .bind("kind", kind.name())
                .mapTo(String.class)
                .findOne());
    }

    void deleteFactor(String projectId, String factorId) {
        database.change(handle -> handle.createUpdate("""
                        DELETE FROM user_factors WHERE project_id = :projectId AND factor_id = :factorId""")
                .bind("projectId", projectId)
                .bind("factorId", factorId)
                .execute());
    }

    /// Deletes a password and answers whose it was.
    Optional<String> deletePassword(String projectId, String passwordId) {
        return database.write(handle -> handle.createQuery("""
                        DELETE FROM passwords WHERE project_id = :projectId AND password_id = :passwordId
                        RETURNING subject_id""")
                .bind("projectId", projectId)
                .bind("passwordId", passwordId)
                .mapTo(String.class)
                .findOne());
    }

    /// How many users there are.
    long count(String projectId) {
        return database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM users WHERE project_id = :projectId")
                .bind("projectId", projectId)
                .mapTo(Long.class)
                .one());
    }

    /// Adds a factor; false when its value belongs to a user already. One that has run out makes way, and one that waits
    /// for its proof makes way for one that does not.
    boolean insertFactor(String projectId, String userId, UserFactor factor) {
        return database.write(handle -> {
            handle.createUpdate("""
                            DELETE FROM user_factors
                            WHERE project_id = :projectId AND kind = :kind AND value = :value
                              AND (expires_at <= :now OR (expires_at IS NOT NULL AND :belongs))""")
                    .bind("projectId", projectId)
                    .bind("kind", factor.kind().name())
                    .bind("value", factor.value())
                    .bind("now", factor.createdAt())
                    .bind("belongs", factor.expiresAt() == null)
                    .execute();
            return handle.createUpdate("""
                            INSERT INTO user_factors (project_id, factor_id, user_id, kind, value, verified, detail,
                                                      created_at, expires_at)
                            VALUES (:projectId, :id, :userId, :kind, :value, :verified, :detail, :createdAt, :expiresAt)
                            ON CONFLICT DO NOTHING""")
                    .bind("projectId", projectId)
                    .bind("id", factor.id())
                    .bind("userId", userId)
                    .bind("kind", factor.kind().name())
                    .bind("value", factor.value())
                    .bind("verified", factor.verified())
                    .bind("detail", Json.write(factor.detail()))
                    .bind("createdAt", factor.createdAt())
                    .bind("expiresAt", factor.expiresAt())
                    .execute() == 1;
        });
    }

    /// Gives a factor that waits for its proof more time; false when the user has none such.
    boolean prolong(String projectId, String userId, FactorKind kind, String value, long expiresAt, long now) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE user_factors SET expires_at = :expiresAt
                        WHERE project_id = :projectId AND user_id = :userId AND kind = :kind AND value = :value
                          AND expires_at > :now""")
                .bind("projectId", projectId)
                .bind("userId", userId)
                .bind("kind", kind.name())
                .bind("value", value)
                .bind("expiresAt", expiresAt)
                .bind("now", now)
                .execute()) == 1;
    }

    /// Marks a factor proven, for good; false when it is not there any more.
    boolean verifyFactor(String projectId, String factorId) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE user_factors SET verified = TRUE, expires_at = NULL
                        WHERE project_id = :projectId AND factor_id = :factorId""")
                .bind("projectId", projectId)
                .bind("factorId", factorId)
                .execute()) == 1;
    }

    /// Makes a pending user active.
    void activate(String projectId, String userId) {
        database.change(handle -> handle.createUpdate("""
                        UPDATE users SET status = 'ACTIVE'
                        WHERE project_id = :projectId AND user_id = :userId AND status <> 'ACTIVE'""")
                .bind("projectId", projectId)
                .bind("userId", userId)
                .execute());
    }

    private Optional<User> one(String projectId, String condition, String key, long now) {
        return database.read(handle -> users(handle.createQuery(select(condition))
                .bind("projectId", projectId)
                .bind("key", key), now).stream().findFirst());
    }

    private static String select(String condition) {
        return """
                SELECT %s
                FROM users u
                %s
                WHERE u.project_id = :projectId AND %s
                ORDER BY f.created_at, f.factor_id""".formatted(COLUMNS, JOINS, condition);
    }

    /// The users that a query over [#COLUMNS] gives, in the order of their first rows.
    static List<User> users(Query query, long now) {
        return query.bind("now", now).scanResultSet((results, context) -> {
            try (context; ResultSet rows = results.get()) {
                Map<String, Rows> byId = new LinkedHashMap<>();
                while (rows.next()) {
                    String id = rows.getString("user_id");
                    Rows user = byId.get(id);
                    if (user == null) {
                        user = new Rows(read(rows, now), new ArrayList<>());
                        byId.put(id, user);
                    }
                    addFactor(rows, user.factors);
                }
                return byId.values().stream().map(Rows::user).toList();
            }
        });
    }

    /// A user whose factors are still being read.
    private record Rows(User bare, List<UserFactor> factors) {
        User user() {
            return withFactors(bare, factors);
        }
    }

    /// The user of the row at which the result stands, without factors.
    public static User read(ResultSet row, long now) throws SQLException {
        String passwordId = row.getString("password_id");
        User.Password password = passwordId == null ? null : new User.Password(passwordId, row.getBoolean("requires_reset"));
        long lockedUntil = row.getLong("lock_expires_at");
        Subjects.Lock lock = lockedUntil > now ? new Subjects.Lock(row.getLong("lock_created_at"), lockedUntil) : null;
        return new User(row.getString("user_id"), User.Status.valueOf(row.getString("status")),
                new User.Name(row.getString("first_name"), row.getString("middle_name"), row.getString("last_name")),
                List.of(), password, Json.object(row.getString("trusted_metadata")),
                Json.object(row.getString("untrusted_metadata")), row.getString("external_id"),
                Json.strings(row.getString("roles")), lock, row.getInt("failed_attempts"),
                row.getLong("created_at"));
    }

    /// Adds the factor of the row at which the result stands, if it has one.
    public static void addFactor(ResultSet row, List<UserFactor> factors) throws SQLException {
        String factorId = row.getString("factor_id");
        if (factorId == null) {
            return;
        }
        long expiresAt = row.getLong("factor_expires_at");
        factors.add(new UserFactor(factorId, FactorKind.valueOf(row.getString("kind")), row.getString("value"),
                row.getBoolean("verified"), Json.object(row.getString("detail")), row.getLong("factor_created_at"),
                expiresAt == 0 ? null : expiresAt));
    }

    /// The user with these factors.
    public static User withFactors(User bare, List<UserFactor> factors) {
        return new User(bare.id(), bare.status(), bare.name(), List.copyOf(factors), bare.password(),
                bare.trustedMetadata(), bare.untrustedMetadata(), bare.externalId(), bare.roles(), bare.lock(),
                bare.failedAttempts(), bare.createdAt());
    }
}
