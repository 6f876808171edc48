package dev.selvage.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.selvage.base.Json;
import dev.selvage.support.Client;
import dev.selvage.support.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A server on a machine for which a library has no native part, as on macOS, Windows and Alpine. Options of
/// the libraries themselves keep them from finding it.
@Tag("process")
class WithoutNativeLibrariesTest {

    private static final String NO_CORRETTO = "-Dcom.amazon.corretto.crypto.provider.useExternalLib=true";
    private static final String NO_ARGON2 = "-Djna.nosys=true -Djna.nounpack=true";
    private static final String NO_SQLITE = "-Dorg.sqlite.osinfo.architecture=none";
    private static final Map<String, Object> ADA =
            Map.of("email", "ada@example.com", "password", "four words are enough", "session_duration_minutes", 60);

    @TempDir
    private Path directory;

    private Process server;
    private JsonNode credentials;

    @AfterEach
    void stop() throws InterruptedException {
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
    }

    private void serve(String options) throws IOException {
        server = Command.start(
                directory.resolve("log"),
                Map.of("JAVA_TOOL_OPTIONS", options),
                "serve",
                "--port",
                "0",
                "--data",
                directory.resolve("data").toString());
        BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
        assertThat(out.readLine()).as(log()).contains("listens at");
        credentials = Json.mapperInstance().readTree(Files.readString(directory.resolve("data/credentials.json")));
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    private JsonNode post(String path, Map<String, Object> body) throws IOException, InterruptedException {
        return call(HttpRequest.newBuilder().POST(BodyPublishers.ofByteArray(Json.bytes(body))), path);
    }

    private JsonNode call(HttpRequest.Builder request, String path) throws IOException, InterruptedException {
        JsonNode project = credentials.path("projects").path(0);
        try (HttpClient client = HttpClient.newHttpClient()) {
            String body = client.send(
                            request.uri(URI.create(credentials.path("base_url").asString() + path))
                                    .header("Content-Type", "application/json")
                                    .header(
                                            "Authorization",
                                            Client.basic(
                                                    project.path("project_id").asString(),
                                                    project.path("secret").asString()))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            JsonNode response = Json.mapperInstance().readTree(body);
            assertThat(response.path("status_code").asInt()).as(body).isEqualTo(200);
            return response;
        }
    }

    private void aJwtVerifies(String jwt) throws Exception {
        String projectId =
                credentials.path("projects").path(0).path("project_id").asString();
        JWKSet keys = JWKSet.parse(
                call(HttpRequest.newBuilder(), "/v1/sessions/jwks/" + projectId).toString());
        SignedJWT signed = SignedJWT.parse(jwt);
        assertThat(signed.verify(new RSASSAVerifier(
                        keys.getKeyByKeyId(signed.getHeader().getKeyID()).toRSAKey())))
                .isTrue();
        post("/v1/sessions/authenticate", Map.of("session_jwt", jwt));
    }

    /// A data directory may move to such a machine, and back.
    @Test
    void aServerSignsVerifiesAndHashesWithoutThem() throws Exception {
        serve("");
        String nativeJwt = post("/v1/passwords", ADA).path("session_jwt").asString();
        stop();

        serve(NO_CORRETTO + " " + NO_ARGON2);
        aJwtVerifies(nativeJwt);
        String jwt = post("/v1/passwords/authenticate", ADA).path("session_jwt").asString();
        aJwtVerifies(jwt);
        Map<String, Object> grace = Map.of("email", "grace@example.com", "password", "as good as any other");
        post("/v1/passwords", grace);
        post("/v1/passwords/authenticate", grace);
        assertThat(log())
                .contains("No native RSA", "native Argon2 library does not load")
                .doesNotContain("level=error");
        stop();

        serve("");
        aJwtVerifies(jwt);
        post("/v1/passwords/authenticate", grace);
    }

    @Test
    void aServerThatHasNoSqliteSaysSo() throws Exception {
        server = Command.start(
                directory.resolve("log"),
                Map.of("JAVA_TOOL_OPTIONS", NO_SQLITE),
                "serve",
                "--data",
                directory.resolve("data").toString());
        assertThat(server.waitFor()).isEqualTo(1);
        List<String> lines = log().lines().toList();
        assertThat(lines.getLast()).startsWith("selvage: The database ").contains("No native library found");
    }
}
