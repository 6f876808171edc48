package dev.selvage.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.Statements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.io.TempDir;

/// A start looks for migrations only where there may be some. `bin/dev schema` runs this test
/// with `-Dselvage.docs.write=true`, which writes `src/main/resources/db/schema.txt`.
class SchemaTest {

    private static final Path KNOWN = Path.of("src/main/resources/db/schema.txt");

    @TempDir
    private Path directory;

    @OnBothEngines
    void theKnownMigrationsAreThoseThatANewStoreGets(Engine engine) throws SQLException, IOException {
        String url = engine.newDatabase(directory);
        Database.open(url).close();
        try (Connection connection = DriverManager.getConnection(url)) {
            String history = Schema.history(connection);
            if (Boolean.getBoolean("selvage.docs.write")) {
                Files.writeString(KNOWN, history);
            }
            assertThat(KNOWN).as("write it anew with bin/dev schema").hasContent(history);
            assertThat(history).startsWith("1 ").endsWith("\n");
        }
    }

    @OnBothEngines
    void aStoreThatIsCurrentIsAskedOnce(Engine engine) {
        String url = engine.newDatabase(directory);
        Database.open(url).close();
        try (Statements statements = Statements.watch()) {
            assertThat(statements.during(() -> Database.open(url).close()))
                    .filteredOn(sent -> sent.contains("schema_history"))
                    .containsExactly("SELECT schema_history");
        }
    }

    @OnBothEngines
    void aMigrationThatFailedOrChangedOrIsUnknownIsFound(Engine engine) throws SQLException, IOException {
        for (String change : new String[] {
            "UPDATE schema_history SET success = FALSE WHERE version = '1'",
            "UPDATE schema_history SET checksum = 7 WHERE version = '1'",
            "UPDATE schema_history SET version = '77' WHERE version = '1'"
        }) {
            String url = engine.newDatabase(Files.createTempDirectory(directory, "store"));
            Database.open(url).close();
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute(change);
            }
            assertThatThrownBy(() -> Database.open(url)).as(change).isInstanceOf(StoreException.class);
        }
    }
}
