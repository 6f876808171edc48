package dev.selvage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.cli.Screen.Shown;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stores, keys and files that a command refuses, and what it says about them.
class StoreProblemsTest {

    @TempDir
    private Path directory;

    private Path data;
    private Screen screen;

    @BeforeEach
    void newDirectory() {
        data = directory.resolve("data");
        screen = Screen.over(data);
    }

    private void createShop() {
        Shown shown = screen.run("project", "create", "--name", "Shop");
        assertThat(shown.err()).isEmpty();
        assertThat(shown.code()).isEqualTo(Cli.OK);
    }

    @Test
    void aDatabaseOfANewerProgramIsRefused() throws SQLException {
        createShop();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("selvage.db"))) {
            connection.createStatement().execute("""
                    INSERT INTO schema_history (installed_rank, version, description, type, script, checksum, installed_by,
                                                execution_time, success)
                    VALUES (99, '99', 'future', 'SQL', 'V99__future.sql', 1, '', 0, 1)""");
        }
        Shown shown = screen.run("project", "list");
        assertThat(shown.code()).isEqualTo(Cli.FAILED);
        assertThat(shown.err())
                .startsWith("selvage: The database has schema version 99")
                .contains("newer release")
                .hasLineCount(1);
    }

    @OnBothEngines
    void aDatabaseFromBeforeTheFirstReleaseIsRefused(Engine engine) throws IOException, SQLException {
        Files.createDirectory(data);
        String url = engine.newDatabase(data);
        Screen over = screen.with("SELVAGE_DATABASE_URL", url);
        assertThat(over.run("project", "list").code()).isEqualTo(Cli.OK);
        String another = "UPDATE schema_history SET checksum = -1653450891 WHERE version = '1'";
        String later = """
                INSERT INTO schema_history (installed_rank, version, description, type, script, checksum, installed_by,
                                            installed_on, execution_time, success)
                SELECT 2, '2', 'organizations', 'SQL', 'V2__organizations.sql', 1737982983, installed_by, installed_on, 1, success
                FROM schema_history WHERE version = '1'""";
        for (String change : List.of(another, later)) {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute(change);
            }
            for (Shown shown : List.of(over.run("serve", "--port", "0"), over.run("project", "list"))) {
                assertThat(shown.code()).isEqualTo(Cli.FAILED);
                assertThat(shown.err())
                        .startsWith(
                                "selvage: The database was created by a build of Selvage from before the first release")
                        .contains("Use an empty database, or start the build that created this one.")
                        .hasLineCount(1);
            }
        }
    }

    @Test
    void anotherMasterKeyIsRefused() {
        createShop();
        Shown shown = screen.with("SELVAGE_MASTER_KEY", "A".repeat(43) + "=").run("project", "list");
        assertThat(shown.code()).isEqualTo(Cli.FAILED);
        assertThat(shown.err())
                .startsWith("selvage: The database was created with another master key")
                .hasLineCount(1);
    }

    /// A new key would open nothing, and would lie where the right one belongs.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noMasterKeyIsMadeForADatabaseThatHasOne(boolean inTheSameDirectory) throws IOException {
        createShop();
        Path directory = inTheSameDirectory ? data : data.resolve("another");
        Path key = Files.move(data.resolve("master.key"), data.resolve("elsewhere"));
        screen.with("SELVAGE_DATABASE_URL", "jdbc:sqlite:" + data.resolve("selvage.db"))
                .with("SELVAGE_DATA", directory.toString());
        for (String[] command : new String[][] {{"project", "list"}, {"serve", "--port", "0"}}) {
            Shown shown = screen.run(command);
            assertThat(shown.code()).isEqualTo(Cli.FAILED);
            assertThat(shown.err())
                    .startsWith("selvage: The database was created with a master key, and there is no " + directory)
                    .contains("SELVAGE_MASTER_KEY_FILE", "SELVAGE_PREVIOUS_MASTER_KEY_FILE")
                    .hasLineCount(1);
            assertThat(directory.resolve("master.key")).doesNotExist();
        }
        Files.move(key, directory.resolve("master.key"));
        assertThat(screen.run("project", "list").out()).contains("Shop");
    }

    @Test
    void filesThatOthersCouldReadAreTakenFromThemAndThatIsSaid() throws IOException {
        createShop();
        for (String name : List.of("master.key", "credentials.json", "selvage.db")) {
            Path file = data.resolve(name);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            assertThat(screen.run("project", "list").code()).isEqualTo(Cli.OK);
            assertThat(Files.getPosixFilePermissions(file))
                    .as(name)
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        assertThat(screen.run("project", "list").err()).isEmpty();
    }

    @Test
    void aSecretThatEveryUserOfTheMachineCanReadIsNamed() throws IOException {
        Path key = directory.resolve("key");
        Files.writeString(key, "A".repeat(43) + "=");
        Map<String, String> environment = Map.of("SELVAGE_MASTER_KEY_FILE", key.toString());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(ConfigReader.read(Map.of(), environment, true).warnings())
                .containsExactly("SELVAGE_MASTER_KEY_FILE: every user of this" + " machine can read " + key
                        + ". Let only the user of the server read it.");
        for (String mode : List.of("rw-------", "rw-r-----")) {
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
            assertThat(ConfigReader.read(Map.of(), environment, true).warnings())
                    .as(mode)
                    .isEmpty();
        }
    }

    @Test
    void whatIsNoDatabaseIsRefused() throws IOException {
        Files.createDirectory(data);
        Files.writeString(data.resolve("selvage.db"), "no database, but long enough to have a header ".repeat(20));
        Shown shown = screen.run("project", "list");
        assertThat(shown.code()).isEqualTo(Cli.FAILED);
        assertThat(shown.err())
                .startsWith("selvage: The database jdbc:sqlite:")
                .contains("not a database")
                .hasLineCount(1);
    }

    @Test
    void anUnreachableDatabaseIsNamedWithoutItsPassword() {
        Shown shown = screen.run(
                "project", "list", "--database-url", "jdbc:postgresql://127.0.0.1:1/selvage?user=u&password=hunter2");
        assertThat(shown.code()).isEqualTo(Cli.FAILED);
        assertThat(shown.err())
                .startsWith("selvage: The database jdbc:postgresql://127.0.0.1:1/selvage cannot be opened: ")
                .doesNotContain("hunter2")
                .hasLineCount(1);
    }

    @Test
    void aPasswordBeforeTheHostIsRefusedWithoutBeingShown() {
        for (String url : List.of(
                "jdbc:postgresql://u:hunter2@127.0.0.1:1/selvage", "jdbc:postgresql://u:hunter2@127.0.0.1/selvage")) {
            Shown shown = screen.run("project", "list", "--database-url", url);
            assertThat(shown.code()).isEqualTo(Cli.FAILED);
            assertThat(shown.err())
                    .contains("must not contain user and password before the host")
                    .doesNotContain("hunter2")
                    .hasLineCount(1);
        }
    }

    @Test
    void aDataDirectoryThatIsAFileIsRefused() throws IOException {
        Files.writeString(data, "");
        Shown shown = screen.run("project", "create", "--name", "Shop");
        assertThat(shown.code()).isEqualTo(Cli.FAILED);
        assertThat(shown.err())
                .isEqualTo("selvage: The data directory " + data + " cannot be created: a file is in its place.\n");
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        createShop();
        Files.writeString(data.resolve("credentials.json"), "{");
        assertThat(screen.run("secret", "create").err())
                .startsWith("selvage: " + data.resolve("credentials.json") + " is not valid JSON");
        Files.writeString(data.resolve("master.key"), "short");
        assertThat(screen.run("project", "list").err())
                .isEqualTo(
                        "selvage: The master key in " + data.resolve("master.key") + " is not base64 of 32 bytes.\n");
    }
}
