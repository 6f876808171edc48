package dev.selvage.backend.b2b;

import dev.selvage.backend.BackendSurfaces;
import dev.selvage.backend.SandboxGuard;
import dev.selvage.error.ApiError;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.organizations.Organizations;
import dev.selvage.organizations.SandboxOrganization;
import dev.selvage.projects.Policy;
import java.util.List;

/// `/v1/b2b/rbac`: the policy of the project, with which the SDKs check permissions locally, and the policies
/// of organizations.
public final class RbacApi {

    private final Organizations organizations;

    public RbacApi(Organizations organizations) {
        this.organizations = organizations;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(
                on.b2b()
                        .get(
                                "/v1/b2b/rbac/policy",
                                dev.selvage.backend.RbacApi.PolicyRequest.class,
                                dev.selvage.backend.RbacApi::policy),
                on.b2b()
                        .get("/v1/b2b/rbac/organizations/{organization_id}", OrganizationRequest.class, this::getPolicy)
                        // SDKs that check the permissions of a member locally request the policy of the
                        // organization.
                        .guardedBy(new SandboxGuard<>(
                                (project, request) -> SandboxOrganization.isNamed(project, request.organizationId),
                                (context, request) -> new OrganizationPolicyResponse(new PolicyBody(List.of())))),
                on.b2b()
                        .put(
                                "/v1/b2b/rbac/organizations/{organization_id}",
                                OrganizationPolicyRequest.class,
                                this::setPolicy));
    }

    record OrganizationRequest(String organizationId) {}

    record PolicyBody(List<Policy.Role> roles) {
        PolicyBody {
            roles = roles == null ? List.of() : List.copyOf(roles);
        }
    }

    record OrganizationPolicyRequest(String organizationId, PolicyBody orgPolicy) {
        OrganizationPolicyRequest {
            if (orgPolicy == null) {
                throw ApiError.badField("org_policy", "is required");
            }
        }
    }

    record OrganizationPolicyResponse(PolicyBody orgPolicy) {}

    private OrganizationPolicyResponse getPolicy(RequestContext context, OrganizationRequest request) {
        return new OrganizationPolicyResponse(new PolicyBody(
                organizations.get(context.project(), request.organizationId).roles()));
    }

    private OrganizationPolicyResponse setPolicy(RequestContext context, OrganizationPolicyRequest request) {
        return new OrganizationPolicyResponse(new PolicyBody(organizations
                .setRoles(context.project(), request.organizationId, request.orgPolicy.roles)
                .roles()));
    }
}
