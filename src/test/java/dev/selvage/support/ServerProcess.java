package dev.selvage.support;

import dev.selvage.App;
import dev.selvage.DataDirectory;
import dev.selvage.base.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The server as a process of its own, so that a test can kill it.
public final class ServerProcess implements AutoCloseable {

    private static final long START_SECONDS_MAX = 60;

    private final Process process;
    private final DataDirectory.Credentials credentials;

    private ServerProcess(Process process, DataDirectory.Credentials credentials) {
        this.process = process;
        this.credentials = credentials;
    }

    /// Starts it over a data directory and a database and waits until it answers.
    public static ServerProcess start(Path directory, String databaseUrl) throws IOException, InterruptedException {
        Path ready = directory.resolve("ready");
        Files.deleteIfExists(ready);
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), ServerProcess.class.getName(), directory.toString(), databaseUrl)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("server.log").toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (!Files.exists(ready)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IllegalStateException(Files.readString(directory.resolve("server.log")));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        return new ServerProcess(process, new DataDirectory(directory).credentials().orElseThrow());
    }

    /// Where it answers and how.
    public DataDirectory.Credentials credentials() {
        return credentials;
    }

    /// Lets it run for so many milliseconds more and then kills it.
    public void kill(long afterMillis) throws InterruptedException {
        process.waitFor(afterMillis, TimeUnit.MILLISECONDS);
        kill();
    }

    /// SIGKILL: no hook runs, nothing is flushed.
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    /// The process: arguments are the data directory and the database URL.
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        App app = App.open(TestApp.config(directory, arguments[1]), World.real());
        app.serve(Optional.empty());
        Files.writeString(directory.resolve("ready"), "");
        Thread.currentThread().join();
    }
}
