package dev.selvage.organizations;

import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.http.Wish;
import dev.selvage.search.Found;
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
                .withMemberSession(request -> new Wish(
                        List.copyOf(request.organizationIds),
                        new Wish.Target.None(),
                        List.of(Wish.Permission.onMembersOnly("search")))));
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
    record SearchAnswer(
            List<MemberBody> members,
            Map<String, OrganizationBody> organizations,
            Found.ResultsMetadata resultsMetadata) {}

    private SearchAnswer search(Call call, SearchRequest request) {
        Found<Membership> found =
                search.search(call.project(), request.organizationIds, request.query, request.limit, request.cursor);
        Map<String, OrganizationBody> organizations = new LinkedHashMap<>();
        found.page()
                .forEach(membership -> organizations.computeIfAbsent(
                        membership.organization().id(), id -> OrganizationBody.of(membership.organization())));
        return new SearchAnswer(found.page().stream().map(MemberBody::of).toList(), organizations, found.metadata());
    }
}
