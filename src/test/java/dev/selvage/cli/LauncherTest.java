package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `./selvage` in a checkout, and the launcher that a release has too: when the program is built, and how Java
/// is called. Maven and Java are scripts that record their calls, so that nothing is compiled and nothing
/// trained.
@Tag("process")
class LauncherTest {

    private static final int SECONDS_MAX = 60;

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private Path root;
    private Path calls;
    private Path builds;

    @BeforeEach
    void sourcesAndAJava() throws IOException {
        root = directory.resolve("a folder of mine");
        calls = directory.resolve("calls");
        builds = directory.resolve("builds");
        Files.createDirectories(root.resolve("src/main"));
        Files.createDirectories(root.resolve("packaging"));
        Files.writeString(root.resolve("pom.xml"), "");
        for (String file : List.of("selvage", "packaging/selvage", "packaging/assemble", "packaging/serve.options")) {
            Files.copy(Path.of(file), root.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        aJava("java");
        environment.put("JAVA_HOME", directory.resolve("java").toString());
        executable(directory.resolve("maven/mvn"), """
                echo built >> '%s'
                mkdir -p target/classes target/lib
                : > target/classes/Now.class
                : > target/lib/now.jar
                find target/classes target/lib -type f > target/selvage.jar
                """.formatted(builds));
        environment.put("PATH", directory.resolve("maven") + ":" + System.getenv("PATH"));
    }

    /// A JDK whose `java` records its arguments as one line, or writes what it is asked to train.
    private void aJava(String name) throws IOException {
        executable(directory.resolve(name + "/bin/javac"), "exit 1");
        java(name, "echo trained > \"$output\"");
        Files.writeString(directory.resolve(name + "/release"), "JAVA_VERSION=\"25.0.1\"\n");
    }

    private void java(String name, String training) throws IOException {
        executable(directory.resolve(name + "/bin/java"), """
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

    /// How `./selvage` called Java.
    private String called(String... arguments) throws IOException, InterruptedException {
        return launched(root.resolve("selvage"), arguments);
    }

    private String launched(Path launcher, String... arguments) throws IOException, InterruptedException {
        Files.deleteIfExists(calls);
        Process process = process(launcher, arguments);
        assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        return Files.readString(calls);
    }

    private Process process(Path launcher, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /// Where the program runs from, and where a release has it.
    private Path run(String file) {
        return root.resolve("target/run").resolve(file);
    }

    @Test
    void theFirstCallBuildsAndMakesTheCacheOfServe() throws Exception {
        assertThat(called("serve", "--port", "1"))
                .contains(
                        "@" + run("lib/serve.options"),
                        "-XX:AOTCache=" + run("lib/selvage.aot"),
                        "-cp " + run("lib/selvage.jar") + " dev.selvage.Main serve --port 1");
        assertThat(run("lib/selvage.aot")).hasContent("trained");
        assertThat(called("version")).doesNotContain("AOTCache", "serve.options");
        assertThat(directory.resolve("said")).isEmptyFile();
        assertThat(builds).content().hasLineCount(1);
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
        environment.put("SELVAGE_HEAP", heap);
        assertThat(process(root.resolve("selvage"), "serve").waitFor()).isEqualTo(2);
        assertThat(directory.resolve("said")).content().contains("SELVAGE_HEAP", heap);
    }

    @Test
    void nativeLibrariesAreThoseThatTheTrainingRunUnpacked() throws Exception {
        assertThat(called("serve"))
                .contains("-Dorg.sqlite.lib.path=" + run("lib/native"), "-Djava.library.path=" + run("lib/native"));
    }

    @Test
    void aSourceOrAJavaThatChangedIsBuiltAnew() throws Exception {
        called("version");
        Files.writeString(root.resolve("src/main/New.java"), "");
        called("version");
        assertThat(builds).content().hasLineCount(2);
        Files.writeString(directory.resolve("java/release"), "JAVA_VERSION=\"25.0.2\"\n");
        called("version");
        assertThat(builds).content().hasLineCount(3);
        aJava("another java");
        environment.put("JAVA_HOME", directory.resolve("another java").toString());
        called("version");
        called("version");
        assertThat(builds).content().hasLineCount(4);
    }

    @Test
    void aTrainingRunThatFailsStopsNoStartAndSaysWhy() throws Exception {
        java("java", "echo no room; exit 1");
        assertThat(called("serve")).contains("dev.selvage.Main serve").doesNotContain("AOTCache", "org.sqlite");
        assertThat(run("training.log")).hasContent("no room");
        assertThat(called("serve")).contains("dev.selvage.Main serve");
        assertThat(builds).content().hasLineCount(1);
    }

    /// Else a migration that got another name is in the program twice, and a library in two versions.
    @Test
    void aBuildBeginsWithoutWhatTheBuildBeforeLeft() throws Exception {
        Files.createDirectories(root.resolve("target/classes/db/migration"));
        Files.writeString(root.resolve("target/classes/db/migration/V14__before.sql"), "");
        Files.createDirectories(run("lib"));
        Files.writeString(run("lib/before.jar"), "");
        called("version");
        assertThat(run("lib/selvage.jar")).content().hasLineCount(2).contains("Now.class", "now.jar");
        assertThat(run("lib/now.jar")).exists();
        assertThat(run("lib/before.jar")).doesNotExist();
    }

    @Test
    void aBuildThatFailsLeavesTheOneBeforeInPlace() throws Exception {
        called("version");
        executable(directory.resolve("maven/mvn"), "echo no such package; exit 1");
        Files.writeString(root.resolve("src/main/New.java"), "");
        assertThat(process(root.resolve("selvage"), "version").waitFor()).isEqualTo(1);
        assertThat(directory.resolve("said")).content().contains("no such package", "the build failed");
        assertThat(run("lib/selvage.jar")).exists();
    }

    @Test
    void callersAtOnceBuildOnce() throws Exception {
        List<Process> all = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            all.add(process(root.resolve("selvage"), "version"));
        }
        for (Process process : all) {
            assertThat(process.waitFor()).isZero();
        }
        assertThat(builds).content().hasLineCount(1);
    }

    /// Linked into a directory of the path, by an absolute link or a relative one.
    @Test
    void theLauncherOfAReleaseFindsItsFilesThroughLinks() throws Exception {
        called("version");
        Path absolute = Files.createSymbolicLink(directory.resolve("absolute"), run("bin/selvage"));
        Path relative = Files.createSymbolicLink(directory.resolve("relative"), Path.of("absolute"));
        assertThat(launched(relative, "version"))
                .isEqualTo(launched(absolute, "version"))
                .contains(run("lib/selvage.jar") + " ");
    }
}
