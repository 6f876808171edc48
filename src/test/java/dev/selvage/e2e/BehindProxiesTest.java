package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.http.ConnectionLimits;
import dev.selvage.http.Server;
import dev.selvage.support.Balancer;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.KeptConnection;
import dev.selvage.support.Mailbox;
import dev.selvage.support.RawHttp;
import dev.selvage.support.TestApp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// nginx and HAProxy in front of the server, configured as `docs/operating.md` says: what clients see is what
/// the server answers.
@Tag("process")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BehindProxiesTest {

    private static final int CALLS = 200;

    @TempDir
    private Path directory;

    private TestApp app;
    private Client client;

    @BeforeEach
    void start() {
        app = TestApp.start(Engine.SQLITE);
        client = app.consumer();
    }

    @AfterEach
    void stop() {
        app.close();
    }

    private int serverPort() {
        return URI.create(app.baseUrl()).getPort();
    }

    private String authorization() {
        return Client.basic(client.projectId(), client.secret());
    }

    private String send(String baseUrl, String line, String headers, String body) throws IOException {
        return RawHttp.send(
                baseUrl,
                line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + authorization() + "\r\n"
                        + headers + "\r\n" + body);
    }

    /// Status, type and body of an answer, without what differs in each.
    private static String core(String answer) {
        int body = answer.indexOf("\r\n\r\n");
        String text = answer.substring(body + 4).replaceAll("request-id-test-[0-9a-f-]{36}", "");
        Matcher named = Pattern.compile("(?im)^(allow|cache-control|content-type|location|www-authenticate): .*$")
                .matcher(answer.substring(0, body));
        return answer.substring(0, 12)
                + named.results()
                        .map(found -> found.group().toLowerCase(java.util.Locale.ROOT))
                        .sorted()
                        .toList()
                + text;
    }

    @ParameterizedTest
    @EnumSource(ProxyServer.Kind.class)
    void anAnswerIsTheServersOwn(ProxyServer.Kind kind) throws Exception {
        String id = client.post("/v1/users", "{'email':'ada@example.com','external_id':'auth0|5'}")
                .ok()
                .text("user_id");
        client.post("/v1/magic_links/email/send", "{'email':'ada@example.com','user_id':'" + id + "'}")
                .ok();
        String link = new Mailbox(app, client).link("ada@example.com").replace(app.baseUrl(), "");
        try (ProxyServer proxy = ProxyServer.start(kind, directory, serverPort())) {
            for (String target : List.of(
                    "/v1/users/" + id,
                    "/v1/users/auth0|5",
                    "/v1/users/auth0%7C5",
                    "/v1/users/a%2Fb",
                    "/v1/users/a/../b",
                    "/v1/users/%2e%2e",
                    "/v1/users//" + id,
                    "//v1/sessions/jwks/" + client.projectId(),
                    "/v1/sessions?user_id=auth0|5",
                    "/v1/sessions?user_id=" + id + "&a=[x]{y}|%",
                    "/v1/sessions?user_id=" + id + "&user_id=x",
                    "/v1/nothing",
                    link,
                    link + "&utm_campaign=a|b&x[]=100%",
                    "/v1/magic_links/redirect?token=%00",
                    "/v1/sessions/revoke",
                    "/v1/users/" + id + "?" + "a".repeat(8_000))) {
                for (String method : List.of("GET", "HEAD", "PATCH", "OPTIONS")) {
                    assertThat(core(send(proxy.baseUrl(), method + " " + target, "", "")))
                            .as(method + " " + target)
                            .isEqualTo(core(send(app.baseUrl(), method + " " + target, "", "")));
                }
            }
            for (String inside :
                    List.of("/healthz", "/readyz", "/_selvage/v1/messages?project_id=" + client.projectId())) {
                assertThat(send(proxy.baseUrl(), "GET " + inside, "", ""))
                        .startsWith("HTTP/1.1 404")
                        .doesNotContain("status");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyServer.Kind.class)
    void bodiesArriveWhateverTheirForm(ProxyServer.Kind kind) throws Exception {
        try (ProxyServer proxy = ProxyServer.start(kind, directory, serverPort())) {
            String json = "{\"email\":\"ada@example.com\"}";
            String size = Integer.toHexString(json.length());
            assertThat(send(
                            proxy.baseUrl(),
                            "POST /v1/users",
                            "Transfer-Encoding: chunked\r\n",
                            size + ";a=b\r\n" + json + "\r\n0;c\r\nX-Checksum: y\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .contains("ada@example.com");
            assertThat(send(
                            proxy.baseUrl(),
                            "POST /v1/users",
                            "Expect: 100-continue\r\nContent-Length: " + json.length() + "\r\n",
                            json))
                    .contains("\"duplicate_email\"");
            String large = "{\"session_token\":\"" + "x".repeat(1_000_000) + "\"}";
            assertThat(send(
                            proxy.baseUrl(),
                            "POST /v1/sessions/authenticate",
                            "Content-Length: " + large.length() + "\r\n",
                            large))
                    .startsWith("HTTP/1.1 400")
                    .contains("\"error_type\"");
            assertThat(send(
                            proxy.baseUrl(),
                            "POST /v1/users",
                            "Content-Length: 2\r\nX-Large: " + "y".repeat(30_000) + "\r\n",
                            "{}"))
                    .contains("\"invalid_create_user_request\"");
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyServer.Kind.class)
    void whatDecidesTwiceIsNotDecidedByOneOfThem(ProxyServer.Kind kind) throws Exception {
        try (ProxyServer proxy = ProxyServer.start(kind, directory, serverPort())) {
            assertThat(send(proxy.baseUrl(), "GET /v1/sessions?user_id=x", "Authorization: Basic eDp5\r\n", ""))
                    .startsWith("HTTP/1.1 400");
            assertThat(send(proxy.baseUrl(), "POST /v1/users", "Content-Length: 2\r\nContent-Length: 3\r\n", "{}"))
                    .startsWith("HTTP/1.1 400");
            assertThat(send(
                            proxy.baseUrl(),
                            "POST /v1/users",
                            "Transfer-Encoding: chunked\r\n",
                            "+2\r\n{}\r\n0\r\n\r\n"))
                    .startsWith("HTTP/1.1 400");
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyServer.Kind.class)
    void callsShareConnectionsToTheServer(ProxyServer.Kind kind) throws Exception {
        try (Balancer between = Balancer.start(List.of(serverPort()))) {
            while (!between.ready(0)) {
                Thread.onSpinWait();
            }
            try (ProxyServer proxy = ProxyServer.start(kind, directory, between.port());
                    KeptConnection kept = new KeptConnection(proxy.port(), authorization())) {
                for (int i = 0; i < CALLS; i++) {
                    assertThat(kept.post("/v1/users", "{\"email\":\"ada" + i + "@example.com\"}")
                                    .status())
                            .isEqualTo(200);
                }
                // The proxy's own checks among them.
                assertThat(between.connections(0)).isLessThan(CALLS / 4);
            }
        }
    }

    @Test
    void theProxiesOfThePageLetTheLargestRequestThrough() throws IOException {
        int kilobytes = Server.HEADER_BYTES_MAX >> 10;
        String page = Files.readString(Path.of("docs", "operating.md"));
        assertThat(page)
                .contains(
                        "headers of " + kilobytes + " KB",
                        "large_client_header_buffers 4 " + kilobytes + "k;",
                        "client_max_body_size 1m;");
        assertThat(Server.BODY_BYTES_MAX).isEqualTo(1 << 20);
        Matcher buffer = Pattern.compile("tune.bufsize (\\d+)\n").matcher(page);
        assertThat(buffer.find()).isTrue();
        assertThat(Integer.parseInt(buffer.group(1))).isGreaterThan(Server.HEADER_BYTES_MAX);
    }

    @Test
    void everyProxyOfThePageLetsGoOfAConnectionBeforeTheServerDoes() throws IOException {
        String page = Files.readString(Path.of("docs", "operating.md"));
        List<Integer> seconds = Pattern.compile("(?:keepalive_timeout|idle_timeout:|timeout server) (\\d+)s")
                .matcher(page)
                .results()
                .map(found -> Integer.parseInt(found.group(1)))
                .toList();
        assertThat(seconds)
                .hasSize(3)
                .allMatch(time -> Duration.ofSeconds(time).compareTo(ConnectionLimits.DEFAULT.idle()) < 0);
        assertThat(page).contains("after " + ConnectionLimits.DEFAULT.idle().toSeconds() + " s without a request");
    }
}
