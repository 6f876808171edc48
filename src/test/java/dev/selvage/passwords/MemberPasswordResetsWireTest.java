package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Tokens;
import dev.selvage.members.Membership;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.Race;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/// Resets of members' passwords by email.
class MemberPasswordResetsWireTest extends MemberPasswordTest {

    private static final String VERIFIER = "v".repeat(43);
    private static final String CHALLENGE = Tokens.encode(Tokens.sha256(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
    private static final String OVER = "unable_to_auth_password_reset_token";

    @Test
    void aForgottenPasswordIsReplacedByTheLinkInTheMail() {
        String acme = organization("'organization_slug':'acme-reset'");
        Membership ada = memberWithPassword(acme, EMAIL);
        Client.Answer started = start(acme, EMAIL).ok();
        assertThat(started.text("member_id")).isEqualTo(ada.member().id());
        assertThat(started.text("member_email_id"))
                .isEqualTo(ada.member().email().id());
        assertThat(started.text("member.email_address")).isEqualTo(EMAIL);
        String location = Mailbox.location(mailbox.link(EMAIL));
        assertThat(location)
                .startsWith("http://localhost:3000/authenticate?public_token=" + client.publicToken()
                        + "&slug=acme-reset&stytch_token_type=multi_tenant_passwords&token=");
        Client.Answer done = reset(Mailbox.tokenIn(location)).ok();
        assertThat(done.text("member_id")).isEqualTo(ada.member().id());
        assertThat(done.text("member_email_id")).isEqualTo(ada.member().email().id());
        assertThat(done.text("member.member_password_id"))
                .isEqualTo(ada.member().passwordId());
        assertThat(done.at("member_authenticated").booleanValue()).isTrue();
        assertThat(done.at("member_session.authentication_factors")).hasSize(1);
        assertThat(done.text("member_session.authentication_factors.0.type")).isEqualTo("password");
        authenticate(acme, EMAIL, PASSWORD).refused(401, "unauthorized_credentials");
        authenticate(acme, EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void theSecondLinkIsAMagicLinkOfTheOrganization() {
        String acme = organization("'organization_slug':'acme-second'");
        memberWithPassword(acme, EMAIL);
        start(acme, EMAIL).ok();
        String location = Mailbox.location(mailbox.secondLink(EMAIL));
        assertThat(location).contains("slug=acme-second&stytch_token_type=multi_tenant_magic_links&token=");
        reset(Mailbox.tokenIn(location)).refused(401, OVER);
    }

    @Test
    void thereIsNoSecondLinkWhereMagicLinksAreForbidden() {
        String acme = organization("'auth_methods':'RESTRICTED','allowed_auth_methods':['password']");
        memberWithPassword(acme, EMAIL);
        urls(new RedirectUrl(
                "https://app.example.com/reset",
                List.of(RedirectType.RESET_PASSWORD),
                List.of(RedirectType.RESET_PASSWORD)));
        start(acme, EMAIL).ok();
        assertThat(mailbox.newest(EMAIL).path("text").stringValue()).doesNotContain("/v1/magic_links/redirect");
        reset(mailbox.token(EMAIL)).ok();
        start(organizationOf("second"), EMAIL).refused(400, "no_login_redirect_urls_set");
    }

    private String organizationOf(String slug) {
        String id = organization("'organization_slug':'" + slug + "'");
        member(id, EMAIL);
        return id;
    }

    @Test
    void aMemberWhoNeverSignedInSetsAFirstPasswordAndBecomesActive() {
        String acme = organization("");
        Membership ada = pending(acme, EMAIL);
        start(acme, EMAIL).ok();
        Client.Answer done = reset(mailbox.token(EMAIL)).ok();
        assertThat(done.text("member_id")).isEqualTo(ada.member().id());
        assertThat(done.text("member.status")).isEqualTo("active");
        assertThat(done.at("member.email_address_verified").booleanValue()).isTrue();
        assertThat(done.text("member.member_password_id")).startsWith("member-password-test-");
        authenticate(acme, EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void aResetEndsEverySessionAndEveryOtherResetLinkOfTheMember() {
        String acme = organization("");
        String other = organization("");
        memberWithPassword(acme, EMAIL);
        memberWithPassword(other, EMAIL);
        Client.Answer running = authenticate(acme, EMAIL, PASSWORD).ok();
        Client.Answer elsewhere = authenticate(other, EMAIL, PASSWORD).ok();
        start(other, EMAIL).ok();
        String otherToken = mailbox.token(EMAIL);
        start(acme, EMAIL).ok();
        String first = mailbox.token(EMAIL);
        start(acme, EMAIL).ok();
        Client.Answer done = reset(mailbox.token(EMAIL), "session_token", running.text("session_token"))
                .ok();
        sessionOf(done).ok();
        sessionOf(running).refused(404, "session_not_found");
        reset(first).refused(401, OVER);
        sessionOf(elsewhere).ok();
        authenticate(other, EMAIL, PASSWORD).ok();
        reset(otherToken).ok();
    }

    @Test
    void aTokenWorksOnceForHalfAnHourAndInItsProject() {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        start(acme, EMAIL).ok();
        String used = mailbox.token(EMAIL);
        Client own = client;
        client = app.b2b();
        reset(used).refused(401, OVER);
        client = own;
        reset(used).ok();
        reset(used).refused(401, OVER);
        start(acme, EMAIL).ok();
        String token = mailbox.token(EMAIL);
        app.clock().advance(Duration.ofMinutes(30));
        reset(token).refused(401, OVER);
        reset("A".repeat(44)).refused(401, OVER);
        reset("x").refused(400, "invalid_token");
    }

    @Test
    void ofTwoResetsWithOneTokenOneWins() throws InterruptedException, ExecutionException {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        start(acme, EMAIL).ok();
        String token = mailbox.token(EMAIL);
        List<Client.Answer> answers = Race.atOnce(4, number -> reset(token, "password", NEW_PASSWORD + number));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream().filter(answer -> answer.status() != 200).forEach(answer -> answer.refused(401, OVER));
    }

    @Test
    void aRefusedResetLeavesTheLinkUsable() {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        start(acme, EMAIL, "code_challenge", CHALLENGE).ok();
        String token = mailbox.token(EMAIL);
        reset(token).refused(400, "pkce_expected_code_verifier");
        reset(token, "code_verifier", "w".repeat(43)).refused(400, "pkce_mismatch");
        reset(token, "code_verifier", VERIFIER, "password", "password").refused(400, "weak_password");
        reset(token, "code_verifier", VERIFIER, "session_token", "A".repeat(44)).refused(404, "session_not_found");
        reset(token, "code_verifier", VERIFIER, "session_duration_minutes", 1)
                .refused(400, "invalid_session_duration_minutes");
        authenticate(acme, EMAIL, PASSWORD).ok();
        reset(token, "code_verifier", VERIFIER).ok();
    }

    @Test
    void aTokenIsWorthNothingOnceTheAddressIsNotTheMembersAnyMore() {
        String acme = organization("");
        Membership ada = memberWithPassword(acme, EMAIL);
        start(acme, EMAIL).ok();
        String token = mailbox.token(EMAIL);
        client.delete("/v1/b2b/organizations/" + acme + "/members/"
                        + ada.member().id())
                .ok();
        reset(token).refused(401, OVER);
    }

    @Test
    void aSecondFactorIsAskedForAfterAReset() {
        String acme = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        memberWithPassword(acme, EMAIL);
        start(acme, EMAIL).ok();
        Client.Answer half = reset(mailbox.token(EMAIL)).ok();
        assertThat(half.at("member_authenticated").booleanValue()).isFalse();
        assertThat(half.text("intermediate_session_token")).isNotEmpty();
        assertThat(authenticate(acme, EMAIL, NEW_PASSWORD)
                        .ok()
                        .at("member_authenticated")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void whereTheOrganizationForbadePasswordsMeanwhileAnotherWayIsAskedFor() {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        start(acme, EMAIL).ok();
        client.put(
                        "/v1/b2b/organizations/" + acme,
                        "{'auth_methods':'RESTRICTED','allowed_auth_methods':['magic_link']}")
                .ok();
        Client.Answer done = reset(mailbox.token(EMAIL)).ok();
        assertThat(done.at("member_authenticated").booleanValue()).isFalse();
        assertThat(done.text("primary_required.allowed_auth_methods.0")).isEqualTo("magic_link");
    }

    @Test
    void aLockedMemberCannotResetUntilTheLockEnds() {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        start(acme, EMAIL, "reset_password_expiration_minutes", 120).ok();
        String token = mailbox.token(EMAIL);
        for (int attempt = 0; attempt < LOCK_THRESHOLD; attempt++) {
            authenticate(acme, EMAIL, "wrong").refused(401, "unauthorized_credentials");
        }
        reset(token).refused(429, "user_lock_limit_reached");
        start(acme, EMAIL).refused(429, "user_lock_limit_reached");
        app.clock().advance(Duration.ofMinutes(60));
        reset(token).ok();
    }

    @Test
    void whatIsWrongWithAStartIsSaidAndNothingSent() {
        String acme = organization("");
        start(acme, EMAIL).refused(404, "member_not_found");
        memberWithPassword(organization(""), EMAIL);
        start(acme, EMAIL).refused(404, "member_not_found");
        memberWithPassword(acme, EMAIL);
        start("organization-test-00000000-0000-4000-8000-000000000000", EMAIL).refused(404, "organization_not_found");
        start(acme, "x").refused(400, "invalid_email");
        start(acme, EMAIL, "reset_password_expiration_minutes", 4).refused(400, "invalid_expiration");
        start(acme, EMAIL, "code_challenge", "x").refused(400, "invalid_pkce_code_challenge");
        start(acme, EMAIL, "locale", "xx").refused(400, "invalid_locale");
        start(acme, EMAIL, "reset_password_template_id", "nothing").refused(404, "email_template_not_found");
        start(acme, EMAIL, "reset_password_redirect_url", "javascript:x")
                .refused(400, "invalid_password_reset_redirect_url");
        start(acme, EMAIL, "login_redirect_url", "javascript:x").refused(400, "invalid_login_redirect_url");
        start(acme, EMAIL, "reset_password_redirect_url", "https://evil.test/")
                .refused(400, "no_match_for_provided_magic_link_url");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
        start(acme, EMAIL).ok();
        client.post("/v1/b2b/passwords/email/reset/start", Map.of("organization_id", acme, "email_address", EMAIL))
                .refused(429, "too_many_requests");
    }
}
