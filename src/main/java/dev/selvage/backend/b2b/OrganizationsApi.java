package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.backend.BackendSurfaces;
import dev.selvage.backend.ResultsMetadata;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.members.Members;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSearch;
import dev.selvage.organizations.Organizations;
import dev.selvage.rbac.RequiredPermissions;
import dev.selvage.rbac.RequiredPermissions.Permission;
import dev.selvage.search.SearchPage;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// `/v1/b2b/organizations`: creation, search, update and deletion of organizations.
public final class OrganizationsApi {

    private final Organizations organizations;
    private final OrganizationSearch search;
    private final Members members;

    public OrganizationsApi(Organizations organizations, OrganizationSearch search, Members members) {
        this.organizations = organizations;
        this.search = search;
        this.members = members;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on, MemberSessionGuard memberSession) {
        return List.of(
                on.b2b().post("/v1/b2b/organizations", WriteRequest.class, this::create),
                on.b2b().post("/v1/b2b/organizations/search", SearchRequest.class, this::search),
                on.b2b().get("/v1/b2b/organizations/{organization_id}", OrganizationRequest.class, this::get),
                on.b2b()
                        .put("/v1/b2b/organizations/{organization_id}", WriteRequest.class, this::update)
                        .guardedBy(memberSession.requires(WriteRequest::requiredPermissions)),
                on.b2b()
                        .delete("/v1/b2b/organizations/{organization_id}", OrganizationRequest.class, this::delete)
                        .guardedBy(memberSession.requires(request ->
                                RequiredPermissions.in(request.organizationId, Permission.onOrganization("delete")))),
                on.b2b()
                        .delete(
                                "/v1/b2b/organizations/{organization_id}/external_id",
                                OrganizationRequest.class,
                                this::deleteExternalId)
                        .guardedBy(memberSession.requires(request -> RequiredPermissions.in(
                                request.organizationId, Permission.onOrganization("update.info.external-id")))),
                on.b2b()
                        .get(
                                "/v1/b2b/organizations/{organization_id}/metrics",
                                OrganizationRequest.class,
                                this::metrics));
    }

    /// The request of create and update. They differ only in the id in the path.
    record WriteRequest(
            String organizationId, @JsonUnwrapped OrganizationFields fields) {

        RequiredPermissions requiredPermissions() {
            return new RequiredPermissions(
                    List.of(organizationId), new RequiredPermissions.Target.None(), fields.needs());
        }
    }

    record OrganizationResponse(OrganizationBody organization) {

        static OrganizationResponse of(Organization organization) {
            return new OrganizationResponse(OrganizationBody.of(organization));
        }
    }

    private OrganizationResponse create(RequestContext context, WriteRequest request) {
        return OrganizationResponse.of(organizations.create(context.project(), request.fields.change()));
    }

    private OrganizationResponse update(RequestContext context, WriteRequest request) {
        return OrganizationResponse.of(
                organizations.update(context.project(), request.organizationId, request.fields.change()));
    }

    record OrganizationRequest(String organizationId) {}

    private OrganizationResponse get(RequestContext context, OrganizationRequest request) {
        return OrganizationResponse.of(organizations.get(context.project(), request.organizationId));
    }

    record DeleteResponse(String organizationId) {}

    private DeleteResponse delete(RequestContext context, OrganizationRequest request) {
        return new DeleteResponse(organizations.delete(context.project(), request.organizationId));
    }

    private OrganizationResponse deleteExternalId(RequestContext context, OrganizationRequest request) {
        return OrganizationResponse.of(organizations.deleteExternalId(context.project(), request.organizationId));
    }

    record SearchRequest(String cursor, Integer limit, JsonNode query) {}

    record SearchResponse(List<OrganizationBody> organizations, ResultsMetadata resultsMetadata) {}

    private SearchResponse search(RequestContext context, SearchRequest request) {
        SearchPage<Organization> found = search.search(context.project(), request.query, request.limit, request.cursor);
        return new SearchResponse(
                found.page().stream().map(OrganizationBody::of).toList(), ResultsMetadata.of(found));
    }

    record MetricsResponse(long memberCount) {}

    private MetricsResponse metrics(RequestContext context, OrganizationRequest request) {
        return new MetricsResponse(
                members.count(context.project(), organizations.get(context.project(), request.organizationId)));
    }
}
