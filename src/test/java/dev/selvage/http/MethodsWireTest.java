package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.RawHttp;
import dev.selvage.support.WireTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What each path takes, and what a refusal says of it: a table over all routes of the server.
@Tag("form")
class MethodsWireTest extends WireTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO");

    private HttpResponse<String> send(String method, String path, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(app.baseUrl() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        headers.forEach(request::header);
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new IllegalStateException(method + " " + path, failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        app.app().routes().forEach(route -> paths.add(route.path().replaceAll("\\{[a-z0-9_]+}", "x")));
        assertThat(paths).hasSizeGreaterThan(100);
        return paths;
    }

    /// The methods of all routes whose path fits, by hand: a parameter takes any segment.
    private Set<String> allowed(String path) {
        Set<String> methods = new TreeSet<>(Set.of("OPTIONS"));
        app.app().routes().stream()
                .filter(route -> path.matches(route.path().replaceAll("\\{[a-z0-9_]+}", "[^/]+")))
                .forEach(route -> methods.addAll(
                        route.method().equals("GET") ? List.of("GET", "HEAD") : List.of(route.method())));
        return methods;
    }

    @Test
    void everyPathTakesTheMethodsThatItNamesAndNoOther() {
        for (String path : paths()) {
            Set<String> allowed = allowed(path);
            for (String method : METHODS) {
                HttpResponse<String> answer = send(method, path, Map.of());
                String what = method + " " + path + ": " + answer.body();
                assertThat(answer.statusCode() == 405).as(what).isEqualTo(!allowed.contains(method));
                if (answer.statusCode() == 405 || method.equals("OPTIONS")) {
                    assertThat(Set.of(answer.headers()
                                    .firstValue("Allow")
                                    .orElse("")
                                    .split(", ")))
                            .as(what)
                            .isEqualTo(allowed);
                }
                if (answer.statusCode() == 405 && !method.equals("HEAD")) {
                    assertThat(answer.body()).as(what).contains("\"error_type\":\"method_not_allowed\"");
                }
                if (method.equals("OPTIONS")) {
                    assertThat(answer.statusCode()).as(what).isEqualTo(204);
                }
            }
        }
    }

    @Test
    void noAnswerMayBeKeptButThePublicKeys() {
        for (String path : paths()) {
            for (String method : METHODS) {
                HttpResponse<String> answer =
                        send(method, path, Map.of("Authorization", Client.basic(client.projectId(), client.secret())));
                assertThat(answer.headers().allValues("Cache-Control"))
                        .as(method + " " + path)
                        .containsExactly("no-store");
            }
        }
        String keys = "/v1/sessions/jwks/" + client.projectId();
        assertThat(send("GET", keys, Map.of()).headers().allValues("Cache-Control"))
                .containsExactly("public, max-age=900");
        assertThat(send("HEAD", keys, Map.of()).headers().allValues("Cache-Control"))
                .containsExactly("public, max-age=900");
        assertThat(client.post("/v1/users", "{'email':'ada@example.com'}")
                        .ok()
                        .raw()
                        .headers()
                        .allValues("Cache-Control"))
                .containsExactly("no-store");
        assertThat(send("GET", "/nothing", Map.of()).headers().allValues("Cache-Control"))
                .containsExactly("no-store");
    }

    @Test
    void bytesThatAreNoRequestGetAnAnswerThatNobodyKeeps() throws IOException {
        for (String bytes : List.of(
                "hello\r\n\r\n",
                "GET / HTTP/2.0\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(Server.HEADER_BYTES_MAX) + "\r\n\r\n",
                "GET /\u0001 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) {
            assertThat(RawHttp.send(app.baseUrl(), bytes))
                    .startsWith("HTTP/1.1 400")
                    .contains("Cache-Control: no-store\r\n");
        }
    }

    @Test
    void headIsGetWithoutABody() throws IOException {
        String user =
                client.post("/v1/users", "{'email':'ada@example.com'}").ok().text("user_id");
        for (String path : List.of(
                "/healthz",
                "/readyz",
                "/v1/sessions/jwks/" + client.projectId(),
                "/v1/magic_links/redirect",
                "/v1/passwords/redirect",
                "/v1/users/" + user,
                "/v1/sessions?user_id=" + user,
                "/v1/users/x",
                "/_selvage/v1/messages")) {
            Map<String, String> headers = Map.of("Authorization", Client.basic(client.projectId(), client.secret()));
            HttpResponse<String> get = send("GET", path, headers);
            HttpResponse<String> head = send("HEAD", path, headers);
            assertThat(head.body()).isEmpty();
            assertThat(head.statusCode()).as(path).isEqualTo(get.statusCode());
            assertThat(head.headers().map().keySet())
                    .as(path)
                    .isEqualTo(get.headers().map().keySet());
            for (String name : List.of("Content-Type", "Content-Length", "Cache-Control")) {
                assertThat(head.headers().firstValue(name))
                        .as(path)
                        .isEqualTo(get.headers().firstValue(name));
            }
        }
    }

    @Test
    void behindAHeadTheNextRequestOfTheConnectionIsAnswered() throws IOException {
        String head = "HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
        String answer = RawHttp.send(
                app.baseUrl(), head + head + "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer.split("HTTP/1.1 200", -1)).hasSize(4);
        assertThat(answer.split("alive\"}", -1)).hasSize(2);
    }

    @Test
    void optionsOfWhatIsNotThereIsNotFound() {
        assertThat(send("OPTIONS", "/nothing", Map.of()).statusCode()).isEqualTo(404);
    }
}
