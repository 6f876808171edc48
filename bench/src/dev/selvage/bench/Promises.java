package dev.selvage.bench;

import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/// Clients that start sessions, write to them and revoke them, and a record of the acknowledged state of each
/// session, to check it later. A call without a response, or with an error, makes the state of its session
/// unknown.
public final class Promises {

    private static final Duration CALL_MAX = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 20;

    /// The acknowledged state of a session.
    public enum Known {
        STARTED,
        CLAIMED,
        REVOKED,
        UNKNOWN
    }

    /// @param known  the acknowledged state
    /// @param number the number in the claim, if one was written
    private record Promise(Known known, int number) {}

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ProjectCredentials project;
    private final List<String> servers;
    private final Map<String, Promise> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /// @param servers the base URLs; clients use them in turn
    public Promises(ProjectCredentials project, List<String> servers) {
        this.project = project;
        this.servers = servers;
    }

    /// Lets a number of clients call without pause until `work` has ended. A client continues after an error.
    public void during(int clients, AutoCloseable work) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calling = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                calling.add(threads.submit(() -> {
                    while (!ended.get()) {
                        oneLife();
                    }
                    return null;
                }));
            }
            try {
                work.close();
            } finally {
                ended.set(true);
            }
            for (Future<?> client : calling) {
                client.get();
            }
        }
    }

    /// The number of created sessions.
    public int made() {
        return sessions.size();
    }

    /// The number of calls with an error or without a response.
    public int failed() {
        return failed.get();
    }

    /// The number of sessions in each state.
    public Map<Known, Integer> counts() {
        Map<Known, Integer> counts = new EnumMap<>(Known.class);
        sessions.values().forEach(promise -> counts.merge(promise.known, 1, Integer::sum));
        return counts;
    }

    /// Waits until this number of sessions is created.
    public void awaitMade(int count) throws InterruptedException {
        while (made() < count) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    /// Waits until each server accepts a write. Returns the milliseconds for each.
    public List<Long> awaitWrites() throws InterruptedException {
        long begin = System.nanoTime();
        List<Long> millis = new ArrayList<>();
        for (String server : servers) {
            while (!writes(server)) {
                Thread.sleep(POLL_MILLIS);
            }
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
        }
        return millis;
    }

    /// Whether a server accepts a write.
    private boolean writes(String server) throws InterruptedException {
        try {
            return send(server, "/v1/users", Map.of("email", "probe" + numbers.incrementAndGet() + "@example.com"))
                            .statusCode()
                    == 200;
        } catch (IOException none) {
            return false;
        }
    }

    /// Reads each session with a known state from each server. Returns the differences from the acknowledged
    /// state.
    public List<String> broken() throws IOException, InterruptedException {
        List<String> broken = new ArrayList<>();
        for (String server : servers) {
            for (Map.Entry<String, Promise> session : sessions.entrySet()) {
                Promise promise = session.getValue();
                HttpResponse<String> answer = promise.known == Known.UNKNOWN
                        ? null
                        : send(server, "/v1/sessions/authenticate", Map.of("session_token", session.getKey()));
                if (answer != null && !kept(promise, answer)) {
                    broken.add(promise + " but " + answer.statusCode() + " "
                            + Json.object(answer.body()).path("error_type").asString(""));
                }
            }
        }
        return broken;
    }

    private static boolean kept(Promise promise, HttpResponse<String> answer) {
        return switch (promise.known) {
            case STARTED -> answer.statusCode() == 200;
            case CLAIMED ->
                answer.statusCode() == 200
                        && Json.object(answer.body())
                                        .at("/session/custom_claims/number")
                                        .asInt(-1)
                                == promise.number;
            case REVOKED -> answer.statusCode() == 404;
            case UNKNOWN -> true;
        };
    }

    /// Creates a user with a session, writes claims to two thirds of the sessions and revokes one third. Each
    /// call goes to another server than the one before.
    private void oneLife() throws InterruptedException {
        int number = numbers.incrementAndGet();
        String token = "";
        try {
            token = call(
                            number,
                            "/v1/passwords",
                            Map.of(
                                    "email",
                                    "user" + number + "@example.com",
                                    "password",
                                    "correct horse battery staple " + number,
                                    "session_duration_minutes",
                                    60))
                    .path("session_token")
                    .stringValue();
            sessions.put(token, new Promise(Known.STARTED, 0));
            if (number % 3 == 0) {
                return;
            }
            sessions.put(token, new Promise(Known.UNKNOWN, 0));
            call(
                    number + 1,
                    "/v1/sessions/authenticate",
                    Map.of("session_token", token, "session_custom_claims", Map.of("number", number)));
            sessions.put(token, new Promise(Known.CLAIMED, number));
            if (number % 3 == 1) {
                return;
            }
            sessions.put(token, new Promise(Known.UNKNOWN, 0));
            call(number + 2, "/v1/sessions/revoke", Map.of("session_token", token));
            sessions.put(token, new Promise(Known.REVOKED, 0));
        } catch (IOException unknown) {
            failed.incrementAndGet();
        }
    }

    private JsonNode call(int turn, String path, Map<String, ?> body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(servers.get(turn % servers.size()), path, body);
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return Json.object(answer.body());
    }

    private HttpResponse<String> send(String server, String path, Map<String, ?> body)
            throws IOException, InterruptedException {
        String credentials = project.projectId() + ":" + project.secret();
        return http.send(
                HttpRequest.newBuilder(URI.create(server + path))
                        .timeout(CALL_MAX)
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
                        .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
