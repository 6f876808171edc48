package dev.selvage.support;

import dev.selvage.db.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/// A database server that exists before the tests: PostgreSQL, or a server with its protocol. Each store is a
/// schema in its database and is not deleted. A database for each store would be a separate cluster on Citus,
/// with its own nodes and workers.
///
/// @param url `jdbc:postgresql://…`, with user and password as parameters
public record OutsideServer(String url) {

    /// The server on which the tests run, if the environment names one.
    public static final Optional<OutsideServer> NAMED =
            Optional.ofNullable(System.getenv("SELVAGE_TEST_DATABASE_URL")).map(OutsideServer::new);

    /// Creates an empty schema and returns the JDBC URL of a connection to it.
    String newSchema(String name) {
        execute(url, "CREATE SCHEMA " + name);
        return url + (url.contains("?") ? "&" : "?") + "currentSchema=" + name;
    }

    /// Whether the server is a Citus coordinator.
    public boolean citus() {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT 1 FROM pg_extension WHERE extname = 'citus'")) {
            return found.next();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// Creates the tables of the store at a URL of this server and distributes them as `docs/scaling.md`
    /// describes.
    void distribute(String storeUrl) {
        Database.open(storeUrl).close();
        execute(storeUrl, script());
    }

    private static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static String script() {
        try (InputStream script = OutsideServer.class.getResourceAsStream("/db/citus.sql")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
