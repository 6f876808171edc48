package dev.selvage.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.projects.Project;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Calls the server over HTTP as a project, as an SDK does. Every response is validated against the contract.
public final class Client {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final TestApp app;
    private final Project project;
    private final String secret;

    Client(TestApp app, Project project, String secret) {
        this.app = app;
        this.project = project;
        this.secret = secret;
    }

    /// A response.
    public record Answer(int status, HttpResponse<byte[]> raw, JsonNode body) {

        /// Asserts that the call succeeded.
        public Answer ok() {
            assertThat(status).as("%s", body).isEqualTo(200);
            return this;
        }

        /// Asserts that the call was refused with this status and error type.
        public Answer refused(int expectedStatus, String errorType) {
            assertThat(body.path("error_type").asString("")).as("%s", body).isEqualTo(errorType);
            assertThat(status).isEqualTo(expectedStatus);
            return this;
        }

        /// The field at a path such as `session.session_id` or `sessions.0.user_id`.
        public JsonNode at(String path) {
            return body.at("/" + path.replace('.', '/'));
        }

        /// The string at a path; fails if it is absent.
        public String text(String path) {
            assertThat(at(path).isString()).as("%s in %s", path, body).isTrue();
            return at(path).stringValue();
        }
    }

    /// A client of the same project at another node.
    public Client at(TestApp node) {
        return new Client(node, project, secret);
    }

    public String projectId() {
        return project.id();
    }

    /// The project as it is stored now.
    public Project project() {
        return app.app().projects().find(project.id()).orElseThrow();
    }

    public String secret() {
        return secret;
    }

    public String publicToken() {
        return project.publicToken();
    }

    public Answer get(String pathAndQuery) {
        return call("GET", pathAndQuery, null);
    }

    public Answer delete(String path) {
        return call("DELETE", path, null);
    }

    /// Posts a JSON text; double quotes may be written as single ones.
    public Answer post(String path, String json) {
        return call("POST", path, json.replace('\'', '"'));
    }

    /// Posts a value as JSON.
    public Answer post(String path, Map<String, ?> body) {
        return call("POST", path, Json.write(body));
    }

    /// Puts a JSON text; double quotes may be written as single ones.
    public Answer put(String path, String json) {
        return call("PUT", path, json.replace('\'', '"'));
    }

    /// Calls with this project's credentials.
    public Answer call(String method, String pathAndQuery, String body) {
        return send(request(method, pathAndQuery, body)
                .header("Authorization", basic(project.id(), secret))
                .build());
    }

    /// A request without credentials, which a test can change and send.
    public HttpRequest.Builder request(String method, String pathAndQuery, String body) {
        return HttpRequest.newBuilder(URI.create(app.baseUrl() + pathAndQuery))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    }

    /// Sends a request and validates the response.
    public Answer send(HttpRequest request) {
        try {
            HttpResponse<byte[]> raw = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode body = Json.mapperInstance().readTree(raw.body());
            Contract.validate(request.method(), request.uri().getRawPath(), raw.statusCode(), body);
            return new Answer(raw.statusCode(), raw, body);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
