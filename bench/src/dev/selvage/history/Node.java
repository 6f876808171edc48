package dev.selvage.history;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `selvage serve` as a process, always at the same address.
final class Node implements AutoCloseable {

    private static final int READY_SECONDS_MAX = 300;
    private static final int POLL_MILLIS = 25;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path data;
    private final Path log;
    private final Map<String, String> environment;
    private final Plant plant;
    private final int port;
    private Process process;

    /// @param environment environment variables of the program
    Node(Path data, Path log, Map<String, String> environment, Plant plant) throws IOException {
        this.data = data;
        this.log = log;
        this.environment = environment;
        this.plant = plant;
        this.port = Signals.freePort();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    Path data() {
        return data;
    }

    /// Starts the process without waiting; [#awaitReady] waits.
    void start() throws IOException {
        // Without the test classes, so that the logging of the program is used.
        String classPath = Stream.concat(
                        plant.classes().map(Path::toString).stream(),
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(entry -> !entry.endsWith("test-classes")))
                .collect(Collectors.joining(File.pathSeparator));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        "dev.selvage.Main",
                        "serve",
                        "--data",
                        data.toString(),
                        "--port",
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("SELVAGE_"));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /// Waits until the node accepts calls and reaches its store.
    void awaitReady() throws IOException, InterruptedException {
        HttpRequest ready = HttpRequest.newBuilder(URI.create(url() + "/readyz"))
                .timeout(Duration.ofSeconds(READY_SECONDS_MAX))
                .build();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS_MAX);
        while (!answers(ready)) {
            if (!process.isAlive()) {
                throw new IllegalStateException("A node ended with " + process.exitValue() + ". See " + log
                        + ", which ends in:\n" + lastLines());
            }
            if (System.nanoTime() > deadline) {
                // The process logs the stacks of its threads.
                Signals.send("QUIT", List.of(process.toHandle()));
                process.waitFor(1, TimeUnit.SECONDS);
                throw new IllegalStateException("A node did not get ready in " + READY_SECONDS_MAX + " s. See " + log);
            }
            process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean answers(HttpRequest ready) throws InterruptedException {
        try {
            return HTTP.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String lastLines() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void pause() throws IOException, InterruptedException {
        Signals.send("STOP", List.of(process.toHandle()));
    }

    void resume() throws IOException, InterruptedException {
        Signals.send("CONT", List.of(process.toHandle()));
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
