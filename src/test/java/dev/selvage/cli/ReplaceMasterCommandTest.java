package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.cli.Screen.Shown;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `selvage keys replace-master` over the key of a data directory. What it does to the store is tested
/// elsewhere.
class ReplaceMasterCommandTest {

    private static final String PREVIOUS = "SELVAGE_PREVIOUS_MASTER_KEY_FILE";

    @TempDir
    private Path data;

    @Test
    void theKeyOfADataDirectoryIsReplaced() throws Exception {
        Screen screen = Screen.over(data);
        assertThat(screen.run("project", "create", "--name", "Shop").code()).isEqualTo(Cli.OK);
        screen.run("keys", "rotate", "--project", "Shop");
        assertThat(screen.run("keys", "replace-master").err())
                .contains("Only one master key is given")
                .contains(PREVIOUS);

        Path before = Files.move(data.resolve("master.key"), data.resolve("master.key.before"));
        screen.with(PREVIOUS, before.toString());
        Shown dry = screen.run("keys", "replace-master", "--dry-run", "--json");
        assertThat(dry.code()).as(dry.err()).isEqualTo(Cli.OK);
        assertThat(dry.json().at("/dry_run").booleanValue()).isTrue();
        assertThat(dry.json().at("/tables/0/table").stringValue()).isEqualTo("signing_keys");
        assertThat(dry.json().at("/tables/0/resealed").intValue()).isEqualTo(2);
        assertThat(screen.run("keys", "replace-master", "--dry-run").out())
                .contains("TO ENCRYPT")
                .endsWith("Nothing was changed.\n");

        Shown done = screen.run("keys", "replace-master");
        assertThat(done.out()).containsPattern("signing_keys +2 +2 +0").contains("The master key is replaced.");
        assertThat(screen.run("keys", "replace-master").out())
                .containsPattern("signing_keys +2 +0 +0")
                .contains("No value is encrypted under the previous key.");

        screen.with(PREVIOUS, "");
        assertThat(screen.run("keys", "rotate", "--project", "Shop").code()).isEqualTo(Cli.OK);
        Files.copy(before, data.resolve("master.key"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(screen.run("project", "list").err()).contains("another master key");
    }

    @Test
    void aKeyIsNotItsOwnPredecessor() {
        String key = "A".repeat(43) + "=";
        Shown shown = Screen.over(data)
                .with("SELVAGE_MASTER_KEY", key)
                .with("SELVAGE_PREVIOUS_MASTER_KEY", key)
                .run("project", "create", "--name", "Shop");
        assertThat(shown.code()).isEqualTo(Cli.FAILED);
        assertThat(shown.err()).contains("SELVAGE_PREVIOUS_MASTER_KEY").contains("are the same");
    }
}
