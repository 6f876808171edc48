package dev.selvage.members;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Cursors;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.MemberErrors;
import dev.selvage.members.MemberFilter.HasRole;
import dev.selvage.members.MemberFilter.HasStatus;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.search.CursorPosition;
import dev.selvage.search.Query;
import dev.selvage.search.Search;
import dev.selvage.search.SearchErrors;
import dev.selvage.search.SearchPage;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Searches members of the given organizations (`semantics.md` 12).
public final class MemberSearch {

    /// The most organizations of one search. The contract names no bound.
    public static final int ORGANIZATIONS_MAX = 1000;

    /// The most domains from which the requested roles follow implicitly. Each domain is a comparison.
    static final int ROLE_DOMAINS_MAX = 5000;

    private final Search<MemberFilter> search;
    private final Organizations organizations;
    private final MemberSearchStore store;
    private final ClockAndRandom clock;

    public MemberSearch(Organizations organizations, Database database, Cursors cursors, ClockAndRandom clock) {
        this.search = new Search<>(
                "members",
                MemberFilterName.values(),
                SearchErrors.byField(
                        MemberErrors.MEMBER_SEARCH_MISSING_FILTER_NAME,
                                MemberErrors.MEMBER_SEARCH_FILTER_NAME_MUST_BE_STRING,
                        MemberErrors.MEMBER_SEARCH_FILTER_NAME_NOT_RECOGNIZED,
                                MemberErrors.MEMBER_SEARCH_EXPECTED_STRING,
                        MemberErrors.MEMBER_SEARCH_EXPECTED_BOOLEAN,
                                MemberErrors.MEMBER_SEARCH_EXPECTED_ARRAY_OF_STRINGS),
                cursors);
        this.organizations = organizations;
        this.store = new MemberSearchStore(database);
        this.clock = clock;
    }

    /// Returns one page of members. The parameters are those of [Search#read]. Deleted members are included
    /// only if the query names that status. The roles of a member are those in a response: explicit roles, and
    /// implicit roles of the email domain.
    ///
    /// @param organizationKeys ids, external ids or slugs, 1 to [#ORGANIZATIONS_MAX]
    /// @throws ApiError `organization_not_found` if any organization is unknown, `invalid_organization_id`,
    ///                  `member_search_…`, `invalid_id`, `search_invalid_status_filter`, `bad_request`
    public SearchPage<Membership> search(
            Project project, Collection<String> organizationKeys, JsonNode query, Integer limit, String cursor) {
        List<Organization> searched = organizations.all(project, organizationKeys);
        String scope = searched.stream().map(Organization::id).sorted().collect(Collectors.joining(" "));
        Search.ParsedSearch<MemberFilter> parsed = search.read(project, scope, query, limit, cursor);
        checkRoleDomains(searched, parsed.query());
        return search.page(parsed, store.find(project, searched, parsed, clock.millis()), MemberSearch::position);
    }

    /// Whether a query includes deleted members.
    static boolean includesDeleted(Query<MemberFilter> query) {
        return query.filters().stream()
                .anyMatch(filter -> filter instanceof HasStatus(List<Member.Status> statuses)
                        && statuses.contains(Member.Status.DELETED));
    }

    private static void checkRoleDomains(List<Organization> searched, Query<MemberFilter> query) {
        long domains = query.filters().stream()
                .filter(HasRole.class::isInstance)
                .map(HasRole.class::cast)
                .mapToLong(filter -> MemberSearchStore.roleDomains(searched, filter.roleIds())
                        .size())
                .sum();
        if (domains > ROLE_DOMAINS_MAX) {
            throw ApiError.badField(
                    "query.operands",
                    "asks for roles that the organizations give to more than " + ROLE_DOMAINS_MAX + " domains");
        }
    }

    /// Returns the cursor position of a result.
    static CursorPosition position(Membership found) {
        return new CursorPosition(
                found.member().timestamps().createdAt(), found.member().id());
    }
}
