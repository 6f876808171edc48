package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.selvage.base.Environment;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.RawHttp;
import dev.selvage.support.WireTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class PipelineWireTest extends WireTest {

    private static final String USER = "user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6";
    private static final String LIST = "/v1/sessions?user_id=" + USER;

    private Client.Answer listWith(String authorization) {
        HttpRequest.Builder request = client.request("GET", LIST, null);
        return client.send(
                authorization == null
                        ? request.build()
                        : request.header("Authorization", authorization).build());
    }

    @Test
    void theErrorsOfTheSeedAreMetToTheLetter() {
        var unknown = client.get(LIST).refused(404, "user_not_found");
        assertThat(unknown.text("error_message")).isEqualTo("User could not be found.");
        assertThat(unknown.text("error_url")).isEqualTo("https://stytch.com/docs/api/errors/404");
        assertThat(unknown.body().propertyNames())
                .containsExactly("status_code", "request_id", "error_type", "error_message", "error_url");

        var malformed = client.get("/v1/sessions?user_id=").refused(400, "invalid_user_id");
        assertThat(malformed.text("error_message")).isEqualTo("user_id format is invalid.");
        assertThat(malformed.text("error_url")).isEqualTo("https://stytch.com/docs/api/errors/400");

        var unauthorized = listWith(Client.basic(client.projectId(), "secret-test-wrong"))
                .refused(401, "unauthorized_credentials");
        assertThat(unauthorized.text("error_message")).isEqualTo("Unauthorized credentials.");
        assertThat(unauthorized.text("error_url")).isEqualTo("https://stytch.com/docs/api/errors/401");
    }

    @Test
    void missingOrOtherAuthorizationIsUnauthorizedAndAsksForBasic() {
        for (String header : new String[] {null, "Bearer abc", "Digest x"}) {
            var answer = listWith(header).refused(401, "unauthorized_credentials");
            assertThat(answer.raw().headers().firstValue("WWW-Authenticate")).hasValue("Basic realm=\"Selvage\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dummy", "project-test-123", "", "project-prod-16d9ba61-97a1-4ba4-9720-b03761dc50c6"})
    void aMalformedProjectIdIsRefusedBeforeAnythingElse(String projectId) {
        listWith(Client.basic(projectId, "secret")).refused(400, "invalid_project_id_authentication");
    }

    @Test
    void basicThatIsNoPairIsAMalformedProjectId() {
        listWith("Basic !!!").refused(400, "invalid_project_id_authentication");
        listWith("Basic").refused(401, "unauthorized_credentials");
    }

    @Test
    void aMalformedSecretIsRefused() {
        listWith(Client.basic(client.projectId(), "")).refused(400, "invalid_secret_authentication");
        listWith(Client.basic(client.projectId(), "x".repeat(300))).refused(400, "invalid_secret_authentication");
    }

    @Test
    void theSecretOfAnotherProjectIsUnauthorized() {
        listWith(Client.basic(client.projectId(), app.consumer().secret())).refused(401, "unauthorized_credentials");
        listWith(Client.basic("project-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6", client.secret()))
                .refused(401, "unauthorized_credentials");
    }

    @Test
    void severalSecretsAreAcceptedUntilTheyAreRevoked() {
        var second = app.app().projects().createSecret(client.project());
        listWith(Client.basic(client.projectId(), second.secret())).refused(404, "user_not_found");
        client.get(LIST).refused(404, "user_not_found");
        assertThat(app.app().projects().revokeSecret(client.project(), second.secretId()))
                .isTrue();
        listWith(Client.basic(client.projectId(), second.secret())).refused(401, "unauthorized_credentials");
        client.get(LIST).refused(404, "user_not_found");
    }

    @Test
    void aProjectOfTheOtherProductIsRefused() {
        app.b2b().get(LIST).refused(400, "invalid_consumer_endpoint");
    }

    @Test
    void requestIdsNameTheEnvironment() {
        assertThat(client.get(LIST).text("request_id")).startsWith("request-id-test-");
        var live = app.client(Vertical.CONSUMER, Environment.LIVE);
        var answer = live.get("/v1/sessions?user_id=user-live-16d9ba61-97a1-4ba4-9720-b03761dc50c6")
                .refused(404, "user_not_found");
        assertThat(answer.text("request_id")).startsWith("request-id-live-");
        assertThat(answer.raw().headers().firstValue("X-Request-Id")).hasValue(answer.text("request_id"));
        live.get(LIST).refused(400, "test_id_used_in_live_environment");
        client.get("/v1/sessions?user_id=user-live-16d9ba61-97a1-4ba4-9720-b03761dc50c6")
                .refused(400, "live_id_used_in_test_environment");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/nothing",
                "/",
                "/v1/b2b/passwords",
                "/v1/sessions/",
                "/v1",
                "/v1/sessions/authenticate/x",
                "/%00",
                "/v1/%zz"
            })
    void anUnknownRouteIsAJsonError(String path) throws IOException {
        String answer =
                RawHttp.send(app.baseUrl(), "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 4")
                .contains("Content-Type: application/json")
                .contains("\"status_code\":4");
    }

    @Test
    void anUnknownRouteIsReportedWithAndWithoutCredentials() {
        client.get("/v1/nothing").refused(404, "route_not_found");
        client.send(client.request("GET", "/v1/nothing", null).build()).refused(404, "route_not_found");
    }

    @Test
    void repeatedSlashesCountAsOne() {
        client.send(client.request("GET", "//v1/sessions/jwks/" + client.projectId(), null)
                        .build())
                .ok();
    }

    @Test
    void anEncodedSlashStaysInsideItsSegment() {
        client.get("/v1/users/u%2F1").refused(400, "invalid_user_id");
        client.get("/v1/users/u%7C1").refused(404, "user_not_found");
    }

    @Test
    void anEmptyBodyCountsAsAnEmptyObject() {
        client.call("POST", "/v1/sessions/revoke", null).refused(400, "no_session_revoke_arguments");
        client.call("POST", "/v1/sessions/revoke", "{}").refused(400, "no_session_revoke_arguments");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "nonsense",
                "{\"a\":1}{\"b\":2}",
                "{'a':1}",
                "{\"session_id\":\"a\",\"session_id\":\"b\"}",
                "[]",
                "\"x\"",
                "1",
                "null",
                "{\"a\":NaN}",
                "\u0000"
            })
    void aBodyThatIsNoJsonObjectIsABadRequest(String body) {
        client.call("POST", "/v1/sessions/revoke", body).refused(400, "bad_request");
    }

    @Test
    void invalidUtf8IsABadRequest() throws IOException {
        byte[] head =
                ("POST /v1/sessions/revoke HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 18\r\nAuthorization: "
                                + Client.basic(client.projectId(), client.secret()) + "\r\n\r\n")
                        .getBytes();
        byte[] body = "{\"session_id\":\"??\"".getBytes();
        byte[] all = java.util.Arrays.copyOf(head, head.length + 18);
        System.arraycopy(body, 0, all, head.length, 18);
        all[head.length + 15] = (byte) 0xc3;
        all[head.length + 16] = (byte) 0x28;
        assertThat(RawHttp.send(app.baseUrl(), all))
                .startsWith("HTTP/1.1 400")
                .contains("\"error_type\":\"bad_request\"");
    }

    @Test
    void aMemberOfAWrongTypeIsNamed() {
        var answer =
                client.post("/v1/sessions/authenticate", "{'session_token':5}").refused(400, "bad_request");
        assertThat(answer.text("error_details.field")).isEqualTo("session_token");
        client.post("/v1/sessions/authenticate", "{'session_duration_minutes':'5'}")
                .refused(400, "bad_request");
        client.post("/v1/sessions/authenticate", "{'session_duration_minutes':5.5}")
                .refused(400, "bad_request");
        client.post("/v1/sessions/authenticate", "{'session_duration_minutes':1e400}")
                .refused(400, "bad_request");
        client.post("/v1/sessions/authenticate", "{'session_custom_claims':[1]}")
                .refused(400, "bad_request");
        client.post("/v1/sessions/authenticate", "{'authorization_check':'x'}").refused(400, "bad_request");
        client.post("/v1/sessions/authenticate", "{'session_token':{'a':1}}").refused(400, "bad_request");
        client.post("/v1/sessions/authenticate", "{'session_token':['a']}").refused(400, "bad_request");
        client.post("/v1/sessions/authenticate", "{'session_token':true}").refused(400, "bad_request");
        for (String field : new String[] {
            "'locale':1",
            "'locale':['en']",
            "'code_challenge':true",
            "'email':{'a':1}",
            "'login_expiration_minutes':'5'",
            "'login_expiration_minutes':5.5"
        }) {
            String message = client.post("/v1/magic_links/email/login_or_create", "{" + field + "}")
                    .refused(400, "bad_request")
                    .text("error_message");
            assertThat(message).isEqualTo(field.substring(1, field.indexOf("':")) + " has the wrong type.");
        }
    }

    @Test
    void unknownMembersAndParametersAreIgnored() {
        client.get(LIST + "&more=1&limit=0").refused(404, "user_not_found");
        client.post(
                        "/v1/sessions/revoke",
                        "{'telemetry_id':'x','session_id':'session-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6'}")
                .refused(404, "session_not_found");
    }

    @Test
    void wholeNumbersMayBeWrittenWithAFraction() {
        client.post("/v1/sessions/authenticate", "{'session_duration_minutes':60.0}")
                .refused(400, "no_session_arguments");
        client.post("/v1/magic_links", "{'user_id':'" + USER + "','expiration_minutes':60.0}")
                .refused(404, "user_not_found");
    }

    @Test
    void aNumberTooLargeForItsTypeIsOutOfRangeAsAnyOther() {
        for (String number : new String[] {"99999999999", "-99999999999", "1e12", "1" + "0".repeat(60)}) {
            client.post("/v1/sessions/authenticate", "{'session_duration_minutes':" + number + "}")
                    .refused(400, "invalid_session_duration_minutes");
            client.post("/v1/magic_links", "{'expiration_minutes':" + number + "}")
                    .refused(400, "invalid_expiration");
            client.post("/v1/users/search", "{'limit':" + number + "}").refused(400, "user_search_invalid_limit");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n2\r\n{}more\r\n0\r\n\r\n"
            })
    void aBodyOfMalformedChunksIsABadRequestAndEndsTheConnection(String rest) throws IOException {
        String next = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
        String answer = RawHttp.send(
                app.baseUrl(),
                "POST /v1/sessions/revoke HTTP/1.1\r\nHost: x\r\nAuthorization: "
                        + Client.basic(client.projectId(), client.secret()) + "\r\n" + rest + next);
        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .contains("\"error_type\":\"bad_request\"", "Connection: close")
                .doesNotContain("alive\"}");
    }

    @Test
    void aBodyThatEndsEarlyIsABadRequest() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", URI.create(app.baseUrl()).getPort())) {
            socket.getOutputStream()
                    .write(("POST /v1/sessions/revoke HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\nAuthorization: "
                                    + Client.basic(client.projectId(), client.secret()) + "\r\n\r\n{\"a\"")
                            .getBytes());
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes()))
                    .startsWith("HTTP/1.1 400")
                    .contains("\"error_type\":\"bad_request\"");
        }
    }

    @Test
    void deepNestingAndOversizedBodiesAreRefused() {
        client.call(
                        "POST",
                        "/v1/sessions/authenticate",
                        "{\"session_custom_claims\":" + "{\"a\":".repeat(500) + "1" + "}".repeat(500) + "}")
                .refused(400, "bad_request");
        client.call(
                        "POST",
                        "/v1/sessions/authenticate",
                        "{\"session_token\":\"" + "x".repeat(Server.BODY_BYTES_MAX) + "\"}")
                .refused(400, "bad_request");
        client.get(LIST).refused(404, "user_not_found");
    }

    @Test
    void anyContentTypeIsReadAsJson() {
        for (String type :
                new String[] {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"}) {
            HttpRequest request = client.request("POST", "/v1/sessions/revoke", "{\"session_id\":\"x\"}")
                    .setHeader("Content-Type", type)
                    .header("Authorization", Client.basic(client.projectId(), client.secret()))
                    .build();
            client.send(request).refused(400, "invalid_session_id");
        }
    }

    @Test
    void oversizedHeadersAndBytesThatAreNoHttpAreRefusedInTheSameShape() throws IOException {
        String long1 = RawHttp.send(
                app.baseUrl(),
                "GET /v1/sessions HTTP/1.1\r\nHost: x\r\nX-Long: " + "y".repeat(Server.HEADER_BYTES_MAX) + "\r\n\r\n");
        assertThat(long1).startsWith("HTTP/1.1 400").contains("\"error_type\":\"bad_request\"");
        String noHttp = RawHttp.send(app.baseUrl(), "hello\r\n\r\n");
        assertThat(noHttp).startsWith("HTTP/1.1 400").contains("\"error_type\":\"bad_request\"");
        String longPath = RawHttp.send(
                app.baseUrl(), "GET /" + "y".repeat(Server.HEADER_BYTES_MAX) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(longPath).startsWith("HTTP/1.1 4").contains("\"status_code\":4");
        client.get(LIST).refused(404, "user_not_found");
    }

    @Test
    void theRequestIdOfAnAnswerToUnreadableBytesIsInTheLog() throws IOException {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger calls = (Logger) LoggerFactory.getLogger("selvage.calls");
        calls.setLevel(Level.INFO);
        calls.addAppender(log);
        try {
            String answer = RawHttp.send(app.baseUrl(), "GET /v1/sessions?user_id=\u0001 HTTP/1.1\r\nHost: x\r\n\r\n");
            String requestId = answer.replaceFirst("(?s).*\"request_id\":\"([^\"]+)\".*", "$1");
            assertThat(log.list)
                    .filteredOn(event -> event.getKeyValuePairs().toString().contains(requestId))
                    .singleElement()
                    .satisfies(event ->
                            assertThat(event.getKeyValuePairs().toString()).contains("400", "bad_request"));
        } finally {
            calls.detachAppender(log);
            calls.setLevel(null);
        }
    }

    @Test
    void operationLimitsAnswer429WithTheTimeToWait() {
        app.setting(client, "rate_limits.operations", Map.of("sessions", new Settings.RateLimits.Limit(3, 3600)));
        for (int i = 0; i < 3; i++) {
            client.get(LIST).refused(404, "user_not_found");
        }
        var refused = client.get(LIST).refused(429, "too_many_requests");
        assertThat(refused.text("error_message")).isEqualTo("Too many requests have been made.");
        assertThat(refused.text("error_url")).isEqualTo("https://stytch.com/docs/api/errors/429");
        assertThat(Long.parseLong(
                        refused.raw().headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1L, 3601L);
        client.get("/v1/users/" + USER).refused(404, "user_not_found");
        app.consumer().get(LIST).refused(404, "user_not_found");
    }

    @Test
    void aCharacterThatIsNoTextIsRefusedOnPagesToo() {
        assertThat(Mailbox.open("GET", app.baseUrl() + "/v1/magic_links/redirect?public_token=%00&token=x")
                        .statusCode())
                .isEqualTo(400);
        client.get("/v1/users/%00").refused(400, "invalid_user_id");
        client.delete("/v1/users/emails/%00").refused(400, "invalid_email_id");
    }

    @Test
    void healthAndReadinessNeedNoCredentials() {
        assertThat(client.send(client.request("GET", "/healthz", null).build()).status())
                .isEqualTo(200);
        assertThat(client.send(client.request("GET", "/readyz", null).build()).status())
                .isEqualTo(200);
    }
}
