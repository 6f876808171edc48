package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Json;
import dev.selvage.error.ApiError;
import dev.selvage.limits.OperationLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two surfaces on one server, each heard and answered in its own way: forms and the errors of OAuth beside
/// JSON.
class SurfaceTest {

    static final ResponseFormat OAUTH = new ResponseFormat() {
        @Override
        public Response success(Object fields, String requestId, Map<String, String> headers) {
            return new Response(200, Response.JSON, Json.bytes(fields), headers);
        }

        @Override
        public Response refusal(ApiError refused, String requestId) {
            return Response.json(
                    refused.type().status(), Map.of("error", refused.type().wireValue()));
        }
    };
    private static final ResponseFormat DATA = new ResponseFormat() {
        @Override
        public Response success(Object fields, String requestId, Map<String, String> headers) {
            return Response.json(200, Map.of("data", fields));
        }

        @Override
        public Response refusal(ApiError refused, String requestId) {
            return Response.json(refused.type().status(), Map.of("refused", refused.getMessage()));
        }
    };
    private static final Cors ONE_ORIGIN = request -> request.header("Origin")
            .filter("https://app.example"::equals)
            .map(origin -> Map.of("Access-Control-Allow-Origin", origin))
            .orElse(Map.of());
    private static final Surface FORMS =
            new Surface("/oauth/", Authenticator.ANYONE, BodyFormat.FORM, OAUTH, Cors.NONE, Set.of("POST"));
    private static final Surface BROWSERS =
            new Surface("/sdk/", Authenticator.ANYONE, BodyFormat.JSON, DATA, ONE_ORIGIN, Set.of("GET", "PATCH"));

    private static Server server;

    record TokenRequest(String grantType, Boolean wide, Integer count, String path) {}

    record TokenResponse(String grantType, Boolean wide, Integer count) {}

    record NameRequest(String id, String name) {}

    record NameResponse(String id, String name) {}

    @BeforeAll
    static void start() {
        List<Route> routes = List.of(
                FORMS.post(
                        "/oauth/token",
                        TokenRequest.class,
                        (context, request) -> new TokenResponse(request.grantType, request.wide, request.count)),
                BROWSERS.patch(
                                "/sdk/names/{id}",
                                NameRequest.class,
                                (context, request) -> new NameResponse(request.id, request.name))
                        .guardedBy((context, request, next) -> "none".equals(request.name)
                                ? new NameResponse("nobody", "")
                                : next.handle(context, request)));
        server = Server.start(
                "127.0.0.1",
                0,
                Optional.empty(),
                ConnectionLimits.DEFAULT,
                new Pipeline(routes, new OperationLimits(), ClockAndRandom.real()),
                Optional.empty());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aFormIsReadByTheTypesOfTheRequest() throws Exception {
        HttpResponse<String> response = send("POST", "/oauth/token", "grant_type=a+b%26c&wide=true&count=3&other=x");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"grant_type\":\"a b&c\",\"wide\":true,\"count\":3}");
        assertThat(response.headers().firstValue("X-Request-Id")).isPresent();
    }

    @Test
    void aBrokenFormIsRefusedInTheFormatOfItsSurface() throws Exception {
        for (String form : List.of("grant_type=%zz", "grant_type=a&grant_type=b", "wide=perhaps", "count=many")) {
            HttpResponse<String> response = send("POST", "/oauth/token", form);
            assertThat(response.statusCode()).as(form).isEqualTo(400);
            assertThat(response.body()).as(form).startsWith("{\"error\":\"bad_request\"");
        }
    }

    @Test
    void patchHasABodyAndAGuardAnswersInPlaceOfTheHandler() throws Exception {
        assertThat(send("PATCH", "/sdk/names/7", "{\"name\":\"Ada\",\"id\":\"8\"}")
                        .body())
                .isEqualTo("{\"data\":{\"id\":\"7\",\"name\":\"Ada\"}}");
        assertThat(send("PATCH", "/sdk/names/7", "{\"name\":\"none\"}").body())
                .isEqualTo("{\"data\":{\"id\":\"nobody\",\"name\":\"\"}}");
    }

    @Test
    void whatNoRouteTakesIsRefusedByTheSurfaceWithThePrefix() throws Exception {
        assertThat(send("POST", "/oauth/none", "").body()).contains("\"error\"");
        assertThat(send("GET", "/sdk/none", null).body()).contains("\"refused\"");
        assertThat(send("GET", "/oauth/token", null).headers().firstValue("Allow"))
                .hasValue("OPTIONS, POST");
    }

    @Test
    void everyResponseOfASurfaceCarriesItsCorsHeaders() throws Exception {
        for (String method : List.of("PATCH", "OPTIONS", "DELETE")) {
            HttpResponse<String> response = send(method, "/sdk/names/7", "{}", "Origin", "https://app.example");
            assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
                    .as(method)
                    .hasValue("https://app.example");
        }
        assertThat(send("PATCH", "/sdk/names/7", "{}", "Origin", "https://other.example")
                        .headers()
                        .firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    @Test
    void anEndpointOutsideItsSurfaceIsNotMade() {
        assertThatThrownBy(() -> FORMS.post("/token", TokenRequest.class, (context, request) -> request))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FORMS.get("/oauth/token", TokenRequest.class, (context, request) -> request))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static HttpResponse<String> send(String method, String path, String body, String... headers)
            throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
