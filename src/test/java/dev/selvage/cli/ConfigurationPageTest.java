package dev.selvage.cli;

import dev.selvage.docs.GeneratedPage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/configuration.md` lists every setting of the process.
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("docs", "configuration.md");

    private static String table() {
        return Arrays.stream(ConfigOption.values())
                .map(option -> "| "
                        + Stream.concat(
                                        option.flag().stream()
                                                .map(flag -> "`" + flag + " " + option.placeholder() + "`"),
                                        Stream.of("`" + option.variable() + "`"))
                                .collect(Collectors.joining("<br>"))
                        + option.fileVariable()
                                .map(file -> "<br>`" + file + "`")
                                .orElse("")
                        + " | " + option.byDefault() + " | " + option.description() + " | "
                        + (option.onlyForServe() ? "`serve`" : "every") + " |")
                .collect(Collectors.joining(
                        "\n",
                        "| flag and variable | default | meaning | commands |\n| --- | --- | --- | --- |\n",
                        "\n"));
    }

    @Test
    void theTableListsEveryFlagAndVariable() {
        GeneratedPage.partReads(PAGE, "settings", table());
    }
}
