package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Tokens;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.WireTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PasswordResetsWireTest extends WireTest {

    private static final String EMAIL = "ada@example.com";
    private static final String PASSWORD = "correct horse battery staple 7";
    private static final String NEW_PASSWORD = "an entirely different sentence 8";
    private static final String VERIFIER = "v".repeat(43);
    private static final String CHALLENGE = Tokens.encode(Tokens.sha256(VERIFIER.getBytes(StandardCharsets.US_ASCII)));

    private Mailbox mailbox;

    @BeforeEach
    void openMailbox() {
        mailbox = new Mailbox(app, client);
    }

    @Test
    void aForgottenPasswordIsReplacedByTheLinkInTheMail() {
        Client.Answer user = createUser();
        Client.Answer started = start("").ok();
        assertThat(started.text("user_id")).isEqualTo(user.text("user_id"));
        assertThat(started.text("email_id")).isEqualTo(user.text("email_id"));
        String link = mailbox.link(EMAIL);
        assertThat(link)
                .startsWith(app.baseUrl() + "/v1/passwords/redirect?public_token=" + client.publicToken()
                        + "&stytch_token_type=reset_password&token=");
        String location = Mailbox.location(link);
        assertThat(location)
                .startsWith("http://localhost:3000/authenticate?public_token=" + client.publicToken()
                        + "&stytch_token_type=reset_password&token=");
        Client.Answer done = reset(
                        Mailbox.tokenIn(location),
                        Map.of("session_duration_minutes", 60, "attributes", Map.of("ip_address", "203.0.113.1")))
                .ok();
        assertThat(done.text("user_id")).isEqualTo(user.text("user_id"));
        assertThat(done.at("user.emails.0.verified").booleanValue()).isTrue();
        assertThat(done.text("user.password.password_id")).isEqualTo(user.text("user.password.password_id"));
        assertThat(done.text("session.authentication_factors.0.type")).isEqualTo("password");
        assertThat(done.at("session.authentication_factors")).hasSize(1);
        assertThat(done.text("session.attributes.ip_address")).isEqualTo("203.0.113.1");
        authenticate(PASSWORD).refused(401, "unauthorized_credentials");
        authenticate(NEW_PASSWORD).ok();
    }

    @Test
    void theSecondLinkSignsInWithoutAReset() {
        createUser();
        start("").ok();
        String location = Mailbox.location(mailbox.secondLink(EMAIL));
        assertThat(location)
                .startsWith("http://localhost:3000/authenticate?public_token=" + client.publicToken()
                        + "&stytch_token_type=login&token=");
        String token = Mailbox.tokenIn(location);
        reset(token, Map.of()).refused(401, "unable_to_auth_password_reset_token");
        client.post("/v1/magic_links/authenticate", "{'token':'" + token + "'}").ok();
    }

    @Test
    void aResetTokenSignsNobodyInAsAMagicLink() {
        createUser();
        start("").ok();
        String token = mailbox.token(EMAIL);
        client.post("/v1/magic_links/authenticate", "{'token':'" + token + "'}").refused(404, "magic_link_not_found");
        reset(token, Map.of()).ok();
    }

    @Test
    void aUserWithoutAPasswordSetsAFirstOne() {
        client.post("/v1/users", "{'email':'" + EMAIL + "','create_user_as_pending':true}")
                .ok();
        start("").ok();
        Client.Answer done = reset(mailbox.token(EMAIL), Map.of()).ok();
        assertThat(done.text("user.status")).isEqualTo("active");
        assertThat(done.at("user.password.requires_reset").booleanValue()).isFalse();
        assertThat(done.at("session").isNull()).isTrue();
        authenticate(NEW_PASSWORD).ok();
    }

    @Test
    void aResetEndsEverySessionAndEveryOtherResetLink() {
        createUser();
        String session = authenticate(PASSWORD).ok().text("session_token");
        start("").ok();
        String first = mailbox.token(EMAIL);
        String login = Mailbox.tokenIn(Mailbox.location(mailbox.secondLink(EMAIL)));
        start("").ok();
        String fresh = reset(mailbox.token(EMAIL), Map.of("session_duration_minutes", 60))
                .ok()
                .text("session_token");
        client.post("/v1/sessions/authenticate", "{'session_token':'" + session + "'}")
                .refused(404, "session_not_found");
        client.post("/v1/sessions/authenticate", "{'session_token':'" + fresh + "'}")
                .ok();
        reset(first, Map.of()).refused(401, "unable_to_auth_password_reset_token");
        client.post("/v1/magic_links/authenticate", "{'token':'" + login + "'}")
                .refused(401, "unable_to_auth_magic_link");
    }

    @Test
    void theSessionThatTheResetNamesEndsAsWell() {
        createUser();
        String own = authenticate(PASSWORD).ok().text("session_token");
        start("").ok();
        Client.Answer done = reset(mailbox.token(EMAIL), Map.of("session_token", own, "session_duration_minutes", 60))
                .ok();
        assertThat(done.text("session_token")).isNotEmpty().isNotEqualTo(own);
        client.post("/v1/sessions/authenticate", "{'session_token':'" + own + "'}")
                .refused(404, "session_not_found");
    }

    @Test
    void aResetLiftsTheNeedForOne() {
        createUser();
        app.clock().advance(Duration.ofSeconds(1));
        client.post("/v1/magic_links/email/login_or_create", "{'email':'" + EMAIL + "'}")
                .ok();
        client.post("/v1/magic_links/authenticate", "{'token':'" + mailbox.token(EMAIL) + "'}")
                .ok();
        authenticate(PASSWORD).refused(400, "reset_password");
        start("").ok();
        assertThat(reset(mailbox.token(EMAIL), Map.of())
                        .ok()
                        .at("user.password.requires_reset")
                        .booleanValue())
                .isFalse();
        authenticate(NEW_PASSWORD).ok();
    }

    @Test
    void aTokenWorksOnceAndForHalfAnHour() {
        createUser();
        start("").ok();
        String used = mailbox.token(EMAIL);
        reset(used, Map.of()).ok();
        reset(used, Map.of()).refused(401, "unable_to_auth_password_reset_token");
        start("").ok();
        String token = mailbox.token(EMAIL);
        app.clock().advance(Duration.ofMinutes(30));
        reset(token, Map.of()).refused(401, "unable_to_auth_password_reset_token");
        reset("A".repeat(44), Map.of()).refused(401, "unable_to_auth_password_reset_token");
        reset("x", Map.of()).refused(400, "invalid_token");
        assertThat(Mailbox.open("GET", mailbox.link(EMAIL)).statusCode()).isEqualTo(410);
    }

    @Test
    void aRefusedResetLeavesTheLinkUsable() {
        createUser();
        start(",'code_challenge':'" + CHALLENGE + "','attributes':{'ip_address':'203.0.113.1','user_agent':'agent'}")
                .ok();
        String token = mailbox.token(EMAIL);
        Map<String, Object> good = Map.of("code_verifier", VERIFIER);
        reset(token, with(good, "password", "password")).refused(400, "weak_password");
        reset(token, with(good, "password", "")).refused(400, "bad_request");
        reset(token, Map.of()).refused(400, "pkce_expected_code_verifier");
        reset(token, Map.of("code_verifier", "w".repeat(43))).refused(400, "pkce_mismatch");
        reset(token, Map.of("code_verifier", "w")).refused(400, "invalid_pkce_code_verifier");
        reset(token, with(good, "options", Map.of("ip_match_required", true, "user_agent_match_required", false)))
                .refused(401, "attribute_mismatch");
        reset(token, with(good, "session_duration_minutes", 1)).refused(400, "invalid_session_duration_minutes");
        reset(token, with(good, "session_token", "A".repeat(44))).refused(404, "session_not_found");
        authenticate(PASSWORD).ok();
        Map<String, Object> matching =
                with(good, "attributes", Map.of("ip_address", "203.0.113.1", "user_agent", "agent"));
        reset(token, with(matching, "options", Map.of("ip_match_required", true, "user_agent_match_required", true)))
                .ok();
    }

    @Test
    void aFlowWithoutAChallengeTakesNoVerifier() {
        createUser();
        start("").ok();
        reset(mailbox.token(EMAIL), Map.of("code_verifier", VERIFIER))
                .refused(400, "pkce_did_not_expect_code_verifier");
    }

    @Test
    void aLockedUserCannotResetUntilTheLockEnds() {
        createUser();
        for (int attempt = 0; attempt < 10; attempt++) {
            authenticate("wrong").refused(401, "unauthorized_credentials");
        }
        start(",'reset_password_expiration_minutes':120").ok();
        String token = mailbox.token(EMAIL);
        reset(token, Map.of()).refused(429, "user_lock_limit_reached");
        app.clock().advance(Duration.ofMinutes(60));
        reset(token, Map.of()).ok();
    }

    @Test
    void whatIsWrongWithAStartIsSaidAndNothingSent() {
        start("").refused(404, "email_not_found");
        createUser();
        start(",'reset_password_expiration_minutes':4").refused(400, "invalid_expiration");
        start(",'reset_password_expiration_minutes':10081").refused(400, "invalid_expiration");
        start(",'code_challenge':'x'").refused(400, "invalid_pkce_code_challenge");
        start(",'locale':'xx'").refused(400, "invalid_locale");
        start(",'reset_password_template_id':'nothing'").refused(404, "email_template_not_found");
        start(",'reset_password_redirect_url':'javascript:x'").refused(400, "invalid_password_reset_redirect_url");
        start(",'login_redirect_url':'javascript:x'").refused(400, "invalid_login_redirect_url");
        start(",'reset_password_redirect_url':'https://evil.test/'")
                .refused(400, "no_match_for_provided_magic_link_url");
        start(",'login_redirect_url':'https://evil.test/'").refused(400, "no_match_for_provided_magic_link_url");
        client.post("/v1/passwords/email/reset/start", "{'email':'x'}").refused(400, "invalid_email");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
        start("").ok();
        client.post("/v1/passwords/email/reset/start", "{'email':'" + EMAIL + "'}")
                .refused(429, "too_many_requests");
    }

    @Test
    void eachOfTheTwoLinksNeedsAPlaceToLeadTo() {
        createUser();
        urls(new RedirectUrl("https://app.example.com/in", List.of(RedirectType.LOGIN), List.of(RedirectType.LOGIN)));
        start("").refused(400, "no_password_reset_redirect_url");
        urls(new RedirectUrl(
                "https://app.example.com/reset",
                List.of(RedirectType.RESET_PASSWORD),
                List.of(RedirectType.RESET_PASSWORD)));
        start("").refused(400, "no_login_redirect_urls_set");
        urls(
                new RedirectUrl("https://app.example.com/in", List.of(RedirectType.LOGIN), null),
                new RedirectUrl("https://app.example.com/reset?a=b", List.of(RedirectType.RESET_PASSWORD), null));
        start(
                        ",'reset_password_redirect_url':'https://app.example.com/reset?a=b','login_redirect_url':'https://app.example.com/in'")
                .ok();
        assertThat(Mailbox.location(mailbox.link(EMAIL))).startsWith("https://app.example.com/reset?a=b&public_token=");
        assertThat(Mailbox.location(mailbox.secondLink(EMAIL))).startsWith("https://app.example.com/in?public_token=");
    }

    private Client.Answer createUser() {
        return client.post("/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD))
                .ok();
    }

    private Client.Answer start(String members) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post("/v1/passwords/email/reset/start", "{'email':'" + EMAIL + "'" + members + "}");
    }

    private Client.Answer reset(String token, Map<String, ?> members) {
        Map<String, Object> body = new HashMap<>(Map.of("token", token, "password", NEW_PASSWORD));
        body.putAll(members);
        return client.post("/v1/passwords/email/reset", body);
    }

    private Client.Answer authenticate(String password) {
        return client.post(
                "/v1/passwords/authenticate",
                Map.of("email", EMAIL, "password", password, "session_duration_minutes", 60));
    }
}
