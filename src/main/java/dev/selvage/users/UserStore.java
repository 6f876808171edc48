package dev.selvage.users;

import dev.selvage.base.Json;
import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import dev.selvage.subjects.SubjectStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Stores users: the tables `subjects` (of users), `users`, `user_factors` and `user_identifiers`. It also
/// reads `passwords`, so that one statement returns a whole user, and deletes from it, because
/// `users.deletePassword` is a call of users.
public final class UserStore {

    /// The columns of a whole user, for a statement over `users u` with [#JOINS]. A user has one row per
    /// factor, or one row without a factor.
    public static final String COLUMNS = """
            u.user_id, u.status, u.first_name, u.middle_name, u.last_name, u.trusted_metadata, u.untrusted_metadata,
            u.external_id, u.roles, u.created_at, j.failed_attempts, j.lock_created_at, j.lock_expires_at,
            p.password_id, p.requires_reset,
            f.factor_id, f.kind, f.value, f.verified, f.detail, f.created_at AS factor_created_at,
            f.expires_at AS factor_expires_at""";

    /// The joins of subject, password and factors; binds `:now` to hide expired factors. Each table is joined
    /// to the subject, not to the user: Citus requires distributed tables to be joined to each other, and in a
    /// search `u` is a page, not a table.
    public static final String JOINS = """
            JOIN subjects j ON j.project_id = u.project_id AND j.shard_key = u.shard_key AND j.subject_id = u.user_id
            LEFT JOIN passwords p ON p.project_id = j.project_id AND p.shard_key = j.shard_key AND p.subject_id = j.subject_id
            LEFT JOIN user_factors f ON f.project_id = j.project_id AND f.shard_key = j.shard_key AND f.user_id = j.subject_id
                AND (f.expires_at IS NULL OR f.expires_at > :now)""";

    static final String OF_ID = """
            SELECT %s
            FROM users u
            %s
            WHERE u.project_id = :projectId AND u.shard_key = :shardKey AND u.user_id = :userId""".formatted(COLUMNS, JOINS);
    private static final Comparator<UserFactor> OLDEST_FIRST =
            Comparator.comparingLong(UserFactor::createdAt).thenComparing(UserFactor::id);
    /// The kind of a `user_identifiers` row for an external id, which is not a factor.
    private static final String EXTERNAL_ID = "EXTERNAL_ID";

    private final Database database;
    private final SubjectStore subjects;

    UserStore(Database database, SubjectStore subjects) {
        this.database = database;
        this.subjects = subjects;
    }

    Optional<User> find(String projectId, String userId, long now) {
        return database.read(OF_ID)
                .grouped()
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(userId))
                .bind("userId", userId)
                .bind("now", now)
                .first(rows -> read(rows, now));
    }

    Optional<User> findByExternalId(String projectId, String externalId, long now) {
        return identified(projectId, EXTERNAL_ID, externalId).flatMap(userId -> find(projectId, userId, now));
    }

    /// Finds the owner of a value. A factor that waits for verification has no owner yet, because the user
    /// that added it may not own the address.
    Optional<User> findByFactor(String projectId, FactorKind kind, String value, long now) {
        return identified(projectId, kind.name(), value).flatMap(userId -> find(projectId, userId, now));
    }

    private Optional<String> identified(String projectId, String kind, String value) {
        return database.read("""
                        SELECT user_id FROM user_identifiers
                        WHERE project_id = :projectId AND kind = :kind AND value = :value AND expires_at IS NULL""")
                .bind("projectId", projectId)
                .bind("kind", kind)
                .bind("value", value)
                .first(row -> row.text("user_id"));
    }

    /// Maps a value to a user; false if the value is already mapped.
    ///
    /// @param factorId  null for an external id
    /// @param expiresAt of a factor that waits for verification, in milliseconds; null for others
    private boolean identify(
            String projectId,
            String kind,
            String value,
            String userId,
            @Nullable String factorId,
            @Nullable Long expiresAt) {
        return database.write("""
                        INSERT INTO user_identifiers (project_id, kind, value, user_id, factor_id, expires_at)
                        VALUES (:projectId, :kind, :value, :userId, :factorId, :expiresAt)
                        ON CONFLICT DO NOTHING""")
                        .bind("projectId", projectId)
                        .bind("kind", kind)
                        .bind("value", value)
                        .bind("userId", userId)
                        .bind("factorId", factorId)
                        .bind("expiresAt", expiresAt)
                        .update()
                == 1;
    }

    /// Inserts the subject and the user; false if the external id is taken.
    boolean insert(String projectId, User user) {
        return database.transaction(() -> {
            subjects.insert(projectId, user.id());
            database.write("""
                            INSERT INTO users (project_id, shard_key, user_id, status, first_name, middle_name, last_name,
                                               search_name, trusted_metadata, untrusted_metadata, external_id, roles, created_at)
                            VALUES (:projectId, :shardKey, :id, :status, :firstName, :middleName, :lastName,
                                    :searchName, :trusted, :untrusted, :externalId, :roles, :createdAt)""")
                    .bind("projectId", projectId)
                    .bind("shardKey", ShardKey.of(user.id()))
                    .bind("id", user.id())
                    .bind("status", user.status().name())
                    .bind("firstName", user.name().firstName())
                    .bind("middleName", user.name().middleName())
                    .bind("lastName", user.name().lastName())
                    .bind("searchName", Names.searchable(user.name()))
                    .bind("trusted", Json.write(user.profile().trustedMetadata()))
                    .bind("untrusted", Json.write(user.profile().untrustedMetadata()))
                    .bind("externalId", user.externalId())
                    .bind("roles", Json.write(user.roles()))
                    .bind("createdAt", user.createdAt())
                    .update();
            return user.externalId() == null
                    || identify(projectId, EXTERNAL_ID, user.externalId(), user.id(), null, null);
        });
    }

    /// Changes the external id of a user, which the caller has locked; false if the new one is taken.
    ///
    /// @param before null for none
    /// @param after  null for none
    boolean changeExternalId(String projectId, String userId, @Nullable String before, @Nullable String after) {
        if (Objects.equals(before, after)) {
            return true;
        }
        if (before != null) {
            forget(projectId, EXTERNAL_ID, before, userId);
        }
        return after == null || identify(projectId, EXTERNAL_ID, after, userId, null, null);
    }

    /// Deletes the mapping of a value to a user.
    private void forget(String projectId, String kind, String value, String userId) {
        database.write("""
                        DELETE FROM user_identifiers
                        WHERE project_id = :projectId AND kind = :kind AND value = :value AND user_id = :userId""")
                .bind("projectId", projectId)
                .bind("kind", kind)
                .bind("value", value)
                .bind("userId", userId)
                .update();
    }

    /// Deletes all mappings of values to a user.
    void forgetAll(String projectId, String userId) {
        database.write("""
                        DELETE FROM user_identifiers WHERE project_id = :projectId AND user_id = :userId""").bind("projectId", projectId).bind("userId", userId).update();
    }

    /// Writes name, metadata, external id and roles.
    void update(String projectId, User user) {
        database.write("""
                        UPDATE users SET first_name = :firstName, middle_name = :middleName, last_name = :lastName,
                                         search_name = :searchName, trusted_metadata = :trusted,
                                         untrusted_metadata = :untrusted, external_id = :externalId, roles = :roles
                        WHERE project_id = :projectId AND shard_key = :shardKey AND user_id = :id""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(user.id()))
                .bind("id", user.id())
                .bind("firstName", user.name().firstName())
                .bind("middleName", user.name().middleName())
                .bind("lastName", user.name().lastName())
                .bind("searchName", Names.searchable(user.name()))
                .bind("trusted", Json.write(user.profile().trustedMetadata()))
                .bind("untrusted", Json.write(user.profile().untrustedMetadata()))
                .bind("externalId", user.externalId())
                .bind("roles", Json.write(user.roles()))
                .update();
    }

    /// Finds the id of the user that a factor belongs to.
    Optional<String> ownerOf(String projectId, FactorKind kind, String factorId) {
        return database.read("""
                        SELECT user_id FROM user_factors
                        WHERE project_id = :projectId AND factor_id = :factorId AND kind = :kind""")
                .bind("projectId", projectId)
                .bind("factorId", factorId)
                .bind("kind", kind.name())
                .first(row -> row.text("user_id"));
    }

    void deleteFactor(String projectId, String userId, UserFactor factor) {
        deleteFactor(projectId, userId, factor.id());
        forget(projectId, factor.kind().name(), factor.value(), userId);
    }

    private void deleteFactor(String projectId, String userId, String factorId) {
        database.write("""
                        DELETE FROM user_factors
                        WHERE project_id = :projectId AND shard_key = :shardKey AND factor_id = :factorId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(userId))
                .bind("factorId", factorId)
                .update();
    }

    /// Deletes a password and returns the id of its user.
    Optional<String> deletePassword(String projectId, String passwordId) {
        return database.write("""
                        DELETE FROM passwords WHERE project_id = :projectId AND password_id = :passwordId
                        RETURNING subject_id""")
                .bind("projectId", projectId)
                .bind("passwordId", passwordId)
                .first(row -> row.text("subject_id"));
    }

    /// The number of users in the project.
    long count(String projectId) {
        return database.read("SELECT COUNT(*) FROM users WHERE project_id = :projectId")
                .bind("projectId", projectId)
                .number();
    }

    /// Adds a factor; false if its value is already mapped to a user. It replaces an expired factor with this
    /// value. A factor that does not expire also replaces one that waits for verification.
    boolean insertFactor(String projectId, String userId, UserFactor factor) {
        return database.transaction(() -> {
            database.write("""
                            DELETE FROM user_identifiers
                            WHERE project_id = :projectId AND kind = :kind AND value = :value
                              AND (expires_at <= :now OR (expires_at IS NOT NULL AND :belongs))
                            RETURNING user_id, factor_id""")
                    .bind("projectId", projectId)
                    .bind("kind", factor.kind().name())
                    .bind("value", factor.value())
                    .bind("now", factor.createdAt())
                    .bind("belongs", factor.expiresAt() == null)
                    .first(row -> new Waiting(row.text("user_id"), row.text("factor_id")))
                    .ifPresent(waiting -> deleteFactor(projectId, waiting.userId, waiting.factorId));
            if (!identify(projectId, factor.kind().name(), factor.value(), userId, factor.id(), factor.expiresAt())) {
                return false;
            }
            database.write("""
                            INSERT INTO user_factors (project_id, shard_key, factor_id, user_id, kind, value, verified, detail,
                                                      created_at, expires_at)
                            VALUES (:projectId, :shardKey, :id, :userId, :kind, :value, :verified, :detail, :createdAt,
                                    :expiresAt)""")
                    .bind("projectId", projectId)
                    .bind("shardKey", ShardKey.of(userId))
                    .bind("id", factor.id())
                    .bind("userId", userId)
                    .bind("kind", factor.kind().name())
                    .bind("value", factor.value())
                    .bind("verified", factor.verified())
                    .bind("detail", Json.write(factor.detail()))
                    .bind("createdAt", factor.createdAt())
                    .bind("expiresAt", factor.expiresAt())
                    .update();
            return true;
        });
    }

    /// A factor that waited for verification.
    private record Waiting(String userId, String factorId) {}

    /// Extends the time of a factor that waits for verification; false if the user has no such factor.
    boolean prolong(String projectId, String userId, FactorKind kind, String value, long expiresAt, long now) {
        return database.transaction(() -> {
            boolean waits = database.write("""
                            UPDATE user_identifiers SET expires_at = :expiresAt
                            WHERE project_id = :projectId AND kind = :kind AND value = :value AND user_id = :userId
                              AND expires_at > :now""")
                            .bind("projectId", projectId)
                            .bind("kind", kind.name())
                            .bind("value", value)
                            .bind("userId", userId)
                            .bind("expiresAt", expiresAt)
                            .bind("now", now)
                            .update()
                    == 1;
            if (waits) {
                database.write("""
                                UPDATE user_factors SET expires_at = :expiresAt
                                WHERE project_id = :projectId AND shard_key = :shardKey AND user_id = :userId
                                  AND kind = :kind AND value = :value""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(userId))
                        .bind("userId", userId)
                        .bind("kind", kind.name())
                        .bind("value", value)
                        .bind("expiresAt", expiresAt)
                        .update();
            }
            return waits;
        });
    }

    /// Marks a factor as verified and removes its expiry. Does nothing if the factor no longer exists.
    void verifyFactor(String projectId, String userId, String factorId) {
        database.transaction(() -> database.write("""
                        UPDATE user_factors SET verified = TRUE, expires_at = NULL
                        WHERE project_id = :projectId AND shard_key = :shardKey AND user_id = :userId AND factor_id = :factorId
                        RETURNING kind, value""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(userId))
                .bind("userId", userId)
                .bind("factorId", factorId)
                .first(row -> new Value(row.text("kind"), row.text("value")))
                .ifPresent(value -> database.write("""
                                UPDATE user_identifiers SET expires_at = NULL
                                WHERE project_id = :projectId AND kind = :kind AND value = :value AND user_id = :userId
                                  AND expires_at IS NOT NULL""")
                        .bind("projectId", projectId)
                        .bind("kind", value.kind)
                        .bind("value", value.value)
                        .bind("userId", userId)
                        .update()));
    }

    /// The kind and value of a factor.
    private record Value(String kind, String value) {}

    /// Sets a pending user to active.
    void activate(String projectId, String userId) {
        database.write("""
                        UPDATE users SET status = 'ACTIVE'
                        WHERE project_id = :projectId AND shard_key = :shardKey AND user_id = :userId AND status <> 'ACTIVE'""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(userId))
                .bind("userId", userId)
                .update();
    }

    /// Reads the user of the current row of a result over [#COLUMNS], and advances past the last row of this
    /// user. The rows of one user must be adjacent, in any order. The factors are sorted here, because SQLite
    /// would build a tree in each call to order them.
    ///
    /// @param now decides whether a lock is still valid, in milliseconds
    public static User read(Row rows, long now) {
        User bare = readBare(rows, now);
        List<UserFactor> factors = new ArrayList<>();
        do {
            addFactor(rows, factors);
        } while (rows.next() && rows.text("user_id").equals(bare.id()));
        factors.sort(OLDEST_FIRST);
        return bare.withFactors(factors);
    }

    private static User readBare(Row row, long now) {
        String passwordId = row.textOrNull("password_id");
        User.Password password = passwordId == null ? null : new User.Password(passwordId, row.flag("requires_reset"));
        long lockedUntil = row.number("lock_expires_at");
        SubjectStore.Lock lock =
                lockedUntil > now ? new SubjectStore.Lock(row.number("lock_created_at"), lockedUntil) : null;
        return new User(
                row.text("user_id"),
                User.Status.valueOf(row.text("status")),
                new User.Profile(
                        new User.Name(row.text("first_name"), row.text("middle_name"), row.text("last_name")),
                        row.textOrNull("external_id"),
                        Json.object(row.text("trusted_metadata")),
                        Json.object(row.text("untrusted_metadata"))),
                List.of(),
                password,
                Json.strings(row.text("roles")),
                new SubjectStore.Failures(lock, row.integer("failed_attempts")),
                row.number("created_at"));
    }

    private static void addFactor(Row row, List<UserFactor> factors) {
        String factorId = row.textOrNull("factor_id");
        if (factorId == null) {
            return;
        }
        long expiresAt = row.number("factor_expires_at");
        factors.add(new UserFactor(
                factorId,
                FactorKind.valueOf(row.text("kind")),
                row.text("value"),
                row.flag("verified"),
                Json.object(row.text("detail")),
                row.number("factor_created_at"),
                expiresAt == 0 ? null : expiresAt));
    }
}
