package dev.selvage.passwords;

import dev.selvage.db.Database;
import java.util.Optional;

/// The table `passwords`.
final class PasswordStore {

    private final Database database;

    PasswordStore(Database database) {
        this.database = database;
    }

    /// A row: what a password is checked against.
    record Stored(String passwordId, String hash, boolean requiresReset) {

        @Override
        public String toString() {
            return passwordId;
        }
    }

    Optional<Stored> find(String projectId, String userId) {
        return database.read(handle -> handle.createQuery("""
                        SELECT password_id, hash, requires_reset FROM passwords
                        WHERE project_id = :projectId AND subject_id = :userId""")
                .bind("projectId", projectId)
                .bind("userId", userId)
                .map((row, context) -> new Stored(row.getString("password_id"), row.getString("hash"),
                        row.getBoolean("requires_reset")))
                .findOne());
    }

    /// Adds a first password; false when there is one.
    boolean insert(String projectId, String userId, String passwordId, String hash, long now) {
        return database.write(handle -> handle.createUpdate("""
                        INSERT INTO passwords (project_id, subject_id, password_id, hash, requires_reset, created_at)
                        VALUES (:projectId, :userId, :passwordId, :hash, FALSE, :now)
                        ON CONFLICT DO NOTHING""")
                .bind("projectId", projectId)
                .bind("userId", userId)
                .bind("passwordId", passwordId)
                .bind("hash", hash)
                .bind("now", now)
                .execute()) == 1;
    }

    /// Sets the password whether or not there is one, which keeps its id; it needs no reset then.
    void put(String projectId, String userId, String newPasswordId, String hash, long now) {
        database.change(handle -> handle.createUpdate("""
                        INSERT INTO passwords (project_id, subject_id, password_id, hash, requires_reset, created_at)
                        VALUES (:projectId, :userId, :passwordId, :hash, FALSE, :now)
                        ON CONFLICT (project_id, subject_id) DO UPDATE SET hash = EXCLUDED.hash, requires_reset = FALSE""")
                .bind("projectId", projectId)
                .bind("userId", userId)
                .bind("passwordId", newPasswordId)
                .bind("hash", hash)
                .bind("now", now)
                .execute());
    }

    /// Puts one hash in the place of another; false when the password is not that one any more, or must be reset. The row
    /// stays locked until the transaction ends, also when both hashes are the same.
    boolean replace(String projectId, String userId, String hashBefore, String hash) {
        return database.write(handle -> handle.createUpdate("""
                        UPDATE passwords SET hash = :hash
                        WHERE project_id = :projectId AND subject_id = :userId AND hash = :hashBefore
                          AND requires_reset = FALSE""")
                .bind("projectId", projectId)
                .bind("userId", userId)
                .bind("hashBefore", hashBefore)
                .bind("hash", hash)
                .execute()) == 1;
    }
}
