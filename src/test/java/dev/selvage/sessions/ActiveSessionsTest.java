package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.db.Database;
import dev.selvage.db.ParsedSql;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// A list finds the active sessions of a subject by the index alone: it reads none that has ended or expired,
/// however many of them there are.
class ActiveSessionsTest {

    /// Of three hundred subjects of one project, ten each.
    private static final String ENDED = """
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000)
            INSERT INTO sessions (project_id, shard_key, session_id, subject_id, token_hash, started_at, last_accessed_at, expires_at,
                                  ended_at, ip_address, user_agent, factors, custom_claims, version)
            SELECT 'project', 'any', 'session' || n, 'subject' || (n %% 300), CAST('hash' || n AS %s), n, n, n + 9, n + 5, '', '', '[]', '{}', 0
            FROM numbers""";

    @TempDir
    private Path directory;

    @OnBothEngines
    void aListReadsNoOtherSessions(Engine engine) throws SQLException {
        String url = engine.newStore(directory);
        Database.open(url).close();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (engine == Engine.POSTGRESQL) {
                // Without their subjects: only sessions are looked at.
                statement.execute("SET session_replication_role = replica");
            }
            statement.execute(ENDED.formatted(engine == Engine.SQLITE ? "BLOB" : "BYTEA"));
            statement.execute("ANALYZE");
            for (String list : List.of(UserSessionStore.OF_ID, MemberSessionStore.OF_MEMBER)) {
                assertThat(plan(engine, statement, list))
                        .containsPattern(
                                switch (engine) {
                                    case SQLITE ->
                                        "INDEX sessions_of_subject \\(project_id=\\? AND subject_id=\\? AND ended_at=\\? AND expires_at>\\?\\)";
                                    case POSTGRESQL ->
                                        "Index Scan using sessions_of_subject .*\\n +Index Cond: .*"
                                                + "\\(subject_id = 'subject7'::text\\) AND \\(ended_at IS NULL\\) AND \\(expires_at > 7\\)\\)";
                                });
            }
        }
    }

    private static String plan(Engine engine, Statement statement, String list) throws SQLException {
        ParsedSql parsed = ParsedSql.of(list);
        String sql = parsed.driverText();
        for (String parameter : parsed.parameters()) {
            sql = sql.replaceFirst(
                    "\\?",
                    switch (parameter) {
                        case "now" -> "7";
                        case "projectId" -> "'project'";
                        case "userId", "memberId" -> "'subject7'";
                        default -> "'any'";
                    });
        }
        StringBuilder plan = new StringBuilder();
        String explain = engine == Engine.SQLITE ? "EXPLAIN QUERY PLAN " : "EXPLAIN ";
        try (ResultSet rows = statement.executeQuery(explain + sql)) {
            while (rows.next()) {
                plan.append(rows.getString(engine == Engine.SQLITE ? "detail" : "QUERY PLAN"))
                        .append('\n');
            }
        }
        return plan.toString();
    }
}
