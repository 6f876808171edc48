package dev.selvage.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `bin/release` has made in `target/release`, on a machine without Java. The tests are skipped without a
/// release, unless `SELVAGE_REQUIRE_RELEASE` is set, as `.ci/run` does. With it they also install the Debian
/// package, as root.
@Tag("process")
class ReleaseTest {

    private static final int SECONDS_MAX = 60;
    private static final boolean REQUIRED = "true".equals(System.getenv("SELVAGE_REQUIRE_RELEASE"));
    private static final Path INSTALLED_SETTINGS = Path.of("/etc/selvage/selvage.env");
    private static final Path SYSTEMD_ANALYZE = Path.of("/usr/bin/systemd-analyze");
    private static final Path INSTALLED_DATA = Path.of("/var/lib/selvage");

    /// Only with it: a start without the class cache would be slower, and nobody would notice.
    private static final Map<String, String> CACHE_REQUIRED = Map.of("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on");

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void aRelease() {
        assumeTrue(REQUIRED || Files.isDirectory(Path.of("target/release")), "bin/release has made no release");
    }

    @AfterEach
    void killWhatStillRuns() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private static Path made(String ending) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target/release"))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .map(Path::toAbsolutePath)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("bin/release has made no " + ending));
        }
    }

    /// The archive, unpacked.
    private Path unpacked() throws Exception {
        Path target = Files.createDirectory(directory.resolve("unpacked"));
        run("tar", "-xzf", made(".tar.gz").toString(), "-C", target.toString());
        try (Stream<Path> files = Files.list(target)) {
            return files.toList().getFirst();
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        return run(Path.of(""), command);
    }

    /// Runs a program of this machine, and returns its output.
    private static String run(Path directory, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toAbsolutePath().toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("SELVAGE_"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
        return said;
    }

    /// A process with these variables and no others: not even `PATH`.
    private Process alone(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(directory.resolve("log").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Process serving(Map<String, String> environment, String... command) throws IOException {
        Process server = alone(environment, command);
        BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
        assertThat(out.readLine())
                .as(() -> "it starts, but its log is: " + log())
                .contains("listens at http://127.0.0.1:");
        return server;
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException failed) {
            return failed.toString();
        }
    }

    /// The commands of the README's first sections, as they are written there.
    private static String tour() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String sections = readme.substring(readme.indexOf("## First call"), readme.indexOf("## Use it in CI"));
        return Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(sections)
                .results()
                .map(block -> block.group(1))
                .filter(block -> !block.contains("# add "))
                .reduce("", String::concat);
    }

    @Test
    void theArchiveTakesTheFirstStepsOfTheReadme() throws Exception {
        Path launcher = unpacked().resolve("bin/selvage");
        serving(CACHE_REQUIRED, launcher.toString(), "serve", "--port", "0");
        // The README calls the launcher of a checkout.
        Files.createSymbolicLink(directory.resolve("selvage"), launcher);
        String said = run(directory, "sh", "-euc", tour());
        assertThat(Pattern.compile("\"status_code\":(\\d+)").matcher(said).results())
                .as(said)
                .extracting(result -> result.group(1))
                .containsExactly("200", "200", "200", "404", "200", "200");
        assertThat(said).contains("session_not_found", "ada@example.com", "grace@example.com");
        assertThat(log()).doesNotContain("native library", "level=warn", "level=error");
    }

    @Test
    void commandsRunWithoutAPath() throws Exception {
        Path launcher = unpacked().resolve("bin/selvage");
        Process version = alone(Map.of(), launcher.toString(), "version");
        assertThat(version.inputReader(StandardCharsets.UTF_8).readLine()).startsWith("selvage ");
        assertThat(version.waitFor()).isZero();
        assertThat(alone(Map.of(), launcher.toString(), "health").waitFor()).isEqualTo(1);
    }

    /// Else the first test would prove nothing of the cache.
    @Test
    void aCacheThatDoesNotFitIsFound() throws Exception {
        Path unpacked = unpacked();
        Files.setLastModifiedTime(unpacked.resolve("lib/selvage.jar"), FileTime.fromMillis(0));
        Process server = alone(CACHE_REQUIRED, unpacked.resolve("bin/selvage").toString(), "serve", "--port", "0");
        assertThat(server.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isNotZero();
    }

    @Test
    void theBillOfMaterialsNamesEveryJar() throws Exception {
        String bill = Files.readString(made(".cdx.json"));
        List<String> missing = new ArrayList<>();
        try (Stream<Path> jars = Files.list(unpacked().resolve("lib"))) {
            for (Path jar :
                    jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
                MatchResult name = Pattern.compile("(.*?)(?:-(\\d[\\w.]*).*)?\\.jar")
                        .matcher(jar.getFileName().toString())
                        .results()
                        .findFirst()
                        .orElseThrow();
                if (!bill.contains("/" + name.group(1) + "@" + (name.group(2) == null ? "" : name.group(2)))) {
                    missing.add(jar.getFileName().toString());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void digestsFit() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("target/release"))) {
            Path sums = files.filter(file -> file.getFileName().toString().startsWith("SHA256SUMS"))
                    .findFirst()
                    .orElseThrow();
            run("sh", "-c", "cd target/release && sha256sum --check --strict " + sums.getFileName());
        }
    }

    @Test
    void theUnitIsOneThatSystemdTakesAndConfines() throws Exception {
        assumeTrue(Files.isExecutable(SYSTEMD_ANALYZE), "systemd-analyze is not installed");
        String unit = Path.of("packaging/selvage.service").toAbsolutePath().toString();
        String said = run(SYSTEMD_ANALYZE.toString(), "security", "--offline=true", "--threshold=20", unit);
        assertThat(said).contains("Overall exposure level");
    }

    @Test
    void theDebianPackageRunsAsItsUserAndLeavesTheData() throws Exception {
        assumeTrue(REQUIRED && "root".equals(System.getProperty("user.name")), "only root may install a package");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg")), "this is no Debian");
        assumeTrue(!Files.exists(INSTALLED_DATA) && !Files.exists(INSTALLED_SETTINGS), "Selvage is installed here");
        try {
            run("dpkg", "--install", made(".deb").toString());
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            String settings = Files.readString(INSTALLED_SETTINGS);
            Files.writeString(INSTALLED_SETTINGS, settings.replace("#SELVAGE_PORT=8282", "SELVAGE_PORT=" + port));
            Process server = serving(CACHE_REQUIRED, "/usr/bin/selvage", "serve");
            assertThat(server.info().user()).hasValue("selvage");
            assertThat(Files.getOwner(INSTALLED_DATA.resolve("master.key")).getName())
                    .isEqualTo("selvage");
            assertThat(run("/usr/bin/selvage", "health")).contains("ready");
            if (Files.isExecutable(SYSTEMD_ANALYZE)) {
                run(SYSTEMD_ANALYZE.toString(), "verify", "/usr/lib/systemd/system/selvage.service");
            }
            assertThat(run("/usr/bin/selvage", "env", "--project", "B2B")).contains("export PROJECT_ID=");
            server.toHandle().destroy();
            assertThat(server.waitFor()).isZero();
            run("dpkg", "--remove", "selvage");
            assertThat(INSTALLED_SETTINGS).exists();
            run("dpkg", "--purge", "selvage");
            assertThat(INSTALLED_SETTINGS.getParent()).doesNotExist();
            assertThat(INSTALLED_DATA.resolve("master.key")).exists();
        } finally {
            killWhatStillRuns();
            run("sh", "-c", "dpkg --purge selvage; rm -rf /var/lib/selvage; if id selvage; then userdel selvage; fi");
        }
    }
}
