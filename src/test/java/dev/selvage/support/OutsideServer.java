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

/// A database that was there before the tests: PostgreSQL, or what speaks its protocol. Each store is a schema
/// of its own within it, and stays behind. Not a database of its own: to Citus each would be a cluster, with
/// its own nodes and workers.
///
/// @param url `jdbc:postgresql://…`, with user and password as parameters
public record OutsideServer(String url) {

    /// The one that the tests shall run on.
    public static final Optional<OutsideServer> NAMED =
            Optional.ofNullable(System.getenv("SELVAGE_TEST_DATABASE_URL")).map(OutsideServer::new);

    /// Adds an empty schema; answers the JDBC URL of a connection to it.
    String newSchema(String name) {
        execute(url, "CREATE SCHEMA " + name);
        return url + (url.contains("?") ? "&" : "?") + "currentSchema=" + name;
    }

    /// Whether it is a coordinator of Citus.
    public boolean citus() {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT 1 FROM pg_extension WHERE extname = 'citus'")) {
            return found.next();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// Makes the tables of the store at a URL of this server and spreads them, as `docs/scaling.md` tells
    /// operators to.
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
