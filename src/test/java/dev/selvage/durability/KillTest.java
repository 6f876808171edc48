package dev.selvage.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.Json;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// The server is killed in mid-write, several times over one store; whatever was answered before is there afterwards.
class KillTest {

    private static final int ROUNDS = 4;
    private static final int WRITERS = 8;

    /// What the clients know of a session. Only what was answered counts; a call that got no answer leaves it unknown.
    private enum Known { STARTED, CLAIMED, REVOKED, UNKNOWN }

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Known> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private ServerProcess server;
    private ProjectCredentials project;

    @ParameterizedTest
    @EnumSource(Engine.class)
    void aKillLosesNothingThatWasAnswered(Engine engine, @TempDir Path directory) throws Exception {
        String database = engine.newDatabase(directory);
        for (int round = 0; round < ROUNDS; round++) {
            server = ServerProcess.start(directory, database);
            project = server.credentials().projects().getFirst();
            verify();
            writeUntilKilled(400 + 300L * round);
        }
        server = ServerProcess.start(directory, database);
        verify();
        server.close();
        assertThat(sessions.values()).contains(Known.STARTED, Known.CLAIMED, Known.REVOKED);
    }

    private void writeUntilKilled(long millis) throws InterruptedException {
        AtomicBoolean stopped = new AtomicBoolean();
        int before = sessions.size();
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            for (int i = 0; i < WRITERS; i++) {
                writers.execute(() -> {
                    while (!stopped.get()) {
                        try {
                            oneLife();
                        } catch (IOException killed) {
                            return;
                        } catch (InterruptedException interrupted) {
                            Thread.currentThread().interrupt();
                            return;
                        }
                    }
                });
            }
            // The kill must fall among writes that were answered: begin to count once some were.
            while (sessions.size() < before + WRITERS) {
                Thread.onSpinWait();
            }
            server.kill(millis);
            stopped.set(true);
        }
    }

    /// A user with a session that gets claims and is revoked, one third of them each time left as they are.
    private void oneLife() throws IOException, InterruptedException {
        int number = numbers.incrementAndGet();
        JsonNode created = call("/v1/passwords", Map.of("email", "user" + number + "@example.com",
                "password", "correct horse battery staple " + number, "session_duration_minutes", 60));
        String token = created.path("session_token").stringValue();
        sessions.put(token, Known.STARTED);
        if (number % 3 == 0) {
            return;
        }
        sessions.put(token, Known.UNKNOWN);
        call("/v1/sessions/authenticate", Map.of("session_token", token, "session_custom_claims", Map.of("number", number)));
        sessions.put(token, Known.CLAIMED);
        if (number % 3 == 1) {
            return;
        }
        sessions.put(token, Known.UNKNOWN);
        call("/v1/sessions/revoke", Map.of("session_token", token));
        sessions.put(token, Known.REVOKED);
    }

    private void verify() throws IOException, InterruptedException {
        for (Map.Entry<String, Known> session : sessions.entrySet()) {
            HttpResponse<String> answer = send("/v1/sessions/authenticate", Map.of("session_token", session.getKey()));
            JsonNode body = Json.object(answer.body());
            switch (session.getValue()) {
                case STARTED -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                case CLAIMED -> {
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                    assertThat(body.at("/session/custom_claims/number").isInt()).as(answer.body()).isTrue();
                }
                case REVOKED -> assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
                case UNKNOWN -> assertThat(answer.statusCode()).as(answer.body()).isIn(200, 404);
            }
        }
    }

    private JsonNode call(String path, Map<String, ?> body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.object(answer.body());
    }

    private HttpResponse<String> send(String path, Map<String, ?> body) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(server.credentials().baseUrl() + path))
                .header("Authorization", Client.basic(project.projectId(), project.secret()))
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                .build(), HttpResponse.BodyHandlers.ofString());
    }
}
