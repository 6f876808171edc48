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
import java.util.concurrent.TimeUnit;

/// A PostgreSQL server by the binaries that the tests use, which can be killed and started again over what it
/// left. Its processes all live on this machine, so that what they have handed to the kernel outlives them:
/// this shows what the program and the database do about a crash of processes, not what a disk does when the
/// power goes.
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

    static Store start(Path directory) throws IOException, SQLException {
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setPort(Signals.freePort())
                .setPGStartupWait(Duration.ofSeconds(START_SECONDS_MAX))
                .setServerConfig("shared_buffers", "32MB")
                // The library turns off what makes a commit durable, for the sake of tests.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + DATABASE);
        }
        return new Store(postgres, directory);
    }

    String url() {
        return postgres.getJdbcUrl("postgres", DATABASE);
    }

    /// SIGKILL to all its processes; the first is stopped before, so that it neither sees the others go nor
    /// makes new ones. Answers how to start it again.
    List<String> kill() throws IOException, InterruptedException {
        ProcessHandle postmaster = postmaster();
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // PostgreSQL does not run as root; the library has it believe that it is somebody else.
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

    /// Starts it over what is there, and waits until it has recovered that.
    ///
    /// @param command as answered by [#kill]
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

    /// SIGSTOP to all its processes.
    void pause() throws IOException, InterruptedException {
        ProcessHandle postmaster = postmaster();
        Signals.send("STOP", List.of(postmaster));
        Signals.send("STOP", tree(postmaster));
    }

    /// SIGCONT to all its processes.
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
