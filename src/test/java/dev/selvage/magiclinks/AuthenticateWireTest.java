package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Tokens;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthenticateWireTest extends MagicLinkTest {

    private static final String VERIFIER = "Ab0-._~".repeat(7);
    private static final String CHALLENGE = Tokens.encode(Tokens.sha256(VERIFIER.getBytes(StandardCharsets.US_ASCII)));

    @Test
    void aLinkInTheMailLeadsToASession() {
        Client.Answer sent = loginOrCreate(EMAIL, "");
        assertThat(sent.at("user_created").booleanValue()).isTrue();
        String link = mailbox.link(EMAIL);
        String token = Mailbox.tokenIn(Mailbox.location(link));
        Client.Answer done = authenticate(
                        token,
                        ",'session_duration_minutes':60,'attributes':{'ip_address':'203.0.113.1','user_agent':'x'}")
                .ok();
        assertThat(done.text("user_id")).isEqualTo(sent.text("user_id"));
        assertThat(done.text("method_id")).isEqualTo(sent.text("email_id"));
        assertThat(done.at("reset_sessions").booleanValue()).isFalse();
        assertThat(done.at("user_device").isNull()).isTrue();
        assertThat(done.at("user.emails.0.verified").booleanValue()).isTrue();
        assertThat(done.text("session.authentication_factors.0.type")).isEqualTo("magic_link");
        assertThat(done.text("session.authentication_factors.0.delivery_method"))
                .isEqualTo("email");
        assertThat(done.text("session.authentication_factors.0.email_factor.email_id"))
                .isEqualTo(sent.text("email_id"));
        assertThat(done.text("session.attributes.ip_address")).isEqualTo("203.0.113.1");
        client.post("/v1/sessions/authenticate", "{'session_token':'" + done.text("session_token") + "'}")
                .ok();
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
        app.consumer()
                .post("/v1/magic_links/authenticate", "{'token':'" + token + "'}")
                .refused(404, "magic_link_not_found");
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
        authenticate(token, ",'session_token':'" + "A".repeat(44) + "','session_jwt':'x'")
                .refused(400, "too_many_session_arguments");
        authenticate(token, ",'session_duration_minutes':60,'session_custom_claims':{'a':'" + "x".repeat(4096) + "'}")
                .refused(400, "custom_claims_too_large");
        authenticate(token, "").ok();
    }

    @Test
    void theFactorIsAddedToARunningSessionOfTheUser() {
        loginOrCreate(EMAIL, "");
        String session = authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60")
                .ok()
                .text("session_token");
        String userId = userId(EMAIL);
        String embedded = client.post("/v1/magic_links", "{'user_id':'" + userId + "'}")
                .ok()
                .text("token");
        Client.Answer done =
                authenticate(embedded, ",'session_token':'" + session + "'").ok();
        assertThat(done.text("session_token")).isEqualTo(session);
        assertThat(done.at("session.authentication_factors")).hasSize(2);
        assertThat(client.get("/v1/sessions?user_id=" + userId).ok().at("sessions"))
                .hasSize(1);
    }

    @Test
    void aSessionOfAnotherUserIsIgnored() {
        loginOrCreate(OTHER, "");
        String session = authenticate(mailbox.token(OTHER), ",'session_duration_minutes':60")
                .ok()
                .text("session_token");
        loginOrCreate(EMAIL, "");
        Client.Answer done = authenticate(
                        mailbox.token(EMAIL), ",'session_duration_minutes':60,'session_token':'" + session + "'")
                .ok();
        assertThat(done.text("session_token")).isNotEqualTo(session);
    }

    @Test
    void aPendingUserBecomesActiveByTheLink() {
        loginOrCreate(EMAIL, ",'create_user_as_pending':true");
        assertThat(client.get("/v1/users/" + userId(EMAIL)).ok().text("status")).isEqualTo("pending");
        assertThat(authenticate(mailbox.token(EMAIL), "").ok().text("user.status"))
                .isEqualTo("active");
    }

    @Test
    void aLinkToAnAddressThatTheUserHasNoMoreIsRefused() {
        String userId =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        String emailId = send(OTHER, ",'user_id':'" + userId + "'").ok().text("email_id");
        String token = mailbox.token(OTHER);
        client.delete("/v1/users/emails/" + emailId).ok();
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
    }

    @Test
    void aLockedUserCannotUseALinkUntilTheLockEnds() {
        client.post("/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD))
                .ok();
        loginOrCreate(EMAIL, "");
        String token = mailbox.token(EMAIL);
        for (int attempt = 0; attempt < 10; attempt++) {
            client.post("/v1/passwords/authenticate", Map.of("email", EMAIL, "password", "wrong"))
                    .refused(401, "unauthorized_credentials");
        }
        authenticate(token, "").refused(429, "user_lock_limit_reached");
        app.clock().advance(Duration.ofMinutes(60));
        loginOrCreate(EMAIL, "");
        authenticate(mailbox.token(EMAIL), "").ok();
    }

    @Test
    void theFirstProofOfAnAddressTakesTheAccountFromWhoeverSetThePassword() {
        String stranger = client.post(
                        "/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD, "session_duration_minutes", 60))
                .ok()
                .text("session_token");
        loginOrCreate(EMAIL, "");
        Client.Answer done = authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60")
                .ok();
        assertThat(done.at("reset_sessions").booleanValue()).isTrue();
        assertThat(done.at("user.password.requires_reset").booleanValue()).isTrue();
        client.post("/v1/sessions/authenticate", "{'session_token':'" + stranger + "'}")
                .refused(404, "session_not_found");
        client.post("/v1/sessions/authenticate", "{'session_token':'" + done.text("session_token") + "'}")
                .ok();
        client.post("/v1/passwords/authenticate", Map.of("email", EMAIL, "password", PASSWORD))
                .refused(400, "reset_password");
    }

    @Test
    void theSessionThatCarriesTheFirstProofStays() {
        String own = client.post(
                        "/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD, "session_duration_minutes", 60))
                .ok()
                .text("session_token");
        String other = client.post(
                        "/v1/passwords/authenticate",
                        Map.of("email", EMAIL, "password", PASSWORD, "session_duration_minutes", 60))
                .ok()
                .text("session_token");
        loginOrCreate(EMAIL, "");
        Client.Answer done = authenticate(mailbox.token(EMAIL), ",'session_token':'" + own + "'")
                .ok();
        assertThat(done.at("reset_sessions").booleanValue()).isTrue();
        assertThat(done.text("session_token")).isEqualTo(own);
        client.post("/v1/sessions/authenticate", "{'session_token':'" + own + "'}")
                .ok();
        client.post("/v1/sessions/authenticate", "{'session_token':'" + other + "'}")
                .refused(404, "session_not_found");
    }

    @Test
    void aLaterProofResetsNothing() {
        loginOrCreate(EMAIL, "");
        String first = authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60")
                .ok()
                .text("session_token");
        loginOrCreate(EMAIL, "");
        assertThat(authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60")
                        .ok()
                        .at("reset_sessions")
                        .booleanValue())
                .isFalse();
        client.post("/v1/sessions/authenticate", "{'session_token':'" + first + "'}")
                .ok();
    }

    @Test
    void anEmbeddableLinkProvesNoAddressAndTakesNoAccount() {
        String userId = client.post("/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD))
                .ok()
                .text("user_id");
        String token = client.post("/v1/magic_links", "{'user_id':'" + userId + "'}")
                .ok()
                .text("token");
        Client.Answer done =
                authenticate(token, ",'session_duration_minutes':60").ok();
        assertThat(done.at("user.emails.0.verified").booleanValue()).isFalse();
        assertThat(done.at("user.password.requires_reset").booleanValue()).isFalse();
        assertThat(done.at("reset_sessions").booleanValue()).isFalse();
        assertThat(done.text("session.authentication_factors.0.delivery_method"))
                .isEqualTo("embedded");
        assertThat(done.text("session.authentication_factors.0.embeddable_magic_link_factor.embedded_id"))
                .isEqualTo(done.text("method_id"));
    }

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
        authenticate(token, ip + ",'attributes':{'ip_address':'203.0.113.2','user_agent':'agent'}")
                .refused(401, "attribute_mismatch");
        authenticate(token, agent + ",'attributes':{'ip_address':'203.0.113.1','user_agent':'other'}")
                .refused(401, "attribute_mismatch");
        authenticate(token, agent + ",'attributes':{'ip_address':'203.0.113.2','user_agent':'agent'}")
                .ok();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001:0DB8:0:0:0:0:0:1, true",
        "2001:db8::1, 2001:db8:0::1, true",
        "2001:db8::1, 2001:db8::0.0.0.1, true",
        "203.0.113.1, ::ffff:203.0.113.1, true",
        "203.0.113.1, ::FFFF:cb00:7101, true",
        "fe80::1%eth0, FE80:0::1%eth0, true",
        "fe80::1%eth0, fe80::1%eth1, false",
        "fe80::1%eth0, fe80::1, false",
        "2001:db8::1, 2001:db8::2, false",
        "203.0.113.1, 203.0.113.10, false",
        "unknown, unknown, true",
        "unknown, Unknown, false",
        "localhost, 127.0.0.1, false",
        "1:2, 1:2:, false"
    })
    void anAddressIsComparedAsAnAddress(String made, String shown, boolean same) {
        loginOrCreate(EMAIL, ",'attributes':{'ip_address':'" + made + "'}");
        Client.Answer answer = authenticate(
                mailbox.token(EMAIL),
                ",'options':{'ip_match_required':true},'attributes':{'ip_address':'" + shown + "'}");
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(same ? 200 : 401);
    }

    @Test
    void aMatchOfWhatWasNeverToldIsRefused() {
        loginOrCreate(EMAIL, "");
        String token = mailbox.token(EMAIL);
        authenticate(token, ",'options':{'ip_match_required':true,'user_agent_match_required':true}")
                .refused(401, "attribute_mismatch");
        authenticate(token, ",'attributes':{'ip_address':'203.0.113.2'}").ok();
    }

    @Test
    void anEmbeddableTokenIsMadeForAUserByEitherId() {
        String userId = client.post(
                        "/v1/users", "{'email':'" + EMAIL + "','external_id':'ada-1','create_user_as_pending':true}")
                .ok()
                .text("user_id");
        Client.Answer made = client.post("/v1/magic_links", "{'user_id':'ada-1','expiration_minutes':5}")
                .ok();
        assertThat(made.text("user_id")).isEqualTo(userId);
        assertThat(made.text("token")).matches("[A-Za-z0-9_-]{44}");
        assertThat(authenticate(made.text("token"), "").ok().text("user.status"))
                .isEqualTo("active");
        String later = client.post("/v1/magic_links", "{'user_id':'" + userId + "','expiration_minutes':5}")
                .ok()
                .text("token");
        app.clock().advance(Duration.ofMinutes(5));
        authenticate(later, "").refused(401, "unable_to_auth_magic_link");
    }

    @Test
    void anEmbeddableTokenNeedsAUserAndASaneExpiry() {
        client.post("/v1/magic_links", "{'user_id':'user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6'}")
                .refused(404, "user_not_found");
        client.post("/v1/magic_links", "{'user_id':'user-test-x'}").refused(404, "user_not_found");
        client.post("/v1/magic_links", "{}").refused(400, "invalid_user_id");
        String userId =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        for (int minutes : new int[] {0, 4, 10_081, -1}) {
            client.post("/v1/magic_links", "{'user_id':'" + userId + "','expiration_minutes':" + minutes + "}")
                    .refused(400, "invalid_expiration");
        }
    }
}
