package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.projects.SettingsShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/configuration.md` says what the program reads.
class ConfigurationPageTest {

    private static String page() throws IOException {
        return Files.readString(Path.of("docs", "configuration.md"));
    }

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
    void theTableListsEveryFlagAndVariable() throws IOException {
        assertThat(page()).as("make the table read:%n%s", table()).contains(table());
    }

    @Test
    void everyPartOfTheSettingsOfAProjectIsExplained() throws IOException {
        assertThat(SettingsShape.parts()).allSatisfy(part -> assertThat(page()).contains("`" + part + "`"));
    }
}
