package dev.selvage.organizations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.support.Client.Answer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrganizationPolicyWireTest extends OrganizationWireTest {

    private static final String EDITOR =
            "{'role_id':'editor','description':'Edits','permissions':[{'resource_id':'stytch.member','actions':['search']}]}";

    @Test
    void anOrganizationHasNoRolesOfItsOwnAtFirst() {
        String id = organization("Acme", "'organization_slug':'acme'");
        for (String key : new String[] {id, "acme"}) {
            assertThat(b2b.get("/v1/b2b/rbac/organizations/" + key).ok().at("org_policy"))
                    .isEqualTo(Json.object("{\"roles\":[]}"));
        }
    }

    @Test
    void setReplacesAllRoles() {
        String id = organization("Acme", "");
        String all = "{'role_id':'all','description':'','permissions':[{'resource_id':'stytch.sso','actions':['*']}]}";
        assertThat(set(id, EDITOR).ok().at("org_policy.roles.0")).isEqualTo(Json.object(EDITOR.replace('\'', '"')));
        assertThat(set(id, all).ok().at("org_policy.roles")).hasSize(1);
        assertThat(b2b.get("/v1/b2b/rbac/organizations/" + id).ok().text("org_policy.roles.0.role_id"))
                .isEqualTo("all");
        assertThat(b2b.get(PATH + "/" + id).ok().at("organization.custom_roles.0"))
                .isEqualTo(Json.object(all.replace('\'', '"')));
        assertThat(set(id, "").ok().at("org_policy.roles")).isEmpty();
    }

    @Test
    void aRoleOfTheOrganizationCanBeGivenByDomain() {
        String assignment = "'rbac_email_implicit_role_assignments':[{'domain':'acme.example','role_id':'editor'}]";
        String id = organization("Acme", "");
        update(id, assignment).refused(400, "invalid_rbac_role_id");
        set(id, EDITOR).ok();
        update(id, assignment).ok();
        assertThat(b2b.get("/v1/b2b/rbac/organizations/" + id).ok().at("org_policy.roles"))
                .hasSize(1);
        update(organization("Other", ""), assignment).refused(400, "invalid_rbac_role_id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'role_id':'stytch_admin'} | rbac_role_duplicate",
                "{'role_id':'a'},{'role_id':'a'} | rbac_role_duplicate",
                "{'role_id':'stytch_other'} | invalid_rbac_custom_role",
                "{'description':'no id'} | invalid_rbac_custom_role",
                "{'role_id':'a','permissions':[{'resource_id':'documents','actions':['read']}]} | invalid_rbac_custom_role",
                "{'role_id':'a','permissions':[{'resource_id':'stytch.sso','actions':['fly']}]} | invalid_rbac_custom_role",
                "{'role_id':'a','permissions':[{'resource_id':'stytch.sso','actions':['*','get']}]} | invalid_rbac_custom_role",
                "{'role_id':'a','permissions':[{'resource_id':'stytch.sso','actions':[]}]} | invalid_rbac_custom_role",
                "{'role_id':'a','permissions':[null]} | bad_request",
                "null | bad_request"
            })
    void aRoleThatMakesNoSenseIsRefused(String roles, String errorType) {
        String id = organization("Acme", "");
        set(id, roles).refused(400, errorType);
        assertThat(b2b.get("/v1/b2b/rbac/organizations/" + id).ok().at("org_policy.roles"))
                .isEmpty();
    }

    @Test
    void aPolicyIsNeededHasABoundAndBelongsToAnOrganization() {
        String id = organization("Acme", "");
        b2b.put("/v1/b2b/rbac/organizations/" + id, "{}").refused(400, "bad_request");
        set(
                        id,
                        IntStream.rangeClosed(0, 100)
                                .mapToObj(i -> "{'role_id':'r" + i + "'}")
                                .collect(Collectors.joining(",")))
                .refused(400, "too_many_roles");
        set("nobody", EDITOR).refused(404, "organization_not_found");
        set("a%20b", EDITOR).refused(400, "invalid_organization_id");
        b2b.get("/v1/b2b/rbac/organizations/nobody").refused(404, "organization_not_found");
    }

    private Answer set(String key, String roles) {
        return b2b.put("/v1/b2b/rbac/organizations/" + key, "{'org_policy':{'roles':[" + roles + "]}}");
    }
}
