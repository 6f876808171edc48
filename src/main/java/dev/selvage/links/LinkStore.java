package dev.selvage.links;

import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import dev.selvage.sessions.Attributes;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The table `links`.
final class LinkStore {

    private static final String COLUMNS = """
            purpose, subject_id, method_id, email_address, redirect_url, code_challenge, ip_address, user_agent, expires_at, used_at""";

    private final Database database;

    LinkStore(Database database) {
        this.database = database;
    }

    /// A stored link, used or not.
    record Stored(Link link, boolean used) {}

    void insert(String projectId, byte[] tokenHash, Link link, long now) {
        CodeChallenge challenge = link.codeChallenge();
        database.write("""
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
                .bind("codeChallenge", challenge == null ? "" : challenge.value())
                .bind("ipAddress", link.attributes().ipAddress())
                .bind("userAgent", link.attributes().userAgent())
                .bind("now", now)
                .bind("expiresAt", link.expiresAt())
                .update();
    }

    /// Marks the link of a token as used, if it has one of these purposes, is unused and has not expired. Of
    /// several concurrent calls, one succeeds.
    Optional<Link> use(String projectId, byte[] tokenHash, Set<Link.Purpose> purposes, long now) {
        return database.write("""
                        UPDATE links SET used_at = :now
                        WHERE project_id = :projectId AND token_hash = :tokenHash
                          AND purpose IN (%s) AND used_at IS NULL AND expires_at > :now
                        RETURNING %s""".formatted(names(purposes), COLUMNS))
                .bind("projectId", projectId)
                .bind("tokenHash", tokenHash)
                .bind("now", now)
                .first(LinkStore::link);
    }

    Optional<Stored> find(String projectId, byte[] tokenHash) {
        return database.read("""
                        SELECT %s FROM links WHERE project_id = :projectId AND token_hash = :tokenHash""".formatted(COLUMNS))
                .bind("projectId", projectId)
                .bind("tokenHash", tokenHash)
                .first(row -> new Stored(link(row), !row.isNull("used_at")));
    }

    /// Returns the slug of the organization that the subject is a member of; empty for a user or no subject.
    String slug(String projectId, String subjectId) {
        if (subjectId.isEmpty()) {
            return "";
        }
        return database.read("""
                        SELECT o.slug
                        FROM members m
                        JOIN organizations o ON o.project_id = m.project_id AND o.organization_id = m.organization_id
                        WHERE m.project_id = :projectId AND m.shard_key = :shardKey AND m.member_id = :subjectId""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(subjectId))
                .bind("subjectId", subjectId)
                .first(row -> row.text("slug"))
                .orElse("");
    }

    /// Whether the subject has a usable link of this purpose.
    boolean anyUsable(String projectId, String subjectId, Link.Purpose purpose, long now) {
        return database.read("""
                        SELECT 1 FROM links
                        WHERE project_id = :projectId AND subject_id = :subjectId AND purpose = :purpose
                          AND used_at IS NULL AND expires_at > :now
                        LIMIT 1""")
                .bind("projectId", projectId)
                .bind("subjectId", subjectId)
                .bind("purpose", purpose.name())
                .bind("now", now)
                .exists();
    }

    /// Marks all links of the subject with these purposes as used.
    void markAllUsed(String projectId, String subjectId, Set<Link.Purpose> purposes, long now) {
        database.write("""
                        UPDATE links SET used_at = :now
                        WHERE project_id = :projectId AND subject_id = :subjectId AND purpose IN (%s)
                          AND used_at IS NULL""".formatted(names(purposes)))
                .bind("projectId", projectId)
                .bind("subjectId", subjectId)
                .bind("now", now)
                .update();
    }

    /// Marks all links of the subject that prove another method as used.
    void markOthersUsed(String projectId, String subjectId, String methodId, long now) {
        database.write("""
                        UPDATE links SET used_at = :now
                        WHERE project_id = :projectId AND subject_id = :subjectId AND method_id <> :methodId
                          AND used_at IS NULL""")
                .bind("projectId", projectId)
                .bind("subjectId", subjectId)
                .bind("methodId", methodId)
                .bind("now", now)
                .update();
    }

    /// Marks all links with these purposes that prove an address as used.
    void markAllUsedOfAddress(String projectId, String emailAddress, Set<Link.Purpose> purposes, long now) {
        database.write("""
                        UPDATE links SET used_at = :now
                        WHERE project_id = :projectId AND email_address = :email AND purpose IN (%s)
                          AND used_at IS NULL""".formatted(names(purposes)))
                .bind("projectId", projectId)
                .bind("email", emailAddress)
                .bind("now", now)
                .update();
    }

    /// Deletes at most `count` links that expired before `limit`, in milliseconds. Returns the number of
    /// deleted rows.
    int sweep(long limit, int count) {
        return database.write("""
                        DELETE FROM links WHERE (project_id, token_hash) IN (
                            SELECT project_id, token_hash FROM links WHERE expires_at < :limit
                            ORDER BY expires_at LIMIT :count)""").bind("limit", limit).bind("count", count).update();
    }

    private static String names(Set<Link.Purpose> purposes) {
        return purposes.stream().map(purpose -> "'" + purpose.name() + "'").collect(Collectors.joining(", "));
    }

    private static Link link(Row row) {
        return new Link(
                Link.Purpose.valueOf(row.text("purpose")),
                orEmpty(row.textOrNull("subject_id")),
                row.text("method_id"),
                row.text("email_address"),
                row.text("redirect_url"),
                CodeChallenge.ofText(row.text("code_challenge")),
                new Attributes(row.text("ip_address"), row.text("user_agent")),
                row.number("expires_at"));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
