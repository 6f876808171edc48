package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Tokens;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Membership;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class B2bDiscoveryLinksWireTest extends B2bMagicLinkTest {

    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    @Test
    void whoProvesAnAddressFindsItsOrganizations() {
        String id = organization("");
        Membership ada = member(id, EMAIL);
        organization("");
        Client.Answer sent = sendDiscovery("Ada@example.com", "").ok();
        assertThat(sent.body().propertyNames()).containsExactlyInAnyOrder("status_code", "request_id");
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue()).isEqualTo("Your login request to Test project");
        Client.Answer found = discover(mailbox.token(EMAIL), "").ok();
        assertThat(found.text("email_address")).isEqualTo(EMAIL);
        assertThat(found.text("intermediate_session_token")).hasSize(44);
        assertThat(found.at("discovered_organizations")).hasSize(1);
        assertThat(found.text("discovered_organizations.0.organization.organization_id"))
                .isEqualTo(id);
        assertThat(found.text("discovered_organizations.0.membership.member.member_id"))
                .isEqualTo(ada.member().id());
        assertThat(sessionsOf(ada).ok().at("member_sessions")).isEmpty();
    }

    @Test
    void whoIsNowhereIsSentALinkAsWellAndBecomesNoMember() {
        organization(OPEN);
        sendDiscovery(EMAIL, "").ok();
        discover(mailbox.token(EMAIL), "").ok();
        assertThat(app.app().members().findAllByEmail(client.project(), new EmailAddress(EMAIL), 10))
                .isEmpty();
    }

    @Test
    void theApplicationIsToldThatItIsADiscoveryAndNoSlug() {
        member(organization(""), EMAIL);
        sendDiscovery(EMAIL, "").ok();
        String link = mailbox.link(EMAIL);
        assertThat(link)
                .matches("\\Q" + app.baseUrl() + "/v1/magic_links/redirect?public_token=" + client.publicToken()
                        + "&stytch_token_type=discovery&token=\\E[A-Za-z0-9_-]{44}");
        assertThat(Mailbox.location(link))
                .isEqualTo("http://localhost:3000/authenticate?stytch_redirect_type=login"
                        + "&stytch_token_type=discovery&token=" + Mailbox.tokenIn(link));
    }

    @Test
    void noTokenOfOneFlowWorksInAnother() {
        String id = organization(OPEN);
        String ofOrganization = token(id, EMAIL);
        sendDiscovery(EMAIL, "").ok();
        String ofDiscovery = mailbox.token(EMAIL);
        discover(ofOrganization, "").refused(404, "magic_link_not_found");
        authenticate(ofDiscovery, "").refused(404, "magic_link_not_found");
        client.post("/v1/b2b/magic_links/authenticate", "{'discovery_magic_links_token':'" + ofDiscovery + "'}")
                .refused(400, "bad_request");
        app.b2b()
                .post(
                        "/v1/b2b/magic_links/discovery/authenticate",
                        "{'discovery_magic_links_token':'" + ofDiscovery + "'}")
                .refused(404, "magic_link_not_found");
        discover(ofDiscovery, "").ok();
        authenticate(ofOrganization, "").ok();
        discover(ofDiscovery, "").refused(401, "unable_to_auth_magic_link");
    }

    @Test
    void anIntermediateSessionOfADiscoveryIsCompletedInAnOrganization() {
        String id = organization("");
        Membership ada = member(id, EMAIL);
        sendDiscovery(EMAIL, "").ok();
        String intermediate = discover(mailbox.token(EMAIL), "").ok().text("intermediate_session_token");
        Client.Answer done = client.post(
                        "/v1/b2b/discovery/intermediate_sessions/exchange",
                        "{'intermediate_session_token':'" + intermediate + "','organization_id':'" + id + "'}")
                .ok();
        assertThat(done.text("member_id")).isEqualTo(ada.member().id());
        assertThat(done.text("member_session.authentication_factors.0.email_factor.email_id"))
                .isEqualTo(ada.member().email().id());
    }

    @Test
    void aLinkLivesAnHourUnlessTheCallSaysAnother() {
        sendDiscovery(EMAIL, "").ok();
        String token = mailbox.token(EMAIL);
        app.clock().advance(Duration.ofMinutes(60));
        discover(token, "").refused(401, "unable_to_auth_magic_link");
        sendDiscovery(EMAIL, ",'discovery_expiration_minutes':5").ok();
        String shorter = mailbox.token(EMAIL);
        app.clock().advance(Duration.ofMinutes(5));
        discover(shorter, "").refused(401, "unable_to_auth_magic_link");
    }

    @Test
    void aFlowThatBeginsWithAChallengeEndsWithItsVerifier() {
        sendDiscovery(EMAIL, ",'pkce_code_challenge':'" + Tokens.encode(Tokens.hash(VERIFIER)) + "'")
                .ok();
        String token = mailbox.token(EMAIL);
        discover(token, "").refused(400, "pkce_expected_code_verifier");
        discover(token, ",'pkce_code_verifier':'" + "b".repeat(43) + "'").refused(400, "pkce_mismatch");
        discover(token, ",'pkce_code_verifier':'short'").refused(400, "invalid_pkce_code_verifier");
        discover(token, ",'pkce_code_verifier':'" + VERIFIER + "'").ok();
    }

    @Test
    void whatCannotBeRightIsRefused() {
        sendDiscovery("nobody", "").refused(400, "invalid_email");
        client.post("/v1/b2b/magic_links/email/discovery/send", "{}").refused(400, "bad_request");
        sendDiscovery(EMAIL, ",'discovery_expiration_minutes':4").refused(400, "invalid_expiration");
        sendDiscovery(EMAIL, ",'discovery_expiration_minutes':10081").refused(400, "invalid_expiration");
        sendDiscovery(EMAIL, ",'locale':'xx'").refused(400, "invalid_locale");
        sendDiscovery(EMAIL, ",'pkce_code_challenge':'short'").refused(400, "invalid_pkce_code_challenge");
        sendDiscovery(EMAIL, ",'discovery_redirect_url':'nowhere'").refused(400, "invalid_discovery_redirect_url");
        sendDiscovery(EMAIL, ",'discovery_redirect_url':'https://evil.test'")
                .refused(400, "no_match_for_provided_magic_link_url");
        sendDiscovery(EMAIL, ",'login_template_id':'unknown'").refused(404, "email_template_not_found");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
        discover("short", "").refused(400, "invalid_token");
        discover("A".repeat(44), "").refused(404, "magic_link_not_found");
        client.post("/v1/b2b/magic_links/discovery/authenticate", "{}").refused(400, "bad_request");
    }

    @Test
    void theUrlIsOneForDiscovery() {
        urls(
                new RedirectUrl("https://a.example.com/find", List.of(RedirectType.DISCOVERY), null),
                new RedirectUrl("https://a.example.com/in", List.of(RedirectType.LOGIN), List.of(RedirectType.LOGIN)));
        sendDiscovery(EMAIL, "").refused(400, "no_default_discovery_redirect_url_set");
        sendDiscovery(EMAIL, ",'discovery_redirect_url':'https://a.example.com/in'")
                .refused(400, "no_match_for_provided_magic_link_url");
        sendDiscovery(EMAIL, ",'discovery_redirect_url':'https://a.example.com/find','locale':'es'")
                .ok();
        assertThat(Mailbox.location(mailbox.link(EMAIL)))
                .startsWith("https://a.example.com/find?stytch_redirect_type=login&");
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue())
                .contains("Test project")
                .doesNotContain("Your login");
    }
}
