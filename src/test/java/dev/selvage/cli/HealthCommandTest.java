package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.cli.Screen.Shown;
import dev.selvage.support.Command;
import dev.selvage.tls.LocalAuthority;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `selvage health` beside a server that has the same variables.
@Tag("process")
class HealthCommandTest {

    private static final int SECONDS_MAX = 60;

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private Process server;

    @BeforeEach
    void aFreePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            environment.put("SELVAGE_PORT", String.valueOf(free.getLocalPort()));
        }
        environment.put("SELVAGE_DATA", directory.resolve("data").toString());
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
    }

    private void serve() throws IOException {
        server = Command.start(directory.resolve("log"), environment, "serve");
        BufferedReader out = server.inputReader();
        assertThat(out.readLine())
                .as(Files.readString(directory.resolve("log")))
                .contains("listens at");
    }

    private Shown health(String... flags) {
        Screen screen = Screen.over(directory.resolve("data"));
        environment.forEach(screen::with);
        String[] command = new String[flags.length + 1];
        command[0] = "health";
        System.arraycopy(flags, 0, command, 1, flags.length);
        return screen.run(command);
    }

    /// Of a server that listens on every address, or speaks TLS for a name that is not the address.
    @ParameterizedTest
    @CsvSource({"SELVAGE_HOST, 127.0.0.1", "SELVAGE_HOST, 0.0.0.0", "SELVAGE_HOST, '::'", "SELVAGE_TLS, self-signed"})
    void aReadyServerIsHealthyWithItsOwnSettings(String variable, String value) throws Exception {
        environment.put(variable, value);
        serve();
        assertThat(health("--json").out()).isEqualTo("{\"status\":\"ready\"}" + System.lineSeparator());
        assertThat(health().code()).isEqualTo(Cli.OK);
    }

    @Test
    void aServerThatDrainsOrIsGoneIsNotHealthy() throws Exception {
        environment.put("SELVAGE_DRAIN_DELAY", String.valueOf(SECONDS_MAX));
        serve();
        server.toHandle().destroy();
        Shown draining = health();
        while (draining.code() == Cli.OK) {
            draining = health();
        }
        assertThat(draining.code()).isEqualTo(Cli.FAILED);
        assertThat(draining.err()).contains("/readyz returns 503");
        server.destroyForcibly().waitFor(SECONDS_MAX, TimeUnit.SECONDS);
        assertThat(health().code()).isEqualTo(Cli.FAILED);
        assertThat(health().err()).contains("does not respond").doesNotContain("\tat ");
    }

    /// An answer of another program on the same port does not count.
    @Test
    void aCertificateOfAnotherServerIsRefused() throws Exception {
        environment.put("SELVAGE_TLS", "self-signed");
        serve();
        Path other = directory.resolve("other");
        Screen.over(other).run("project", "create", "--name", "Other");
        new LocalAuthority(other.resolve("tls"), ClockAndRandom.real()).context(List.of());
        assertThat(health("--data", other.toString()).err()).contains("does not respond");
        assertThat(health().code()).isEqualTo(Cli.OK);
    }

    @Test
    void aFreePortCannotBeAsked() {
        assertThat(health("--port", "0").err()).contains("Give its port");
    }
}
