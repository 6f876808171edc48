package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.support.Client;
import dev.selvage.support.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `selvage serve` as a process of its own: what it prints, how it stops, with which code.
@Tag("process")
class ServeProcessTest {

    private static final int SECONDS_MAX = 60;

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killWhatStillRuns() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    /// A server that has said where it answers.
    private record Running(Process process, String banner, String url, BufferedReader rest, Path log) {

        int port() {
            return URI.create(url).getPort();
        }

        int exitCode() throws InterruptedException {
            assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS))
                    .as("it ends")
                    .isTrue();
            return process.exitValue();
        }

        /// SIGTERM; unlike [Process#destroy] it leaves our ends of the streams open.
        void stop() {
            assertThat(process.toHandle().destroy()).isTrue();
        }

        String logged() throws IOException {
            return Files.readString(log);
        }
    }

    private Process process(Map<String, String> environment, String... arguments) throws IOException {
        Process process = Command.start(directory.resolve("log"), environment, arguments);
        started.add(process);
        return process;
    }

    private Running serve(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("serve", "--data", directory.resolve("data").toString()));
        arguments.addAll(List.of(more));
        Process process = process(Map.of("SELVAGE_PORT", "0"), arguments.toArray(String[]::new));
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder banner = new StringBuilder();
        String line = out.readLine();
        while (line != null && !line.startsWith("Stop with")) {
            banner.append(line).append('\n');
            line = out.readLine();
        }
        assertThat(line)
                .as(() -> "it starts, but it said: " + read(directory.resolve("log")))
                .isNotNull();
        String url = banner.substring(banner.indexOf("http"), banner.indexOf("\n"));
        return new Running(process, banner.toString(), url, out, directory.resolve("log"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            return failed.toString();
        }
    }

    private JsonNode credentials() throws IOException {
        return Json.mapperInstance().readTree(Files.readString(directory.resolve("data/credentials.json")));
    }

    private String authorization() throws IOException {
        JsonNode project = credentials().path("projects").path(0);
        return Client.basic(
                project.path("project_id").asString(), project.path("secret").asString());
    }

    private byte[] head(String body) throws IOException {
        return ("POST /v1/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /// An answer of HTTP/1.1 whose length is given.
    private static String answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        int length = Integer.parseInt(head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static Socket connect(Running server) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(SECONDS_MAX * 1_000);
        return socket;
    }

    private static String get(Socket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        return answer(socket);
    }

    private static void awaitNotReady(Running server) throws IOException {
        String ready = "";
        while (!ready.startsWith("HTTP/1.1 503")) {
            try (Socket fresh = connect(server)) {
                ready = get(fresh, "/readyz");
            }
        }
    }

    private static boolean refuses(Running server) {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException other) {
            return false;
        }
    }

    @Test
    void aFirstStartSaysAllThatAPersonNeedsAndNoSecret() throws Exception {
        Running server = serve();
        JsonNode credentials = credentials();
        assertThat(credentials.path("base_url").asString()).isEqualTo(server.url);
        assertThat(credentials
                        .path("projects")
                        .valueStream()
                        .map(project -> project.path("vertical").asString() + " "
                                + project.path("environment").asString()))
                .containsExactly("consumer test", "b2b test");
        assertThat(server.banner)
                .contains(directory.resolve("data/credentials.json").toString(), "First call", "/v1/users", "Inbox");
        assertThat(server.banner).doesNotContain(credentials.path("admin_token").asString());
        credentials.path("projects").forEach(project -> assertThat(server.banner)
                .contains(project.path("project_id").asString())
                .doesNotContain(project.path("secret").asString()));

        Process first = new ProcessBuilder(
                        "sh",
                        "-c",
                        server.banner
                                .lines()
                                .dropWhile(line -> !line.startsWith("First call"))
                                .skip(1)
                                .limit(2)
                                .collect(Collectors.joining("\n")))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        JsonNode answer = Json.mapperInstance().readTree(first.getInputStream().readAllBytes());
        assertThat(answer.path("status_code").asInt()).isEqualTo(200);

        assertThat(server.logged().lines().filter(line -> line.contains("msg=call")))
                .singleElement()
                .asString()
                .matches(
                        "time=\\S+Z level=info logger=calls msg=call request_id="
                                + answer.path("request_id").asString()
                                + " project=project-test-\\S+ operation=\"POST /v1/users\" status=200 error_type= duration_us=\\d+ remote=127\\.0\\.0\\.1 target=");
        assertThat(server.logged())
                .doesNotContain(
                        "ada@example.com", credentials.at("/projects/0/secret").asString());
    }

    @Test
    void aStopAnswersEveryCallThatItHasBegunToReadAndExitsWithZero() throws Exception {
        Running server = serve("--drain-delay", "2");
        String slow = "{\"email\": \"slow@example.com\"}";
        String half = "{\"email\": \"half@example.com\"}";
        String large = "{\"email\": \"large@example.com\", \"ignored\": \"" + "x".repeat(900_000) + "\"}";
        try (Socket upload = connect(server);
                Socket header = connect(server);
                Socket bulk = connect(server);
                Socket idle = connect(server)) {
            upload.getOutputStream().write(head(slow));
            upload.getOutputStream().write(slow.substring(0, 5).getBytes(StandardCharsets.UTF_8));
            header.getOutputStream().write(head(half), 0, 40);
            bulk.getOutputStream().write(head(large));
            bulk.getOutputStream().write(large.substring(0, 400_000).getBytes(StandardCharsets.UTF_8));
            assertThat(get(idle, "/readyz")).startsWith("HTTP/1.1 200");

            server.stop();
            awaitNotReady(server);
            assertThat(get(idle, "/readyz"))
                    .as("readiness turns while calls are still taken")
                    .startsWith("HTTP/1.1 503")
                    .containsIgnoringCase("connection: close");
            assertThat(idle.getInputStream().read())
                    .as("the connection ends with the answer")
                    .isEqualTo(-1);
            while (!refuses(server)) {
                Thread.onSpinWait();
            }

            upload.getOutputStream().write(slow.substring(5).getBytes(StandardCharsets.UTF_8));
            header.getOutputStream().write(head(half), 40, head(half).length - 40);
            header.getOutputStream().write(half.getBytes(StandardCharsets.UTF_8));
            bulk.getOutputStream().write(large.substring(400_000).getBytes(StandardCharsets.UTF_8));
            for (Socket socket : List.of(upload, header, bulk)) {
                assertThat(answer(socket))
                        .startsWith("HTTP/1.1 200")
                        .contains("\"status_code\":200")
                        .containsIgnoringCase("connection: close");
            }
        }
        assertThat(server.exitCode()).isZero();
        assertThat(server.logged()).contains("msg=stopping", "msg=stopped").doesNotContain("Exception");

        Running again = serve();
        HttpResponse<String> found = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(again.url + "/v1/users/search"))
                                .header("Authorization", authorization())
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(found.body()).contains("slow@example.com", "half@example.com", "large@example.com");
    }

    @Test
    void aServerThatWasKilledStartsAgainWithTheSameProjects() throws Exception {
        Running server = serve();
        JsonNode before = credentials();
        server.process.destroyForcibly().waitFor();
        Running again = serve();
        assertThat(credentials().path("projects")).isEqualTo(before.path("projects"));
        assertThat(credentials().path("admin_token")).isEqualTo(before.path("admin_token"));
        assertThat(credentials().path("base_url").asString()).isEqualTo(again.url);
    }

    @Test
    void aPortInUseIsOneLineAndExitsWithOne() throws Exception {
        Running server = serve();
        JsonNode before = credentials();
        assertThat(refusal(
                        "serve",
                        "--data",
                        directory.resolve("other").toString(),
                        "--port",
                        String.valueOf(server.port())))
                .isEqualTo("selvage: Port " + server.port()
                        + " of 127.0.0.1 is in use by another program. Stop it, or choose another port with --port.\n");
        assertThat(credentials()).isEqualTo(before);
    }

    /// What a process says that cannot start.
    private String refusal(String... arguments) throws Exception {
        Process process = process(Map.of(), arguments);
        assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Cli.FAILED);
        return read(directory.resolve("log"));
    }

    @Test
    void aSecondServerOverTheSameDataIsRefusedUntilTheFirstIsGone() throws Exception {
        Path data = directory.resolve("data");
        Running server = serve();
        JsonNode before = credentials();
        long pid = server.process.pid();
        assertThat(refusal("serve", "--data", data.toString(), "--port", "0"))
                .isEqualTo("selvage: Another server (process " + pid + ") uses the data directory " + data
                        + ". Stop it, or give this one a data directory of its own with --data.\n");
        assertThat(credentials()).isEqualTo(before);
        Process command = process(Map.of(), "project", "list", "--data", data.toString());
        assertThat(command.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(command.exitValue()).as("commands run beside a server").isEqualTo(Cli.OK);
        server.process.destroyForcibly().waitFor();
        Running again = serve();
        assertThat(credentials().path("base_url").asString())
                .as("a kill leaves no lock")
                .isEqualTo(again.url);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSecondServerOverTheSameSqliteFileIsRefused(boolean named) throws Exception {
        Path file = directory.resolve(named ? "store.db" : "data/selvage.db");
        String url = "jdbc:sqlite:" + file;
        Running server = named ? serve("--database-url", url) : serve();
        assertThat(refusal(
                        "serve",
                        "--data",
                        directory.resolve("other").toString(),
                        "--port",
                        "0",
                        "--database-url",
                        url + "?cache_size=10"))
                .isEqualTo("selvage: Another server (process " + server.process.pid() + ") uses the database " + file
                        + ". Stop it, or use PostgreSQL, which many servers can share.\n");
    }

    @Test
    void aHostThatIsNotThisMachineIsOneLine() throws Exception {
        Process process = process(
                Map.of(), "serve", "--data", directory.resolve("data").toString(), "--host", "no-such-host.invalid");
        assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Cli.FAILED);
        assertThat(read(directory.resolve("log")))
                .isEqualTo("selvage: Cannot listen on no-such-host.invalid: no address has this name.\n");
    }

    @Test
    void withJsonLogsItSpeaksToMachinesOnly() throws Exception {
        Process process = process(
                Map.of("SELVAGE_LOG_FORMAT", "json"),
                "serve",
                "--data",
                directory.resolve("data").toString(),
                "--port",
                "0");
        Path log = directory.resolve("log");
        while (!Files.readString(log).contains("\"listening\"")) {
            assertThat(process.waitFor(20, TimeUnit.MILLISECONDS))
                    .as(() -> read(log))
                    .isFalse();
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(
                    HttpRequest.newBuilder(
                                    URI.create(credentials().path("base_url").asString() + "/v1/users"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
        process.toHandle().destroy();
        assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
        List<JsonNode> lines = Files.readString(log)
                .lines()
                .map(Json.mapperInstance()::readTree)
                .toList();
        assertThat(lines)
                .extracting(line -> line.path("msg").asString())
                .containsExactly("listening", "call", "stopping", "stopped");
        assertThat(lines.get(1).propertyNames())
                .containsExactly(
                        "time",
                        "level",
                        "logger",
                        "msg",
                        "request_id",
                        "project",
                        "operation",
                        "status",
                        "error_type",
                        "duration_us",
                        "remote",
                        "target");
        assertThat(lines.get(1).path("status").isNumber()).isTrue();
    }

    @Test
    void itsOwnAuthorityIsTrustedOnceAndStays() throws Exception {
        Running server = serve("--tls", "self-signed");
        Path authority = directory.resolve("data/tls/ca.pem");
        assertThat(server.url).startsWith("https://127.0.0.1:");
        assertThat(server.banner)
                .contains(
                        "NODE_EXTRA_CA_CERTS=" + authority,
                        "SSL_CERT_FILE=" + authority,
                        "keytool -importcert",
                        "curl --cacert " + authority);
        HttpClient client = trusting(authority);
        for (String host : List.of("127.0.0.1", "localhost")) {
            assertThat(client.send(
                                    HttpRequest.newBuilder(
                                                    URI.create("https://" + host + ":" + server.port() + "/readyz"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
        server.stop();
        assertThat(server.exitCode()).isZero();
        String before = Files.readString(authority);
        Running again = serve(
                "--tls-cert",
                directory.resolve("data/tls/server.pem").toString(),
                "--tls-key",
                directory.resolve("data/tls/server-key.pem").toString());
        assertThat(Files.readString(authority)).isEqualTo(before);
        assertThat(client.send(
                                HttpRequest.newBuilder(URI.create(again.url + "/healthz"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }

    private static HttpClient trusting(Path certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(certificate)) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
