package dev.selvage.codes;

import dev.selvage.base.KeyedHash;
import dev.selvage.db.Database;
import dev.selvage.db.Sql;
import java.util.Optional;

/// The table `codes`.
final class CodeStore {

    /// The row of a target, if its code is for that subject.
    private static final String OF_TARGET = """
            project_id = :projectId AND channel = :channel AND target = :target AND COALESCE(subject_id, '') = :subjectId""";

    private final Database database;

    CodeStore(Database database) {
        this.database = database;
    }

    /// The result of comparing a guess with a code.
    ///
    /// @param matches  whether the guess is the code
    /// @param attempts wrong guesses so far
    /// @param ended    whether the code was used or has expired
    record Comparison(boolean matches, int attempts, boolean ended) {}

    /// Writes a code. It replaces an older code of the target.
    void put(String projectId, Target target, String methodId, KeyedHash.Hashes hash, long now, long expiresAt) {
        bind(database.write("""
                INSERT INTO codes (project_id, channel, target, subject_id, method_id, code_hash, key_id, attempts, created_at, expires_at)
                VALUES (:projectId, :channel, :target, NULLIF(:subjectId, ''), :methodId, :hash, :keyId, 0, :now, :expiresAt)
                ON CONFLICT (project_id, channel, target) DO UPDATE SET
                    subject_id = EXCLUDED.subject_id, method_id = EXCLUDED.method_id, code_hash = EXCLUDED.code_hash,
                    key_id = EXCLUDED.key_id, attempts = 0, created_at = EXCLUDED.created_at,
                    expires_at = EXCLUDED.expires_at, used_at = NULL"""), projectId, target)
                .bind("methodId", methodId)
                .bind("hash", hash.sealing())
                .bind("keyId", hash.key().id())
                .bind("now", now)
                .bind("expiresAt", expiresAt)
                .update();
    }

    /// Compares a guess and counts it if it is wrong. Concurrent guesses run one after another, so at most
    /// `attemptsMax` wrong ones are compared. Empty if the target has no usable code.
    Optional<Boolean> guess(String projectId, Target target, KeyedHash.Hashes hash, int attemptsMax, long now) {
        return bind(database.write("""
                UPDATE codes SET attempts = CASE WHEN code_hash IN (:hash, :other) THEN attempts ELSE attempts + 1 END
                WHERE %s AND used_at IS NULL AND expires_at > :now AND attempts < :attemptsMax
                RETURNING CASE WHEN code_hash IN (:hash, :other) THEN 1 ELSE 0 END AS matches""".formatted(OF_TARGET)), projectId, target)
                .bind("hash", hash.sealing())
                .bind("other", hash.other())
                .bind("attemptsMax", attemptsMax)
                .bind("now", now)
                .first(row -> row.integer("matches") == 1);
    }

    /// Compares a guess with the target's code, without counting it.
    Optional<Comparison> find(String projectId, Target target, KeyedHash.Hashes hash, long now) {
        return bind(database.read("""
                SELECT CASE WHEN code_hash IN (:hash, :other) THEN 1 ELSE 0 END AS matches, attempts, used_at, expires_at
                FROM codes WHERE %s""".formatted(OF_TARGET)), projectId, target)
                .bind("hash", hash.sealing())
                .bind("other", hash.other())
                .first(row -> new Comparison(
                        row.integer("matches") == 1,
                        row.integer("attempts"),
                        !row.isNull("used_at") || row.number("expires_at") <= now));
    }

    /// Marks a code as used and returns its method id. Of several concurrent calls, one succeeds.
    Optional<String> use(String projectId, Target target, KeyedHash.Hashes hash, int attemptsMax, long now) {
        return bind(database.write("""
                UPDATE codes SET used_at = :now
                WHERE %s AND code_hash IN (:hash, :other) AND used_at IS NULL AND expires_at > :now AND attempts < :attemptsMax
                RETURNING method_id""".formatted(OF_TARGET)), projectId, target)
                .bind("hash", hash.sealing())
                .bind("other", hash.other())
                .bind("attemptsMax", attemptsMax)
                .bind("now", now)
                .first(row -> row.text("method_id"));
    }

    /// Marks the code of a target as used.
    void markUsed(String projectId, Target target, long now) {
        bind(
                        database.write(
                                "UPDATE codes SET used_at = :now WHERE %s AND used_at IS NULL".formatted(OF_TARGET)),
                        projectId,
                        target)
                .bind("now", now)
                .update();
    }

    /// Marks all codes of a subject as used, except those that prove one method.
    ///
    /// @param methodId id of that method; empty for no exception
    void markOthersUsed(String projectId, String subjectId, String methodId, long now) {
        database.write("""
                        UPDATE codes SET used_at = :now
                        WHERE project_id = :projectId AND subject_id = :subjectId AND method_id <> :methodId AND used_at IS NULL""")
                .bind("projectId", projectId)
                .bind("subjectId", subjectId)
                .bind("methodId", methodId)
                .bind("now", now)
                .update();
    }

    /// Deletes at most `count` codes that expired before `limit`, in milliseconds. Returns the number of
    /// deleted rows.
    int sweep(long limit, int count) {
        return database.write("""
                        DELETE FROM codes WHERE (project_id, channel, target) IN (
                            SELECT project_id, channel, target FROM codes
                            WHERE expires_at < :limit ORDER BY expires_at LIMIT :count)
                          AND expires_at < :limit""").bind("limit", limit).bind("count", count).update();
    }

    private static Sql bind(Sql statement, String projectId, Target target) {
        return statement
                .bind("projectId", projectId)
                .bind("channel", target.channel().wireValue())
                .bind("target", target.key())
                .bind("subjectId", target.subjectId());
    }
}
