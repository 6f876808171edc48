package dev.selvage.passwords;

import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import dev.selvage.subjects.SubjectStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tables `passwords` and `password_exclusions`. The latter lists organizations to which the password of an
/// address does not sign in.
final class PasswordStore {

    private final Database database;

    PasswordStore(Database database) {
        this.database = database;
    }

    /// A row of `passwords` with the last lock of its subject, expired or not.
    record Stored(String passwordId, String hash, boolean requiresReset, SubjectStore.Lock lastLock) {

        /// Returns the lock that is active at a time; null for none.
        SubjectStore.@Nullable Lock lock(long now) {
            return lastLock.expiresAt() > now ? lastLock : null;
        }

        @Override
        public String toString() {
            return passwordId;
        }
    }

    Optional<Stored> find(String projectId, String subjectId) {
        return database.read("""
                        SELECT p.password_id, p.hash, p.requires_reset, s.lock_created_at, s.lock_expires_at
                        FROM passwords p
                        JOIN subjects s ON s.project_id = p.project_id AND s.shard_key = p.shard_key AND s.subject_id = p.subject_id
                        WHERE p.project_id = :projectId AND p.shard_key = :shardKey AND p.subject_id = :subjectId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .first(row -> new Stored(
                        row.text("password_id"),
                        row.text("hash"),
                        row.flag("requires_reset"),
                        new SubjectStore.Lock(row.number("lock_created_at"), row.number("lock_expires_at"))));
    }

    /// Inserts a first password. Returns false if one exists.
    boolean insert(String projectId, String subjectId, String passwordId, String hash, long now) {
        return database.write("""
                        INSERT INTO passwords (project_id, shard_key, subject_id, password_id, hash, requires_reset, created_at)
                        VALUES (:projectId, :shardKey, :subjectId, :passwordId, :hash, FALSE, :now)
                        ON CONFLICT DO NOTHING""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("subjectId", subjectId)
                        .bind("passwordId", passwordId)
                        .bind("hash", hash)
                        .bind("now", now)
                        .update()
                == 1;
    }

    /// Sets the password, whether or not one exists. An existing one keeps its id, and no longer requires a
    /// reset.
    void put(String projectId, String subjectId, String newPasswordId, String hash, long now) {
        // No ON CONFLICT … DO UPDATE: the key that it would name differs in a distributed table
        // (`db/citus.sql`). The loop repeats only if other transactions insert and delete the password
        // meanwhile.
        while (!overwrite(projectId, subjectId, hash) && !insert(projectId, subjectId, newPasswordId, hash, now)) {
            Thread.onSpinWait();
        }
    }

    /// Excludes an organization; does nothing if it is excluded. Returns false if no password exists.
    boolean exclude(String projectId, String subjectId, String organizationId) {
        boolean excluded = database.write("""
                        INSERT INTO password_exclusions (project_id, shard_key, subject_id, organization_id)
                        SELECT project_id, shard_key, subject_id, :organizationId FROM passwords
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId
                        ON CONFLICT DO NOTHING""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("subjectId", subjectId)
                        .bind("organizationId", organizationId)
                        .update()
                == 1;
        return excluded || find(projectId, subjectId).isPresent();
    }

    /// Deletes all exclusions of a password.
    void deleteExclusions(String projectId, String subjectId) {
        database.write("""
                        DELETE FROM password_exclusions
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .update();
    }

    private boolean overwrite(String projectId, String subjectId, String hash) {
        return database.write("""
                        UPDATE passwords SET hash = :hash, requires_reset = FALSE
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("subjectId", subjectId)
                        .bind("hash", hash)
                        .update()
                == 1;
    }

    /// Replaces a hash by another. Returns false if the stored hash is a different one or must be reset. The
    /// row stays locked until the transaction ends, even if both hashes are the same.
    boolean replace(String projectId, String subjectId, String hashBefore, String hash) {
        return database.write("""
                        UPDATE passwords SET hash = :hash
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId AND hash = :hashBefore
                          AND requires_reset = FALSE""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("subjectId", subjectId)
                        .bind("hashBefore", hashBefore)
                        .bind("hash", hash)
                        .update()
                == 1;
    }
}
