package dev.selvage.backend.b2b;

import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.http.RequiredPermissions;
import dev.selvage.members.MemberBody;
import dev.selvage.members.MemberSearch;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationBody;
import dev.selvage.search.SearchPage;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// `/v1/b2b/organizations/members/search`.
public final class MemberSearchApi {

    private final MemberSearch search;

    public MemberSearchApi(MemberSearch search) {
        this.search = search;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(Endpoint.post("/v1/b2b/organizations/members/search", SearchRequest.class, this::search)
                .withMemberSession(request -> new RequiredPermissions(
                        List.copyOf(request.organizationIds),
                        new RequiredPermissions.Target.None(),
                        List.of(RequiredPermissions.Permission.onMembersOnly("search")))));
    }

    record SearchRequest(Set<String> organizationIds, String cursor, Integer limit, JsonNode query) {
        SearchRequest {
            Check.that(
                    organizationIds != null && !organizationIds.isEmpty(),
                    ErrorType.MEMBER_SEARCH_ORGANIZATION_IDS_EMPTY);
            if (organizationIds.size() > MemberSearch.ORGANIZATIONS_MAX) {
                throw ApiError.badField(
                        "organization_ids", "may not have more than " + MemberSearch.ORGANIZATIONS_MAX + " members");
            }
            Check.that(!organizationIds.contains(null), ErrorType.INVALID_ORGANIZATION_ID);
            organizationIds = new LinkedHashSet<>(organizationIds);
        }
    }

    /// @param organizations by id, those that the members on this page belong to
    record SearchResponse(
            List<MemberBody> members,
            Map<String, OrganizationBody> organizations,
            SearchPage.ResultsMetadata resultsMetadata) {}

    private SearchResponse search(RequestContext call, SearchRequest request) {
        SearchPage<Membership> found =
                search.search(call.project(), request.organizationIds, request.query, request.limit, request.cursor);
        Map<String, OrganizationBody> organizations = new LinkedHashMap<>();
        found.page()
                .forEach(membership -> organizations.computeIfAbsent(
                        membership.organization().id(), id -> OrganizationBody.of(membership.organization())));
        return new SearchResponse(found.page().stream().map(MemberBody::of).toList(), organizations, found.metadata());
    }
}
