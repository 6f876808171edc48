package dev.selvage.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// A PostgreSQL server and its synchronous standby: a commit returns when both have it on disk. They use the
/// binaries of the tests, as separate processes.
public final class StandbyPair implements AutoCloseable {

    private static final String DATABASE = "selvage";
    private static final String STANDBY_NAME = "standby";

    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres standby;
    private final Path primaryData;

    private StandbyPair(EmbeddedPostgres primary, EmbeddedPostgres standby, Path primaryData) {
        this.primary = primary;
        this.standby = standby;
        this.primaryData = primaryData;
    }

    /// Creates both below `directory` and starts them with an empty database.
    public static StandbyPair start(Path directory) throws IOException, SQLException {
        Path primaryData = directory.resolve("primary");
        Path standbyData = directory.resolve("standby");
        // The standby starts as a copy of a stopped primary, because the binaries have no pg_basebackup.
        server(primaryData).start().close();
        copy(primaryData, standbyData);
        EmbeddedPostgres primary = server(primaryData)
                .setServerConfig("synchronous_standby_names", STANDBY_NAME)
                .start();
        Files.createFile(standbyData.resolve("standby.signal"));
        // Written to the file, because the library passes settings through a shell.
        Files.writeString(
                standbyData.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=" + primary.getPort() + " user=postgres application_name="
                        + STANDBY_NAME + "'\n",
                StandardOpenOption.APPEND);
        EmbeddedPostgres standby = server(standbyData).start();
        StandbyPair pair = new StandbyPair(primary, standby, primaryData);
        // Waits for the standby, like each commit from now on.
        pair.ask(primary, "CREATE DATABASE " + DATABASE);
        pair.check();
        return pair;
    }

    private static EmbeddedPostgres.Builder server(Path data) {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("max_connections", "100")
                .setServerConfig("wal_level", "replica")
                .setServerConfig("hot_standby", "on")
                .setServerConfig("shared_buffers", "32MB");
        // The library disables durable commits to make tests faster.
        Postgres.DURABLE.forEach(name -> builder.setServerConfig(name, "on"));
        return builder;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copied = Files.copy(file, to.resolve(from.relativize(file).toString()));
                Files.setPosixFilePermissions(copied, Files.getPosixFilePermissions(file));
            }
        }
    }

    /// Fails unless the replication is synchronous.
    private void check() throws SQLException {
        require(ask(primary, "SELECT sync_state FROM pg_stat_replication"), "sync");
        require(ask(standby, "SELECT pg_is_in_recovery()"), "t");
        for (String name : Postgres.DURABLE) {
            require(ask(primary, "SHOW " + name), "on");
        }
    }

    private static void require(String found, String wanted) {
        if (!wanted.equals(found)) {
            throw new IllegalStateException("The standby does not follow: " + found + " instead of " + wanted);
        }
    }

    /// A URL with both servers, as operators write it: the driver connects to the one that accepts writes.
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + primary.getPort() + ",127.0.0.1:" + standby.getPort() + "/" + DATABASE
                + "?user=postgres&targetServerType=primary";
    }

    /// Sends SIGKILL to each process of the primary.
    public void killPrimary() throws IOException {
        long pid = Long.parseLong(Files.readAllLines(primaryData.resolve("postmaster.pid"))
                .getFirst()
                .strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    /// Promotes the standby, as a cluster manager does, and waits until it accepts writes.
    public void promote() throws SQLException {
        require(ask(standby, "SELECT pg_promote(TRUE, 60)"), "t");
    }

    private String ask(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    @Override
    public void close() throws IOException {
        standby.close();
        primary.close();
    }
}
