package dev.selvage.members;

import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import java.util.Optional;

/// The table `member_emails`: which addresses members have, had and want.
final class MemberEmailStore {

    private final Database database;

    MemberEmailStore(Database database) {
        this.database = database;
    }

    /// What an address is to a member; see the table.
    enum State {
        CURRENT,
        RETIRED,
        WAITING,
        FORMER
    }

    /// Adds an address; false when somebody in the organization has it, or the member has a current one
    /// already. One that waited too long makes way.
    ///
    /// @param expiresAt of one that waits, in milliseconds; null for others
    boolean insert(String projectId, Member member, Member.Email email, State state, Long expiresAt, long now) {
        dropExpired(projectId, member.organizationId(), email.address(), now);
        return database.write("""
                        INSERT INTO member_emails (project_id, shard_key, email_id, organization_id, member_id, email_address,
                                                   email_domain, state, verified, created_at, expires_at)
                        VALUES (:projectId, :shardKey, :emailId, :organizationId, :memberId, :address, :domain, :state,
                                :verified, :now, :expiresAt)
                        ON CONFLICT DO NOTHING""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(member.id()))
                        .bind("emailId", email.id())
                        .bind("organizationId", member.organizationId())
                        .bind("memberId", member.id())
                        .bind("address", email.address())
                        .bind("domain", email.domain())
                        .bind("state", state.name())
                        .bind("verified", email.verified())
                        .bind("now", now)
                        .bind("expiresAt", expiresAt)
                        .update()
                == 1;
    }

    /// Frees an address that waited too long.
    void dropExpired(String projectId, String organizationId, String address, long now) {
        database.write("""
                        DELETE FROM member_emails
                        WHERE project_id = :projectId AND organization_id = :organizationId
                          AND email_address = :address AND state = 'WAITING' AND expires_at <= :now""")
                .bind("projectId", projectId)
                .bind("organizationId", organizationId)
                .bind("address", address)
                .bind("now", now)
                .update();
    }

    /// Marks an address of a member proven; false when the member does not have it any more.
    boolean verify(String projectId, String memberId, String emailId) {
        return database.write("""
                        UPDATE member_emails SET verified = TRUE
                        WHERE project_id = :projectId AND shard_key = :shardKey AND member_id = :memberId AND email_id = :emailId
                          AND state = 'CURRENT'""")
                        .bind("projectId", projectId)
                        .bind("shardKey", ShardKey.of(memberId))
                        .bind("memberId", memberId)
                        .bind("emailId", emailId)
                        .update()
                == 1;
    }

    /// An address that somebody in an organization has, or holds for a while.
    ///
    /// @param updating whether a change to it is under way
    record Taken(String memberId, String emailId, State state, boolean updating) {}

    /// Who has an address.
    Optional<Taken> taken(String projectId, String organizationId, String address, long now) {
        return database.read("""
                        SELECT member_id, email_id, state, expires_at IS NOT NULL AND expires_at > :now AS updating
                        FROM member_emails
                        WHERE project_id = :projectId AND organization_id = :organizationId AND email_address = :address
                          AND (state IN ('CURRENT', 'RETIRED') OR state = 'WAITING' AND expires_at > :now)""")
                .bind("projectId", projectId)
                .bind("organizationId", organizationId)
                .bind("address", address)
                .bind("now", now)
                .first(row -> new Taken(
                        row.text("member_id"),
                        row.text("email_id"),
                        State.valueOf(row.text("state")),
                        row.flag("updating")));
    }

    /// Ends the member's change of address that is under way, if there is one.
    void endUpdate(String projectId, String memberId) {
        database.transaction(() -> {
            database.write("""
                            DELETE FROM member_emails
                            WHERE project_id = :projectId AND shard_key = :shardKey AND member_id = :memberId AND state = 'WAITING'""")
                    .bind("projectId", projectId)
                    .bind("shardKey", ShardKey.of(memberId))
                    .bind("memberId", memberId)
                    .update();
            database.write("""
                            UPDATE member_emails SET expires_at = NULL
                            WHERE project_id = :projectId AND shard_key = :shardKey AND member_id = :memberId AND expires_at IS NOT NULL""")
                    .bind("projectId", projectId)
                    .bind("shardKey", ShardKey.of(memberId))
                    .bind("memberId", memberId)
                    .update();
        });
    }

    /// Gives the change to an address that waits or is retired a new end, in milliseconds.
    void prolongUpdate(String projectId, String emailId, long expiresAt) {
        database.write("""
                        UPDATE member_emails SET expires_at = :expiresAt WHERE project_id = :projectId AND email_id = :emailId""")
                .bind("projectId", projectId)
                .bind("emailId", emailId)
                .bind("expiresAt", expiresAt)
                .update();
    }

    /// Whether the member's change to this address is under way.
    boolean isUpdating(String projectId, String memberId, String emailId, long now) {
        return database.read("""
                        SELECT 1 FROM member_emails
                        WHERE project_id = :projectId AND shard_key = :shardKey AND member_id = :memberId
                          AND email_id = :emailId AND expires_at > :now""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(memberId))
                .bind("memberId", memberId)
                .bind("emailId", emailId)
                .bind("now", now)
                .exists();
    }

    /// Makes an address of a member something else. Throws a [dev.selvage.db.DuplicateException] when one that
    /// was FORMER is taken.
    void set(String projectId, String emailId, State state, boolean verified) {
        database.write("""
                        UPDATE member_emails SET state = :state, verified = :verified, expires_at = NULL
                        WHERE project_id = :projectId AND email_id = :emailId""")
                .bind("projectId", projectId)
                .bind("emailId", emailId)
                .bind("state", state.name())
                .bind("verified", verified)
                .update();
    }

    void delete(String projectId, String emailId) {
        database.write("""
                        DELETE FROM member_emails WHERE project_id = :projectId AND email_id = :emailId""")
                .bind("projectId", projectId)
                .bind("emailId", emailId)
                .update();
    }

    /// Frees all addresses of a member; the current one stays known as the former one.
    void freeAll(String projectId, Member member) {
        set(projectId, member.email().id(), State.FORMER, member.email().verified());
        database.write("""
                        DELETE FROM member_emails
                        WHERE project_id = :projectId AND shard_key = :shardKey AND member_id = :memberId AND state <> 'FORMER'""")
                .bind("projectId", projectId)
                .bind("shardKey", ShardKey.of(member.id()))
                .bind("memberId", member.id())
                .update();
    }
}
