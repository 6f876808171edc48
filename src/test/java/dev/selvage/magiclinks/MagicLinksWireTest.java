package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Environment;
import dev.selvage.base.Tokens;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.WireTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MagicLinksWireTest extends WireTest {

    private static final String EMAIL = "ada@example.com";
    private static final String OTHER = "grace@example.com";
    private static final String PASSWORD = "correct horse battery staple 7";
    private static final String VERIFIER = "Ab0-._~".repeat(7);
    private static final String CHALLENGE = Tokens.encode(Tokens.sha256(VERIFIER.getBytes(StandardCharsets.US_ASCII)));

    private Mailbox mailbox;

    @BeforeEach
    void openMailbox() {
        mailbox = new Mailbox(app, client);
    }

    // authenticate

    @Test
    void aLinkInTheMailLeadsToASession() {
        Client.Answer sent = loginOrCreate(EMAIL, "");
        assertThat(sent.at("user_created").booleanValue()).isTrue();
        String link = mailbox.link(EMAIL);
        String token = Mailbox.tokenIn(Mailbox.location(link));
        Client.Answer done = authenticate(token, ",'session_duration_minutes':60,'attributes':{'ip_address':'203.0.113.1','user_agent':'x'}").ok();
        assertThat(done.text("user_id")).isEqualTo(sent.text("user_id"));
        assertThat(done.text("method_id")).isEqualTo(sent.text("email_id"));
        assertThat(done.at("reset_sessions").booleanValue()).isFalse();
        assertThat(done.at("user_device").isNull()).isTrue();
        assertThat(done.at("user.emails.0.verified").booleanValue()).isTrue();
        assertThat(done.text("session.authentication_factors.0.type")).isEqualTo("magic_link");
        assertThat(done.text("session.authentication_factors.0.delivery_method")).isEqualTo("email");
        assertThat(done.text("session.authentication_factors.0.email_factor.email_id")).isEqualTo(sent.text("email_id"));
        assertThat(done.text("session.attributes.ip_address")).isEqualTo("203.0.113.1");
        client.post("/v1/sessions/authenticate", "{'session_token':'" + done.text("session_token") + "'}").ok();
    }

    @Test
    void withoutADurationThereIsNoSession() {
        loginOrCreate(EMAIL, "");
        Client.Answer done = authenticate(mailbox.token(EMAIL), "").ok();
        assertThat(done.text("session_token")).isEmpty();
        assertThat(done.at("session").isNull()).isTrue();
    }

    @Test
    void aLinkWorksOnce() {
        loginOrCreate(EMAIL, "");
        String token = mailbox.token(EMAIL);
        authenticate(token, "").ok();
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
    }

    @Test
    void severalLinksOfOneUserWorkEach() {
        loginOrCreate(EMAIL, "");
        String first = mailbox.token(EMAIL);
        loginOrCreate(EMAIL, "");
        String second = mailbox.token(EMAIL);
        authenticate(second, "").ok();
        authenticate(first, "").ok();
    }

    @Test
    void aLinkExpires() {
        loginOrCreate(EMAIL, ",'signup_expiration_minutes':5,'login_expiration_minutes':5");
        String token = mailbox.token(EMAIL);
        app.clock().advance(Duration.ofMinutes(5).minusMillis(1));
        loginOrCreate(EMAIL, ",'signup_expiration_minutes':5,'login_expiration_minutes':5");
        String later = mailbox.token(EMAIL);
        app.clock().advance(Duration.ofMinutes(5).minusSeconds(2));
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
        authenticate(later, "").ok();
    }

    @Test
    void aTokenOfAnotherProjectOrNoneAtAllIsUnknown() {
        loginOrCreate(EMAIL, "");
        String token = mailbox.token(EMAIL);
        app.consumer().post("/v1/magic_links/authenticate", "{'token':'" + token + "'}").refused(404, "magic_link_not_found");
        authenticate("A".repeat(44), "").refused(404, "magic_link_not_found");
        authenticate("not-a-token", "").refused(400, "invalid_token");
        client.post("/v1/magic_links/authenticate", "{}").refused(400, "bad_request");
        authenticate(token, "").ok();
    }

    @Test
    void aRefusedRequestLeavesTheLinkUsable() {
        loginOrCreate(EMAIL, "");
        String token = mailbox.token(EMAIL);
        authenticate(token, ",'session_duration_minutes':4").refused(400, "invalid_session_duration_minutes");
        authenticate(token, ",'session_token':'" + "A".repeat(44) + "'").refused(404, "session_not_found");
        authenticate(token, ",'session_token':'" + "A".repeat(44) + "','session_jwt':'x'").refused(400, "too_many_session_arguments");
        authenticate(token, ",'session_duration_minutes':60,'session_custom_claims':{'a':'" + "x".repeat(4096) + "'}")
                .refused(400, "custom_claims_too_large");
        authenticate(token, "").ok();
    }

    @Test
    void theFactorIsAddedToARunningSessionOfTheUser() {
        loginOrCreate(EMAIL, "");
        String session = authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60").ok().text("session_token");
        String userId = userId(EMAIL);
        String embedded = client.post("/v1/magic_links", "{'user_id':'" + userId + "'}").ok().text("token");
        Client.Answer done = authenticate(embedded, ",'session_token':'" + session + "'").ok();
        assertThat(done.text("session_token")).isEqualTo(session);
        assertThat(done.at("session.authentication_factors")).hasSize(2);
        assertThat(client.get("/v1/sessions?user_id=" + userId).ok().at("sessions")).hasSize(1);
    }

    @Test
    void aSessionOfAnotherUserIsIgnored() {
        loginOrCreate(OTHER, "");
        String session = authenticate(mailbox.token(OTHER), ",'session_duration_minutes':60").ok().text("session_token");
        loginOrCreate(EMAIL, "");
        Client.Answer done = authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60,'session_token':'" + session + "'").ok();
        assertThat(done.text("session_token")).isNotEqualTo(session);
    }

    @Test
    void aPendingUserBecomesActiveByTheLink() {
        loginOrCreate(EMAIL, ",'create_user_as_pending':true");
        assertThat(client.get("/v1/users/" + userId(EMAIL)).ok().text("status")).isEqualTo("pending");
        assertThat(authenticate(mailbox.token(EMAIL), "").ok().text("user.status")).isEqualTo("active");
    }

    @Test
    void aLinkToAnAddressThatTheUserHasNoMoreIsRefused() {
        String userId = client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        send(OTHER, ",'user_id':'" + userId + "'").ok();
        String token = mailbox.token(OTHER);
        app.app().database().change(handle -> handle.createUpdate("DELETE FROM user_factors WHERE project_id = :projectId AND value = :value")
                .bind("projectId", client.projectId()).bind("value", OTHER).execute());
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
    }

    @Test
    void aLockedUserCannotUseALinkUntilTheLockEnds() {
        client.post("/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD)).ok();
        loginOrCreate(EMAIL, "");
        String token = mailbox.token(EMAIL);
        for (int attempt = 0; attempt < 10; attempt++) {
            client.post("/v1/passwords/authenticate", Map.of("email", EMAIL, "password", "wrong")).refused(401, "unauthorized_credentials");
        }
        authenticate(token, "").refused(429, "user_lock_limit_reached");
        app.clock().advance(Duration.ofMinutes(60));
        loginOrCreate(EMAIL, "");
        authenticate(mailbox.token(EMAIL), "").ok();
    }

    // who owns the address

    @Test
    void theFirstProofOfAnAddressTakesTheAccountFromWhoeverSetThePassword() {
        String stranger = client.post("/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD, "session_duration_minutes", 60))
                .ok().text("session_token");
        loginOrCreate(EMAIL, "");
        Client.Answer done = authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60").ok();
        assertThat(done.at("reset_sessions").booleanValue()).isTrue();
        assertThat(done.at("user.password.requires_reset").booleanValue()).isTrue();
        client.post("/v1/sessions/authenticate", "{'session_token':'" + stranger + "'}").refused(404, "session_not_found");
        client.post("/v1/sessions/authenticate", "{'session_token':'" + done.text("session_token") + "'}").ok();
        client.post("/v1/passwords/authenticate", Map.of("email", EMAIL, "password", PASSWORD)).refused(400, "reset_password");
    }

    @Test
    void theSessionThatCarriesTheFirstProofStays() {
        String own = client.post("/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD, "session_duration_minutes", 60))
                .ok().text("session_token");
        String other = client.post("/v1/passwords/authenticate", Map.of("email", EMAIL, "password", PASSWORD, "session_duration_minutes", 60))
                .ok().text("session_token");
        loginOrCreate(EMAIL, "");
        Client.Answer done = authenticate(mailbox.token(EMAIL), ",'session_token':'" + own + "'").ok();
        assertThat(done.at("reset_sessions").booleanValue()).isTrue();
        assertThat(done.text("session_token")).isEqualTo(own);
        client.post("/v1/sessions/authenticate", "{'session_token':'" + own + "'}").ok();
        client.post("/v1/sessions/authenticate", "{'session_token':'" + other + "'}").refused(404, "session_not_found");
    }

    @Test
    void aLaterProofResetsNothing() {
        loginOrCreate(EMAIL, "");
        String first = authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60").ok().text("session_token");
        loginOrCreate(EMAIL, "");
        assertThat(authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60").ok().at("reset_sessions").booleanValue()).isFalse();
        client.post("/v1/sessions/authenticate", "{'session_token':'" + first + "'}").ok();
    }

    @Test
    void anEmbeddableLinkProvesNoAddressAndTakesNoAccount() {
        String userId = client.post("/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD)).ok().text("user_id");
        String token = client.post("/v1/magic_links", "{'user_id':'" + userId + "'}").ok().text("token");
        Client.Answer done = authenticate(token, ",'session_duration_minutes':60").ok();
        assertThat(done.at("user.emails.0.verified").booleanValue()).isFalse();
        assertThat(done.at("user.password.requires_reset").booleanValue()).isFalse();
        assertThat(done.at("reset_sessions").booleanValue()).isFalse();
        assertThat(done.text("session.authentication_factors.0.delivery_method")).isEqualTo("embedded");
        assertThat(done.text("session.authentication_factors.0.embeddable_magic_link_factor.embedded_id")).isEqualTo(done.text("method_id"));
    }

    // PKCE and attributes

    @Test
    void aFlowWithAChallengeNeedsItsVerifierAndARefusalCostsNothing() {
        loginOrCreate(EMAIL, ",'code_challenge':'" + CHALLENGE + "'");
        String token = mailbox.token(EMAIL);
        authenticate(token, "").refused(400, "pkce_expected_code_verifier");
        authenticate(token, ",'code_verifier':''").refused(400, "pkce_expected_code_verifier");
        authenticate(token, ",'code_verifier':'" + "w".repeat(43) + "'").refused(400, "pkce_mismatch");
        authenticate(token, ",'code_verifier':'" + "w".repeat(42) + "'").refused(400, "invalid_pkce_code_verifier");
        authenticate(token, ",'code_verifier':'" + "w".repeat(129) + "'").refused(400, "invalid_pkce_code_verifier");
        authenticate(token, ",'code_verifier':'" + "+".repeat(50) + "'").refused(400, "invalid_pkce_code_verifier");
        authenticate(token, ",'code_verifier':'" + VERIFIER + "'").ok();
    }

    @Test
    void aFlowWithoutAChallengeTakesNoVerifier() {
        loginOrCreate(EMAIL, "");
        String token = mailbox.token(EMAIL);
        authenticate(token, ",'code_verifier':'" + VERIFIER + "'").refused(400, "pkce_did_not_expect_code_verifier");
        authenticate(token, "").ok();
    }

    @Test
    void aChallengeMustBeASha256() {
        for (String challenge : List.of("short", CHALLENGE + "A", CHALLENGE.substring(1) + "=", "+".repeat(43))) {
            refusedSend(",'code_challenge':'" + challenge + "'", 400, "invalid_pkce_code_challenge");
        }
    }

    @Test
    void attributesThatMustMatchAreComparedAndARefusalCostsNothing() {
        loginOrCreate(EMAIL, ",'attributes':{'ip_address':'203.0.113.1','user_agent':'agent'}");
        String token = mailbox.token(EMAIL);
        String ip = ",'options':{'ip_match_required':true,'user_agent_match_required':false}";
        String agent = ",'options':{'ip_match_required':false,'user_agent_match_required':true}";
        authenticate(token, ip).refused(401, "attribute_mismatch");
        authenticate(token, ip + ",'attributes':{'ip_address':'203.0.113.2','user_agent':'agent'}").refused(401, "attribute_mismatch");
        authenticate(token, agent + ",'attributes':{'ip_address':'203.0.113.1','user_agent':'other'}").refused(401, "attribute_mismatch");
        authenticate(token, agent + ",'attributes':{'ip_address':'203.0.113.2','user_agent':'agent'}").ok();
    }

    @Test
    void aMatchOfWhatWasNeverToldIsRefused() {
        loginOrCreate(EMAIL, "");
        String token = mailbox.token(EMAIL);
        authenticate(token, ",'options':{'ip_match_required':true,'user_agent_match_required':true}").refused(401, "attribute_mismatch");
        authenticate(token, ",'attributes':{'ip_address':'203.0.113.2'}").ok();
    }

    // embeddable

    @Test
    void anEmbeddableTokenIsMadeForAUserByEitherId() {
        String userId = client.post("/v1/users", "{'email':'" + EMAIL + "','external_id':'ada-1','create_user_as_pending':true}").ok().text("user_id");
        Client.Answer made = client.post("/v1/magic_links", "{'user_id':'ada-1','expiration_minutes':5}").ok();
        assertThat(made.text("user_id")).isEqualTo(userId);
        assertThat(made.text("token")).matches("[A-Za-z0-9_-]{44}");
        assertThat(authenticate(made.text("token"), "").ok().text("user.status")).isEqualTo("active");
        String later = client.post("/v1/magic_links", "{'user_id':'" + userId + "','expiration_minutes':5}").ok().text("token");
        app.clock().advance(Duration.ofMinutes(5));
        authenticate(later, "").refused(401, "unable_to_auth_magic_link");
    }

    @Test
    void anEmbeddableTokenNeedsAUserAndASaneExpiry() {
        client.post("/v1/magic_links", "{'user_id':'user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6'}").refused(404, "user_not_found");
        client.post("/v1/magic_links", "{'user_id':'user-test-x'}").refused(400, "invalid_user_id");
        client.post("/v1/magic_links", "{}").refused(400, "invalid_user_id");
        String userId = client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        for (int minutes : new int[] {0, 4, 10_081, -1}) {
            client.post("/v1/magic_links", "{'user_id':'" + userId + "','expiration_minutes':" + minutes + "}").refused(400, "invalid_expiration");
        }
    }

    // send

    @Test
    void aLinkIsSentToAUserWhoExists() {
        String userId = client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        Client.Answer sent = send(EMAIL, "").ok();
        assertThat(sent.text("user_id")).isEqualTo(userId);
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue()).isEqualTo("Your login request to Test project");
        assertThat(authenticate(mailbox.token(EMAIL), "").ok().text("method_id")).isEqualTo(sent.text("email_id"));
    }

    @Test
    void aPendingUserIsSentASignupLink() {
        client.post("/v1/users", "{'email':'" + EMAIL + "','create_user_as_pending':true}").ok();
        send(EMAIL, "").ok();
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue()).isEqualTo("Your account creation request for Test project");
    }

    @Test
    void noLinkIsSentToAStranger() {
        send(EMAIL, "").refused(404, "email_not_found");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
    }

    @Test
    void anAddressIsAddedToAUserForFiveMinutes() {
        String userId = client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        Client.Answer sent = send(OTHER, ",'user_id':'" + userId + "'").ok();
        assertThat(sent.text("user_id")).isEqualTo(userId);
        assertThat(client.get("/v1/users/" + userId).ok().at("emails")).hasSize(2);
        String token = mailbox.token(OTHER);
        app.clock().advance(Duration.ofMinutes(5));
        assertThat(client.get("/v1/users/" + userId).ok().at("emails")).hasSize(1);
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
        assertThat(loginOrCreate(OTHER, "").at("user_created").booleanValue()).isTrue();
    }

    @Test
    void aProvenAddressStays() {
        String userId = client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        send(OTHER, ",'user_id':'" + userId + "'").ok();
        app.clock().advance(Duration.ofMinutes(4));
        authenticate(mailbox.token(OTHER), "").ok();
        app.clock().advance(Duration.ofDays(1));
        assertThat(client.get("/v1/users/" + userId).ok().at("emails.1.verified").booleanValue()).isTrue();
    }

    @Test
    void aSecondSendGivesTheAddressAnotherFiveMinutes() {
        String userId = client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        String first = send(OTHER, ",'user_id':'" + userId + "'").ok().text("email_id");
        app.clock().advance(Duration.ofMinutes(4));
        Client.Answer second = send(OTHER, ",'user_id':'" + userId + "'").ok();
        assertThat(second.text("email_id")).isEqualTo(first);
        app.clock().advance(Duration.ofMinutes(4));
        authenticate(mailbox.token(OTHER), "").ok();
    }

    @Test
    void anAddressIsAddedToTheUserOfASession() {
        loginOrCreate(EMAIL, "");
        Client.Answer session = authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60").ok();
        send(OTHER, ",'session_token':'" + session.text("session_token") + "'").ok();
        Client.Answer sent = send(OTHER, ",'session_jwt':'" + session.text("session_jwt") + "'").ok();
        assertThat(sent.text("user_id")).isEqualTo(session.text("user_id"));
    }

    @Test
    void anAddressOfAnotherUserIsNotAdded() {
        String userId = client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        client.post("/v1/users", "{'email':'" + OTHER + "'}").ok();
        send(OTHER, ",'user_id':'" + userId + "'").refused(400, "duplicate_email");
    }

    @Test
    void theUserIsNamedInOneWay() {
        String userId = client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        send(OTHER, ",'user_id':'" + userId + "','session_token':'" + "A".repeat(44) + "'").refused(400, "too_many_user_selection_arguments");
        send(OTHER, ",'session_jwt':'x','session_token':'" + "A".repeat(44) + "'").refused(400, "too_many_user_selection_arguments");
        send(OTHER, ",'session_token':'" + "A".repeat(44) + "'").refused(404, "session_not_found");
        send(OTHER, ",'session_token':'x'").refused(400, "invalid_session_token");
        send(OTHER, ",'session_jwt':'x'").refused(400, "unable_to_parse_session_jwt");
        send(OTHER, ",'user_id':'nobody'").refused(404, "user_not_found");
        send(OTHER, ",'user_id':'user-test-x'").refused(400, "invalid_user_id");
    }

    @Test
    void aUserWithAPasswordProvesTheFirstAddressBeforeASecond() {
        String userId = client.post("/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD)).ok().text("user_id");
        send(OTHER, ",'user_id':'" + userId + "'").refused(400, "email_verification_required");
        send(EMAIL, ",'user_id':'" + userId + "'").ok();
        authenticate(mailbox.token(EMAIL), "").ok();
        send(OTHER, ",'user_id':'" + userId + "'").ok();
        assertThat(authenticate(mailbox.token(OTHER), "").ok().at("reset_sessions").booleanValue()).isFalse();
    }

    @Test
    void onlySoManyAddressesWaitForTheirProof() {
        String userId = client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        for (int i = 0; i < 5; i++) {
            send("a" + i + "@example.com", ",'user_id':'" + userId + "'").ok();
        }
        send("a5@example.com", ",'user_id':'" + userId + "'").refused(400, "too_many_unverified_factors");
        send("a0@example.com", ",'user_id':'" + userId + "'").ok();
    }

    // login_or_create

    @Test
    void aKnownUserIsSentALoginLinkAndANewOneASignupLink() {
        Client.Answer first = loginOrCreate(EMAIL, "");
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue()).isEqualTo("Your account creation request for Test project");
        assertThat(mailbox.newest(EMAIL).path("text").stringValue()).contains("7 days");
        Client.Answer second = loginOrCreate(EMAIL.toUpperCase(java.util.Locale.ROOT), "");
        assertThat(second.at("user_created").booleanValue()).isFalse();
        assertThat(second.text("user_id")).isEqualTo(first.text("user_id"));
        assertThat(second.text("email_id")).isEqualTo(first.text("email_id"));
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue()).isEqualTo("Your login request to Test project");
        assertThat(mailbox.newest(EMAIL).path("text").stringValue()).contains("1 hour");
    }

    @Test
    void aPendingUserKeepsGettingSignupLinks() {
        loginOrCreate(EMAIL, ",'create_user_as_pending':true");
        loginOrCreate(EMAIL, "");
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue()).isEqualTo("Your account creation request for Test project");
    }

    @Test
    void whatIsWrongWithARequestIsSaid() {
        refusedSend(",'locale':'xx'", 400, "invalid_locale");
        refusedSend(",'login_expiration_minutes':4", 400, "invalid_expiration");
        refusedSend(",'signup_expiration_minutes':10081", 400, "invalid_expiration");
        refusedSend(",'login_template_id':7", 400, "bad_request");
        refusedSend(",'signup_template_id':'nothing','login_template_id':'nothing'", 404, "email_template_not_found");
        client.post("/v1/magic_links/email/login_or_create", "{'email':'nonsense'}").refused(400, "invalid_email");
        client.post("/v1/magic_links/email/login_or_create", "{}").refused(400, "bad_request");
        client.post("/v1/magic_links/email/send", "{'email':'nonsense'}").refused(400, "invalid_email");
    }

    @Test
    void theLocaleChoosesTheLanguage() {
        loginOrCreate(EMAIL, ",'locale':'ptbr'");
        assertThat(mailbox.newest(EMAIL).path("html").stringValue()).contains("lang=\"pt-br\"");
        loginOrCreate(EMAIL, ",'locale':'fr'");
        assertThat(mailbox.newest(EMAIL).path("html").stringValue()).contains("lang=\"fr\"");
    }

    @Test
    void anAddressGetsOneMessageASecondOverAllCalls() {
        loginOrCreate(EMAIL, "");
        Client.Answer refused = client.post("/v1/magic_links/email/send", "{'email':'" + EMAIL + "'}").refused(429, "too_many_requests");
        assertThat(refused.raw().headers().firstValue("Retry-After")).contains("1");
        client.post("/v1/magic_links/email/login_or_create", "{'email':'" + EMAIL + "'}").refused(429, "too_many_requests");
        client.post("/v1/passwords/email/reset/start", "{'email':'" + EMAIL + "'}").refused(429, "too_many_requests");
        client.post("/v1/magic_links/email/invite", "{'email':'" + OTHER + "'}").ok();
        client.post("/v1/magic_links/email/login_or_create", "{'email':'" + OTHER + "'}").refused(429, "too_many_requests");
        assertThat(mailbox.messages(EMAIL)).hasSize(1);
        app.clock().advance(Duration.ofSeconds(1));
        client.post("/v1/magic_links/email/send", "{'email':'" + EMAIL + "'}").ok();
    }

    @Test
    void aRefusedRequestMakesNobodyAndSendsNothing() {
        refusedSend(",'signup_magic_link_url':'https://evil.test/'", 400, "no_match_for_provided_magic_link_url");
        refusedSend(",'signup_template_id':'nothing'", 404, "email_template_not_found");
        send(EMAIL, "").refused(404, "email_not_found");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
    }

    // where links lead

    @Test
    void aUrlMustBeOneOfTheProjectForThisUse() {
        urls(new RedirectUrl("https://app.example.com/in", List.of(RedirectType.LOGIN), List.of(RedirectType.LOGIN)),
                new RedirectUrl("https://app.example.com/up?x=1", List.of(RedirectType.SIGNUP), null),
                new RedirectUrl("https://*.preview.example.com/up", List.of(RedirectType.SIGNUP), null));
        refusedSend("", 400, "no_default_signup_redirect_url_set");
        refusedSend(",'signup_magic_link_url':'https://app.example.com/in'", 400, "no_match_for_provided_magic_link_url");
        refusedSend(",'signup_magic_link_url':'https://app.example.com/up'", 400, "no_match_for_provided_magic_link_url");
        refusedSend(",'signup_magic_link_url':'javascript:alert(1)'", 400, "invalid_signup_magic_link_url");
        refusedSend(",'signup_magic_link_url':'https://app.example.com/up?x=1','login_magic_link_url':'data:x'", 400, "invalid_login_magic_link_url");
        refusedSend(",'signup_magic_link_url':'https://app.example.com/up?x=1','login_magic_link_url':'https://evil.test/'", 400,
                "no_match_for_provided_magic_link_url");
        loginOrCreate(EMAIL, ",'signup_magic_link_url':'https://pr-7.preview.example.com/up'");
        assertThat(Mailbox.location(mailbox.link(EMAIL))).startsWith("https://pr-7.preview.example.com/up?stytch_token_type=magic_links&token=");
        loginOrCreate(EMAIL, "");
        assertThat(Mailbox.location(mailbox.link(EMAIL))).startsWith("https://app.example.com/in?stytch_token_type=magic_links&token=");
    }

    @Test
    void withoutAnyUrlACallThatNamesNoneIsRefused() {
        urls();
        refusedSend("", 400, "no_signup_redirect_urls_set");
        client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok();
        refusedSend("", 400, "no_login_redirect_urls_set");
        client.post("/v1/magic_links/email/invite", "{'email':'" + OTHER + "'}").refused(400, "no_invite_redirect_urls_set");
        urls(new RedirectUrl("https://app.example.com/in", null, null));
        refusedSend("", 400, "no_default_login_redirect_url_set");
        client.post("/v1/magic_links/email/invite", "{'email':'" + OTHER + "'}").refused(400, "no_default_invite_redirect_url_set");
    }

    @Test
    void wildcardsMeanNothingInLiveProjects() {
        Client live = app.client(Vertical.CONSUMER, Environment.LIVE);
        app.settings(live, redirectUrls(new RedirectUrl("https://*.example.com/in", null, null)));
        live.post("/v1/magic_links/email/login_or_create", "{'email':'" + EMAIL + "','signup_magic_link_url':'https://a.example.com/in'}")
                .refused(400, "no_match_for_provided_magic_link_url");
    }

    // invite

    @Test
    void anInviteMakesAPendingUserWhoBecomesActiveByIt() {
        Client.Answer invited = invite(EMAIL, ",'name':{'first_name':'Ada'},'trusted_metadata':{'a':1},'untrusted_metadata':{'b':2},"
                + "'attributes':{'ip_address':'203.0.113.1'}").ok();
        Client.Answer user = client.get("/v1/users/" + invited.text("user_id")).ok();
        assertThat(user.text("status")).isEqualTo("pending");
        assertThat(user.text("name.first_name")).isEqualTo("Ada");
        assertThat(user.at("trusted_metadata.a").intValue()).isEqualTo(1);
        assertThat(user.at("untrusted_metadata.b").intValue()).isEqualTo(2);
        assertThat(user.at("emails.0.verified").booleanValue()).isFalse();
        Client.Answer done = authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60").ok();
        assertThat(done.text("user.status")).isEqualTo("active");
        assertThat(done.text("method_id")).isEqualTo(invited.text("email_id"));
        invite(EMAIL, "").refused(400, "duplicate_email");
    }

    @Test
    void nobodyIsInvitedTwiceAtATime() {
        String userId = invite(EMAIL, ",'invite_expiration_minutes':5").ok().text("user_id");
        invite(EMAIL, "").refused(400, "user_already_invited");
        app.clock().advance(Duration.ofMinutes(5));
        assertThat(invite(EMAIL, "").ok().text("user_id")).isEqualTo(userId);
        authenticate(mailbox.token(EMAIL), "").ok();
    }

    @Test
    void whatIsWrongWithAnInviteIsSaid() {
        invite(EMAIL, ",'locale':'xx'").refused(400, "invalid_locale");
        invite(EMAIL, ",'invite_expiration_minutes':4").refused(400, "invalid_expiration");
        invite(EMAIL, ",'invite_magic_link_url':'javascript:x'").refused(400, "invalid_invite_magic_link_url");
        invite(EMAIL, ",'invite_magic_link_url':'https://evil.test/'").refused(400, "no_match_for_provided_magic_link_url");
        invite(EMAIL, ",'invite_template_id':'nothing'").refused(404, "email_template_not_found");
        invite(EMAIL, ",'trusted_metadata':[]").refused(400, "metadata_invalid_format");
        client.post("/v1/magic_links/email/invite", "{'email':'x'}").refused(400, "invalid_email");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
        send(EMAIL, "").refused(404, "email_not_found");
    }

    @Test
    void aRevokedInviteIsOverAndTheUserCanBeInvitedAgain() {
        String userId = invite(EMAIL, "").ok().text("user_id");
        String token = mailbox.token(EMAIL);
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'" + EMAIL + "'}").ok();
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
        assertThat(client.get("/v1/users/" + userId).ok().text("status")).isEqualTo("pending");
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'" + EMAIL + "'}").ok();
        assertThat(invite(EMAIL, "").ok().text("user_id")).isEqualTo(userId);
    }

    @Test
    void revokingAnInviteLeavesOtherLinksAlone() {
        loginOrCreate(EMAIL, "");
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'" + EMAIL + "'}").ok();
        authenticate(mailbox.token(EMAIL), "").ok();
    }

    @Test
    void anInviteThatNeverWasCannotBeRevoked() {
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'" + EMAIL + "'}").refused(404, "email_not_found");
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'x'}").refused(400, "invalid_email");
    }

    // sandbox

    @Test
    void theSandboxAnswersInTestProjectsAndSendsNothing() {
        String user = "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd";
        for (String call : List.of("send", "login_or_create", "invite")) {
            assertThat(client.post("/v1/magic_links/email/" + call, "{'email':'sandbox@stytch.com'}").ok().text("user_id")).isEqualTo(user);
        }
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'sandbox@stytch.com'}").ok();
        assertThat(client.post("/v1/passwords/email/reset/start", "{'email':'sandbox@stytch.com'}").ok().text("user_id")).isEqualTo(user);
        assertThat(mailbox.messages("sandbox@stytch.com")).isEmpty();
        assertThat(authenticate("DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=", "").ok().text("user_id")).isEqualTo(user);
        authenticate("3pzjQpgksDlGKWEwUq2Up--hCHC_0oamfLHyfspKDFU=", "").refused(401, "unable_to_auth_magic_link");
        authenticate("CprTtwhnRNiMBiUS2jSLcWYrfuO2POeBNdo5HhW6qTM=", "").refused(404, "magic_link_not_found");
        Client live = app.client(Vertical.CONSUMER, Environment.LIVE);
        live.post("/v1/magic_links/authenticate", "{'token':'DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94='}").refused(404, "magic_link_not_found");
    }

    private Client.Answer authenticate(String token, String members) {
        return client.post("/v1/magic_links/authenticate", "{'token':'" + token + "'" + members + "}");
    }

    private Client.Answer loginOrCreate(String email, String members) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post("/v1/magic_links/email/login_or_create", "{'email':'" + email + "'" + members + "}").ok();
    }

    private void refusedSend(String members, int status, String errorType) {
        app.clock().advance(Duration.ofSeconds(1));
        client.post("/v1/magic_links/email/login_or_create", "{'email':'" + EMAIL + "'" + members + "}").refused(status, errorType);
    }

    private Client.Answer send(String email, String members) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post("/v1/magic_links/email/send", "{'email':'" + email + "'" + members + "}");
    }

    private Client.Answer invite(String email, String members) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post("/v1/magic_links/email/invite", "{'email':'" + email + "'" + members + "}");
    }

    private String userId(String email) {
        return app.app().users().findByEmail(client.project(), email).orElseThrow().id();
    }

    private void urls(RedirectUrl... urls) {
        app.settings(client, redirectUrls(urls));
    }

    private static UnaryOperator<Settings> redirectUrls(RedirectUrl... urls) {
        return settings -> new Settings(List.of(urls), settings.sessions(), settings.passwords(), settings.userLock(),
                settings.rbac(), settings.migrate(), settings.trustedTokenProfiles(), settings.mail(), settings.rateLimits(),
                settings.sandbox(), settings.inbox());
    }
}
