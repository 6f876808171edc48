package dev.selvage.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.WireTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A name of a host is one value in every field that holds one: both ways to write it are taken, one is kept
/// and shown.
class HostNamesWireTest extends WireTest {

    private static final List<String> WRITTEN =
            List.of("bücher.example", "BÜCHER.example", "bu\u0308cher.example", "xn--BCHER-kva.Example");
    private static final String KEPT = "xn--bcher-kva.example";
    private static final String ORGANIZATIONS = "/v1/b2b/organizations";

    private Client b2b;

    @BeforeEach
    void b2bProject() {
        b2b = app.b2b();
    }

    @Test
    void anAddressOfAUser() {
        String id = client.post("/v1/users", Map.of("email", "Ada@" + WRITTEN.getFirst()))
                .ok()
                .text("user_id");
        assertThat(client.get("/v1/users/" + id).ok().text("emails.0.email")).isEqualTo("ada@" + KEPT);
        for (String domain : WRITTEN) {
            client.post("/v1/users", Map.of("email", "ada@" + domain)).refused(400, "duplicate_email");
            assertThat(found(client, "/v1/users/search", "email_address", List.of("ADA@" + domain)))
                    .isEqualTo(1);
            assertThat(found(client, "/v1/users/search", "email_domain", List.of(domain)))
                    .isEqualTo(1);
        }
        client.post("/v1/users", Map.of("email", "ada@fa\u00DF.example")).refused(400, "invalid_email");
        client.post("/v1/users", Map.of("email", "ädä@example.com")).refused(400, "invalid_email");
    }

    @Test
    void theDomainsOfAnOrganizationAndTheAddressesOfItsMembers() {
        for (String domain : WRITTEN) {
            String id = b2b.post(
                            ORGANIZATIONS,
                            Map.of(
                                    "organization_name",
                                    "Acme",
                                    "email_jit_provisioning",
                                    "RESTRICTED",
                                    "email_allowed_domains",
                                    List.of(domain),
                                    "rbac_email_implicit_role_assignments",
                                    List.of(Map.of("domain", domain, "role_id", "stytch_admin"))))
                    .ok()
                    .text("organization.organization_id");
            assertThat(b2b.get(ORGANIZATIONS + "/" + id).ok().text("organization.email_allowed_domains.0"))
                    .isEqualTo(KEPT);
            b2b.call(
                            "PUT",
                            ORGANIZATIONS + "/" + id,
                            Json.write(Map.of("email_allowed_domains", WRITTEN.subList(0, 2))))
                    .refused(400, "organization_settings_duplicate_domain");
            Mailbox mailbox = new Mailbox(app, b2b);
            for (String written : WRITTEN) {
                app.clock().advance(Duration.ofSeconds(1));
                b2b.post(
                                "/v1/b2b/magic_links/email/login_or_signup",
                                Map.of("organization_id", id, "email_address", "ada@" + written))
                        .ok();
            }
            var joined = b2b.post(
                            "/v1/b2b/magic_links/authenticate",
                            Map.of("magic_links_token", mailbox.token("ada@" + KEPT)))
                    .ok();
            assertThat(joined.text("member.email_address")).isEqualTo("ada@" + KEPT);
            assertThat(joined.at("member.roles").toString()).contains("stytch_admin");
            assertThat(found(b2b, ORGANIZATIONS + "/search", "allowed_domains", List.of(domain)))
                    .isPositive();
            assertThat(found(b2b, ORGANIZATIONS + "/search", "member_emails", List.of("ada@" + domain)))
                    .isPositive();
        }
        b2b.post(
                        ORGANIZATIONS,
                        Map.of("organization_name", "Acme", "email_allowed_domains", List.of("fa\u00DF.example")))
                .refused(400, "organization_settings_invalid_domain");
    }

    @Test
    void theHostOfARedirectUrl() {
        Mailbox mailbox = new Mailbox(app, client);
        for (String named : WRITTEN) {
            urls(new RedirectUrl("https://" + named + "/in", List.of(RedirectType.values()), List.of()));
            for (String given : WRITTEN) {
                app.clock().advance(Duration.ofSeconds(1));
                String url = "https://" + given + "/in";
                client.post(
                                "/v1/magic_links/email/login_or_create",
                                Map.of(
                                        "email",
                                        "ada@example.com",
                                        "login_magic_link_url",
                                        url,
                                        "signup_magic_link_url",
                                        url))
                        .ok();
                assertThat(Mailbox.location(mailbox.link("ada@example.com")))
                        .startsWithIgnoringCase("https://" + KEPT + "/in?");
            }
        }
    }

    private static int found(Client caller, String path, String filter, Object value) {
        return caller.post(
                        path,
                        Map.of(
                                "query",
                                Map.of(
                                        "operator",
                                        "AND",
                                        "operands",
                                        List.of(Map.of("filter_name", filter, "filter_value", value)))))
                .ok()
                .at("results_metadata.total")
                .intValue();
    }
}
