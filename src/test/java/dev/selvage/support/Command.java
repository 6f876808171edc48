package dev.selvage.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Runs `selvage …` as a process of its own, with the environment of the test only.
public final class Command {

    private Command() {}

    /// Starts the command; standard error goes to `log`.
    public static Process start(Path log, Map<String, String> environment, String... arguments) throws IOException {
        return start(log, environment, List.of("-Xmx256m"), arguments);
    }

    /// As [#start], with the heap options of `./selvage serve`: an out-of-memory error ends the process.
    public static Process startAsLaunched(Path log, Map<String, String> environment, String... arguments)
            throws IOException {
        return start(
                log, environment, List.of("-Xms96m", "-Xmn64m", "-Xmx224m", "-XX:+ExitOnOutOfMemoryError"), arguments);
    }

    private static Process start(Path log, Map<String, String> environment, List<String> heap, String... arguments)
            throws IOException {
        // Without the test classes, so that the logging of the program is used.
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath));
        command.addAll(heap);
        command.add("dev.selvage.Main");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SELVAGE_"));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
