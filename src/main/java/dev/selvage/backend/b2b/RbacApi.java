package dev.selvage.backend.b2b;

import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.projects.Settings.Policy;
import dev.selvage.rbac.Policies;
import java.util.List;

/// `/v1/rbac` and `/v1/b2b/rbac`: the policy by which the SDKs decide locally.
public final class RbacApi {

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.get("/v1/rbac/policy", PolicyRequest.class, this::policy),
                Endpoint.get("/v1/b2b/rbac/policy", PolicyRequest.class, this::policy));
    }

    record PolicyRequest() {}

    record PolicyResponse(Policy policy) {}

    private PolicyResponse policy(RequestContext call, PolicyRequest request) {
        return new PolicyResponse(Policies.of(call.project()));
    }
}
