package dev.selvage.totps;

import dev.selvage.base.KeyedHash;
import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The table `recovery_codes`.
final class RecoveryCodeStore {

    private final Database database;

    RecoveryCodeStore(Database database) {
        this.database = database;
    }

    /// A row. Its index in the list is its position.
    record Stored(String id, byte[] hash, String sealed) {

        @Override
        public String toString() {
            return id;
        }
    }

    /// Returns the sealed codes in the order of their creation.
    List<String> sealedCodes(String projectId, String subjectId) {
        return database.read("""
                        SELECT sealed FROM recovery_codes
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId
                        ORDER BY position""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .all(row -> row.text("sealed"));
    }

    /// Replaces all codes of the subject.
    void replace(String projectId, String subjectId, List<Stored> codes) {
        database.transaction(() -> {
            database.write("""
                            DELETE FROM recovery_codes
                            WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId""")
                    .bind("projectId", projectId)
                    .bind("shardKey", ShardKey.of(subjectId))
                    .bind("subjectId", subjectId)
                    .update();
            database.write("""
                    INSERT INTO recovery_codes (project_id, shard_key, subject_id, recovery_code_id, position, hash, sealed)
                    VALUES (:projectId, :shardKey, :subjectId, :id, :position, :hash, :sealed)""")
                    .bind("projectId", projectId)
                    .bind("shardKey", ShardKey.of(subjectId))
                    .bind("subjectId", subjectId)
                    .batch(IntStream.range(0, codes.size()).boxed().toList(), (row, position) -> row.bind(
                                    "id", codes.get(position).id())
                            .bind("position", position)
                            .bind("hash", codes.get(position).hash())
                            .bind("sealed", codes.get(position).sealed()));
        });
    }

    /// Deletes the code with one of these hashes, or with one of the earlier form, and returns its id. Of
    /// several concurrent calls, one succeeds.
    Optional<String> use(String projectId, String subjectId, KeyedHash.Hashes hash, KeyedHash.Hashes earlier) {
        return database.write("""
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
                .first(row -> row.text("recovery_code_id"));
    }

    int count(String projectId, String subjectId) {
        return (int) database.read("""
                        SELECT COUNT(*) FROM recovery_codes
                        WHERE project_id = :projectId AND shard_key = :shardKey AND subject_id = :subjectId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .number();
    }
}
