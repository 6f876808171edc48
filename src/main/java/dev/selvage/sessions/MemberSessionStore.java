package dev.selvage.sessions;

import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.ShardKey;
import dev.selvage.db.Database;
import dev.selvage.organizations.Member;
import dev.selvage.organizations.MemberStore;
import dev.selvage.organizations.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings;
import dev.selvage.organizations.OrganizationStore;
import dev.selvage.projects.Project;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads sessions with the members who hold them and their organizations: one statement each.
public final class MemberSessionStore implements SessionReader<MemberSession> {

    private static final Map<String, String> STATEMENTS = Map.of(BY_TOKEN, statement(BY_TOKEN), BY_ID, statement(BY_ID));

    private final Database database;

    public MemberSessionStore(Database database) {
        this.database = database;
    }

    /// The active sessions of a member, newest first, and what each of them shows besides.
    ///
    /// @param memberId null when the organization has no such member
    record OfMember(String organizationId, String slug, String memberId, List<String> roleIds, List<Session> sessions) { }

    /// The active sessions of a member; empty when there is no such organization. A deleted member is none.
    ///
    /// @param organizationKey an id, external id or slug, looked for in this order
    /// @param memberKey       an id or external id, looked for in this order
    Optional<OfMember> ofMember(String projectId, String organizationKey, String memberKey, long now) {
        // An external id does not tell the shard: who has it is asked first.
        Optional<String> memberId = Ids.MEMBER.matches(memberKey) ? Optional.of(memberKey)
                : withExternalId(projectId, organizationKey, memberKey);
        return database.read(handle -> handle.createQuery("""
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
                        ORDER BY s.started_at DESC, s.session_id"""
                        .formatted(SessionStore.COLUMNS, SessionStore.ACTIVE, OrganizationStore.idOf(organizationKey)))
                .bind("projectId", projectId)
                .bind("organizationKey", organizationKey)
                .bind("shardKey", memberId.map(ShardKey::of).orElse(""))
                .bind("memberId", memberId.orElse(""))
                .bind("now", now)
                .scanResultSet((results, context) -> {
                    try (context; ResultSet rows = results.get()) {
                        if (!rows.next()) {
                            return Optional.empty();
                        }
                        String organizationId = rows.getString("organization_id");
                        String slug = rows.getString("slug");
                        if (rows.getString("member_id") == null) {
                            return Optional.of(new OfMember(organizationId, slug, null, List.of(), List.of()));
                        }
                        List<String> roleIds = Membership.roles(Json.strings(rows.getString("member_roles")),
                                        new Member.Email(rows.getString("email_id"), rows.getString("email_address"),
                                                rows.getBoolean("email_verified")),
                                        Json.read(rows.getString("settings"), OrganizationSettings.class))
                                .stream().map(Membership.Role::roleId).toList();
                        return Optional.of(new OfMember(organizationId, slug, memberId.orElseThrow(), roleIds,
                                SessionStore.sessions(rows)));
                    }
                }));
    }

    private Optional<String> withExternalId(String projectId, String organizationKey, String externalId) {
        return database.read(handle -> handle.createQuery("""
                        SELECT m.member_id FROM members m
                        WHERE m.project_id = :projectId AND m.organization_id = %s AND m.external_id = :externalId"""
                        .formatted(OrganizationStore.idOf(organizationKey)))
                .bind("projectId", projectId)
                .bind("organizationKey", organizationKey)
                .bind("externalId", externalId)
                .mapTo(String.class)
                .findOne());
    }

    @Override
    public MemberSession sandbox(long now) {
        return SandboxMember.at(now);
    }

    @Override
    public Optional<MemberSession> where(String condition, Project project, String shardKey, Object key, long now) {
        Optional<MemberSession> found = database.read(handle -> handle.createQuery(STATEMENTS.get(condition))
                .bind("projectId", project.id())
                .bind("shardKey", shardKey)
                .bind("key", key)
                .bind("now", now)
                .scanResultSet((results, context) -> {
                    try (context; ResultSet rows = results.get()) {
                        if (!rows.next()) {
                            return Optional.empty();
                        }
                        Session session = SessionStore.session(rows);
                        Organization organization = OrganizationStore.read(rows);
                        Member bare = MemberStore.read(rows, now);
                        List<Member.Email> retired = new ArrayList<>();
                        do {
                            MemberStore.addRetired(rows, retired);
                        } while (rows.next());
                        return Optional.of(new MemberSession(session,
                                new Membership(organization, bare.withRetiredEmails(retired))));
                    }
                }));
        return found.map(held -> new MemberSession(held.session(),
                MemberStore.withPasswordsOfAddresses(database, project, List.of(held.membership())).getFirst()));
    }

    private static String statement(String condition) {
        return """
                SELECT %s, %s, %s
                FROM sessions s
                JOIN members m ON m.project_id = s.project_id AND m.shard_key = s.shard_key AND m.member_id = s.subject_id
                    AND m.status <> 'DELETED'
                JOIN organizations o ON o.project_id = m.project_id AND o.organization_id = m.organization_id
                %s
                WHERE s.project_id = :projectId AND s.shard_key = :shardKey AND %s AND %s
                ORDER BY %s"""
                .formatted(SessionStore.COLUMNS, OrganizationStore.COLUMNS, MemberStore.COLUMNS, MemberStore.JOINS,
                        condition, SessionStore.ACTIVE, MemberStore.ORDER);
    }
}
