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

/// File locks that a server holds while it runs, so that a second server with the same data does not start. A
/// data directory belongs to one server, and so does an SQLite database. Commands do not take the locks and can
/// run at the same time as a server. The system releases the locks when the process ends.
final class ServerLock implements AutoCloseable {

    private final List<FileChannel> channels = new ArrayList<>();

    private ServerLock() {}

    /// Locks the data directory and the SQLite database of this configuration.
    ///
    /// @throws OperatorException if another server has a lock
    static ServerLock acquire(Config config) {
        DataDirectory directory = new DataDirectory(config.dataDirectory());
        ServerLock lock = new ServerLock();
        try {
            lock.lock(
                    directory.path().resolve("server.lock"),
                    "the data directory " + directory.path(),
                    "give this one a data directory of its own with --data");
            // Also the default database of the directory: another server may name it with `--database-url`.
            String url = config.databaseUrl().orElseGet(directory::databaseUrl);
            if (Dialect.of(url) == Dialect.SQLITE) {
                Path file = Dialect.sqliteFile(url);
                lock.lock(
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

    private void lock(Path file, String what, String otherwise) {
        try {
            FileChannel channel = PrivateFile.lockable(file);
            channels.add(channel);
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
        for (FileChannel channel : channels) {
            try {
                channel.close();
            } catch (IOException failed) {
                throw new OperatorException("Cannot release a lock: " + failed.getMessage(), failed);
            }
        }
    }
}
