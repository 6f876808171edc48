package dev.selvage.db;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/// Compares the migrations of this program with those of a store, by version and checksum. A start on a current
/// store then skips Flyway, which takes longer than everything else that a start does with the store.
final class Schema {

    /// The table of applied migrations, which Flyway writes.
    static final String HISTORY = "schema_history";

    private static final String RESOURCE = "/db/schema.txt";

    private Schema() {}

    /// Whether the store has exactly the migrations of this program. If that is not certain, the result is
    /// false and Flyway decides.
    static boolean isCurrent(DataSource store) {
        try (InputStream known = Schema.class.getResourceAsStream(RESOURCE);
                Connection connection = store.getConnection()) {
            return new String(known.readAllBytes(), StandardCharsets.UTF_8).equals(history(connection));
        } catch (SQLException unknown) {
            return false;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Returns the migrations of a store in their order, one line each: version, checksum, and `failed` for a
    /// failed one.
    static String history(Connection connection) throws SQLException {
        StringBuilder history = new StringBuilder();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT version, checksum, success FROM " + HISTORY + " ORDER BY installed_rank")) {
            while (rows.next()) {
                history.append(rows.getString(1))
                        .append(' ')
                        .append(rows.getString(2))
                        .append(rows.getBoolean(3) ? "\n" : " failed\n");
            }
        }
        return history.toString();
    }
}
