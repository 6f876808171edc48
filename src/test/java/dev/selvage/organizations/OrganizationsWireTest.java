package dev.selvage.organizations;

import static dev.selvage.support.Race.atOnce;
import static dev.selvage.support.Race.oneWins;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Environment;
import dev.selvage.base.Json;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrganizationsWireTest extends OrganizationWireTest {

    private static final int CALLS = 12;

    @Test
    void aNewOrganizationHasTheDefaults() {
        Answer made = create("Acme", "'organization_slug':'acme'").ok();
        var body = Json.object(Json.write(made.at("organization")));
        assertThat(body.remove("organization_id").stringValue()).startsWith("organization-test-");
        assertThat(body.remove("created_at")).isEqualTo(body.remove("updated_at"));
        assertThat(body).isEqualTo(Json.object("""
                {"organization_name": "Acme", "organization_logo_url": "", "organization_slug": "acme",
                 "sso_jit_provisioning": "ALL_ALLOWED", "sso_jit_provisioning_allowed_connections": [], "sso_active_connections": [],
                 "email_allowed_domains": [], "email_jit_provisioning": "NOT_ALLOWED", "email_invites": "ALL_ALLOWED",
                 "auth_methods": "ALL_ALLOWED", "allowed_auth_methods": [], "mfa_policy": "OPTIONAL",
                 "rbac_email_implicit_role_assignments": [], "mfa_methods": "ALL_ALLOWED", "allowed_mfa_methods": [],
                 "oauth_tenant_jit_provisioning": "NOT_ALLOWED", "claimed_email_domains": [],
                 "first_party_connected_apps_allowed_type": "ALL_ALLOWED", "allowed_first_party_connected_apps": [],
                 "third_party_connected_apps_allowed_type": "ALL_ALLOWED", "allowed_third_party_connected_apps": [],
                 "custom_roles": [], "trusted_metadata": {}, "organization_external_id": null, "sso_default_connection_id": null,
                 "scim_active_connection": null, "allowed_oauth_tenants": {}}"""));
    }

    @Test
    void itIsFoundByIdSlugAndExternalId() {
        String id = organization("Acme", "'organization_slug':'acme','organization_external_id':'ext|1'");
        for (String key : List.of(id, "acme", "ext%7C1")) {
            assertThat(b2b.get(PATH + "/" + key).ok().text("organization.organization_id"))
                    .isEqualTo(id);
        }
    }

    @Test
    void anExternalIdIsFoundBeforeASlug() {
        organization("One", "'organization_slug':'same'");
        String id = organization("Two", "'organization_slug':'other','organization_external_id':'same'");
        assertThat(b2b.get(PATH + "/same").ok().text("organization.organization_id"))
                .isEqualTo(id);
    }

    @Test
    void whatCanBeNoIdIsRefusedAndWhatIsUnknownNotFound() {
        for (String key : List.of("a%20b", "%C3%A4", "x".repeat(129))) {
            b2b.get(PATH + "/" + key).refused(400, "invalid_organization_id");
        }
        String unknown = "organization-test-00000000-0000-4000-8000-000000000000";
        for (String key : List.of(unknown, "nobody", "organization-test-1")) {
            b2b.get(PATH + "/" + key).refused(404, "organization_not_found");
            update(key, "").refused(404, "organization_not_found");
            b2b.delete(PATH + "/" + key).refused(404, "organization_not_found");
            b2b.delete(PATH + "/" + key + "/external_id").refused(404, "organization_not_found");
        }
        b2b.get(PATH + "/" + unknown.replace("-test-", "-live-")).refused(400, "live_id_used_in_test_environment");
        app.client(Vertical.B2B, Environment.LIVE)
                .get(PATH + "/" + unknown)
                .refused(400, "test_id_used_in_live_environment");
    }

    @Test
    void aSlugIsMadeFromTheNameAndGetsAnEndingWhenTaken() {
        assertThat(create("Müller & Söhne, GmbH!", "").ok().text("organization.organization_slug"))
                .isEqualTo("muller-sohne-gmbh");
        assertThat(create("Muller Sohne GmbH", "'organization_slug':''").ok().text("organization.organization_slug"))
                .matches("muller-sohne-gmbh-[a-z2-9]{6}");
        assertThat(create("株式会社", "").ok().text("organization.organization_slug"))
                .isEqualTo("organization");
        assertThat(create("x".repeat(128), "").ok().text("organization.organization_slug"))
                .hasSize(100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'organization_slug':'a'                   | invalid_organization_slug",
                "'organization_slug':'a b'                 | invalid_organization_slug",
                "'organization_slug':'-._~'                | invalid_organization_slug",
                "'organization_slug':'ä-slug'              | invalid_organization_slug",
                "'organization_slug':'organization-test-1' | invalid_organization_slug",
                "'organization_external_id':'a b'          | invalid_organization_external_id",
                "'organization_external_id':'user-test-1'  | invalid_organization_external_id",
                "'organization_external_id':'organization-test-00000000-0000-4000-8000-000000000000' | external_organization_id_same_as_organization_id",
                "'organization_name':' '                   | invalid_organization_name",
                "'organization_name':'a\\nb'               | invalid_organization_name",
                "'organization_name':5                     | bad_request",
                "'trusted_metadata':[1]                     | metadata_invalid_format"
            })
    void namesAndIdsHaveAForm(String members, String errorType) {
        String id = organization("Acme", "");
        update(id, members).refused(400, errorType);
        b2b.post(PATH, "{" + (members.contains("_name") ? "" : "'organization_name':'Other',") + members + "}")
                .refused(400, errorType);
        assertThat(b2b.get(PATH + "/" + id).ok().text("organization.organization_name"))
                .isEqualTo("Acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'organization_name':null", "'organization_name':''"})
    void aNewOrganizationNeedsAName(String members) {
        b2b.post(PATH, "{" + members + "}").refused(400, "organization_name_missing");
    }

    @Test
    void namesAndSlugsHaveALength() {
        create("x".repeat(129), "").refused(400, "invalid_organization_name");
        create("x".repeat(128), "'organization_slug':'" + "s".repeat(128) + "'").ok();
        create("x", "'organization_slug':'" + "s".repeat(129) + "'").refused(400, "invalid_organization_slug");
        create("x", "'organization_external_id':'" + "e".repeat(128) + "'").ok();
        create("x", "'organization_external_id':'" + "e".repeat(129) + "'")
                .refused(400, "invalid_organization_external_id");
    }

    @Test
    void metadataHasBounds() {
        create("x", "'trusted_metadata':{'a':'" + "x".repeat(4096) + "'}").refused(400, "metadata_too_large");
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            keys.add("'k" + i + "':1");
        }
        create("x", "'trusted_metadata':{" + String.join(",", keys) + "}").refused(400, "metadata_too_many_keys");
        String id = organization("x", "'trusted_metadata':{'a':1,'b':{'c':2}}");
        assertThat(update(id, "'trusted_metadata':{'a':null,'b':{'d':3}}").ok().at("organization.trusted_metadata"))
                .isEqualTo(Json.object("{\"b\":{\"d\":3}}"));
    }

    @Test
    void slugAndExternalIdAreUniqueInTheProjectAlone() {
        String first = organization("Acme", "'organization_slug':'acme','organization_external_id':'e'");
        create("Acme", "'organization_slug':'acme'").refused(400, "organization_slug_already_used");
        create("Acme", "'organization_external_id':'e'").refused(400, "organization_external_id_already_used");
        String second = organization("Other", "");
        update(second, "'organization_slug':'acme'").refused(400, "organization_slug_already_used");
        update(second, "'organization_external_id':'e'").refused(400, "organization_external_id_already_used");
        update(first, "'organization_slug':'acme','organization_external_id':'e'")
                .ok();
        app.b2b()
                .post(PATH, "{'organization_name':'Acme','organization_slug':'acme','organization_external_id':'e'}")
                .ok();
    }

    @Test
    void anUpdateChangesWhatItNamesAndKeepsTheRest() {
        String id = organization(
                "Acme",
                "'organization_slug':'acme','organization_external_id':'e','organization_logo_url':'https://l',"
                        + "'trusted_metadata':{'a':1}");
        var before = b2b.get(PATH + "/" + id).ok();
        app.clock().advance(Duration.ofMinutes(1));
        for (String nothing : List.of(
                "",
                "'organization_name':null,'organization_slug':null,'organization_external_id':null",
                "'organization_name':'','organization_slug':'','organization_external_id':'','organization_logo_url':null")) {
            var same = Json.object(Json.write(update(id, nothing).ok().at("organization")));
            assertThat(same.remove("updated_at")).isNotEqualTo(before.at("organization.updated_at"));
            var wanted = Json.object(Json.write(before.at("organization")));
            wanted.remove("updated_at");
            assertThat(same).isEqualTo(wanted);
        }
        Answer after = update(
                        "acme",
                        "'organization_name':'New','organization_slug':'new','organization_external_id':'f','organization_logo_url':''")
                .ok();
        assertThat(after.text("organization.organization_name")).isEqualTo("New");
        assertThat(after.text("organization.organization_logo_url")).isEmpty();
        assertThat(after.at("organization"))
                .isEqualTo(b2b.get(PATH + "/new").ok().at("organization"));
        b2b.get(PATH + "/acme").refused(404, "organization_not_found");
        b2b.get(PATH + "/e").refused(404, "organization_not_found");
        b2b.get(PATH + "/f").ok();
    }

    @Test
    void anExternalIdCanBeTakenAway() {
        String id = organization("Acme", "'organization_external_id':'e'");
        assertThat(b2b.delete(PATH + "/e/external_id")
                        .ok()
                        .at("organization.organization_external_id")
                        .isNull())
                .isTrue();
        b2b.delete(PATH + "/" + id + "/external_id").ok();
        organization("Other", "'organization_external_id':'e'");
    }

    @Test
    void aDeletedOrganizationIsGoneAndItsNamesAreFree() {
        String id = organization(
                "Acme",
                "'organization_slug':'acme','organization_external_id':'e','email_allowed_domains':['acme.example']");
        assertThat(b2b.delete(PATH + "/acme").ok().text("organization_id")).isEqualTo(id);
        b2b.get(PATH + "/" + id).refused(404, "organization_not_found");
        b2b.delete(PATH + "/" + id).refused(404, "organization_not_found");
        organization(
                "Acme",
                "'organization_slug':'acme','organization_external_id':'e','email_allowed_domains':['acme.example']");
    }

    @Test
    void anotherProjectSeesNoneOfIt() {
        String id = organization("Acme", "'organization_slug':'acme','organization_external_id':'e'");
        Client other = app.b2b();
        for (String key : List.of(id, "acme", "e")) {
            other.get(PATH + "/" + key).refused(404, "organization_not_found");
            other.put(PATH + "/" + key, "{'organization_name':'Mine'}").refused(404, "organization_not_found");
            other.delete(PATH + "/" + key).refused(404, "organization_not_found");
            other.delete(PATH + "/" + key + "/external_id").refused(404, "organization_not_found");
            other.get("/v1/b2b/rbac/organizations/" + key).refused(404, "organization_not_found");
            other.put("/v1/b2b/rbac/organizations/" + key, "{'org_policy':{'roles':[]}}")
                    .refused(404, "organization_not_found");
        }
        assertThat(other.post(PATH + "/search", "{}")
                        .ok()
                        .at("results_metadata.total")
                        .intValue())
                .isZero();
        assertThat(b2b.get(PATH + "/e").ok().text("organization.organization_name"))
                .isEqualTo("Acme");
        client.get(PATH + "/" + id).refused(400, "invalid_b2b_endpoint");
    }

    @Test
    void oneOfManyCallsTakesASlug() throws Exception {
        oneWins(
                atOnce(CALLS, i -> create("Acme " + i, "'organization_slug':'acme'")),
                "organization_slug_already_used");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            ids.add(organization("Other " + i, ""));
        }
        oneWins(
                atOnce(CALLS, i -> update(ids.get(i), "'organization_slug':'taken'")),
                "organization_slug_already_used");
    }

    @Test
    void oneOfManyCallsTakesAnExternalId() throws Exception {
        oneWins(
                atOnce(CALLS, i -> create("Acme " + i, "'organization_external_id':'e'")),
                "organization_external_id_already_used");
    }

    @Test
    void everyCallWithoutASlugGetsOne() throws Exception {
        assertThat(atOnce(CALLS, i -> create("Acme", "").ok()).stream()
                        .map(made -> made.text("organization.organization_slug")))
                .doesNotHaveDuplicates()
                .allMatch(slug -> slug.startsWith("acme"));
    }

    @Test
    void everyMergeOfManyUpdatesIsKept() throws Exception {
        String id = organization("Acme", "");
        atOnce(CALLS, i -> update(id, "'trusted_metadata':{'k" + i + "':1}")).forEach(Answer::ok);
        assertThat(b2b.get(PATH + "/" + id).ok().at("organization.trusted_metadata"))
                .hasSize(CALLS);
    }
}
