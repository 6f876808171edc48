package dev.selvage.bench;

import dev.selvage.base.JsonFragment;
import dev.selvage.db.Database;
import dev.selvage.db.Sql;
import dev.selvage.sessions.StoredJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/// Restores what calls use up between measurements. The store is then as it was filled, and a request with a
/// single use can succeed again. No measurement runs at the same time.
final class Stock {

    /// Rows per transaction, so that the server, which writes access times meanwhile, gets its turn.
    private static final int ROWS = 20_000;

    private static final List<String> STATEMENTS = List.of(
            // Sessions that calls have made, which end before all others.
            """
            DELETE FROM sessions WHERE (project_id, session_id) IN (
                SELECT project_id, session_id FROM sessions WHERE expires_at < :firstExpiry LIMIT :rows)""", """
            UPDATE sessions SET ended_at = NULL, end_reason = NULL WHERE (project_id, session_id) IN (
                SELECT project_id, session_id FROM sessions WHERE ended_at IS NOT NULL AND expires_at > :firstExpiry LIMIT :rows)""", """
            UPDATE links SET used_at = NULL WHERE (project_id, token_hash) IN (
                SELECT project_id, token_hash FROM links WHERE used_at IS NOT NULL AND expires_at > :firstExpiry LIMIT :rows)""", """
            UPDATE codes SET used_at = NULL, attempts = 0 WHERE (project_id, channel, target) IN (
                SELECT project_id, channel, target FROM codes
                WHERE used_at IS NOT NULL AND expires_at > :firstExpiry LIMIT :rows)""");

    private static final String CLAIMED = """
            SELECT project_id, session_id, json FROM sessions
            WHERE custom_claims <> '{}' AND expires_at > :firstExpiry LIMIT :rows""";
    private static final String WITHOUT_CLAIMS = """
            UPDATE sessions SET custom_claims = '{}', json = :json
            WHERE project_id = :projectId AND session_id = :sessionId""";
    /// The claims that calls add have no objects.
    private static final Pattern CLAIMS = Pattern.compile("\"custom_claims\":\\{[^}]*\\}");

    private static final String ENDED = """
            DELETE FROM sessions WHERE (project_id, session_id) IN (
                SELECT project_id, session_id FROM sessions WHERE ended_at IS NOT NULL LIMIT :rows)""";

    private Stock() {}

    /// Restores what operations use up.
    static void restore(Database database, Dataset dataset) {
        STATEMENTS.forEach(sql -> run(database, dataset, sql));
    }

    /// Deletes custom claims. It reads every session.
    static void restoreClaims(Database database, Dataset dataset) {
        List<Claimed> claimed;
        do {
            claimed = database.read(CLAIMED)
                    .bind("firstExpiry", dataset.firstExpiry())
                    .bind("rows", ROWS)
                    .all(row -> new Claimed(
                            row.text("project_id"),
                            row.text("session_id"),
                            withoutClaims(StoredJson.read(row.bytes("json"))).column()));
            database.write(WITHOUT_CLAIMS).batch(claimed, (row, session) -> row.bind("json", session.json)
                    .bind("projectId", session.projectId)
                    .bind("sessionId", session.sessionId));
        } while (claimed.size() == ROWS);
    }

    private record Claimed(String projectId, String sessionId, byte[] json) {}

    private static StoredJson withoutClaims(StoredJson json) {
        return StoredJson.of(withoutClaims(json.before()), withoutClaims(json.after()));
    }

    private static byte[] withoutClaims(JsonFragment fields) {
        String object = "{" + fields.getValue() + "}";
        return CLAIMS.matcher(object).replaceAll("\"custom_claims\":{}").getBytes(StandardCharsets.UTF_8);
    }

    /// Deletes ended sessions: a filled store has none.
    static void removeEnded(Database database) {
        repeat(database.write(ENDED));
    }

    private static void run(Database database, Dataset dataset, String sql) {
        repeat(database.write(sql).bind("firstExpiry", dataset.firstExpiry()));
    }

    private static void repeat(Sql change) {
        while (change.bind("rows", ROWS).update() == ROWS) {
            // The next ones.
        }
    }
}
