package dev.selvage.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.projects.Policy;
import dev.selvage.support.WireTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class RbacWireTest extends WireTest {

    @Test
    void everyProjectHasTheRoleOfEveryUser() {
        assertThat(client.get("/v1/rbac/policy").ok().at("policy")).isEqualTo(Json.object("""
                {"roles": [{"role_id": "stytch_user", "description": "Granted to every user.", "permissions": []}],
                 "resources": [], "scopes": []}"""));
    }

    @Test
    void thePolicyHoldsWhatTheProjectAdds() {
        Policy.Permission permission = new Policy.Permission("documents", List.of("read"));
        policy(new Policy(
                List.of(new Policy.Role("reader", null, List.of(permission))),
                List.of(new Policy.Resource("documents", null, List.of("read", "write"))),
                List.of(new Policy.Scope("read:documents", "Reads", List.of(permission)))));
        assertThat(client.get("/v1/rbac/policy").ok().at("policy")).isEqualTo(Json.object("""
                {"roles": [{"role_id": "stytch_user", "description": "Granted to every user.", "permissions": []},
                           {"role_id": "reader", "description": "", "permissions": [{"resource_id": "documents", "actions": ["read"]}]}],
                 "resources": [{"resource_id": "documents", "description": "", "actions": ["read", "write"]}],
                 "scopes": [{"scope": "read:documents", "description": "Reads",
                             "permissions": [{"resource_id": "documents", "actions": ["read"]}]}]}"""));
    }

    @Test
    void theProjectsOwnFormOfAPredefinedRoleReplacesIt() {
        policy(new Policy(
                List.of(new Policy.Role(
                        "stytch_user", "Everyone", List.of(new Policy.Permission("self", List.of("*"))))),
                null,
                null));
        assertThat(client.get("/v1/rbac/policy").ok().at("policy.roles")).hasSize(1);
        assertThat(client.get("/v1/rbac/policy").ok().text("policy.roles.0.description"))
                .isEqualTo("Everyone");
    }

    @Test
    void aB2bProjectHasAPolicyOfItsOwnKind() {
        app.b2b().get("/v1/rbac/policy").refused(400, "invalid_consumer_endpoint");
        client.get("/v1/b2b/rbac/policy").refused(400, "invalid_b2b_endpoint");
        var policy = app.b2b().get("/v1/b2b/rbac/policy").ok().at("policy");
        assertThat(policy.path("roles")).isEqualTo(Json.mapperInstance().readTree("""
                [{"role_id": "stytch_member", "description": "Granted to every member.",
                  "permissions": [{"resource_id": "stytch.self", "actions": ["*"]}]},
                 {"role_id": "stytch_admin", "description": "Granted to the creator of an organization.",
                  "permissions": [{"resource_id": "stytch.organization", "actions": ["*"]}, {"resource_id": "stytch.member", "actions": ["*"]},
                                  {"resource_id": "stytch.sso", "actions": ["*"]}, {"resource_id": "stytch.scim", "actions": ["*"]}]}]"""));
        assertThat(policy.path("resources").valueStream().map(resource -> resource.path("resource_id")
                        .stringValue()))
                .containsExactly(
                        "stytch.organization",
                        "stytch.member",
                        "stytch.sso",
                        "stytch.scim",
                        "stytch.custom-org-roles",
                        "stytch.self");
        assertThat(policy.path("scopes")).isEmpty();
    }

    @Test
    void aB2bPolicyHoldsWhatTheProjectAdds() {
        client = app.b2b();
        policy(new Policy(
                List.of(new Policy.Role("reader", null, List.of(new Policy.Permission("documents", List.of("*"))))),
                List.of(new Policy.Resource("documents", null, List.of("read"))),
                null));
        var policy = client.get("/v1/b2b/rbac/policy").ok();
        assertThat(policy.text("policy.roles.2.role_id")).isEqualTo("reader");
        assertThat(policy.text("policy.resources.6.resource_id")).isEqualTo("documents");
    }

    private void policy(Policy policy) {
        app.setting(client, "rbac", policy);
    }
}
