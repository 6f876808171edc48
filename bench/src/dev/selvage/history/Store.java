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

/// A PostgreSQL server by the binaries that the tests use, which can be killed and started again over what it left. Its processes all
/// live on this machine, so that what they have handed to the kernel outlives them: this shows what the program and the database do
/// about a crash of processes, not what a disk does when the power goes.
final class Store implements AutoCloseable {

    private static final String DATABASE = "selvage";
    private static final Duration START_MAX = Duration.ofMinutes(1);

    private final Path directory;
    private final int port;
    private EmbeddedPostgres postgres;

    private Store(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    static Store start(Path directory) throws IOException, SQLException {
        Store store = new Store(directory, Signals.freePort());
        store.start();
        try (Connection connection = store.postgres.getPostgresDatabase().getConnection(); Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + DATABASE);
        }
        return store;
    }

    private void start() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(START_MAX)
                .setServerConfig("shared_buffers", "32MB")
                // The library turns off what makes a commit durable, for the sake of tests.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
    }

    String url() {
        return postgres.getJdbcUrl("postgres", DATABASE);
    }

    /// SIGKILL to all its processes; the first is stopped before, so that it neither sees the others go nor makes new ones.
    void kill() throws IOException, InterruptedException {
        ProcessHandle postmaster = postmaster();
        Signals.send("STOP", List.of(postmaster));
        List<ProcessHandle> all = tree(postmaster);
        Signals.send("KILL", all);
        Signals.awaitEnd(all);
    }

    /// Over what is there, which it recovers first.
    void restart() throws IOException {
        // Only its lock is left to be given back.
        postgres.close();
        start();
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
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid")).getFirst().strip())).orElseThrow();
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
