package dev.selvage.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.links.Links;
import dev.selvage.projects.Settings.RedirectType;
import dev.selvage.projects.Settings.RedirectUrl;
import dev.selvage.support.Mailbox;
import dev.selvage.support.WireTest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkPagesWireTest extends WireTest {

    private static final String EMAIL = "ada@example.com";

    @Test
    void theLinkInTheMailHasTheOfficialFormAndLeadsToTheApplication() {
        String link = send("");
        assertThat(link)
                .matches("\\Q" + app.baseUrl() + "/v1/magic_links/redirect?public_token=" + client.publicToken()
                        + "&stytch_token_type=magic_links&token=\\E[A-Za-z0-9_-]{44}");
        assertThat(Mailbox.location(link))
                .isEqualTo("http://localhost:3000/authenticate?stytch_token_type=magic_links&token="
                        + Mailbox.tokenIn(link));
    }

    @Test
    void theTargetKeepsItsOwnQueryAndFragment() {
        String url = "https://app.example.com/in?next=%2Fhome#/welcome";
        allow(url);
        String link = send(",'signup_magic_link_url':'" + url + "'");
        assertThat(Mailbox.location(link))
                .isEqualTo("https://app.example.com/in?next=%2Fhome&stytch_token_type=magic_links&token="
                        + Mailbox.tokenIn(link) + "#/welcome");
    }

    @Test
    void whereItLeadsIsNotForTheRequestToSay() {
        String link = send("");
        String expected = Mailbox.location(link);
        assertThat(Mailbox.location(link + "&redirect_url=https://evil.test&stytch_token_type=oauth&url=//evil.test"))
                .isEqualTo(expected);
        assertThat(Mailbox.location(link.replace("stytch_token_type=magic_links", "stytch_token_type=reset_password")))
                .isEqualTo(expected);
    }

    @Test
    void openingALinkHoweverOftenLeavesItUsable() {
        String link = send("");
        for (String method : List.of("HEAD", "GET", "GET", "HEAD")) {
            Mailbox.open(method, link);
        }
        client.post("/v1/magic_links/authenticate", "{'token':'" + Mailbox.tokenIn(link) + "'}")
                .ok();
    }

    @Test
    void aUsedLinkSaysSo() {
        String link = send("");
        client.post("/v1/magic_links/authenticate", "{'token':'" + Mailbox.tokenIn(link) + "'}")
                .ok();
        assertPage(Mailbox.open("GET", link), 410, "This link has expired");
    }

    @Test
    void anExpiredLinkSaysSo() {
        String link = send(",'signup_expiration_minutes':5");
        app.clock().advance(Duration.ofMinutes(5));
        assertPage(Mailbox.open("GET", link), 410, "This link has expired");
    }

    @Test
    void anUnknownLinkSaysSo() {
        String link = send("");
        String base = app.baseUrl() + "/v1/magic_links/redirect";
        for (String unknown : List.of(
                base,
                base + "?token=" + Mailbox.tokenIn(link),
                base + "?public_token=x&token=%3Cscript%3E",
                link.replace("&token=", "&token=AAAA"),
                link.replaceAll("token=[^&]+$", "token=" + "A".repeat(44)),
                link.replace(client.publicToken(), app.consumer().publicToken()))) {
            assertPage(Mailbox.open("GET", unknown), 404, "This link does not work");
        }
    }

    @Test
    void anEmbeddableTokenHasNoPage() {
        String userId =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        String token = client.post("/v1/magic_links", "{'user_id':'" + userId + "'}")
                .ok()
                .text("token");
        assertPage(
                Mailbox.open(
                        "GET",
                        app.baseUrl() + "/v1/magic_links/redirect?public_token=" + client.publicToken() + "&token="
                                + token),
                404,
                "This link does not work");
    }

    @Test
    void linksThatExpiredLongAgoAreSweptAndOthersStay() {
        String old = send(",'signup_expiration_minutes':5");
        app.clock()
                .advance(
                        Duration.ofMinutes(5).plusMillis(Links.RETENTION_MILLIS).minusSeconds(1));
        String recent = send("");
        Links links = new Links(
                app.app().database(),
                app::baseUrl,
                new dev.selvage.base.ClockAndRandom(app.clock(), new java.util.Random(1)));
        links.sweep(500);
        assertPage(Mailbox.open("GET", old), 410, "This link has expired");
        app.clock().advance(Duration.ofMillis(1));
        assertThat(links.sweep(500)).isPositive();
        assertPage(Mailbox.open("GET", old), 404, "This link does not work");
        Mailbox.location(recent);
    }

    private String send(String members) {
        app.clock().advance(Duration.ofSeconds(1));
        client.post(
                        "/v1/magic_links/email/login_or_create",
                        "{'email':'" + EMAIL + "','create_user_as_pending':true" + members + "}")
                .ok();
        return new Mailbox(app, client).link(EMAIL);
    }

    private void allow(String url) {
        app.setting(client, "redirect_urls", List.of(new RedirectUrl(url, List.of(RedirectType.SIGNUP), null)));
    }

    private static void assertPage(HttpResponse<String> answer, int status, String heading) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'");
        assertThat(answer.headers().firstValue("Location")).isEmpty();
        assertThat(answer.body()).contains("<h1>" + heading + "</h1>").doesNotContain("<script");
    }
}
