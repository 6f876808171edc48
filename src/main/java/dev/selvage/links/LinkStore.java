package dev.selvage.links;

import dev.selvage.db.Database;
import dev.selvage.sessions.Attributes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/// The table `links`.
final class LinkStore {

    private static final String COLUMNS = """
            purpose, subject_id, method_id, email_address, redirect_url, code_challenge, ip_address, user_agent, expires_at, used_at""";

    private final Database database;

    LinkStore(Database database) {
        this.database = database;
    }

    /// A link as it is stored, used or not.
    record Stored(Link link, boolean used) { }

    void insert(String projectId, byte[] tokenHash, Link link, long now) {
        database.change(handle -> handle.createUpdate("""
                        INSERT INTO links (project_id, token_hash, purpose, subject_id, method_id, email_address, redirect_url,
                                           code_challenge, ip_address, user_agent, created_at, expires_at)
                        VALUES (:projectId, :tokenHash, :purpose, :subjectId, :methodId, :email, :redirectUrl, :codeChallenge,
                                :ipAddress, :userAgent, :now, :expiresAt)""")
                .bind("projectId", projectId)
                .bind("tokenHash", tokenHash)
                .bind("purpose", link.purpose().name())
                .bind("subjectId", link.subjectId().isEmpty() ? null : link.subjectId())
                .bind("methodId", link.methodId())
                .bind("email", link.emailAddress())
                .bind("redirectUrl", link.redirectUrl())
                .bind("codeChallenge", link.codeChallenge())
                .bind("ipAddress", link.attributes().ipAddress())
                .bind("userAgent", link.attributes().userAgent())
                .bind("now", now)
                .bind("expiresAt", link.expiresAt())
                .execute());
    }

    /// Uses the link of a token up, if it is one that sets a password (`reset`) or one that does not, is unused and has
    /// not expired. Of many calls at once one succeeds.
    Optional<Link> use(String projectId, byte[] tokenHash, boolean reset, long now) {
        return database.write(handle -> handle.createQuery("""
                        UPDATE links SET used_at = :now
                        WHERE project_id = :projectId AND token_hash = :tokenHash
                          AND (purpose = 'RESET_PASSWORD') = :reset AND used_at IS NULL AND expires_at > :now
                        RETURNING %s""".formatted(COLUMNS))
                .bind("projectId", projectId)
                .bind("tokenHash", tokenHash)
                .bind("reset", reset)
                .bind("now", now)
                .map((row, context) -> link(row))
                .findOne());
    }

    Optional<Stored> find(String projectId, byte[] tokenHash) {
        return database.read(handle -> handle.createQuery("""
                        SELECT %s FROM links WHERE project_id = :projectId AND token_hash = :tokenHash""".formatted(COLUMNS))
                .bind("projectId", projectId)
                .bind("tokenHash", tokenHash)
                .map((row, context) -> new Stored(link(row), row.getObject("used_at") != null))
                .findOne());
    }

    /// Whether the subject has a link of this purpose that could be used now.
    boolean anyUsable(String projectId, String subjectId, Link.Purpose purpose, long now) {
        return database.read(handle -> handle.createQuery("""
                        SELECT 1 FROM links
                        WHERE project_id = :projectId AND subject_id = :subjectId AND purpose = :purpose
                          AND used_at IS NULL AND expires_at > :now
                        LIMIT 1""")
                .bind("projectId", projectId)
                .bind("subjectId", subjectId)
                .bind("purpose", purpose.name())
                .bind("now", now)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    /// Uses up all of the subject's links of this purpose.
    void useAll(String projectId, String subjectId, Link.Purpose purpose, long now) {
        database.change(handle -> handle.createUpdate("""
                        UPDATE links SET used_at = :now
                        WHERE project_id = :projectId AND subject_id = :subjectId AND purpose = :purpose AND used_at IS NULL""")
                .bind("projectId", projectId)
                .bind("subjectId", subjectId)
                .bind("purpose", purpose.name())
                .bind("now", now)
                .execute());
    }

    /// Uses up all of the subject's links.
    void useAll(String projectId, String subjectId, long now) {
        database.change(handle -> handle.createUpdate("""
                        UPDATE links SET used_at = :now
                        WHERE project_id = :projectId AND subject_id = :subjectId AND used_at IS NULL""")
                .bind("projectId", projectId)
                .bind("subjectId", subjectId)
                .bind("now", now)
                .execute());
    }

    /// Deletes at most `count` links that expired before `limit`; answers how many.
    int sweep(long limit, int count) {
        return database.write(handle -> handle.createUpdate("""
                        DELETE FROM links WHERE (project_id, token_hash) IN (
                            SELECT project_id, token_hash FROM links WHERE expires_at < :limit LIMIT :count)""")
                .bind("limit", limit)
                .bind("count", count)
                .execute());
    }

    private static Link link(ResultSet row) throws SQLException {
        String subjectId = row.getString("subject_id");
        return new Link(Link.Purpose.valueOf(row.getString("purpose")), subjectId == null ? "" : subjectId,
                row.getString("method_id"), row.getString("email_address"),
                row.getString("redirect_url"), row.getString("code_challenge"),
                new Attributes(row.getString("ip_address"), row.getString("user_agent")), row.getLong("expires_at"));
    }
}
