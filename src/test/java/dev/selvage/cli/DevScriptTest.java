package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `bin/dev`, the commands for developers.
class DevScriptTest {

    private static final Path SCRIPT = Path.of("bin", "dev");
    /// A command or an option, as the script tells them apart.
    private static final Pattern CASE = Pattern.compile("(?m)^ +(?:([a-z]+)(?: \\| [^)]+)?|(--[a-z]+))\\)");

    @Test
    void theHelpNamesEveryCommandAndOption() throws IOException, InterruptedException {
        List<String> cases = CASE.matcher(Files.readString(SCRIPT))
                .results()
                .map(match -> match.group(1) != null ? "bin/dev " + match.group(1) : "[" + match.group(2) + "]")
                .toList();
        assertThat(cases).contains("bin/dev test", "[--sqlite]", "bin/dev help");
        Process help = run("help");
        assertThat(new String(help.getInputStream().readAllBytes())).contains(cases);
        assertThat(help.waitFor()).isZero();
    }

    @Test
    void anUnknownCommandIsRefused() throws IOException, InterruptedException {
        Process unknown = run("tset");
        assertThat(new String(unknown.getErrorStream().readAllBytes())).contains("unknown command: tset");
        assertThat(unknown.waitFor()).isEqualTo(2);
    }

    private static Process run(String command) throws IOException {
        return new ProcessBuilder("bash", SCRIPT.toString(), command).start();
    }
}
