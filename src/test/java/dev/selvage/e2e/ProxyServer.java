package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A real proxy as a process, configured as `docs/operating.md` says.
///
/// A machine without the program skips the test, unless `SELVAGE_REQUIRE_PROXIES` or `CI` is `true`.
final class ProxyServer implements AutoCloseable {

    /// Programs, and what is around the part of the page that is theirs.
    enum Kind {
        NGINX("nginx", "listen 443 ssl;", "listen 127.0.0.1:%d;", """
                daemon off;
                user root;
                pid DIRECTORY/pid;
                error_log DIRECTORY/error.log;
                events { }
                http {
                access_log off;
                client_body_temp_path DIRECTORY/body;
                proxy_temp_path DIRECTORY/proxy;
                fastcgi_temp_path DIRECTORY/fastcgi;
                uwsgi_temp_path DIRECTORY/uwsgi;
                scgi_temp_path DIRECTORY/scgi;
                PAGE
                }
                """) {
            @Override
            List<String> arguments(Path configuration) {
                return List.of(
                        "-c",
                        configuration.toString(),
                        "-e",
                        configuration.resolveSibling("error.log").toString());
            }
        },
        HAPROXY("haproxy", "bind :443 ssl crt /etc/ssl/auth.example.com.pem", "bind 127.0.0.1:%d", "PAGE") {
            @Override
            List<String> arguments(Path configuration) {
                return List.of("-db", "-f", configuration.toString());
            }
        };

        private final String program;
        private final String listens;
        private final String listensHere;
        private final String around;

        Kind(String program, String listens, String listensHere, String around) {
            this.program = program;
            this.listens = listens;
            this.listensHere = listensHere;
            this.around = around;
        }

        abstract List<String> arguments(Path configuration);

        /// What the page says of it.
        String onPage() throws IOException {
            Matcher block = Pattern.compile("(?s)```" + program + "\n(.*?)```")
                    .matcher(Files.readString(Path.of("docs", "operating.md")));
            assertThat(block.find()).as("%s in docs/operating.md", program).isTrue();
            return block.group(1);
        }
    }

    private final Process process;
    private final int port;

    private ProxyServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts it in front of a server on this machine, and returns when it takes connections.
    public static ProxyServer start(Kind kind, Path directory, int serverPort)
            throws IOException, InterruptedException {
        Path program = program(kind);
        int port = freePort();
        String page = kind.onPage();
        assertThat(page).contains(kind.listens, "10.0.0.1:8282");
        String configuration = kind.around
                .replace(
                        "PAGE",
                        page.replace(kind.listens, kind.listensHere.formatted(port))
                                .replaceAll("(?m)^ *ssl_certificate.*\n", "")
                                .replace("10.0.0.1:8282", "127.0.0.1:" + serverPort))
                .replace("DIRECTORY", directory.toString());
        Path log = directory.resolve("log");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(kind.arguments(Files.writeString(directory.resolve("configuration"), configuration)));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        while (!listens(port)) {
            assertThat(process.waitFor(20, TimeUnit.MILLISECONDS))
                    .as("%s ended: %s", kind, Files.readString(log))
                    .isFalse();
        }
        return new ProxyServer(process, port);
    }

    /// Where the program is: servers often lie where only root looks.
    private static Path program(Kind kind) {
        Optional<Path> found = Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
                .map(directory -> Path.of(directory, kind.program))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            String line = "The tests behind " + kind.program + " need it on this machine";
            boolean required =
                    "true".equals(System.getenv("SELVAGE_REQUIRE_PROXIES")) || "true".equals(System.getenv("CI"));
            assertThat(required)
                    .as("%s; SELVAGE_REQUIRE_PROXIES or CI is true, so this is no reason to skip it", line)
                    .isFalse();
            System.out.println("SKIPPED: " + line);
            assumeTrue(false, line);
        }
        return found.orElseThrow();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (ConnectException notYet) {
            return false;
        }
    }

    String baseUrl() {
        return "http://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
