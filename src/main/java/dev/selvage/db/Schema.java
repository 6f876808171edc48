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

/// Which migrations this program has, by their versions and checksums, so that a start on a store that has had
/// just these need not look for them: that takes Flyway longer than everything else that a start does with the
/// store.
final class Schema {

    /// Where Flyway writes what it has done.
    static final String HISTORY = "schema_history";

    private static final String RESOURCE = "/db/schema.txt";

    private Schema() {}

    /// Whether the store has had the migrations of this program, all of them and no others. Where that is not
    /// sure the answer is no, and Flyway finds out.
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

    /// The migrations of a store in their order, a line each: version and checksum, and what failed as such.
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
