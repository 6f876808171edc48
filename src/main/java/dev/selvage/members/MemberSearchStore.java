package dev.selvage.members;

import dev.selvage.base.Json;
import dev.selvage.db.Database;
import dev.selvage.members.MemberFilter.Breakglass;
import dev.selvage.members.MemberFilter.Constant;
import dev.selvage.members.MemberFilter.EmailLike;
import dev.selvage.members.MemberFilter.HasEmail;
import dev.selvage.members.MemberFilter.HasExternalId;
import dev.selvage.members.MemberFilter.HasId;
import dev.selvage.members.MemberFilter.HasPassword;
import dev.selvage.members.MemberFilter.HasPhone;
import dev.selvage.members.MemberFilter.HasRole;
import dev.selvage.members.MemberFilter.HasStatus;
import dev.selvage.members.MemberFilter.HasTotp;
import dev.selvage.members.MemberFilter.OfOrganization;
import dev.selvage.members.MemberFilter.OfSlug;
import dev.selvage.members.MemberFilter.OfSlugLike;
import dev.selvage.members.MemberFilter.PhoneLike;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationStore;
import dev.selvage.projects.Project;
import dev.selvage.search.CursorPosition;
import dev.selvage.search.PageRows;
import dev.selvage.search.Search;
import dev.selvage.search.WhereClause;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The SQL of a member search. Every value is bound. Only constants of this class and column names form the
/// text of a statement.
final class MemberSearchStore {

    private final Database database;

    MemberSearchStore(Database database) {
        this.database = database;
    }

    /// A domain to whose members an organization assigns a role implicitly.
    record RoleDomain(String organizationId, String domain) {}

    /// Returns all domains to whose members the organizations assign any of the roles.
    static List<RoleDomain> roleDomains(List<Organization> organizations, List<String> roleIds) {
        return organizations.stream()
                .flatMap(organization -> organization.settings().emailRoles().stream()
                        .filter(role -> roleIds.contains(role.roleId()))
                        .map(role -> new RoleDomain(organization.id(), role.domain())))
                .distinct()
                .toList();
    }

    /// Reads one page.
    ///
    /// @param organizations the organizations to search; not empty
    PageRows<Membership> find(
            Project project, List<Organization> organizations, Search.ParsedSearch<MemberFilter> parsed, long now) {
        WhereClause all = new WhereClause();
        String where = where(all, project.id(), organizations, parsed);
        long total = database.read("SELECT COUNT(*) FROM members m WHERE " + where)
                .bind(all.values())
                .number();
        return PageRows.inParts(
                parsed,
                total,
                (after, count) -> readPart(project, organizations, parsed, after, count, now),
                MemberSearch::position);
    }

    private static String where(
            WhereClause sql,
            String projectId,
            List<Organization> organizations,
            Search.ParsedSearch<MemberFilter> parsed) {
        // If the query limits ids or addresses, the index on them is faster than a scan of the organization.
        // The planner of SQLite prefers the organization's index, so an expression hides the column from it.
        String organization =
                parsed.query().narrow(MemberFilter::narrowInProject) ? "m.organization_id || ''" : "m.organization_id";
        // The status is a literal and not bound, because it must match the condition of the partial index
        // `members_existing`.
        return "m.project_id = %s AND %s IN %s%s%s"
                .formatted(
                        sql.bind(projectId),
                        organization,
                        sql.bindAll(organizations.stream().map(Organization::id).toList()),
                        MemberSearch.includesDeleted(parsed.query()) ? "" : " AND m.status <> 'DELETED'",
                        sql.and(parsed.query(), filter -> condition(sql, filter, projectId, organizations)));
    }

    private List<Membership> readPart(
            Project project,
            List<Organization> organizations,
            Search.ParsedSearch<MemberFilter> parsed,
            CursorPosition after,
            int count,
            long now) {
        WhereClause sql = new WhereClause();
        String where = where(sql, project.id(), organizations, parsed);
        String afterPosition = sql.andAfter(after, "m.created_at", "m.member_id");
        String limit = sql.bind(count);
        // As in the search of users, the expression stops SQLite from walking all members in order.
        String createdAt = parsed.query().narrow(MemberFilter::narrow) ? "m.created_at + 0" : "m.created_at";
        return MemberStore.memberships(
                database,
                project,
                now,
                database.read("""
                        WITH page AS (
                            SELECT m.* FROM members m
                            WHERE %s%s
                            ORDER BY %s DESC, m.member_id DESC
                            LIMIT %s)
                        SELECT %s, %s
                        FROM page m
                        JOIN organizations o ON o.project_id = m.project_id AND o.organization_id = m.organization_id
                        %s
                        ORDER BY m.created_at DESC, m.member_id DESC""".formatted(
                                        where,
                                        afterPosition,
                                        createdAt,
                                        limit,
                                        OrganizationStore.COLUMNS,
                                        MemberStore.COLUMNS,
                                        MemberStore.JOINS))
                        .bind(sql.values()));
    }

    private static String condition(
            WhereClause sql, MemberFilter filter, String projectId, List<Organization> organizations) {
        return switch (filter) {
            case HasId(List<String> ids) -> "m.member_id IN " + sql.bindAll(ids);
            case HasExternalId(List<String> ids) -> "m.external_id IN " + sql.bindAll(ids);
            case HasEmail(List<String> addresses) -> """
                    m.member_id IN (SELECT c.member_id FROM member_emails c
                                    WHERE c.project_id = %s AND c.email_address IN %s
                                    AND c.state IN ('CURRENT', 'FORMER'))""".formatted(sql.bind(projectId), sql.bindAll(addresses));
            case EmailLike(String pattern) -> email(sql.like("c.email_address", pattern));
            case HasPhone(List<String> numbers) -> "m.phone_number IN " + sql.bindAll(numbers);
            case PhoneLike(String pattern) -> sql.like("m.phone_number", pattern);
            case HasStatus(List<Member.Status> statuses) ->
                "m.status IN " + sql.bindAll(statuses.stream().map(Enum::name).toList());
            case Breakglass(boolean breakglass) -> "m.is_breakglass = " + sql.bind(breakglass);
            case HasPassword(boolean exists) -> """
                    %s (SELECT 1 FROM passwords w
                        WHERE w.project_id = m.project_id AND w.shard_key = m.shard_key
                        AND w.subject_id = m.member_id)""".formatted(exists ? "EXISTS" : "NOT EXISTS");
            case HasTotp(boolean exists) -> """
                    %s (SELECT 1 FROM totps t
                        WHERE t.project_id = m.project_id AND t.shard_key = m.shard_key AND t.subject_id = m.member_id
                          AND t.verified = TRUE)""".formatted(exists ? "EXISTS" : "NOT EXISTS");
            case HasRole(List<String> roleIds) -> hasRole(sql, roleIds, roleDomains(organizations, roleIds));
            case OfOrganization(String key) ->
                organization(
                        sql,
                        "(n.organization_id = %s OR n.external_id = %s OR n.slug = %s)"
                                .formatted(sql.bind(key), sql.bind(key), sql.bind(key)),
                        projectId);
            case OfSlug(String slug) -> organization(sql, "n.slug = " + sql.bind(slug), projectId);
            case OfSlugLike(String pattern) -> organization(sql, sql.like("LOWER(n.slug)", pattern), projectId);
            case Constant(boolean holds) -> holds ? "TRUE" : "FALSE";
        };
    }

    private static String organization(WhereClause sql, String condition, String projectId) {
        return "m.organization_id IN (SELECT n.organization_id FROM organizations n WHERE n.project_id = %s AND %s)"
                .formatted(sql.bind(projectId), condition);
    }

    /// The condition on the current address of each member. An index on the member finds that one row; no index
    /// finds a part of an address.
    private static String email(String condition) {
        return """
                EXISTS (SELECT 1 FROM member_emails c
                        WHERE c.project_id = m.project_id AND c.shard_key = m.shard_key AND c.member_id = m.member_id
                          AND c.state IN ('CURRENT', 'FORMER') AND %s)""".formatted(condition);
    }

    private static String hasRole(WhereClause sql, List<String> roleIds, List<RoleDomain> domains) {
        if (roleIds.contains(Member.DEFAULT_ROLE)) {
            return "TRUE";
        }
        List<String> sources = new ArrayList<>(
                roleIds.stream().map(role -> hasExplicitRole(sql, role)).toList());
        if (!domains.isEmpty()) {
            sources.add(email("c.verified = TRUE AND (c.organization_id, c.email_domain) IN (VALUES %s)"
                    .formatted(domains.stream()
                            .map(domain ->
                                    "(%s, %s)".formatted(sql.bind(domain.organizationId()), sql.bind(domain.domain())))
                            .collect(Collectors.joining(", ")))));
        }
        return sources.stream().collect(Collectors.joining(" OR ", "(", ")"));
    }

    /// Whether the JSON array of the member's explicit roles contains the role, as the first or a later
    /// element. `LIKE` would match `Admin` for `admin` on SQLite. Quotes within an id are escaped, so they
    /// cannot match those around an element.
    private static String hasExplicitRole(WhereClause sql, String roleId) {
        String json = Json.write(roleId);
        return "REPLACE(REPLACE(m.roles, %s, ''), %s, '') <> m.roles"
                .formatted(sql.bind("[" + json), sql.bind("," + json));
    }
}
