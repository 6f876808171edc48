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

/// PostgreSQL by the binaries that the tests use, as processes of its own, as durable as it is by default.
///
/// @param pid of the postmaster
record Postgres(EmbeddedPostgres embedded, long pid, String version) implements AutoCloseable {

    /// The library turns off what makes a commit durable, for the sake of tests.
    static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");
    /// The database that the sessions are in.
    static final String FILLED = "selvage";
    /// One beside it without any.
    static final String EMPTY = "selvage_empty";

    /// Starts it over a directory, which is made when there is none and is left as it is afterwards.
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
