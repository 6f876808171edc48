package dev.selvage.tokenexchange;

import dev.selvage.base.ShardKey;
import dev.selvage.base.Tokens;
import dev.selvage.db.Database;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tables `trusted_tokens` and `trusted_identities`.
final class TrustedTokenStore {

    private final Database database;

    TrustedTokenStore(Database database) {
        this.database = database;
    }

    /// Stores the id of a token until the token expires. Returns false if it is stored already; of concurrent
    /// calls one returns true.
    boolean use(String projectId, TrustedTokens.AttestedIdentity attested) {
        return database.write("""
                        INSERT INTO trusted_tokens (project_id, token_hash, expires_at) VALUES (:projectId, :tokenHash, :expiresAt)
                        ON CONFLICT DO NOTHING""")
                        .bind("projectId", projectId)
                        .bind("tokenHash", Tokens.hash(attested.profile().issuer() + "\n" + attested.tokenId()))
                        .bind("expiresAt", attested.expiresAt())
                        .update()
                == 1;
    }

    /// Returns the issuers to which a subject is bound, each with the digest of its `sub`; the digest is empty
    /// if no token had a `sub` so far.
    Map<String, Optional<String>> identities(String projectId, String subjectId) {
        return database.read("""
                        SELECT issuer, sub_hash FROM trusted_identities
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .query(rows -> {
                    Map<String, Optional<String>> identities = new HashMap<>();
                    while (rows.next()) {
                        identities.put(rows.text("issuer"), Optional.ofNullable(rows.textOrNull("sub_hash")));
                    }
                    return identities;
                });
    }

    /// Binds a subject to an issuer.
    ///
    /// @param subHash null if the token has no `sub`
    void bind(String projectId, String subjectId, String issuer, @Nullable String subHash, long now) {
        database.write("""
                        INSERT INTO trusted_identities (project_id, shard_key, subject_id, issuer, sub_hash, created_at)
                        VALUES (:projectId, :shardKey, :subjectId, :issuer, :subHash, :now)""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .bind("issuer", issuer)
                .bind("subHash", subHash)
                .bind("now", now)
                .update();
    }

    /// Stores the digest of the `sub` of a bound issuer.
    void setSub(String projectId, String subjectId, String issuer, String subHash) {
        database.write("""
                        UPDATE trusted_identities SET sub_hash = :subHash
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId AND issuer = :issuer""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .bind("issuer", issuer)
                .bind("subHash", subHash)
                .update();
    }

    /// Deletes all issuers of a subject.
    void unbind(String projectId, String subjectId) {
        database.write("""
                        DELETE FROM trusted_identities
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .update();
    }

    /// Deletes at most `count` ids of expired tokens and returns their number.
    int sweep(long now, int count) {
        return database.write("""
                        DELETE FROM trusted_tokens WHERE (project_id, token_hash) IN (
                            SELECT project_id, token_hash FROM trusted_tokens WHERE expires_at <= :now
                            ORDER BY expires_at LIMIT :count)""").bind("now", now).bind("count", count).update();
    }
}
