package dev.selvage.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.support.Client;
import dev.selvage.support.WireTest;
import org.junit.jupiter.api.Test;

class ProjectWireTest extends WireTest {

    @Test
    void whoamiNamesTheProjectOfTheCredentials() {
        var answer = client.get("/v1/debug/whoami").ok();
        assertThat(answer.text("project_id")).isEqualTo(client.projectId());
        assertThat(answer.text("name")).isEqualTo("Test project");
        var b2b = app.b2b();
        assertThat(b2b.get("/v1/debug/whoami").ok().text("project_id")).isEqualTo(b2b.projectId());
    }

    @Test
    void whoamiNeedsCredentials() {
        client.send(client.request("GET", "/v1/debug/whoami", null).build()).refused(401, "unauthorized_credentials");
        client.send(client.request("GET", "/v1/projects/metrics", null).build())
                .refused(401, "unauthorized_credentials");
    }

    @Test
    void metricsCountThePendingUsersTooAndThoseOfThisProjectOnly() {
        client.post("/v1/users", "{'email':'a@example.com'}").ok();
        client.post("/v1/users", "{'email':'b@example.com','create_user_as_pending':true}")
                .ok();
        app.consumer().post("/v1/users", "{'email':'c@example.com'}").ok();
        var answer = client.get("/v1/projects/metrics").ok();
        assertThat(answer.text("project_id")).isEqualTo(client.projectId());
        assertThat(answer.at("metrics")).isEqualTo(Json.mapperInstance().readTree("""
                [{"metric_type": "USER_COUNT", "count": 2}, {"metric_type": "M2M_CLIENT_COUNT", "count": 0}]"""));
    }

    @Test
    void aB2bProjectIsMeasuredInOrganizationsAndMembers() {
        Client b2b = app.b2b();
        b2b.post("/v1/b2b/organizations", "{'organization_name':'Acme'}").ok();
        app.b2b().post("/v1/b2b/organizations", "{'organization_name':'Other'}").ok();
        assertThat(b2b.get("/v1/projects/metrics").ok().at("metrics"))
                .isEqualTo(Json.mapperInstance().readTree("""
                [{"metric_type": "ORGANIZATION_COUNT", "count": 1}, {"metric_type": "MEMBER_COUNT", "count": 0},
                 {"metric_type": "M2M_CLIENT_COUNT", "count": 0}]"""));
    }
}
