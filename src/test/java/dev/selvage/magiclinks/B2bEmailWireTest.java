package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class B2bEmailWireTest extends B2bMagicLinkTest {

    @Test
    void somebodyNewBecomesAPendingMemberAndIsSentASignupLink() {
        String id = organization(OPEN);
        Client.Answer sent = loginOrSignup(id, "Ada@Example.com", "").ok();
        assertThat(sent.at("member_created").booleanValue()).isTrue();
        assertThat(sent.text("member.status")).isEqualTo("pending");
        assertThat(sent.text("member.email_address")).isEqualTo(EMAIL);
        assertThat(sent.at("member.email_address_verified").booleanValue()).isFalse();
        assertThat(sent.text("member_id")).isEqualTo(sent.text("member.member_id"));
        assertThat(sent.text("organization.organization_id")).isEqualTo(id);
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue())
                .isEqualTo("Your account creation request for Test project");
    }

    @Test
    void anActiveMemberIsSentALoginLink() {
        String id = organization("");
        Membership ada = member(id, EMAIL);
        Client.Answer sent = loginOrSignup(id, EMAIL, "").ok();
        assertThat(sent.at("member_created").booleanValue()).isFalse();
        assertThat(sent.text("member_id")).isEqualTo(ada.member().id());
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue()).isEqualTo("Your login request to Test project");
    }

    @ParameterizedTest
    @CsvSource({"PENDING", "INVITED"})
    void whoDidNotComeYetIsSentASignupLinkThoughNobodyMayJoin(Member.Status status) {
        String id = organization("");
        Membership ada = member(id, EMAIL);
        status(ada, status);
        Client.Answer sent = loginOrSignup(id, EMAIL, "").ok();
        assertThat(sent.at("member_created").booleanValue()).isFalse();
        assertThat(sent.text("member.status")).isEqualTo(status.wireValue());
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue())
                .isEqualTo("Your account creation request for Test project");
    }

    @Test
    void anOrganizationIsNamedByItsIdItsSlugOrItsExternalId() {
        String id = organization(OPEN + ",'organization_slug':'acme','organization_external_id':'e-1'");
        for (String key : List.of(id, "acme", "e-1")) {
            assertThat(loginOrSignup(key, EMAIL, "").ok().text("organization.organization_id"))
                    .isEqualTo(id);
        }
    }

    @Test
    void theMailAndTheApplicationAreToldTheSlug() {
        String id = organization(OPEN + ",'organization_slug':'acme'");
        loginOrSignup(id, EMAIL, "").ok();
        String link = mailbox.link(EMAIL);
        assertThat(link)
                .matches("\\Q" + app.baseUrl() + "/v1/magic_links/redirect?public_token=" + client.publicToken()
                        + "&slug=acme&stytch_token_type=multi_tenant_magic_links&token=\\E[A-Za-z0-9_-]{44}");
        assertThat(Mailbox.location(link))
                .isEqualTo("http://localhost:3000/authenticate?slug=acme"
                        + "&stytch_token_type=multi_tenant_magic_links&token=" + Mailbox.tokenIn(link));
        change(id, "'organization_slug':'acme-new'");
        assertThat(Mailbox.location(link)).startsWith("http://localhost:3000/authenticate?slug=acme-new&");
    }

    @Test
    void nobodyJoinsAnOrganizationThatDoesNotTakeInAddresses() {
        loginOrSignup(organization(""), EMAIL, "").refused(400, "email_jit_provisioning_not_allowed");
        loginOrSignup(organization(OPEN), "ada@elsewhere.com", "").refused(400, "invalid_email_for_jit_provisioning");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
        assertThat(mailbox.messages("ada@elsewhere.com")).isEmpty();
    }

    @Test
    void nobodyJoinsBesideAnOrganizationThatClaimsTheDomain() {
        organization("'claimed_email_domains':['example.com']");
        loginOrSignup(organization(OPEN), EMAIL, "").refused(400, "action_not_allowed_email_domain_is_claimed");
    }

    @Test
    void anOrganizationThatForbidsMagicLinksSendsThemToBreakGlassMembersOnly() {
        String id = organization(OPEN + ",'auth_methods':'RESTRICTED','allowed_auth_methods':['password']");
        member(id, OTHER);
        loginOrSignup(id, EMAIL, "").refused(400, "operation_restricted_by_organization_auth_methods");
        loginOrSignup(id, OTHER, "").refused(400, "operation_restricted_by_organization_auth_methods");
        assertThat(mailbox.messages(OTHER)).isEmpty();
        breakGlass(stored(id, OTHER));
        loginOrSignup(id, OTHER, "").ok();
        assertThat(authenticate(mailbox.token(OTHER), "")
                        .ok()
                        .at("member_authenticated")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void theAddressOfADeletedMemberMakesANewMember() {
        String id = organization(OPEN);
        Membership ada = member(id, EMAIL);
        delete(ada);
        Client.Answer sent = loginOrSignup(id, EMAIL, "").ok();
        assertThat(sent.at("member_created").booleanValue()).isTrue();
        assertThat(sent.text("member_id")).isNotEqualTo(ada.member().id());
    }

    @Test
    void anAddressGetsOneMessageASecond() {
        String id = organization(OPEN);
        loginOrSignup(id, EMAIL, "").ok();
        String body = "{'organization_id':'" + id + "','email_address':'" + EMAIL + "'}";
        client.post("/v1/b2b/magic_links/email/login_or_signup", body).refused(429, "too_many_requests");
        client.post("/v1/b2b/magic_links/email/discovery/send", "{'email_address':'" + EMAIL + "'}")
                .refused(429, "too_many_requests");
        client.post("/v1/b2b/magic_links/email/invite", body).refused(429, "too_many_requests");
        loginOrSignup(id, EMAIL, "").ok();
        assertThat(mailbox.messages(EMAIL)).hasSize(2);
    }

    @Test
    void linksLiveSixtyMinutesUnlessTheCallSaysAnother() {
        String id = organization(OPEN);
        String token = token(id, EMAIL);
        app.clock().advance(Duration.ofMinutes(60));
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
        loginOrSignup(id, EMAIL, ",'signup_expiration_minutes':5,'login_expiration_minutes':60")
                .ok();
        String shorter = mailbox.token(EMAIL);
        app.clock().advance(Duration.ofMinutes(5));
        authenticate(shorter, "").refused(401, "unable_to_auth_magic_link");
        loginOrSignup(id, EMAIL, ",'signup_expiration_minutes':10080").ok();
        String longer = mailbox.token(EMAIL);
        app.clock().advance(Duration.ofMinutes(10_079));
        authenticate(longer, "").ok();
    }

    @Test
    void whatCannotBeRightIsRefusedBeforeAMemberIsMade() {
        String id = organization(OPEN);
        loginOrSignup(id, "nobody", "").refused(400, "invalid_email");
        loginOrSignup("organization-test-00000000-0000-4000-8000-000000000000", EMAIL, "")
                .refused(404, "organization_not_found");
        loginOrSignup("a b", EMAIL, "").refused(400, "invalid_organization_id");
        client.post("/v1/b2b/magic_links/email/login_or_signup", "{'email_address':'" + EMAIL + "'}")
                .refused(400, "invalid_organization_id");
        client.post("/v1/b2b/magic_links/email/login_or_signup", "{'organization_id':'" + id + "'}")
                .refused(400, "bad_request");
        loginOrSignup(id, EMAIL, ",'login_expiration_minutes':4").refused(400, "invalid_expiration");
        loginOrSignup(id, EMAIL, ",'signup_expiration_minutes':10081").refused(400, "invalid_expiration");
        loginOrSignup(id, EMAIL, ",'locale':'xx'").refused(400, "invalid_locale");
        loginOrSignup(id, EMAIL, ",'pkce_code_challenge':'short'").refused(400, "invalid_pkce_code_challenge");
        loginOrSignup(id, EMAIL, ",'login_redirect_url':'nowhere'").refused(400, "invalid_login_redirect_url");
        loginOrSignup(id, EMAIL, ",'signup_redirect_url':'javascript://a'").refused(400, "invalid_signup_redirect_url");
        loginOrSignup(id, EMAIL, ",'login_redirect_url':'https://evil.test'")
                .refused(400, "no_match_for_provided_magic_link_url");
        loginOrSignup(id, EMAIL, ",'signup_redirect_url':'https://evil.test'")
                .refused(400, "no_match_for_provided_magic_link_url");
        loginOrSignup(id, EMAIL, ",'signup_template_id':'unknown'").refused(404, "email_template_not_found");
        assertThat(client.post(
                                "/v1/b2b/magic_links/email/login_or_signup",
                                "{'organization_id':'" + id + "','email_address':'" + OTHER + "','locale':'ptbr'}")
                        .ok()
                        .at("member_created")
                        .booleanValue())
                .isTrue();
        assertThat(loginOrSignup(id, EMAIL, "").ok().at("member_created").booleanValue())
                .isTrue();
    }

    @Test
    void linksLeadToTheUrlOfTheirKind() {
        String id = organization(OPEN + ",'organization_slug':'acme'");
        urls(
                new RedirectUrl("https://a.example.com/in", List.of(RedirectType.LOGIN), List.of(RedirectType.LOGIN)),
                new RedirectUrl("https://a.example.com/up?x=1", List.of(RedirectType.SIGNUP), null),
                new RedirectUrl(
                        "https://a.example.com/join", List.of(RedirectType.INVITE), List.of(RedirectType.INVITE)));
        loginOrSignup(id, EMAIL, "").refused(400, "no_default_signup_redirect_url_set");
        loginOrSignup(id, EMAIL, ",'signup_redirect_url':'https://a.example.com/up?x=1'")
                .ok();
        assertThat(Mailbox.location(mailbox.link(EMAIL)))
                .startsWith("https://a.example.com/up?x=1&slug=acme&stytch_token_type=");
        authenticate(mailbox.token(EMAIL), "").ok();
        loginOrSignup(id, EMAIL, "").ok();
        assertThat(Mailbox.location(mailbox.link(EMAIL))).startsWith("https://a.example.com/in?slug=acme&");
        invite(id, OTHER, "").ok();
        assertThat(Mailbox.location(mailbox.link(OTHER))).startsWith("https://a.example.com/join?slug=acme&");
        sendDiscovery(EMAIL, "").refused(400, "no_discovery_redirect_urls_set");
        urls();
        loginOrSignup(id, EMAIL, "").refused(400, "no_login_redirect_urls_set");
        loginOrSignup(id, OTHER, "").refused(400, "no_signup_redirect_urls_set");
        invite(id, OTHER, "").refused(400, "no_invite_redirect_urls_set");
    }

    @Test
    void theAddressInOneOrganizationIsNobodyInAnother() {
        String one = organization(OPEN);
        String other = organization(OPEN);
        String first = loginOrSignup(one, EMAIL, "").ok().text("member_id");
        Client.Answer second = loginOrSignup(other, EMAIL, "").ok();
        assertThat(second.at("member_created").booleanValue()).isTrue();
        assertThat(second.text("member_id")).isNotEqualTo(first);
        authenticate(mailbox.token(EMAIL), "").ok();
        assertThat(stored(one, EMAIL).member().status()).isEqualTo(Member.Status.PENDING);
        assertThat(stored(other, EMAIL).member().status()).isEqualTo(Member.Status.ACTIVE);
        Client elsewhere = app.b2b();
        elsewhere
                .post(
                        "/v1/b2b/magic_links/email/login_or_signup",
                        "{'organization_id':'" + one + "','email_address':'" + EMAIL + "'}")
                .refused(404, "organization_not_found");
    }

    private void breakGlass(Membership membership) {
        app.app()
                .database()
                .write("UPDATE members SET is_breakglass = TRUE WHERE project_id = :v1 AND member_id = :v2")
                .bind("v1", client.projectId())
                .bind("v2", membership.member().id())
                .update();
    }

    private void delete(Membership membership) {
        status(membership, Member.Status.DELETED);
        app.app()
                .database()
                .write("UPDATE member_emails SET state = 'FORMER' WHERE project_id = :v1 AND member_id = :v2")
                .bind("v1", client.projectId())
                .bind("v2", membership.member().id())
                .update();
    }
}
