package dev.selvage.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.DataDirectory;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.Json;
import dev.selvage.base.MasterKeys;
import dev.selvage.support.Balancer;
import dev.selvage.support.Client;
import dev.selvage.support.Command;
import dev.selvage.support.Engine;
import dev.selvage.support.KeptConnection;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers are restarted one after the other behind a balancer while clients call without a pause: every call
/// is answered.
@Tag("process")
class RollingRestartTest {

    private static final int NODES = 2;
    private static final long STOP_SECONDS_MAX = 60;
    /// Long enough for the balancer to notice and for each client to have been told.
    private static final String DRAIN_SECONDS = "3";
    /// How long each client waits between its calls.
    private static final List<Integer> CLIENT_PAUSES_MILLIS = List.of(1, 5, 5, 20, 20, 200, 200, 500);
    private static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[MasterKeys.KEY_BYTES]);

    @TempDir
    private Path directory;

    private final Process[] processes = new Process[NODES];
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final CountDownLatch stopped = new CountDownLatch(1);

    @AfterEach
    void killWhatStillRuns() throws InterruptedException {
        stopped.countDown();
        for (Process process : processes) {
            if (process != null) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void aRollingRestartUnderLoadFailsNoCall() throws Exception {
        String database = Engine.POSTGRESQL.newDatabase(directory);
        List<Integer> ports = freePorts();
        try (Balancer balancer = Balancer.start(ports);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int node = 0; node < NODES; node++) {
                start(node, ports.get(node), database);
                awaitReady(balancer, node);
            }
            ProjectCredentials project = new DataDirectory(directory.resolve("data0"))
                    .credentials()
                    .orElseThrow()
                    .projects()
                    .getFirst();
            String authorization = Client.basic(project.projectId(), project.secret());
            String token = session(balancer.port(), authorization);
            List<Future<?>> calling = new ArrayList<>();
            for (int pause : CLIENT_PAUSES_MILLIS) {
                calling.add(clients.submit(() -> callUntilStopped(balancer.port(), authorization, token, pause)));
            }
            for (int node = 0; node < NODES; node++) {
                awaitAnswers(200);
                processes[node].toHandle().destroy();
                assertThat(processes[node].waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS))
                        .as("it stops")
                        .isTrue();
                assertThat(processes[node].exitValue()).isZero();
                int before = balancer.connections(node);
                awaitAnswers(200);
                assertThat(balancer.connections(node))
                        .as("none is sent to it while it is away")
                        .isEqualTo(before);
                start(node, ports.get(node), database);
                awaitReady(balancer, node);
            }
            awaitAnswers(200);
            stopped.countDown();
            for (Future<?> client : calling) {
                client.get();
            }
            assertThat(failures).isEmpty();
            for (int node = 0; node < NODES; node++) {
                assertThat(balancer.connections(node))
                        .as("node %s was used", node)
                        .isPositive();
                assertThat(Files.readString(log(node))).doesNotContain("Exception");
            }
        }
    }

    private static String session(int port, String authorization) throws IOException {
        try (KeptConnection connection = new KeptConnection(port, authorization)) {
            KeptConnection.Answer answer = connection.post(
                    "/v1/passwords",
                    Json.write(Map.of(
                            "email",
                            "ada@example.com",
                            "password",
                            "correct horse battery staple",
                            "session_duration_minutes",
                            60)));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            return Json.object(answer.body()).path("session_token").stringValue();
        }
    }

    /// Authenticates the session and makes users, by turns.
    private Void callUntilStopped(int port, String authorization, String token, int pauseMillis) throws Exception {
        try (KeptConnection connection = new KeptConnection(port, authorization)) {
            while (!stopped.await(pauseMillis, TimeUnit.MILLISECONDS)) {
                int number = numbers.incrementAndGet();
                if (number % 2 == 0) {
                    call(connection, "/v1/sessions/authenticate", Map.of("session_token", token));
                } else {
                    call(connection, "/v1/users", Map.of("email", "user" + number + "@example.com"));
                }
            }
        }
        return null;
    }

    private void call(KeptConnection connection, String path, Map<String, ?> body) throws IOException {
        try {
            KeptConnection.Answer answer = connection.post(path, Json.write(body));
            if (answer.status() == 200) {
                answered.incrementAndGet();
            } else {
                failures.add(path + ": " + answer);
            }
        } catch (IOException none) {
            failures.add(path + ": " + none);
            connection.close();
        }
    }

    /// Waits until so many calls more were answered, or until one failed.
    private void awaitAnswers(int more) throws InterruptedException {
        int before = answered.get();
        while (answered.get() < before + more && failures.isEmpty()) {
            stopped.await(10, TimeUnit.MILLISECONDS);
        }
    }

    private void awaitReady(Balancer balancer, int node) throws Exception {
        while (!balancer.ready(node)) {
            assertThat(processes[node].waitFor(20, TimeUnit.MILLISECONDS))
                    .as(() -> "it starts, but it said: " + read(log(node)))
                    .isFalse();
        }
    }

    private void start(int node, int port, String database) throws IOException {
        processes[node] = Command.start(
                log(node),
                Map.of(
                        "SELVAGE_DATABASE_URL",
                        database,
                        "SELVAGE_MASTER_KEY",
                        MASTER_KEY,
                        "SELVAGE_PORT",
                        String.valueOf(port),
                        "SELVAGE_DRAIN_DELAY",
                        DRAIN_SECONDS,
                        "SELVAGE_LOG_FORMAT",
                        "json"),
                "serve",
                "--data",
                directory.resolve("data" + node).toString());
    }

    private Path log(int node) {
        return directory.resolve("log" + node);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            return failed.toString();
        }
    }

    private static List<Integer> freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket two = new ServerSocket(0)) {
            return List.of(one.getLocalPort(), two.getLocalPort());
        }
    }
}
