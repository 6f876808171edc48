package dev.selvage.users;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.ShardKey;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.WireTest;
import java.util.Map;

/// A wire test that needs users, and factors that no call makes yet.
abstract class UserWireTest extends WireTest {

    private static final ClockAndRandom CHANCE = ClockAndRandom.real();

    /// Makes a user and answers its id.
    String user(String json) {
        return client.post("/v1/users", json).ok().text("user_id");
    }

    Answer get(String userId) {
        return client.get("/v1/users/" + userId).ok();
    }

    /// Puts a lasting factor into the store and answers its id.
    String factor(String userId, FactorKind kind, String value, boolean verified) {
        return factor(userId, kind, value, verified, "{}", null);
    }

    String factor(String userId, FactorKind kind, String value, boolean verified, String detail, Long expiresAt) {
        String id = kind.ids().next(CHANCE, client.project().environment());
        Map<String, Object> row = Map.of(
                "projectId",
                client.projectId(),
                "shardKey",
                ShardKey.of(userId),
                "id",
                id,
                "userId",
                userId,
                "kind",
                kind.name(),
                "value",
                value,
                "verified",
                verified,
                "detail",
                detail.replace('\'', '"'),
                "now",
                app.clock().millis());
        app.app().database().transaction(() -> {
            app.app()
                    .database()
                    .write("""
                            INSERT INTO user_factors (project_id, shard_key, factor_id, user_id, kind, value, verified, detail,
                                                      created_at, expires_at)
                            VALUES (:projectId, :shardKey, :id, :userId, :kind, :value, :verified, :detail, :now,
                             :expiresAt)""")
                    .bind(row)
                    .bind("expiresAt", expiresAt)
                    .update();
            app.app()
                    .database()
                    .write("""
                            INSERT INTO user_identifiers (project_id, kind, value, user_id, factor_id, expires_at)
                            VALUES (:projectId, :kind, :value, :userId, :id, :expiresAt)""")
                    .bind("projectId", row.get("projectId"))
                    .bind("kind", row.get("kind"))
                    .bind("value", row.get("value"))
                    .bind("userId", row.get("userId"))
                    .bind("id", row.get("id"))
                    .bind("expiresAt", expiresAt)
                    .update();
        });
        return id;
    }

    /// Puts a password into the store and answers its id.
    String password(String userId) {
        String id = Ids.PASSWORD.next(CHANCE, client.project().environment());
        app.app()
                .database()
                .write("""
                        INSERT INTO passwords (project_id, shard_key, subject_id, password_id, hash, requires_reset, created_at)
                        VALUES (:projectId, :shardKey, :userId, :id, 'none', FALSE, 0)""")
                .bind(Map.of(
                        "projectId", client.projectId(), "shardKey", ShardKey.of(userId), "id", id, "userId", userId))
                .update();
        return id;
    }
}
