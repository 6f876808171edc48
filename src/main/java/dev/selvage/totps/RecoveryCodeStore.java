package dev.selvage.totps;

import dev.selvage.base.KeyedHash;
import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;

/// The table `recovery_codes`.
final class RecoveryCodeStore {

    private final Database database;

    RecoveryCodeStore(Database database) {
        this.database = database;
    }

    /// A row; its place in the list is its position.
    record Stored(String id, byte[] hash, String sealed) {

        @Override
        public String toString() {
            return id;
        }
    }

    /// The sealed codes, in the order in which they were given out.
    List<String> sealedCodes(String projectId, String subjectId) {
        return database.read(handle -> handle.createQuery("""
                        SELECT sealed FROM recovery_codes
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId
                        ORDER BY position""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .mapTo(String.class)
                .list());
    }

    /// Puts these in the place of all others.
    void replace(String projectId, String subjectId, List<Stored> codes) {
        database.change(handle -> {
            handle.createUpdate("""
                            DELETE FROM recovery_codes
                            WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId""")
                    .bind("projectId", projectId)
                    .bind("shardKey", ShardKey.of(subjectId))
                    .bind("subjectId", subjectId)
                    .execute();
            PreparedBatch batch = handle.prepareBatch("""
                    INSERT INTO recovery_codes (project_id, shard_key, subject_id, recovery_code_id, position, hash, sealed)
                    VALUES (:projectId, :shardKey, :subjectId, :id, :position, :hash, :sealed)""");
            for (int position = 0; position < codes.size(); position++) {
                Stored code = codes.get(position);
                batch.bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(subjectId))
                        .bind("subjectId", subjectId)
                        .bind("id", code.id())
                        .bind("position", position)
                        .bind("hash", code.hash())
                        .bind("sealed", code.sealed())
                        .add();
            }
            batch.execute();
        });
    }

    /// Uses the code with one of these hashes, or of those of its earlier form, up; answers its id. Of many
    /// calls at once one succeeds.
    Optional<String> use(String projectId, String subjectId, KeyedHash.Hashes hash, KeyedHash.Hashes earlier) {
        return database.write(handle -> handle.createQuery("""
                        DELETE FROM recovery_codes
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId
                          AND hash IN (:hash, :other, :earlier, :earlierOther)
                        RETURNING recovery_code_id""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .bind("hash", hash.sealing())
                .bind("other", hash.other())
                .bind("earlier", earlier.sealing())
                .bind("earlierOther", earlier.other())
                .mapTo(String.class)
                .findFirst());
    }

    int count(String projectId, String subjectId) {
        return database.read(handle -> handle.createQuery("""
                        SELECT COUNT(*) FROM recovery_codes
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .mapTo(Integer.class)
                .one());
    }
}
