package dev.selvage.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server that runs as a process of its own: Selvage as it is packaged, or the bare one beside it.
///
/// @param port on 127.0.0.1
record Started(Process process, int port) implements AutoCloseable {

    private static final int START_SECONDS_MAX = 120;
    private static final int STOP_SECONDS_MAX = 60;
    private static final int POLL_MILLIS = 50;

    /// Runs `./selvage serve` and waits until it is ready. What it logs goes to nowhere, but it does log.
    static Started selvage(Path root, Path data, Map<String, String> environment) throws IOException, InterruptedException {
        int port = freePort();
        Path out = data.resolveSibling("server.out");
        List<String> command = List.of(root.resolve("selvage").toString(), "serve", "--data", data.toString(), "--port", Integer.toString(port));
        Started started = new Started(start(command, environment, out, ProcessBuilder.Redirect.DISCARD), port);
        HttpRequest ready = HttpRequest.newBuilder(started.url("/readyz")).build();
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            started.await(out, () -> client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200);
        }
        return started;
    }

    /// The bare server, by the same Java with the same flags and the same jars as `selvage`.
    static Started bare(Started selvage, Path classes, Path log) throws IOException, InterruptedException {
        List<String> like = Machine.command(selvage.pid());
        int classPath = like.indexOf("-cp");
        int port = freePort();
        List<String> command = new ArrayList<>(like.subList(0, classPath));
        command.addAll(List.of("-cp", like.get(classPath + 1) + ":" + classes, "dev.selvage.bench.BareServer", Integer.toString(port)));
        Started started = new Started(start(command, Map.of(), log, ProcessBuilder.Redirect.to(log.toFile())), port);
        started.await(log, () -> {
            new Socket("127.0.0.1", port).close();
            return true;
        });
        return started;
    }

    private static Process start(List<String> command, Map<String, String> environment, Path out, ProcessBuilder.Redirect err)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err);
        // The caller's own settings are no part of what is measured.
        builder.environment().keySet().removeIf(name -> name.startsWith("SELVAGE_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private interface Question {
        boolean yes() throws IOException, InterruptedException;
    }

    private void await(Path log, Question ready) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (!answers(ready)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IllegalStateException("The server did not start. It said: " + Files.readString(log));
            }
            process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean answers(Question ready) throws InterruptedException {
        try {
            return ready.yes();
        } catch (IOException notYet) {
            return false;
        }
    }

    long pid() {
        return process.pid();
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

    /// SIGTERM, so that what waits in memory is written.
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
