package dev.selvage.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/// PostgreSQL with the binaries of the tests, as separate processes, with its default durability.
///
/// @param pid the process id of the postmaster
record Postgres(EmbeddedPostgres embedded, long pid, String version) implements AutoCloseable {

    /// The settings that make commits durable. The library disables them to make tests faster.
    static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");
    /// The database with the sessions.
    static final String FILLED = "selvage";
    /// A second database without sessions.
    static final String EMPTY = "selvage_empty";

    /// Starts the server with a directory, which is created if absent and kept afterwards.
    static Postgres start(Path directory) throws IOException, SQLException {
        boolean isNew = !Files.exists(directory);
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("shared_buffers", "1GB")
                .setServerConfig("max_wal_size", "4GB");
        DURABLE.forEach(name -> builder.setServerConfig(name, "on"));
        EmbeddedPostgres embedded = builder.start();
        try (Connection connection = embedded.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String name : DURABLE) {
                if (!shown(statement, name).equals("on")) {
                    throw new IllegalStateException("PostgreSQL runs with " + name + " off");
                }
            }
            if (isNew) {
                statement.execute("CREATE DATABASE " + FILLED);
                statement.execute("CREATE DATABASE " + EMPTY);
            }
            long pid = Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid"))
                    .getFirst()
                    .strip());
            return new Postgres(embedded, pid, shown(statement, "server_version"));
        } catch (SQLException | IOException | RuntimeException failed) {
            embedded.close();
            throw failed;
        }
    }

    private static String shown(Statement statement, String name) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW " + name)) {
            row.next();
            return row.getString(1);
        }
    }

    /// Creates a database without tables.
    void create(String database) throws SQLException {
        try (Connection connection = embedded.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
    }

    /// On localhost.
    int port() {
        return embedded.getPort();
    }

    String url(String database) {
        return embedded.getJdbcUrl("postgres", database);
    }

    @Override
    public void close() {
        try {
            embedded.close();
        } catch (IOException failed) {
            System.err.println("PostgreSQL did not stop: " + failed.getMessage());
        }
    }
}
