package dev.selvage.history;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A PostgreSQL server with the binaries of the tests, which can be killed and started again with its data. All
/// its processes run on this machine, so that data that the kernel has received survives a kill. It therefore
/// shows how the program and the database handle a crash of processes, not a power failure.
final class Store implements AutoCloseable {

    private static final String DATABASE = "selvage";
    private static final int START_SECONDS_MAX = 120;
    private static final int POLL_MILLIS = 50;

    private final EmbeddedPostgres postgres;
    private final Path directory;

    private Store(EmbeddedPostgres postgres, Path directory) {
        this.postgres = postgres;
        this.directory = directory;
    }

    /// @param settings settings of the server beside those of every run
    static Store start(Path directory, Map<String, String> settings) throws IOException, SQLException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setPort(Signals.freePort())
                .setPGStartupWait(Duration.ofSeconds(START_SECONDS_MAX))
                .setServerConfig("shared_buffers", "32MB")
                // The library disables durable commits to make tests faster.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on");
        settings.forEach(builder::setServerConfig);
        EmbeddedPostgres postgres = builder.start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + DATABASE);
        }
        return new Store(postgres, directory);
    }

    String url() {
        return postgres.getJdbcUrl("postgres", DATABASE);
    }

    /// Sends SIGKILL to all its processes, and returns the command to start it again. The postmaster is stopped
    /// first, so that it neither notices the end of the others nor starts new ones.
    List<String> kill() throws IOException, InterruptedException {
        ProcessHandle postmaster = postmaster();
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // PostgreSQL does not run as root; the library starts it in a user namespace.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(postmaster.info().command().orElseThrow());
        command.addAll(List.of(postmaster.info().arguments().orElseThrow()));
        Signals.send("STOP", List.of(postmaster));
        List<ProcessHandle> all = tree(postmaster);
        Signals.send("KILL", all);
        Signals.awaitEnd(all);
        return command;
    }

    /// Starts the server with its data, and waits until recovery has finished.
    ///
    /// @param command the command that [#kill] returned
    void restart(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolveSibling("postgresql.log").toFile()))
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (!answers()) {
            if (System.nanoTime() > deadline || process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "PostgreSQL does not start any more. See " + directory.resolveSibling("postgresql.log"));
            }
        }
    }

    private boolean answers() {
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            return connection.isValid(START_SECONDS_MAX);
        } catch (SQLException notYet) {
            return false;
        }
    }

    /// Sends SIGSTOP to all its processes.
    void pause() throws IOException, InterruptedException {
        ProcessHandle postmaster = postmaster();
        Signals.send("STOP", List.of(postmaster));
        Signals.send("STOP", tree(postmaster));
    }

    /// Sends SIGCONT to all its processes.
    void resume() throws IOException, InterruptedException {
        Signals.send("CONT", tree(postmaster()));
    }

    private ProcessHandle postmaster() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid"))
                        .getFirst()
                        .strip()))
                .orElseThrow();
    }

    private static List<ProcessHandle> tree(ProcessHandle postmaster) {
        List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
        all.add(postmaster);
        return all;
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
