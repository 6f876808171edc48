package dev.selvage.organizations;

import dev.selvage.base.Cursors;
import dev.selvage.base.Json;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Search of organizations in pages (`semantics.md` 12, `open-questions.md` 43, 44, 47): newest first, with the exact total.
/// Pages and cursors are as in the search of users. The contract has no error types for limit, cursor and operator here, so
/// those are a `bad_request` that names the field.
public final class OrganizationSearch {

    static final int LIMIT_DEFAULT = 100;
    static final int LIMIT_MAX = 1000;

    /// More than there are filters. The contract names no bound.
    static final int OPERANDS_MAX = 30;

    /// The most values of all filters together: as many as the largest page has organizations.
    static final int VALUES_MAX = 1000;

    private final OrganizationSearchStore store;
    private final Cursors cursors;

    public OrganizationSearch(Database database, Cursors cursors) {
        this.store = new OrganizationSearchStore(database);
        this.cursors = cursors;
    }

    /// @param total      how many organizations the whole search finds
    /// @param nextCursor where the next page begins; null at the end
    public record Found(List<Organization> organizations, long total, String nextCursor) { }

    /// What is asked for.
    ///
    /// @param any     whether one filter is enough (`OR`) or all must hold (`AND`)
    /// @param filters none: every organization
    record Query(boolean any, List<OrganizationFilter> filters) { }

    /// Behind which organization a page begins.
    record Position(long createdAt, String organizationId) { }

    /// One page.
    ///
    /// @param query  the wire's `query`; may be null
    /// @param limit  organizations of a page, at most 1000; null or 0: 100, because Go cannot tell 0 from absent
    /// @param cursor the `next_cursor` of the page before; null or empty: from the start. The limit may differ from page to
    ///               page, the query may not.
    /// @throws ApiError `organization_search_…`, `bad_request`
    public Found search(Project project, JsonNode query, Integer limit, String cursor) {
        int size = limit == null || limit == 0 ? LIMIT_DEFAULT : limit;
        if (size < 0 || size > LIMIT_MAX) {
            throw ApiError.badField("limit", "must be between 0 and " + LIMIT_MAX);
        }
        Query asked = read(query);
        // The word keeps cursors of other searches of the project out.
        String search = "organizations\n" + project.id() + "\n" + (asked.filters.isEmpty() ? "" : Json.write(query));
        Position after = cursor == null || cursor.isEmpty() ? null : cursors.open(search, cursor).map(OrganizationSearch::position)
                .orElseThrow(() -> ApiError.badField("cursor", "was not given out by this search"));
        OrganizationSearchStore.Rows rows = store.find(project.id(), asked, after, size);
        Organization last = rows.more() ? rows.organizations().getLast() : null;
        return new Found(rows.organizations(), rows.total(),
                last == null ? null : cursors.seal(search, last.createdAt() + " " + last.id()));
    }

    private static Position position(String text) {
        int space = text.indexOf(' ');
        return new Position(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
    }

    private static Query read(JsonNode query) {
        if (OrganizationFilterName.absent(query)) {
            return new Query(false, List.of());
        }
        if (!query.isObject()) {
            throw ApiError.badField("query", "must be an object");
        }
        boolean any = any(query.path("operator"));
        JsonNode operands = query.path("operands");
        if (OrganizationFilterName.absent(operands)) {
            return new Query(any, List.of());
        }
        if (!operands.isArray()) {
            throw ApiError.badField("query.operands", "must be an array");
        }
        if (operands.size() > OPERANDS_MAX) {
            throw ApiError.badField("query.operands", "may not have more than " + OPERANDS_MAX + " members");
        }
        int values = 0;
        List<OrganizationFilter> filters = new ArrayList<>();
        for (JsonNode operand : operands) {
            values += operand.path("filter_value").size();
            if (values > VALUES_MAX) {
                throw ApiError.badField("query.operands", "may not have more than " + VALUES_MAX + " values together");
            }
            filters.add(filter(operand));
        }
        return new Query(any, List.copyOf(filters));
    }

    private static boolean any(JsonNode operator) {
        if (OrganizationFilterName.absent(operator)) {
            return false;
        }
        return switch (operator.asString("")) {
            case "AND" -> false;
            case "OR" -> true;
            default -> throw ApiError.badField("query.operator", "must be AND or OR");
        };
    }

    private static OrganizationFilter filter(JsonNode operand) {
        if (!operand.isObject()) {
            throw ApiError.badField("query.operands", "must be an array of objects");
        }
        JsonNode name = operand.path("filter_name");
        Check.that(!OrganizationFilterName.absent(name), ErrorType.ORGANIZATION_SEARCH_MISSING_FILTER_NAME);
        Check.that(name.isString(), ErrorType.ORGANIZATION_SEARCH_FILTER_NAME_MUST_BE_STRING);
        return OrganizationFilterName.of(name.stringValue())
                .orElseThrow(() -> ApiError.of(ErrorType.ORGANIZATION_SEARCH_FILTER_NAME_NOT_RECOGNIZED))
                .read(operand.path("filter_value"));
    }
}
