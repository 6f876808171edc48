package dev.selvage.organizations;

import dev.selvage.base.Cursors;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.projects.Project;
import dev.selvage.search.CursorPosition;
import dev.selvage.search.Search;
import dev.selvage.search.SearchErrors;
import dev.selvage.search.SearchPage;
import tools.jackson.databind.JsonNode;

/// Searches organizations.
public final class OrganizationSearch {

    private final Search<OrganizationFilter> search;
    private final OrganizationSearchStore store;

    public OrganizationSearch(Database database, Cursors cursors) {
        this.search = new Search<>(
                "organizations",
                OrganizationFilterName.values(),
                SearchErrors.byField(
                        OrganizationErrors.ORGANIZATION_SEARCH_MISSING_FILTER_NAME,
                                OrganizationErrors.ORGANIZATION_SEARCH_FILTER_NAME_MUST_BE_STRING,
                        OrganizationErrors.ORGANIZATION_SEARCH_FILTER_NAME_NOT_RECOGNIZED,
                                OrganizationErrors.ORGANIZATION_SEARCH_EXPECTED_STRING,
                        OrganizationErrors.ORGANIZATION_SEARCH_EXPECTED_BOOLEAN,
                                OrganizationErrors.ORGANIZATION_SEARCH_EXPECTED_ARRAY_OF_STRINGS),
                cursors);
        this.store = new OrganizationSearchStore(database);
    }

    /// Returns one page of organizations. The parameters are those of [Search#read].
    ///
    /// @throws ApiError `organization_search_…`, `bad_request`
    public SearchPage<Organization> search(Project project, JsonNode query, Integer limit, String cursor) {
        Search.ParsedSearch<OrganizationFilter> parsed = search.read(project, "", query, limit, cursor);
        return search.page(parsed, store.find(project.id(), parsed), OrganizationSearch::position);
    }

    /// The position of an organization in the order of the results.
    static CursorPosition position(Organization organization) {
        return new CursorPosition(organization.createdAt(), organization.id());
    }
}
