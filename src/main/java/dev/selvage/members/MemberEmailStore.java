package dev.selvage.members;

import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `member_emails`: current, retired, requested and former addresses of members.
final class MemberEmailStore {

    private final Database database;

    MemberEmailStore(Database database) {
        this.database = database;
    }

    /// Relation of an address to its member. The migration that creates the table defines the states.
    enum State {
        CURRENT,
        RETIRED,
        WAITING,
        FORMER
    }

    /// Inserts an address. Returns false if a member of the organization has the address, or if the member
    /// already has a current address. Deletes an expired WAITING row with the same address first.
    ///
    /// @param expiresAt expiry of a WAITING address in milliseconds; null for other states
    boolean insert(
            String projectId, Member member, Member.Email email, State state, @Nullable Long expiresAt, long now) {
        deleteExpired(projectId, member.organizationId(), email.address().value(), now);
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
                        .bind("address", email.address().value())
                        .bind("domain", email.domain())
                        .bind("state", state.name())
                        .bind("verified", email.verified())
                        .bind("now", now)
                        .bind("expiresAt", expiresAt)
                        .update()
                == 1;
    }

    /// Deletes the row of a WAITING address that has expired.
    void deleteExpired(String projectId, String organizationId, String address, long now) {
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

    /// Marks the current address of a member as verified. Returns false if the member no longer has the
    /// address.
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

    /// An address that a member of an organization uses or reserves.
    ///
    /// @param updating whether a change to this address is pending
    record AddressUse(String memberId, String emailId, State state, boolean updating) {}

    /// Returns the row that occupies an address in an organization.
    Optional<AddressUse> findUse(String projectId, String organizationId, String address, long now) {
        return database.read("""
                        SELECT member_id, email_id, state, expires_at IS NOT NULL AND expires_at > :now AS updating
                        FROM member_emails
                        WHERE project_id = :projectId AND organization_id = :organizationId AND email_address = :address
                          AND (state IN ('CURRENT', 'RETIRED') OR state = 'WAITING' AND expires_at > :now)""")
                .bind("projectId", projectId)
                .bind("organizationId", organizationId)
                .bind("address", address)
                .bind("now", now)
                .first(row -> new AddressUse(
                        row.text("member_id"),
                        row.text("email_id"),
                        State.valueOf(row.text("state")),
                        row.flag("updating")));
    }

    /// Ends the pending change of address of a member, if the member has one.
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

    /// Sets a new expiry, in milliseconds, for the pending change to a waiting or retired address.
    void extendUpdate(String projectId, String emailId, long expiresAt) {
        database.write("""
                        UPDATE member_emails SET expires_at = :expiresAt WHERE project_id = :projectId AND email_id = :emailId""")
                .bind("projectId", projectId)
                .bind("emailId", emailId)
                .bind("expiresAt", expiresAt)
                .update();
    }

    /// Whether the member has a pending change to this address.
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

    /// Changes the state of an address. Throws a [dev.selvage.db.DuplicateException] if another member took a
    /// FORMER address.
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

    /// Deletes all addresses of a member except the current one, which becomes FORMER.
    void deleteAll(String projectId, Member member) {
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
