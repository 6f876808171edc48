package dev.selvage.organizations;

import dev.selvage.db.Database;
import dev.selvage.organizations.OrganizationFilter.Constant;
import dev.selvage.organizations.OrganizationFilter.DomainLike;
import dev.selvage.organizations.OrganizationFilter.HasDomain;
import dev.selvage.organizations.OrganizationFilter.HasId;
import dev.selvage.organizations.OrganizationFilter.HasMember;
import dev.selvage.organizations.OrganizationFilter.HasSlug;
import dev.selvage.organizations.OrganizationFilter.MemberLike;
import dev.selvage.organizations.OrganizationFilter.NameLike;
import dev.selvage.organizations.OrganizationFilter.SlugLike;
import dev.selvage.organizations.OrganizationStore.DomainKind;
import dev.selvage.search.CursorPosition;
import dev.selvage.search.PageRows;
import dev.selvage.search.Search;
import dev.selvage.search.WhereClause;
import java.util.List;

/// The SQL of an organization search. Every value is bound; the text of a statement contains no value of a
/// request.
final class OrganizationSearchStore {

    private final Database database;

    OrganizationSearchStore(Database database) {
        this.database = database;
    }

    /// Returns one page and the total count.
    PageRows<Organization> find(String projectId, Search.ParsedSearch<OrganizationFilter> search) {
        WhereClause all = new WhereClause();
        String countCondition = whereCondition(all, projectId, search);
        long total = database.read("SELECT COUNT(*) FROM organizations o WHERE " + countCondition)
                .bind(all.values())
                .number();
        return PageRows.inParts(
                search,
                total,
                (after, count) -> readPart(projectId, search, after, count),
                OrganizationSearch::position);
    }

    private static String whereCondition(
            WhereClause sql, String projectId, Search.ParsedSearch<OrganizationFilter> search) {
        return "o.project_id = " + sql.bind(projectId)
                + sql.and(search.query(), filter -> condition(sql, filter, projectId));
    }

    private List<Organization> readPart(
            String projectId, Search.ParsedSearch<OrganizationFilter> search, CursorPosition after, int count) {
        WhereClause sql = new WhereClause();
        String conditions = whereCondition(sql, projectId, search);
        String afterCursor = sql.andAfter(after, "o.created_at", "o.organization_id");
        String limit = sql.bind(count);
        return database.read("""
                        SELECT %s FROM organizations o
                        WHERE %s%s
                        ORDER BY o.created_at DESC, o.organization_id DESC
                        LIMIT %s""".formatted(OrganizationStore.COLUMNS, conditions, afterCursor, limit))
                .bind(sql.values())
                .all(OrganizationStore::read);
    }

    private static String condition(WhereClause sql, OrganizationFilter filter, String projectId) {
        return switch (filter) {
            case HasId(List<String> ids) ->
                "(o.organization_id IN %s OR o.external_id IN %s)".formatted(sql.bindAll(ids), sql.bindAll(ids));
            case HasSlug(List<String> slugs) -> "o.slug IN " + sql.bindAll(slugs);
            case SlugLike(String pattern) -> sql.like("LOWER(o.slug)", pattern);
            case NameLike(String pattern) -> sql.like("o.search_name", pattern);
            case HasDomain(DomainKind kind, List<String> domains) ->
                domain(sql, kind, "d.domain IN " + sql.bindAll(domains), projectId);
            case DomainLike(DomainKind kind, String pattern) ->
                domain(sql, kind, sql.like("d.domain", pattern), projectId);
            case HasMember(List<String> addresses) ->
                member(sql, "c.email_address IN " + sql.bindAll(addresses), projectId);
            case MemberLike(String pattern) -> member(sql, sql.like("c.email_address", pattern), projectId);
            case Constant(boolean holds) -> holds ? "TRUE" : "FALSE";
        };
    }

    /// Selects the ids of all organizations with such a domain. Unlike a subquery for each organization, this
    /// lets a domain use its index.
    private static String domain(WhereClause sql, DomainKind kind, String condition, String projectId) {
        return """
                o.organization_id IN (SELECT d.organization_id FROM organization_domains d
                                      WHERE d.project_id = %s AND d.kind = %s AND %s)""".formatted(sql.bind(projectId), sql.bind(kind.name()), condition);
    }

    /// As for domains. Only a member that is not deleted has a current address.
    private static String member(WhereClause sql, String condition, String projectId) {
        return """
                o.organization_id IN (SELECT c.organization_id FROM member_emails c
                                      WHERE c.project_id = %s AND c.state = 'CURRENT' AND %s)""".formatted(sql.bind(projectId), condition);
    }
}
