package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The cache that `./selvage serve` starts from: when it is made, used and made anew. Java is a script that writes
/// down how it was called, so that nothing is built and nothing trained.
@Tag("process")
class LauncherTest {

    private static final int SECONDS_MAX = 60;

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private Path root;
    private Path calls;

    @BeforeEach
    void aBuiltProgramAndAJava() throws IOException {
        root = directory.resolve("a picocli-folder of mine");
        calls = directory.resolve("calls");
        Files.createDirectories(root.resolve("src/main"));
        Files.createDirectories(root.resolve("target/run"));
        Files.createDirectories(root.resolve("target/lib"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.copy(Path.of("selvage"), root.resolve("selvage"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(root.resolve("target/lib/b.jar"), "");
        Files.writeString(root.resolve("target/lib/B.jar"), "");
        Files.writeString(root.resolve("target/lib/a.jar"), "");
        Files.writeString(root.resolve("target/lib/picocli-1.jar"), "");
        jar("first", 0);
        Files.createDirectories(directory.resolve("java/bin"));
        Files.writeString(directory.resolve("java/release"), "JAVA_VERSION=\"25.0.1\"\n");
        java("echo trained > \"$output\"");
    }

    private void jar(String content, long later) throws IOException {
        Path jar = Files.writeString(root.resolve("target/run/selvage.jar"), content);
        Files.setLastModifiedTime(
                jar, FileTime.fromMillis(System.currentTimeMillis() + TimeUnit.SECONDS.toMillis(1 + later)));
    }

    /// Writes down its arguments as one line, and does `training` where a cache is to be made.
    private void java(String training) throws IOException {
        executable(directory.resolve("java/bin/java"), """
                output=
                for word in "$@"; do
                    case $word in -XX:AOTCacheOutput=*) output=${word#*=} ;; esac
                done
                if [ -n "$output" ]; then
                    %s
                    exit $?
                fi
                echo "$@" "heap: ${SELVAGE_HEAP-unset}" >> '%s'
                """.formatted(training, calls));
    }

    private static void executable(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// How Java was called for a command that says nothing.
    private String called(String... arguments) throws IOException, InterruptedException {
        String line = launched(arguments);
        assertThat(directory.resolve("said")).isEmptyFile();
        return line;
    }

    private String launched(String... arguments) throws IOException, InterruptedException {
        Files.deleteIfExists(calls);
        List<String> command = new ArrayList<>(List.of(root.resolve("selvage").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile());
        builder.environment().put("JAVA_HOME", directory.resolve("java").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        return Files.readString(calls);
    }

    private List<Path> run() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("target/run"))) {
            return files.filter(file -> file.toString().contains("serve-")
                            && !file.toString().endsWith(".native"))
                    .toList();
        }
    }

    /// The only cache, once it is another than `before` and nothing is being made.
    private Path made(Path before) throws IOException {
        List<Path> found = run();
        while (found.size() != 1
                || !found.getFirst().toString().endsWith(".aot")
                || found.getFirst().equals(before)) {
            Thread.onSpinWait();
            found = run();
        }
        return found.getFirst();
    }

    @Test
    void theFirstStartMakesTheCacheAndTheNextUsesIt() throws Exception {
        assertThat(called("serve")).doesNotContain("AOTCache");
        Path cache = made(null);
        assertThat(cache).hasContent("trained");
        assertThat(called("serve", "--port", "1")).contains("-XX:AOTCache=" + cache, "dev.selvage.Main serve --port 1");
        assertThat(called("version")).doesNotContain("AOTCache");
    }

    @Test
    void theHeapHasABoundThatTheOperatorSets() throws Exception {
        assertThat(called("serve")).contains("-Xmx224m");
        environment.put("SELVAGE_HEAP", "4g");
        assertThat(called("serve")).contains("-Xmx4g", "heap: unset");
        assertThat(called("version")).doesNotContain("-Xmx").contains("heap: unset");
    }

    @ParameterizedTest
    @ValueSource(strings = {"64m", "127m", "m", "g", "4", "4t", "1.5g", "-4g", "lots", "4 g"})
    void aHeapThatIsNoneOrTooSmallIsRefused(String heap) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(root.resolve("selvage").toString(), "serve").redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of("JAVA_HOME", directory.resolve("java").toString(), "SELVAGE_HEAP", heap));
        Process process = builder.start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("SELVAGE_HEAP")
                .contains(heap);
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Test
    void sqlitesLibraryIsTheOneThatTheRehearsalUnpacked() throws Exception {
        assertThat(called("serve")).doesNotContain("org.sqlite.lib.path");
        Path cache = made(null);
        assertThat(called("serve"))
                .contains("-Dorg.sqlite.lib.path=" + cache.toString().replace(".aot", ".native"));
    }

    @Test
    void theClassPathHasOneOrderOnEveryMachine() throws Exception {
        assertThat(called("version"))
                .containsSubsequence(
                        "run/selvage.jar:", "lib/picocli-1.jar:", "lib/B.jar:", "lib/a.jar:", "lib/b.jar ");
    }

    @Test
    void aChangedJarAndAnotherJavaHaveAnotherCache() throws Exception {
        called("serve");
        Path first = made(null);
        jar("changed", 10);
        assertThat(called("serve")).doesNotContain("AOTCache");
        Path second = made(first);
        Files.writeString(directory.resolve("java/release"), "JAVA_VERSION=\"25.0.2\"\n");
        assertThat(called("serve")).doesNotContain("AOTCache");
        assertThat(made(second)).hasContent("trained");
    }

    @Test
    void aRehearsalThatFailsIsNotTriedAgainAndStopsNoStart() throws Exception {
        java("exit 1");
        assertThat(called("serve")).contains("dev.selvage.Main serve");
        assertThat(made(null)).isEmptyFile();
        java("echo trained > \"$output\"");
        assertThat(called("serve")).contains("dev.selvage.Main serve").doesNotContain("AOTCache");
        assertThat(made(null)).isEmptyFile();
    }

    /// Else a migration that got another name is in the program twice, and a library in two versions.
    @Test
    void aBuildBeginsWithoutWhatTheBuildBeforeLeft() throws Exception {
        Files.createDirectories(root.resolve("target/classes/db/migration"));
        Files.writeString(root.resolve("target/classes/db/migration/V14__before.sql"), "");
        Files.delete(root.resolve("target/run/selvage.jar"));
        executable(directory.resolve("java/bin/javac"), "exit 1");
        executable(directory.resolve("maven/mvn"), """
                mkdir -p target/classes target/lib
                : > target/classes/Now.class
                : > target/lib/now.jar
                find target/classes target/lib -type f > target/selvage.jar
                """);
        environment.put("PATH", directory.resolve("maven") + ":" + System.getenv("PATH"));
        assertThat(launched("version")).contains("/now.jar").doesNotContain("picocli-1.jar");
        assertThat(root.resolve("target/run/selvage.jar"))
                .content()
                .hasLineCount(2)
                .contains("Now.class", "now.jar");
    }
}
