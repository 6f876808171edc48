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

    /// What a guess met.
    ///
    /// @param right    whether it is the code
    /// @param attempts wrong guesses up to now, this one included
    /// @param over     whether the code was used or has expired
    record Guess(boolean right, int attempts, boolean over) {}

    /// Writes a code; it takes the place of the target's older one.
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

    /// Looks at a guess and counts it when it is wrong. Guesses at once wait for each other, so that no more
    /// than `attemptsMax` are ever compared: empty when there is no code that can still be guessed.
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

    /// How a guess stands to the target's code, without counting it.
    Optional<Guess> find(String projectId, Target target, KeyedHash.Hashes hash, long now) {
        return bind(database.read("""
                SELECT CASE WHEN code_hash IN (:hash, :other) THEN 1 ELSE 0 END AS matches, attempts, used_at, expires_at
                FROM codes WHERE %s""".formatted(OF_TARGET)), projectId, target)
                .bind("hash", hash.sealing())
                .bind("other", hash.other())
                .first(row -> new Guess(
                        row.integer("matches") == 1,
                        row.integer("attempts"),
                        !row.isNull("used_at") || row.number("expires_at") <= now));
    }

    /// Uses a code up; answers its method id. Of many calls at once one succeeds.
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

    /// Uses up the code of a target, whatever it is.
    void end(String projectId, Target target, long now) {
        bind(
                        database.write(
                                "UPDATE codes SET used_at = :now WHERE %s AND used_at IS NULL".formatted(OF_TARGET)),
                        projectId,
                        target)
                .bind("now", now)
                .update();
    }

    /// Uses up all codes that sign a subject in, but those that prove this.
    ///
    /// @param methodId empty for all
    void useOthers(String projectId, String subjectId, String methodId, long now) {
        database.write("""
                        UPDATE codes SET used_at = :now
                        WHERE project_id = :projectId AND subject_id = :subjectId AND method_id <> :methodId AND used_at IS NULL""")
                .bind("projectId", projectId)
                .bind("subjectId", subjectId)
                .bind("methodId", methodId)
                .bind("now", now)
                .update();
    }

    /// Deletes at most `count` codes that expired before `limit`; answers how many.
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
