package dev.selvage.rbac;

import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.projects.Settings.Policy;
import java.util.List;

/// `/v1/rbac` and `/v1/b2b/rbac`: the policy by which the SDKs decide locally.
public final class RbacApi {

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.get("/v1/rbac/policy", PolicyRequest.class, this::policy),
                Endpoint.get("/v1/b2b/rbac/policy", PolicyRequest.class, this::policy));
    }

    record PolicyRequest() {}

    record PolicyAnswer(Policy policy) {}

    private PolicyAnswer policy(Call call, PolicyRequest request) {
        return new PolicyAnswer(Policies.of(call.project()));
    }
}
