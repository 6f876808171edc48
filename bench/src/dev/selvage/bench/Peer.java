package dev.selvage.bench;

import dev.selvage.bench.Calls.Call;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A server that `bench/run peers` measures.
interface Peer {

    /// Sessions of each user.
    int SESSIONS_EACH = 5;
    /// Users that only sign in, so that the lists of the others stay as they are.
    int SIGN_INS = 100;

    /// The requests of a call.
    ///
    /// @param authorization the header of each; empty for none
    record Requests(String authorization, List<Call> calls) {}

    /// Name and version.
    String title();

    /// The parameters of its password hash, and settings that differ from its defaults.
    String remarks();

    /// Whether it needs the whole warm-up.
    default boolean jvm() {
        return true;
    }

    /// Downloads the program if it is absent, and creates its tables.
    ///
    /// @throws IllegalStateException if the program cannot be obtained
    void prepare() throws IOException, InterruptedException, SQLException;

    /// Starts the prepared server.
    Started start() throws IOException, InterruptedException;

    /// Creates the sessions, and returns the requests of each call of this server.
    Map<PeerCall, Requests> fill(Started server) throws IOException, InterruptedException;

    /// Work for one number.
    interface Each<T> {
        T of(int number) throws IOException, InterruptedException;
    }

    /// The results for the numbers below `count`, which 16 threads compute.
    static <T> List<T> concurrently(int count, Each<T> each) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<T>> started = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                started.add(threads.submit(() -> each.of(number)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> one : started) {
                try {
                    results.add(one.get());
                } catch (ExecutionException failed) {
                    threads.shutdownNow();
                    throw new IllegalStateException(failed.getCause().getMessage(), failed.getCause());
                }
            }
            return results;
        }
    }

    /// Runs a program and returns its standard output.
    ///
    /// @throws IllegalStateException with the output if it fails
    static String run(Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (InputStream stream = process.getInputStream()) {
            String out = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n" + out);
            }
            return out;
        } finally {
            process.destroy();
        }
    }
}
