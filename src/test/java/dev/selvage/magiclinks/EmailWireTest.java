package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Environment;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmailWireTest extends MagicLinkTest {

    @Test
    void aLinkIsSentToAUserWhoExists() {
        String userId =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        Client.Answer sent = send(EMAIL, "").ok();
        assertThat(sent.text("user_id")).isEqualTo(userId);
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue()).isEqualTo("Your login request to Test project");
        assertThat(authenticate(mailbox.token(EMAIL), "").ok().text("method_id"))
                .isEqualTo(sent.text("email_id"));
    }

    @Test
    void aPendingUserIsSentASignupLink() {
        client.post("/v1/users", "{'email':'" + EMAIL + "','create_user_as_pending':true}")
                .ok();
        send(EMAIL, "").ok();
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue())
                .isEqualTo("Your account creation request for Test project");
    }

    @Test
    void noLinkIsSentToAStranger() {
        send(EMAIL, "").refused(404, "email_not_found");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
    }

    @Test
    void anAddressIsAddedToAUserForFiveMinutes() {
        String userId =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
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
        String userId =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        send(OTHER, ",'user_id':'" + userId + "'").ok();
        app.clock().advance(Duration.ofMinutes(4));
        authenticate(mailbox.token(OTHER), "").ok();
        app.clock().advance(Duration.ofDays(1));
        assertThat(client.get("/v1/users/" + userId)
                        .ok()
                        .at("emails.1.verified")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void aSecondSendGivesTheAddressAnotherFiveMinutes() {
        String userId =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        String first = send(OTHER, ",'user_id':'" + userId + "'").ok().text("email_id");
        app.clock().advance(Duration.ofMinutes(4));
        Client.Answer second = send(OTHER, ",'user_id':'" + userId + "'").ok();
        assertThat(second.text("email_id")).isEqualTo(first);
        app.clock().advance(Duration.ofMinutes(4));
        authenticate(mailbox.token(OTHER), "").ok();
    }

    @Test
    void anAddressThatWaitsLeadsNobodyIntoTheAccountOfWhoeverAddedIt() {
        String adder =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        send(OTHER, ",'user_id':'" + adder + "'").ok();
        String added = mailbox.token(OTHER);
        app.clock().advance(Duration.ofSeconds(1));
        client.post("/v1/passwords/email/reset/start", "{'email':'" + OTHER + "'}")
                .refused(404, "email_not_found");
        send(OTHER, "").refused(404, "email_not_found");
        Client.Answer holder = loginOrCreate(OTHER, "");
        assertThat(holder.at("user_created").booleanValue()).isTrue();
        assertThat(authenticate(mailbox.token(OTHER), "").ok().text("user_id"))
                .isEqualTo(holder.text("user_id"))
                .isNotEqualTo(adder);
        authenticate(added, "").refused(401, "unable_to_auth_magic_link");
        assertThat(client.get("/v1/users/" + adder).ok().at("emails")).hasSize(1);
        send(OTHER, ",'user_id':'" + adder + "'").refused(400, "duplicate_email");
    }

    @Test
    void anAddressWaitsForOneUserAtATime() {
        String first =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        String second =
                client.post("/v1/users", "{'email':'bob@example.com'}").ok().text("user_id");
        send(OTHER, ",'user_id':'" + first + "'").ok();
        send(OTHER, ",'user_id':'" + second + "'").refused(400, "duplicate_email");
        authenticate(mailbox.token(OTHER), "").ok();
    }

    @Test
    void anAddressIsAddedToTheUserOfASession() {
        loginOrCreate(EMAIL, "");
        Client.Answer session = authenticate(mailbox.token(EMAIL), ",'session_duration_minutes':60")
                .ok();
        send(OTHER, ",'session_token':'" + session.text("session_token") + "'").ok();
        Client.Answer sent = send(OTHER, ",'session_jwt':'" + session.text("session_jwt") + "'")
                .ok();
        assertThat(sent.text("user_id")).isEqualTo(session.text("user_id"));
    }

    @Test
    void anAddressOfAnotherUserIsNotAdded() {
        String userId =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        client.post("/v1/users", "{'email':'" + OTHER + "'}").ok();
        send(OTHER, ",'user_id':'" + userId + "'").refused(400, "duplicate_email");
    }

    @Test
    void theUserIsNamedInOneWay() {
        String userId =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        send(OTHER, ",'user_id':'" + userId + "','session_token':'" + "A".repeat(44) + "'")
                .refused(400, "too_many_user_selection_arguments");
        send(OTHER, ",'session_jwt':'x','session_token':'" + "A".repeat(44) + "'")
                .refused(400, "too_many_user_selection_arguments");
        send(OTHER, ",'session_token':'" + "A".repeat(44) + "'").refused(404, "session_not_found");
        send(OTHER, ",'session_token':'x'").refused(400, "invalid_session_token");
        send(OTHER, ",'session_jwt':'x'").refused(400, "unable_to_parse_session_jwt");
        send(OTHER, ",'user_id':'nobody'").refused(404, "user_not_found");
        send(OTHER, ",'user_id':'user-test-x'").refused(404, "user_not_found");
    }

    @Test
    void aUserWithAPasswordProvesTheFirstAddressBeforeASecond() {
        String userId = client.post("/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD))
                .ok()
                .text("user_id");
        send(OTHER, ",'user_id':'" + userId + "'").refused(400, "email_verification_required");
        send(EMAIL, ",'user_id':'" + userId + "'").ok();
        authenticate(mailbox.token(EMAIL), "").ok();
        send(OTHER, ",'user_id':'" + userId + "'").ok();
        assertThat(authenticate(mailbox.token(OTHER), "")
                        .ok()
                        .at("reset_sessions")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void onlySoManyAddressesWaitForTheirProof() {
        String userId =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        for (int i = 0; i < 5; i++) {
            send("a" + i + "@example.com", ",'user_id':'" + userId + "'").ok();
        }
        send("a5@example.com", ",'user_id':'" + userId + "'").refused(400, "too_many_unverified_factors");
        send("a0@example.com", ",'user_id':'" + userId + "'").ok();
    }

    @Test
    void aKnownUserIsSentALoginLinkAndANewOneASignupLink() {
        Client.Answer first = loginOrCreate(EMAIL, "");
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue())
                .isEqualTo("Your account creation request for Test project");
        assertThat(mailbox.newest(EMAIL).path("text").stringValue()).contains("7 days");
        Client.Answer second = loginOrCreate(EMAIL.toUpperCase(Locale.ROOT), "");
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
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue())
                .isEqualTo("Your account creation request for Test project");
    }

    @Test
    void whatIsWrongWithARequestIsSaid() {
        refusedSend(",'locale':'xx'", 400, "invalid_locale");
        refusedSend(",'login_expiration_minutes':4", 400, "invalid_expiration");
        refusedSend(",'signup_expiration_minutes':10081", 400, "invalid_expiration");
        refusedSend(",'login_template_id':7", 400, "bad_request");
        refusedSend(",'signup_template_id':'nothing','login_template_id':'nothing'", 404, "email_template_not_found");
        client.post("/v1/magic_links/email/login_or_create", "{'email':'nonsense'}")
                .refused(400, "invalid_email");
        client.post("/v1/magic_links/email/login_or_create", "{}").refused(400, "bad_request");
        client.post("/v1/magic_links/email/send", "{'email':'nonsense'}").refused(400, "invalid_email");
    }

    @Test
    void theLocaleChoosesTheLanguage() {
        loginOrCreate(EMAIL, ",'locale':'ptbr'");
        assertThat(mailbox.newest(EMAIL).path("html").stringValue()).contains("lang=\"pt-br\"");
        loginOrCreate(EMAIL, ",'locale':'ES'");
        assertThat(mailbox.newest(EMAIL).path("html").stringValue()).contains("lang=\"es\"");
        loginOrCreate(EMAIL, ",'locale':'fr'");
        assertThat(mailbox.newest(EMAIL).path("html").stringValue()).contains("lang=\"fr\"");
    }

    @Test
    void anAddressGetsOneMessageASecondOverAllCalls() {
        loginOrCreate(EMAIL, "");
        Client.Answer refused = client.post("/v1/magic_links/email/send", "{'email':'" + EMAIL + "'}")
                .refused(429, "too_many_requests");
        assertThat(refused.raw().headers().firstValue("Retry-After")).contains("1");
        client.post("/v1/magic_links/email/login_or_create", "{'email':'" + EMAIL + "'}")
                .refused(429, "too_many_requests");
        client.post("/v1/passwords/email/reset/start", "{'email':'" + EMAIL + "'}")
                .refused(429, "too_many_requests");
        client.post("/v1/magic_links/email/invite", "{'email':'" + OTHER + "'}").ok();
        client.post("/v1/magic_links/email/login_or_create", "{'email':'" + OTHER + "'}")
                .refused(429, "too_many_requests");
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

    @Test
    void aUrlMustBeOneOfTheProjectForThisUse() {
        urls(
                new RedirectUrl("https://app.example.com/in", List.of(RedirectType.LOGIN), List.of(RedirectType.LOGIN)),
                new RedirectUrl("https://app.example.com/up?x=1", List.of(RedirectType.SIGNUP), null),
                new RedirectUrl("https://*.preview.example.com/up", List.of(RedirectType.SIGNUP), null));
        refusedSend("", 400, "no_default_signup_redirect_url_set");
        refusedSend(
                ",'signup_magic_link_url':'https://app.example.com/in'", 400, "no_match_for_provided_magic_link_url");
        refusedSend(
                ",'signup_magic_link_url':'https://app.example.com/up'", 400, "no_match_for_provided_magic_link_url");
        refusedSend(",'signup_magic_link_url':'javascript:alert(1)'", 400, "invalid_signup_magic_link_url");
        refusedSend(
                ",'signup_magic_link_url':'https://app.example.com/up?x=1','login_magic_link_url':'data:x'",
                400,
                "invalid_login_magic_link_url");
        refusedSend(
                ",'signup_magic_link_url':'https://app.example.com/up?x=1','login_magic_link_url':'https://evil.test/'",
                400,
                "no_match_for_provided_magic_link_url");
        loginOrCreate(EMAIL, ",'signup_magic_link_url':'https://pr-7.preview.example.com/up'");
        assertThat(Mailbox.location(mailbox.link(EMAIL)))
                .startsWith("https://pr-7.preview.example.com/up?stytch_token_type=magic_links&token=");
        loginOrCreate(EMAIL, "");
        assertThat(Mailbox.location(mailbox.link(EMAIL)))
                .startsWith("https://app.example.com/in?stytch_token_type=magic_links&token=");
    }

    @Test
    void withoutAnyUrlACallThatNamesNoneIsRefused() {
        urls();
        refusedSend("", 400, "no_signup_redirect_urls_set");
        client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok();
        refusedSend("", 400, "no_login_redirect_urls_set");
        client.post("/v1/magic_links/email/invite", "{'email':'" + OTHER + "'}")
                .refused(400, "no_invite_redirect_urls_set");
        urls(new RedirectUrl("https://app.example.com/in", null, null));
        refusedSend("", 400, "no_default_login_redirect_url_set");
        client.post("/v1/magic_links/email/invite", "{'email':'" + OTHER + "'}")
                .refused(400, "no_default_invite_redirect_url_set");
    }

    @Test
    void wildcardsMeanNothingInLiveProjects() {
        Client live = app.client(Vertical.CONSUMER, Environment.LIVE);
        app.urls(live, new RedirectUrl("https://*.example.com/in", null, null));
        live.post(
                        "/v1/magic_links/email/login_or_create",
                        "{'email':'" + EMAIL + "','signup_magic_link_url':'https://a.example.com/in'}")
                .refused(400, "no_match_for_provided_magic_link_url");
    }
}
