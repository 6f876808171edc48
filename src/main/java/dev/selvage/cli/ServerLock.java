package dev.selvage.cli;

import dev.selvage.Config;
import dev.selvage.DataDirectory;
import dev.selvage.base.OperatorException;
import dev.selvage.base.PrivateFile;
import dev.selvage.db.Dialect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a server holds as long as it runs, so that a second one over the same data says so and does not start:
/// a data directory belongs to one server, and so does an SQLite database. Commands do not take it; they may
/// run beside a server. The system lets go of it when the process ends, however it ends.
final class ServerLock implements AutoCloseable {

    private final List<FileChannel> held = new ArrayList<>();

    private ServerLock() {}

    /// Takes what the server of this configuration needs for itself.
    ///
    /// @throws OperatorException when another server has it
    static ServerLock take(Config config) {
        DataDirectory directory = new DataDirectory(config.dataDirectory());
        ServerLock lock = new ServerLock();
        try {
            lock.hold(
                    directory.path().resolve("server.lock"),
                    "the data directory " + directory.path(),
                    "give this one a data directory of its own with --data");
            // That of the directory too: another server may name it with --database-url.
            String url = config.databaseUrl().orElseGet(directory::databaseUrl);
            if (Dialect.of(url) == Dialect.SQLITE) {
                Path file = Dialect.sqliteFile(url);
                lock.hold(
                        file.resolveSibling(file.getFileName() + ".server"),
                        "the database " + file,
                        "use PostgreSQL, which many servers can share");
            }
            return lock;
        } catch (RuntimeException refused) {
            lock.close();
            throw refused;
        }
    }

    private void hold(Path file, String what, String otherwise) {
        try {
            FileChannel channel = PrivateFile.lockable(file);
            held.add(channel);
            if (channel.tryLock() == null) {
                throw new OperatorException("Another server (process "
                        + Files.readString(file).strip() + ") uses " + what + ". Stop it, or " + otherwise + ".");
            }
            channel.truncate(0)
                    .write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (IOException failed) {
            throw new OperatorException(
                    "Cannot lock " + file + ": " + failed.getClass().getSimpleName() + " " + failed.getMessage() + ".",
                    failed);
        }
    }

    @Override
    public void close() {
        for (FileChannel channel : held) {
            try {
                channel.close();
            } catch (IOException failed) {
                throw new OperatorException("Cannot give up a lock: " + failed.getMessage(), failed);
            }
        }
    }
}
