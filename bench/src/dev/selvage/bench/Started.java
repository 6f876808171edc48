package dev.selvage.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server in a separate process: the packaged Selvage, or the bare server.
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

    private static Started started(
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
        builder.environment().keySet().removeIf(name -> name.startsWith("SELVAGE_"));
        builder.environment().putAll(environment);
        long begin = System.nanoTime();
        Process process = builder.start();
        while (!answers(port, path)) {
            if (!process.isAlive() || System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(START_SECONDS_MAX)) {
                process.destroyForcibly();
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /// Sends SIGTERM, so that the server writes its buffered data.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
