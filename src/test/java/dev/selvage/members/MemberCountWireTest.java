package dev.selvage.members;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Members.NewMember;
import dev.selvage.support.MemberWireTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemberCountWireTest extends MemberWireTest {

    @Test
    void anOrganizationCountsItsOwnMembersWhoAreNotDeleted() {
        String acme = organization("'organization_external_id':'acme-ext','organization_slug':'acme-slug'");
        String other = organization("");
        assertThat(count(acme)).isZero();
        member(acme, "ann@example.com");
        for (Member.Status status : Member.Status.values()) {
            app.app()
                    .members()
                    .create(
                            client.project(),
                            app.app().organizations().get(client.project(), acme),
                            NewMember.withEmail(new EmailAddress(status.wireValue() + "@example.com"), status));
        }
        member(other, "ann@example.com");
        for (String key : new String[] {acme, "acme-ext", "acme-slug"}) {
            assertThat(count(key)).as(key).isEqualTo(4);
        }
        assertThat(count(other)).isEqualTo(1);
        assertThat(client.get("/v1/projects/metrics")
                        .ok()
                        .at("metrics")
                        .valueStream()
                        .filter(metric ->
                                metric.path("metric_type").stringValue().equals("MEMBER_COUNT"))
                        .findFirst()
                        .orElseThrow()
                        .path("count")
                        .intValue())
                .isEqualTo(5);
        assertThat(app.b2b()
                        .get("/v1/projects/metrics")
                        .ok()
                        .at("metrics.1.count")
                        .intValue())
                .isZero();
    }

    @Test
    void anOrganizationThatThereIsNotHasNoCount() {
        String foreign = app.b2b()
                .post("/v1/b2b/organizations", Map.of("organization_name", "Acme"))
                .ok()
                .text("organization.organization_id");
        for (String key : new String[] {foreign, "unknown", "organization-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6"}) {
            client.get("/v1/b2b/organizations/" + key + "/metrics").refused(404, "organization_not_found");
        }
        client.get("/v1/b2b/organizations/a%20b/metrics").refused(400, "invalid_organization_id");
        app.consumer().get("/v1/b2b/organizations/" + foreign + "/metrics").refused(400, "invalid_b2b_endpoint");
    }

    private int count(String organizationKey) {
        return client.get("/v1/b2b/organizations/" + organizationKey + "/metrics")
                .ok()
                .at("member_count")
                .intValue();
    }
}
