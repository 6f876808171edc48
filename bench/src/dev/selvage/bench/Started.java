package dev.selvage.bench;

import dev.selvage.base.Json;
import dev.selvage.bench.Calls.Call;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// A server in a separate process: the packaged Selvage, the bare server, or a server to compare with.
///
/// @param port        on 127.0.0.1
/// @param readyMillis from the start of the process to its first successful response
record Started(Process process, int port, double readyMillis) implements AutoCloseable {

    private static final int START_SECONDS_MAX = 300;
    private static final int STOP_SECONDS_MAX = 60;
    private static final int FINISH_SECONDS_MAX = 30;
    private static final int POLL_MILLIS = 2;
    private static final int ANSWER_MILLIS_MAX = 10_000;
    private static final String OK = "HTTP/1.1 200";
    /// Prefixes of variables that would change a server.
    private static final List<String> OF_THE_CALLER = List.of("SELVAGE_", "KC_", "NODE_", "JAVA_OPTS");

    /// Runs `./selvage serve` and waits until it is ready. Its log is discarded.
    static Started selvage(Path root, Path data, Map<String, String> environment)
            throws IOException, InterruptedException {
        int port = freePort();
        Path out = data.resolveSibling("server.out");
        List<String> command = List.of(
                root.resolve("selvage").toString(),
                "serve",
                "--data",
                data.toString(),
                "--port",
                Integer.toString(port));
        return started(command, environment, out, ProcessBuilder.Redirect.DISCARD, port, "/readyz");
    }

    /// Starts the bare server with the same Java, flags and jars as `selvage`.
    static Started bare(Started selvage, Path classes, Path log) throws IOException, InterruptedException {
        List<String> like = Machine.command(selvage.pid());
        int classPath = like.indexOf("-cp");
        int port = freePort();
        List<String> command = new ArrayList<>(like.subList(0, classPath));
        command.addAll(List.of(
                "-cp",
                like.get(classPath + 1) + ":" + classes,
                "dev.selvage.bench.BareServer",
                Integer.toString(port)));
        return started(command, Map.of(), log, ProcessBuilder.Redirect.to(log.toFile()), port, "/1");
    }

    /// Starts a server and waits for its first successful response to a path.
    ///
    /// @param out standard output of the process, which an error message quotes
    static Started started(
            List<String> command,
            Map<String, String> environment,
            Path out,
            ProcessBuilder.Redirect err,
            int port,
            String path)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err);
        // The variables of the caller do not affect the measurement.
        builder.environment().keySet().removeIf(name -> OF_THE_CALLER.stream().anyMatch(name::startsWith));
        builder.environment().putAll(environment);
        long begin = System.nanoTime();
        Process process = builder.start();
        while (!answers(port, path)) {
            if (!process.isAlive() || System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(START_SECONDS_MAX)) {
                kill(process);
                throw new IllegalStateException("The server did not start. It said: " + Files.readString(out));
            }
            process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
        return new Started(process, port, (System.nanoTime() - begin) / 1e6);
    }

    /// Whether the server responds. It uses a bare socket, which takes little time from a starting server.
    private static boolean answers(int port, String path) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(ANSWER_MILLIS_MAX);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(OK.length()), StandardCharsets.US_ASCII).equals(OK);
        } catch (IOException notYet) {
            return false;
        }
    }

    long pid() {
        return process.pid();
    }

    /// Waits until the server has finished the calls of clients that have gone.
    ///
    /// @throws IllegalStateException if some calls exceed the maximum time of a call
    void finish() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FINISH_SECONDS_MAX);
        while (Machine.working(port)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The server has still not answered calls of callers that left "
                        + FINISH_SECONDS_MAX + " seconds ago");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    URI url(String path) {
        return URI.create(url() + path);
    }

    /// The successful response to a call.
    ///
    /// @param authorization the header; empty for none
    /// @throws IllegalStateException if the status is not 2xx
    JsonNode answer(String authorization, Call call) throws IOException, InterruptedException {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(url(call.path())).setHeader("Content-Type", "application/json");
        if (!authorization.isEmpty()) {
            builder.setHeader("Authorization", authorization);
        }
        if (!call.header().isEmpty()) {
            String[] header = call.header().split(": ", 2);
            builder.setHeader(header[0], header[1]);
        }
        builder.method(
                call.method(),
                call.body().isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(call.body()));
        HttpResponse<String> response = Client.HTTP.send(builder.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException(call.method() + " " + call.path() + " returned " + response.body());
        }
        return Json.mapperInstance().readTree(response.body());
    }

    /// Created on first use.
    private static final class Client {
        static final HttpClient HTTP =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// Ends a process and its children without a shutdown.
    private static Process kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        return process.destroyForcibly();
    }

    /// Sends SIGTERM, so that the server writes its buffered data.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                kill(process).waitFor();
            }
        } catch (InterruptedException interrupted) {
            kill(process);
            Thread.currentThread().interrupt();
        }
    }
}
