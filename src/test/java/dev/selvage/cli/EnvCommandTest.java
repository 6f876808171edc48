package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.cli.Screen.Shown;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// `selvage env`, whose lines a shell evaluates.
class EnvCommandTest {

    @TempDir
    private Path directory;

    private Path data;
    private Screen screen;

    @BeforeEach
    void newDirectory() {
        data = directory.resolve("data");
        screen = Screen.over(data);
    }

    @Test
    void itPrintsTheCredentialsOfAProjectForAShell() throws Exception {
        screen.run("project", "create", "--name", "It's mine");
        screen.run("project", "create", "--name", "Teams", "--vertical", "b2b");
        JsonNode credentials = Json.mapperInstance().readTree(Files.readString(data.resolve("credentials.json")));
        JsonNode mine = credentials.path("projects").path(0);
        Shown env = screen.run("env", "--project", "It's mine");
        assertThat(env.code()).isEqualTo(Cli.OK);
        Process shell = new ProcessBuilder(
                        "sh", "-c", env.out() + "printf '%s|%s|%s|%s' \"$BASE_URL\" $PROJECT_ID $SECRET $ADMIN_TOKEN")
                .start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(String.join(
                        "|",
                        credentials.path("base_url").asString(),
                        mine.path("project_id").asString(),
                        mine.path("secret").asString(),
                        credentials.path("admin_token").asString()));
        assertThat(screen.run("env", "--project", "Teams", "--json")
                        .json()
                        .path("PROJECT_ID")
                        .asString())
                .isEqualTo(
                        credentials.path("projects").path(1).path("project_id").asString());
        assertThat(screen.run("env").err()).contains("It's mine", "Teams", "--project");
        assertThat(screen.run("env", "--project", "Shop"))
                .satisfies(shown -> assertThat(shown.code()).isEqualTo(Cli.FAILED))
                .satisfies(shown -> assertThat(shown.err()).contains("selvage secret create", "Teams"));
    }

    @Test
    void withoutCredentialsItSaysSoAndMakesNoDirectory() {
        Shown shown = screen.run("env");
        assertThat(shown.code()).isEqualTo(Cli.FAILED);
        assertThat(shown.err()).contains(data.toString(), "selvage serve");
        assertThat(data).doesNotExist();
    }

    /// `$GITHUB_ENV` and env files take values without quotes only.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"secret-test-a_B.1, secret-test-a_B.1", "http://a:1, http://a:1", "a b, 'a b'", "$a, '$a'"})
    void aWordOfAShellIsQuotedWhereItMustBe(String text, String word) {
        assertThat(Shell.quoted(text)).isEqualTo(word);
    }
}
