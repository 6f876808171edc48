package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The official Node SDK against the running server: `e2e/*.test.mjs` by Node's own test runner.
///
/// A machine without Node skips it, unless `SELVAGE_REQUIRE_NODE` or `CI` is `true`.
@Tag("sdk")
class NodeSdkTest {

    private static final Path E2E = Path.of("e2e").toAbsolutePath();
    private static final int INSTALL_MINUTES_MAX = 5;
    private static final int RUN_MINUTES_MAX = 10;
    private static final int NODE_MAJOR_MIN = 20;

    @BeforeEach
    void installSdk() {
        boolean required = "true".equals(System.getenv("SELVAGE_REQUIRE_NODE")) || "true".equals(System.getenv("CI"));
        String problem = nodeProblem();
        if (!problem.isEmpty()) {
            String line = "The tests of the Node SDK need Node " + NODE_MAJOR_MIN + " or later and npm: " + problem;
            assertThat(required)
                    .as("%s; SELVAGE_REQUIRE_NODE or CI is true, so this is no reason to skip them", line)
                    .isFalse();
            System.out.println("SKIPPED: " + line);
            assumeTrue(false, line);
        }
        Path installed = E2E.resolve("node_modules").resolve(".package-lock.json");
        if (!upToDate(installed, E2E.resolve("package-lock.json"))) {
            Ran npm = run(
                    INSTALL_MINUTES_MAX,
                    Map.of(),
                    "npm",
                    "ci",
                    "--prefer-offline",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund");
            assertThat(npm.exit).as("npm ci in e2e/ failed:\n%s", npm.output).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(SdkServer.Transport.class)
    void everyCallOfTheSdkSucceedsAndIsRefusedAsTheContractSays(SdkServer.Transport transport) throws Exception {
        try (SdkServer server = SdkServer.start(transport)) {
            Map<String, String> environment =
                    new HashMap<>(Map.of("SELVAGE_E2E", server.describe().toString()));
            server.authority().ifPresent(certificate -> environment.put("NODE_EXTRA_CA_CERTS", certificate.toString()));
            Ran node = run(RUN_MINUTES_MAX, environment, "node", "--test", "--test-reporter=spec");
            assertThat(node.exit)
                    .as("node --test over %s failed:\n%s", transport, node.output)
                    .isZero();
            assertThat(node.count("tests"))
                    .as("tests in\n%s", node.output)
                    .isPositive()
                    .isEqualTo(node.count("pass"));
        }
    }

    /// What a process wrote and how it ended.
    private record Ran(int exit, String output) {

        int count(String what) {
            Matcher matcher = Pattern.compile("(?m)^\\W* " + what + " (\\d+)$").matcher(output);
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
        }
    }

    /// Why this machine cannot run the tests; empty when it can.
    private static String nodeProblem() {
        try {
            String version = run(1, Map.of(), "node", "--version").output.strip();
            run(1, Map.of(), "npm", "--version");
            Matcher major = Pattern.compile("v(\\d+)\\..*").matcher(version);
            return major.matches() && Integer.parseInt(major.group(1)) >= NODE_MAJOR_MIN
                    ? ""
                    : "node --version says " + version;
        } catch (UncheckedIOException absent) {
            return absent.getCause().getMessage();
        }
    }

    private static boolean upToDate(Path installed, Path lock) {
        try {
            return Files.exists(installed)
                    && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(lock)) >= 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Ran run(int minutesMax, Map<String, String> environment, String... command) {
        Process process = null;
        try {
            Path output = Files.createTempFile("selvage-e2e", ".txt");
            ProcessBuilder builder = new ProcessBuilder(List.of(command))
                    .directory(E2E.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            process = builder.start();
            boolean ended = process.waitFor(minutesMax, TimeUnit.MINUTES);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            assertThat(ended)
                    .as("%s ran for more than %s minutes:\n%s", List.of(command), minutesMax, text)
                    .isTrue();
            return new Ran(process.exitValue(), text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } finally {
            if (process != null) {
                process.destroy();
            }
        }
    }
}
