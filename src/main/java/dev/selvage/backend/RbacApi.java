package dev.selvage.backend;

import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.projects.Policy;
import dev.selvage.rbac.Policies;
import java.util.List;

/// `/v1/rbac`: the RBAC policy, with which the SDKs check permissions locally.
public final class RbacApi {

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(on.consumer().get("/v1/rbac/policy", PolicyRequest.class, RbacApi::policy));
    }

    public record PolicyRequest() {}

    public record PolicyResponse(Policy policy) {}

    /// The policy of the project. Both products have this call.
    public static PolicyResponse policy(RequestContext context, PolicyRequest request) {
        return new PolicyResponse(Policies.of(context.project()));
    }
}
