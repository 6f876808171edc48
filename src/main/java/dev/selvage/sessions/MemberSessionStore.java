package dev.selvage.sessions;

import dev.selvage.base.CallMemory;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.ShardKey;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import dev.selvage.members.Member;
import dev.selvage.members.MemberStore;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings;
import dev.selvage.organizations.OrganizationStore;
import dev.selvage.projects.Project;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads sessions together with their members and organizations, by one statement each. The passwords of
/// addresses are read by a second statement.
public final class MemberSessionStore implements SessionReader<MemberSession> {

    static final String OF_MEMBER = ofMember(":organizationKey");
    private static final String OF_MEMBER_OF_KEY = ofMember(OrganizationStore.ID_OF_KEY);
    private static final Map<String, String> STATEMENTS = Map.of(
            BY_TOKEN,
            statement(BY_TOKEN, SessionStore.COLUMNS),
            BY_ID,
            statement(BY_ID, SessionStore.COLUMNS_WITH_TOKEN));

    private final Database database;
    private final SessionStore store;

    public MemberSessionStore(Database database, SessionStore store) {
        this.database = database;
        this.store = store;
    }

    /// The active sessions of a member, newest first, with the organization and the roles that responses show.
    ///
    /// @param memberId null if the organization has no such member
    public record MemberSessions(
            String organizationId,
            String slug,
            @Nullable String memberId,
            List<String> roleIds,
            List<StoredSession> sessions) {}

    /// Returns the active sessions of a member; empty if the organization does not exist. A deleted member
    /// counts as missing.
    ///
    /// @param organizationKey an id, external id or slug, matched in this order
    /// @param memberKey       an id or external id, matched in this order
    public Optional<MemberSessions> ofMember(String projectId, String organizationKey, String memberKey, long now) {
        // An external id does not contain the shard key, so the member id is read first.
        Optional<String> memberId = Ids.MEMBER.matches(memberKey)
                ? Optional.of(memberKey)
                : withExternalId(projectId, organizationKey, memberKey);
        return CallMemory.reading(
                () -> database.read(Ids.ORGANIZATION.matches(organizationKey) ? OF_MEMBER : OF_MEMBER_OF_KEY)
                        .grouped()
                        .bind("projectId", projectId)
                        .bind("organizationKey", organizationKey)
                        .bind("shardKey", memberId.map(ShardKey::of).orElse(""))
                        .bind("memberId", memberId.orElse(""))
                        .bind("now", now)
                        .first(MemberSessionStore::ofMember)
                        .map(found -> new MemberSessions(
                                found.organizationId,
                                found.slug,
                                found.memberId,
                                found.roleIds,
                                found.memberId == null
                                        ? List.of()
                                        : store.all(projectId, found.memberId, found.sessions, now))));
    }

    private static MemberSessions ofMember(Row rows) {
        String organizationId = rows.text("organization_id");
        String slug = rows.text("slug");
        String memberId = rows.textOrNull("member_id");
        if (memberId == null) {
            return new MemberSessions(organizationId, slug, null, List.of(), List.of());
        }
        List<String> roleIds = Membership.roles(
                        Json.strings(rows.text("member_roles")),
                        new Member.Email(
                                rows.text("email_id"),
                                new EmailAddress(rows.text("email_address")),
                                rows.flag("email_verified")),
                        Json.read(rows.text("settings"), OrganizationSettings.class))
                .stream()
                .map(Membership.Role::roleId)
                .toList();
        return new MemberSessions(
                organizationId, slug, memberId, roleIds, SessionStore.stored(rows, new ArrayList<>()));
    }

    private Optional<String> withExternalId(String projectId, String organizationKey, String externalId) {
        return database.read("""
                        SELECT m.member_id FROM members m
                        WHERE m.project_id = :projectId AND m.organization_id = %s
                        AND m.external_id = :externalId""".formatted(OrganizationStore.idOf(organizationKey)))
                .bind("projectId", projectId)
                .bind("organizationKey", organizationKey)
                .bind("externalId", externalId)
                .first(row -> row.text("member_id"));
    }

    @Override
    public MemberSession sandbox(long now) {
        return SandboxMember.at(now);
    }

    @Override
    public Optional<MemberSession> where(
            String condition, Project project, String shardKey, Object key, @Nullable TokenSource token, long now) {
        Optional<MemberSession> found = database.read(Objects.requireNonNull(STATEMENTS.get(condition)))
                .grouped()
                .bind("projectId", project.id())
                .bind("shardKey", shardKey)
                .bind("key", key)
                .bind("now", now)
                .first(rows -> new MemberSession(
                        SessionStore.session(rows, SessionStore.token(rows, token)), MemberStore.read(rows, now)));
        return found.map(session -> new MemberSession(
                session.session(),
                MemberStore.withPasswordsOfAddresses(database, project, List.of(session.membership()))
                        .getFirst()));
    }

    private static String ofMember(String organizationId) {
        return """
                SELECT o.organization_id, o.slug, o.settings, m.member_id, m.roles AS member_roles, e.email_id,
                       e.email_address, e.verified AS email_verified, %s
                FROM organizations o
                LEFT JOIN members m ON m.project_id = o.project_id AND m.organization_id = o.organization_id
                    AND m.shard_key = :shardKey AND m.member_id = :memberId AND m.status <> 'DELETED'
                LEFT JOIN member_emails e ON e.project_id = m.project_id AND e.shard_key = m.shard_key
                    AND e.member_id = m.member_id AND e.state = 'CURRENT'
                LEFT JOIN sessions s ON s.project_id = m.project_id AND s.shard_key = m.shard_key
                    AND s.subject_id = m.member_id AND %s
                WHERE o.project_id = :projectId AND o.organization_id = %s
                LIMIT %d""".formatted(SessionStore.STORED_COLUMNS, SessionStore.ACTIVE, organizationId, SessionStore.PAGE_SIZE);
    }

    private static String statement(String condition, String columns) {
        return """
                SELECT %s, %s, %s
                FROM sessions s
                JOIN members m ON m.project_id = s.project_id AND m.shard_key = s.shard_key AND m.member_id = s.subject_id
                    AND m.status <> 'DELETED'
                JOIN organizations o ON o.project_id = m.project_id AND o.organization_id = m.organization_id
                %s
                WHERE s.project_id = :projectId AND s.shard_key = :shardKey AND %s AND %s""".formatted(
                        columns,
                        OrganizationStore.COLUMNS,
                        MemberStore.COLUMNS,
                        MemberStore.JOINS,
                        condition,
                        SessionStore.ACTIVE);
    }
}
