package dev.selvage.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The messages of a client's project as their recipients see them, and the browser in which they open links.
public final class Mailbox {

    private static final HttpClient BROWSER =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    private static final Pattern TOKEN = Pattern.compile("[?&]token=([^&#]+)");
    private static final Pattern LINK = Pattern.compile("https?://\\S+/redirect\\?\\S+");

    private final TestApp app;
    private final Client client;

    public Mailbox(TestApp app, Client client) {
        this.app = app;
        this.client = client;
    }

    /// All messages to an address or a phone number, newest first.
    public JsonNode messages(String to) {
        return client.send(client.request(
                                "GET",
                                "/_selvage/v1/messages?project_id=" + client.projectId() + "&to="
                                        + URLEncoder.encode(to, StandardCharsets.UTF_8),
                                null)
                        .header("Authorization", "Bearer " + app.adminToken())
                        .build())
                .ok()
                .at("messages");
    }

    /// The newest message to an address; fails if there is none.
    public JsonNode newest(String to) {
        JsonNode messages = messages(to);
        assertThat(messages).as("messages to " + to).isNotEmpty();
        return messages.get(0);
    }

    /// The one-time passcode of the newest message to an address or a phone number.
    public String code(String to) {
        return newest(to).path("code").stringValue();
    }

    /// A passcode other than the one of the newest message.
    public String wrongCode(String to) {
        return "%06d".formatted((Integer.parseInt(code(to)) + 1) % 1_000_000);
    }

    /// The link of the newest message to an address.
    public String link(String to) {
        return newest(to).path("link").stringValue();
    }

    /// The second link of the newest message to an address.
    public String secondLink(String to) {
        Matcher links = LINK.matcher(newest(to).path("text").stringValue());
        assertThat(links.find() && links.find()).isTrue();
        return links.group();
    }

    /// Opens the newest link and returns the token of the redirect to the application.
    public String token(String to) {
        return tokenIn(location(link(to)));
    }

    /// Opens a link and returns the target of its redirect.
    public static String location(String link) {
        HttpResponse<String> answer = open("GET", link);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    /// The token in a URL.
    public static String tokenIn(String url) {
        Matcher token = TOKEN.matcher(url);
        assertThat(token.find()).as(url).isTrue();
        return token.group(1);
    }

    /// Opens a link without following redirects.
    public static HttpResponse<String> open(String method, String link) {
        try {
            return BROWSER.send(
                    HttpRequest.newBuilder(URI.create(link))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
