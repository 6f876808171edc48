package dev.selvage.totps;

import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import dev.selvage.db.Sql;
import java.util.Optional;

/// The table `totps`.
final class TotpStore {

    private final Database database;

    TotpStore(Database database) {
        this.database = database;
    }

    /// A row.
    record Stored(Totp totp, String sealedSecret) {

        @Override
        public String toString() {
            return totp.id();
        }
    }

    Optional<Stored> find(String projectId, String subjectId) {
        return database.read("""
                        SELECT totp_id, verified, created_at, expires_at, secret FROM totps
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .first(row -> new Stored(totp(row), row.text("secret")));
    }

    /// Replaces an unverified TOTP, or inserts one. Returns false if a verified one exists.
    boolean put(String projectId, String subjectId, Stored stored) {
        // No ON CONFLICT … DO UPDATE: the key that it would name differs in a distributed table
        // (`db/citus.sql`). The second replace handles an unverified TOTP that another transaction inserted
        // meanwhile.
        return replace(projectId, subjectId, stored)
                || insert(projectId, subjectId, stored)
                || replace(projectId, subjectId, stored);
    }

    private boolean replace(String projectId, String subjectId, Stored stored) {
        return bind(database.write("""
                        UPDATE totps SET totp_id = :totpId, secret = :secret, verified = :verified, last_step = 0,
                                         created_at = :createdAt, expires_at = :expiresAt
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId
                          AND verified = FALSE"""), projectId, subjectId, stored).update() == 1;
    }

    private boolean insert(String projectId, String subjectId, Stored stored) {
        return bind(database.write("""
                        INSERT INTO totps (project_id, shard_key, subject_id, totp_id, secret, verified, last_step, created_at,
                                           expires_at)
                        VALUES (:projectId, :shardKey, :subjectId, :totpId, :secret, :verified, 0, :createdAt, :expiresAt)
                        ON CONFLICT DO NOTHING"""), projectId, subjectId, stored).update() == 1;
    }

    private static Sql bind(Sql statement, String projectId, String subjectId, Stored stored) {
        return statement
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .bind("totpId", stored.totp().id())
                .bind("secret", stored.sealedSecret())
                .bind("verified", stored.totp().verified())
                .bind("createdAt", stored.totp().createdAt())
                .bind("expiresAt", stored.totp().expiresAt());
    }

    /// Accepts the code of a step, which verifies the TOTP. Returns false if this step or a later one was
    /// accepted before, or if the TOTP has expired or was deleted. Of several concurrent calls, one succeeds.
    boolean accept(String projectId, String subjectId, String totpId, long step, long now) {
        return database.write("""
                        UPDATE totps SET last_step = :step, verified = TRUE, expires_at = NULL
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId AND totp_id = :totpId
                          AND last_step < :step AND (expires_at IS NULL OR expires_at > :now)""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("subjectId", subjectId)
                        .bind("totpId", totpId)
                        .bind("step", step)
                        .bind("now", now)
                        .update()
                == 1;
    }

    /// Locks the verified TOTP and thereby its recovery codes until the running transaction ends. Returns false
    /// if none exists.
    boolean lockVerified(String projectId, String subjectId) {
        return database.write("""
                        UPDATE totps SET verified = TRUE
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId AND verified = TRUE""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("subjectId", subjectId)
                        .update()
                == 1;
    }

    /// Deletes the TOTP with its recovery codes, unless it has expired; empty if none exists.
    Optional<Totp> delete(String projectId, String subjectId, long now) {
        return database.write("""
                        DELETE FROM totps
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId
                          AND (expires_at IS NULL OR expires_at > :now)
                        RETURNING totp_id, verified, created_at, expires_at""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .bind("now", now)
                .first(row -> totp(row));
    }

    /// Deletes the TOTP, if any, with its recovery codes, expired or not.
    void clear(String projectId, String subjectId) {
        database.write("""
                        DELETE FROM totps WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .update();
    }

    /// Deletes at most `count` registrations that expired before `limit`, in milliseconds. Returns the number
    /// of deleted rows.
    int sweep(long limit, int count) {
        return database.write("""
                        DELETE FROM totps WHERE (project_id, subject_id) IN (
                            SELECT project_id, subject_id FROM totps WHERE expires_at < :limit ORDER BY expires_at LIMIT :count)
                          AND expires_at < :limit""").bind("limit", limit).bind("count", count).update();
    }

    private static Totp totp(Row row) {
        return new Totp(
                row.text("totp_id"),
                row.flag("verified"),
                row.number("created_at"),
                row.isNull("expires_at") ? null : row.number("expires_at"));
    }
}
