package dev.selvage.organizations;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.ApiError;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.http.Wish;
import dev.selvage.http.Wish.Permission;
import dev.selvage.projects.Settings.Policy;
import dev.selvage.search.Found;
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
                        .withMemberSession(
                                request -> Wish.in(request.organizationId, Permission.onOrganization("delete"))),
                Endpoint.delete(
                                "/v1/b2b/organizations/{organization_id}/external_id",
                                OrganizationRequest.class,
                                this::deleteExternalId)
                        .withMemberSession(request ->
                                Wish.in(request.organizationId, Permission.onOrganization("update.info.external-id"))),
                Endpoint.get(
                        "/v1/b2b/organizations/{organization_id}/metrics", OrganizationRequest.class, this::metrics),
                Endpoint.get(
                        "/v1/b2b/rbac/organizations/{organization_id}", OrganizationRequest.class, this::getPolicy),
                Endpoint.put("/v1/b2b/rbac/organizations/{organization_id}", PolicyRequest.class, this::setPolicy));
    }

    /// What create and update have in common, which is all but the id in the path.
    record WriteRequest(
            String organizationId, @JsonUnwrapped OrganizationFields fields) {

        Wish wish() {
            return new Wish(List.of(organizationId), new Wish.Target.None(), fields.needs());
        }
    }

    record OrganizationAnswer(OrganizationBody organization) {

        static OrganizationAnswer of(Organization organization) {
            return new OrganizationAnswer(OrganizationBody.of(organization));
        }
    }

    private OrganizationAnswer create(Call call, WriteRequest request) {
        return OrganizationAnswer.of(organizations.create(call.project(), request.fields));
    }

    private OrganizationAnswer update(Call call, WriteRequest request) {
        return OrganizationAnswer.of(organizations.update(call.project(), request.organizationId, request.fields));
    }

    record OrganizationRequest(String organizationId) {}

    private OrganizationAnswer get(Call call, OrganizationRequest request) {
        return OrganizationAnswer.of(organizations.get(call.project(), request.organizationId));
    }

    record DeleteAnswer(String organizationId) {}

    private DeleteAnswer delete(Call call, OrganizationRequest request) {
        return new DeleteAnswer(organizations.delete(call.project(), request.organizationId));
    }

    private OrganizationAnswer deleteExternalId(Call call, OrganizationRequest request) {
        return OrganizationAnswer.of(organizations.deleteExternalId(call.project(), request.organizationId));
    }

    record SearchRequest(String cursor, Integer limit, JsonNode query) {}

    record SearchAnswer(List<OrganizationBody> organizations, Found.ResultsMetadata resultsMetadata) {}

    private SearchAnswer search(Call call, SearchRequest request) {
        Found<Organization> found = search.search(call.project(), request.query, request.limit, request.cursor);
        return new SearchAnswer(found.page().stream().map(OrganizationBody::of).toList(), found.metadata());
    }

    record MetricsAnswer(long memberCount) {}

    private MetricsAnswer metrics(Call call, OrganizationRequest request) {
        return new MetricsAnswer(
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

    record PolicyAnswer(PolicyBody orgPolicy) {}

    /// Knows the sandbox organization too: SDKs that judge a member's rights by themselves ask for the policy of
    /// the organization.
    private PolicyAnswer getPolicy(Call call, OrganizationRequest request) {
        return new PolicyAnswer(new PolicyBody(
                SandboxOrganization.isNamed(call.project(), request.organizationId)
                        ? List.of()
                        : organizations
                                .get(call.project(), request.organizationId)
                                .roles()));
    }

    private PolicyAnswer setPolicy(Call call, PolicyRequest request) {
        return new PolicyAnswer(new PolicyBody(organizations
                .setRoles(call.project(), request.organizationId, request.orgPolicy.roles)
                .roles()));
    }
}
