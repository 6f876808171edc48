package dev.selvage.backend.b2b;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.ApiError;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.http.RequiredPermissions;
import dev.selvage.http.RequiredPermissions.Permission;
import dev.selvage.members.Members;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationBody;
import dev.selvage.organizations.OrganizationFields;
import dev.selvage.organizations.OrganizationSearch;
import dev.selvage.organizations.Organizations;
import dev.selvage.organizations.SandboxOrganization;
import dev.selvage.projects.Settings.Policy;
import dev.selvage.search.SearchPage;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// `/v1/b2b/organizations`, and the policy of an organization under `/v1/b2b/rbac/organizations`.
public final class OrganizationsApi {

    private final Organizations organizations;
    private final OrganizationSearch search;
    private final Members members;

    public OrganizationsApi(Organizations organizations, OrganizationSearch search, Members members) {
        this.organizations = organizations;
        this.search = search;
        this.members = members;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/b2b/organizations", WriteRequest.class, this::create),
                Endpoint.post("/v1/b2b/organizations/search", SearchRequest.class, this::search),
                Endpoint.get("/v1/b2b/organizations/{organization_id}", OrganizationRequest.class, this::get),
                Endpoint.put("/v1/b2b/organizations/{organization_id}", WriteRequest.class, this::update)
                        .withMemberSession(WriteRequest::wish),
                Endpoint.delete("/v1/b2b/organizations/{organization_id}", OrganizationRequest.class, this::delete)
                        .withMemberSession(request ->
                                RequiredPermissions.in(request.organizationId, Permission.onOrganization("delete"))),
                Endpoint.delete(
                                "/v1/b2b/organizations/{organization_id}/external_id",
                                OrganizationRequest.class,
                                this::deleteExternalId)
                        .withMemberSession(request -> RequiredPermissions.in(
                                request.organizationId, Permission.onOrganization("update.info.external-id"))),
                Endpoint.get(
                        "/v1/b2b/organizations/{organization_id}/metrics", OrganizationRequest.class, this::metrics),
                Endpoint.get(
                        "/v1/b2b/rbac/organizations/{organization_id}", OrganizationRequest.class, this::getPolicy),
                Endpoint.put("/v1/b2b/rbac/organizations/{organization_id}", PolicyRequest.class, this::setPolicy));
    }

    /// What create and update have in common, which is all but the id in the path.
    record WriteRequest(
            String organizationId, @JsonUnwrapped OrganizationFields fields) {

        RequiredPermissions wish() {
            return new RequiredPermissions(
                    List.of(organizationId), new RequiredPermissions.Target.None(), fields.needs());
        }
    }

    record OrganizationResponse(OrganizationBody organization) {

        static OrganizationResponse of(Organization organization) {
            return new OrganizationResponse(OrganizationBody.of(organization));
        }
    }

    private OrganizationResponse create(RequestContext call, WriteRequest request) {
        return OrganizationResponse.of(organizations.create(call.project(), request.fields));
    }

    private OrganizationResponse update(RequestContext call, WriteRequest request) {
        return OrganizationResponse.of(organizations.update(call.project(), request.organizationId, request.fields));
    }

    record OrganizationRequest(String organizationId) {}

    private OrganizationResponse get(RequestContext call, OrganizationRequest request) {
        return OrganizationResponse.of(organizations.get(call.project(), request.organizationId));
    }

    record DeleteResponse(String organizationId) {}

    private DeleteResponse delete(RequestContext call, OrganizationRequest request) {
        return new DeleteResponse(organizations.delete(call.project(), request.organizationId));
    }

    private OrganizationResponse deleteExternalId(RequestContext call, OrganizationRequest request) {
        return OrganizationResponse.of(organizations.deleteExternalId(call.project(), request.organizationId));
    }

    record SearchRequest(String cursor, Integer limit, JsonNode query) {}

    record SearchResponse(List<OrganizationBody> organizations, SearchPage.ResultsMetadata resultsMetadata) {}

    private SearchResponse search(RequestContext call, SearchRequest request) {
        SearchPage<Organization> found = search.search(call.project(), request.query, request.limit, request.cursor);
        return new SearchResponse(
                found.page().stream().map(OrganizationBody::of).toList(), found.metadata());
    }

    record MetricsResponse(long memberCount) {}

    private MetricsResponse metrics(RequestContext call, OrganizationRequest request) {
        return new MetricsResponse(
                members.count(call.project(), organizations.get(call.project(), request.organizationId)));
    }

    record PolicyBody(List<Policy.Role> roles) {
        PolicyBody {
            roles = roles == null ? List.of() : List.copyOf(roles);
        }
    }

    record PolicyRequest(String organizationId, PolicyBody orgPolicy) {
        PolicyRequest {
            if (orgPolicy == null) {
                throw ApiError.badField("org_policy", "is required");
            }
        }
    }

    record PolicyResponse(PolicyBody orgPolicy) {}

    /// Knows the sandbox organization too: SDKs that judge a member's rights by themselves ask for the policy
    /// of the organization.
    private PolicyResponse getPolicy(RequestContext call, OrganizationRequest request) {
        return new PolicyResponse(new PolicyBody(
                SandboxOrganization.isNamed(call.project(), request.organizationId)
                        ? List.of()
                        : organizations
                                .get(call.project(), request.organizationId)
                                .roles()));
    }

    private PolicyResponse setPolicy(RequestContext call, PolicyRequest request) {
        return new PolicyResponse(new PolicyBody(organizations
                .setRoles(call.project(), request.organizationId, request.orgPolicy.roles)
                .roles()));
    }
}
