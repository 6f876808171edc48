package dev.selvage.cli;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import de.mkammerer.argon2.Argon2;
import dev.selvage.DataDirectory;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.sqlite.JDBC;
import org.sqlite.util.LibraryLoaderUtil;
import tools.jackson.databind.JsonNode;

/// The training run that records the AOT cache (`docs/decisions/start.md`). It starts a server with an empty
/// data directory, makes the most frequent calls, and stops. Java records the loaded classes and the profile of
/// the methods, which later starts reuse.
///
/// The arguments are the data directory and a directory for the native libraries, both empty
/// (`packaging/assemble`). The server listens on a free port of the loopback address and reads no variable. The
/// exit code is 0 if every call succeeded.
final class TrainingRun {

    /// The number of repetitions of the frequent calls, enough for a profile. More would compile methods at
    /// each start, which costs start time.
    private static final int ROUNDS = 20;

    private static final String PASSWORD = "a rehearsal of few words";
    /// The bcrypt hash of the same password, with the lowest cost.
    private static final String PASSWORD_BCRYPT = "$2b$04$KBCwKxOzLha2MUDgW0PjXe4YcVfymMegSm2EygimDV/1raarcu3fu";
    private static final Map<String, Object> NO_BODY = Map.of();

    private final DataDirectory.Credentials credentials;
    private final HttpClient client;

    private TrainingRun(DataDirectory.Credentials credentials, HttpClient client) {
        this.credentials = credentials;
        this.client = client;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        unpackLibraries(Path.of(arguments[1]));
        CompletableFuture<Integer> ended = new CompletableFuture<>();
        Listening out = new Listening();
        Cli.Terminal terminal = new Cli.Terminal(
                InputStream.nullInputStream(),
                new PrintWriter(out),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                Map.of());
        Thread.ofPlatform()
                .daemon()
                .start(() -> ended.complete(
                        Cli.run(new String[] {"serve", "--port", "0", "--data", directory.toString()}, terminal)));
        CompletableFuture.anyOf(ended, out.flushed).join();
        if (ended.isDone()) {
            System.exit(ended.join());
        }
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            TrainingRun run =
                    new TrainingRun(new DataDirectory(directory).credentials().orElseThrow(), client);
            run.users();
            run.members();
        } catch (IOException | RuntimeException failed) {
            System.err.println("selvage: the training run failed: " + failed.getMessage());
            Runtime.getRuntime().halt(Cli.FAILED);
        }
        // The shutdown hook stops the server, as for a signal.
        System.exit(Cli.OK);
    }

    /// Writes the native libraries of this machine into a directory that the launcher passes to Java.
    private static void unpackLibraries(Path directory) throws IOException {
        unpack(
                JDBC.class,
                LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName(),
                directory);
        unpack(AmazonCorrettoCryptoProvider.class, System.mapLibraryName("amazonCorrettoCryptoProvider"), directory);
        String system = Platform.RESOURCE_PREFIX + "/";
        unpack(Native.class, system + System.mapLibraryName("jnidispatch"), directory);
        unpack(Argon2.class, "/" + system + System.mapLibraryName("argon2"), directory);
        System.setProperty("org.sqlite.lib.path", directory.toString());
    }

    /// Copies a resource. Does nothing if the jar has no library for this machine; the driver or provider
    /// reports that when it is used.
    private static void unpack(Class<?> owner, String resource, Path directory) throws IOException {
        try (InputStream library = owner.getResourceAsStream(resource)) {
            if (library != null) {
                Files.copy(library, directory.resolve(Path.of(resource).getFileName()));
            }
        }
    }

    /// The output of the server, which is discarded. The first flush shows that the server listens.
    private static final class Listening extends Writer {

        private final CompletableFuture<Integer> flushed = new CompletableFuture<>();

        @Override
        public void write(char[] text, int offset, int length) {
            // The text is discarded.
        }

        @Override
        public void flush() {
            flushed.complete(Cli.OK);
        }

        @Override
        public void close() {
            // Holds no resource.
        }
    }

    private void users() throws IOException, InterruptedException {
        ProjectCredentials project = project("consumer");
        JsonNode created = post(project, "/v1/passwords", Map.of("email", "ada@example.com", "password", PASSWORD));
        String userId = created.path("user_id").stringValue();
        post(project, "/v1/magic_links/email/login_or_create", Map.of("email", "grace@example.com"));
        post(project, "/v1/users/search", NO_BODY);
        get(project, "/v1/sessions/jwks/" + project.projectId());
        JsonNode signedIn = post(
                project,
                "/v1/passwords/authenticate",
                Map.of("email", "ada@example.com", "password", PASSWORD, "session_duration_minutes", 60));
        String token = signedIn.path("session_token").stringValue();
        for (int round = 0; round < ROUNDS; round++) {
            get(project, "/v1/users/" + userId);
            get(project, "/v1/sessions?user_id=" + userId);
            JsonNode seen = post(project, "/v1/sessions/authenticate", Map.of("session_token", token));
            post(
                    project,
                    "/v1/sessions/authenticate",
                    Map.of("session_jwt", seen.path("session_jwt").stringValue()));
            post(
                    project,
                    "/v1/sessions/authenticate",
                    Map.of(
                            "session_token",
                            token,
                            "session_duration_minutes",
                            60,
                            "session_custom_claims",
                            Map.of("round", round)));
        }
        post(project, "/v1/sessions/revoke", Map.of("session_token", token));
    }

    private void members() throws IOException, InterruptedException {
        ProjectCredentials project = project("b2b");
        JsonNode created = post(project, "/v1/b2b/organizations", Map.of("organization_name", "Training"));
        String organizationId =
                created.path("organization").path("organization_id").stringValue();
        Map<String, Object> ada = Map.of("organization_id", organizationId, "email_address", "ada@example.com");
        String memberId = post(
                        project,
                        "/v1/b2b/passwords/migrate",
                        with(ada, Map.of("hash", PASSWORD_BCRYPT, "hash_type", "bcrypt")))
                .path("member_id")
                .stringValue();
        post(project, "/v1/b2b/organizations/members/search", Map.of("organization_ids", List.of(organizationId)));
        JsonNode signedIn = post(project, "/v1/b2b/passwords/authenticate", with(ada, Map.of("password", PASSWORD)));
        String token = signedIn.path("session_token").stringValue();
        for (int round = 0; round < ROUNDS; round++) {
            get(project, "/v1/b2b/sessions?organization_id=" + organizationId + "&member_id=" + memberId);
            post(project, "/v1/b2b/sessions/authenticate", Map.of("session_token", token));
        }
        post(project, "/v1/b2b/sessions/revoke", Map.of("session_token", token));
    }

    private static Map<String, Object> with(Map<String, Object> body, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(body);
        all.putAll(more);
        return all;
    }

    private ProjectCredentials project(String vertical) {
        return credentials.projects().stream()
                .filter(project -> project.vertical().equals(vertical))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode get(ProjectCredentials project, String path) throws IOException, InterruptedException {
        return call(project, path, Optional.empty());
    }

    private JsonNode post(ProjectCredentials project, String path, Map<String, Object> body)
            throws IOException, InterruptedException {
        return call(project, path, Optional.of(body));
    }

    private JsonNode call(ProjectCredentials project, String path, Optional<Map<String, Object>> body)
            throws IOException, InterruptedException {
        String password = project.projectId() + ":" + project.secret();
        HttpRequest request = HttpRequest.newBuilder(URI.create(credentials.baseUrl() + path))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/json")
                .method(
                        body.isPresent() ? "POST" : "GET",
                        body.map(Json::bytes).map(BodyPublishers::ofByteArray).orElseGet(BodyPublishers::noBody))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " returned " + response.statusCode());
        }
        return Json.mapperInstance().readTree(response.body());
    }
}
