package dev.selvage.organizations;

import dev.selvage.db.Bindings;
import dev.selvage.db.Database;
import dev.selvage.organizations.OrganizationFilter.Constant;
import dev.selvage.organizations.OrganizationFilter.DomainLike;
import dev.selvage.organizations.OrganizationFilter.HasDomain;
import dev.selvage.organizations.OrganizationFilter.HasId;
import dev.selvage.organizations.OrganizationFilter.HasSlug;
import dev.selvage.organizations.OrganizationFilter.NameLike;
import dev.selvage.organizations.OrganizationFilter.SlugLike;
import dev.selvage.organizations.OrganizationStore.DomainKind;
import java.util.List;
import java.util.stream.Collectors;

/// The SQL of an organization search. Every value is bound; the text of a statement is made of the constants here alone.
final class OrganizationSearchStore {

    /// Not the backslash: Jdbi would take `'\'` for a text that has not ended.
    private static final String ESCAPE = " ESCAPE '!'";

    private final Database database;

    OrganizationSearchStore(Database database) {
        this.database = database;
    }

    /// @param total how many organizations the whole search finds
    /// @param more  whether there are organizations behind these
    record Rows(List<Organization> organizations, long total, boolean more) { }

    /// One page, newest first; those made in the same millisecond by id.
    ///
    /// @param after behind which organization the page begins; null: from the start
    Rows find(String projectId, OrganizationSearch.Query query, OrganizationSearch.Position after, int limit) {
        Statement statement = new Statement();
        String wanted = "o.project_id = " + statement.bind(projectId) + statement.condition(query, projectId);
        return database.read(handle -> {
            long total = handle.createQuery("SELECT COUNT(*) FROM organizations o WHERE " + wanted)
                    .bindMap(statement.bindings.values())
                    .mapTo(Long.class)
                    .one();
            String begin = after == null ? "" : " AND (o.created_at, o.organization_id) < (%s, %s)"
                    .formatted(statement.bind(after.createdAt()), statement.bind(after.organizationId()));
            List<Organization> found = handle.createQuery("""
                            SELECT %s FROM organizations o
                            WHERE %s%s
                            ORDER BY o.created_at DESC, o.organization_id DESC
                            LIMIT %s""".formatted(OrganizationStore.COLUMNS, wanted, begin, statement.bind(limit + 1)))
                    .bindMap(statement.bindings.values())
                    .map((row, context) -> OrganizationStore.read(row))
                    .list();
            return new Rows(found.subList(0, Math.min(limit, found.size())), total, found.size() > limit);
        });
    }

    /// A statement that is being put together: its values by the names of their parameters.
    private static final class Statement {

        private final Bindings bindings = new Bindings();

        private String bind(Object value) {
            return bindings.bind(value);
        }

        private String bindAll(List<String> all) {
            return bindings.bindAll(all);
        }

        String condition(OrganizationSearch.Query query, String projectId) {
            if (query.filters().isEmpty()) {
                return "";
            }
            return query.filters().stream()
                    .map(filter -> condition(filter, projectId))
                    .collect(Collectors.joining(query.any() ? " OR " : " AND ", " AND (", ")"));
        }

        private String condition(OrganizationFilter filter, String projectId) {
            return switch (filter) {
                case HasId(List<String> ids) ->
                        "(o.organization_id IN %s OR o.external_id IN %s)".formatted(bindAll(ids), bindAll(ids));
                case HasSlug(List<String> slugs) -> "o.slug IN " + bindAll(slugs);
                case SlugLike(String pattern) -> "LOWER(o.slug) LIKE " + bind(pattern) + ESCAPE;
                case NameLike(String pattern) -> "o.search_name LIKE " + bind(pattern) + ESCAPE;
                case HasDomain(DomainKind kind, List<String> domains) -> domain(kind, "d.domain IN " + bindAll(domains), projectId);
                case DomainLike(DomainKind kind, String pattern) -> domain(kind, "d.domain LIKE " + bind(pattern) + ESCAPE, projectId);
                case Constant(boolean holds) -> holds ? "TRUE" : "FALSE";
            };
        }

        /// A list of organizations rather than a question for each: a domain then leads to them by its index.
        private String domain(DomainKind kind, String holds, String projectId) {
            return """
                    o.organization_id IN (SELECT d.organization_id FROM organization_domains d
                                          WHERE d.project_id = %s AND d.kind = %s AND %s)"""
                    .formatted(bind(projectId), bind(kind.name()), holds);
        }
    }
}
