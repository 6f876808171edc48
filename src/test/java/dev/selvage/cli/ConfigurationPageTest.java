package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.docs.GeneratedPage;
import dev.selvage.projects.SettingsShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/configuration.md` lists every setting of the process and explains each setting of a project.
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

    @Test
    void everyPartOfTheSettingsOfAProjectIsExplained() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(SettingsShape.parts()).allSatisfy(part -> assertThat(page).contains("`" + part + "`"));
    }
}
