package dev.selvage.bench;

import dev.selvage.db.Database;
import dev.selvage.db.GroupBounds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/// Measures how many sessions concurrent callers durably create in SQLite, alternately with shared commits and
/// with one commit per call. The arguments are the repository; a directory on the disk to measure, by default
/// its `target`; and additional microseconds for each commit, which simulate a slower disk if the directory is
/// in memory.
public final class GroupCommit {

    private static final int CALLERS = 64;
    private static final int ROUNDS = 3;
    private static final int FLUSHES = 200;
    private static final long ROUND_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final GroupBounds NO_GROUPS = new GroupBounds(1, 0);

    private GroupCommit() {}

    public static void main(String[] arguments) throws Exception {
        Path parent = arguments.length > 1 ? Path.of(arguments[1]) : Path.of(arguments[0], "target");
        long waitMicros = arguments.length > 2 ? Long.parseLong(arguments[2]) : 0;
        Path directory = Files.createTempDirectory(parent, "group-commit");
        try {
            measure(directory, waitMicros);
        } finally {
            try (Stream<Path> files = Files.list(directory)) {
                files.forEach(file -> file.toFile().delete());
            }
            Files.delete(directory);
        }
    }

    private static void measure(Path directory, long waitMicros) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "flush of this disk: %.3f ms; added to each commit: %.3f ms%n",
                flushMillis(directory),
                waitMicros / 1e3);
        try (Database grouped = open(directory.resolve("grouped.db"), GroupBounds.DEFAULT, waitMicros);
                Database single = open(directory.resolve("single.db"), NO_GROUPS, waitMicros)) {
            rate(grouped, CALLERS);
            rate(single, CALLERS);
            for (int round = 0; round < ROUNDS; round++) {
                double with = rate(grouped, CALLERS);
                double without = rate(single, CALLERS);
                System.out.printf(
                        Locale.ROOT,
                        "%d callers: %.0f/s with shared commits, %.0f/s with one each: %.1f times%n",
                        CALLERS,
                        with,
                        without,
                        with / without);
            }
            double with = rate(grouped, 1);
            double without = rate(single, 1);
            System.out.printf(Locale.ROOT, "1 caller: %.0f/s, %.0f/s: %.2f times%n", with, without, with / without);
        }
    }

    private static Database open(Path file, GroupBounds bounds, long waitMicros) {
        Database database = Database.open("jdbc:sqlite:" + file, bounds);
        database.transaction(() -> {
            database.write(
                            "INSERT INTO projects (project_id, name, vertical, environment, public_token, settings, created_at) "
                                    + "VALUES ('p', 'p', 'CONSUMER', 'TEST', 't', '{}', 1)")
                    .update();
            database.write("INSERT INTO subjects (project_id, subject_id, failed_attempts) VALUES ('p', 'u', 0)")
                    .update();
        });
        if (waitMicros > 0) {
            database.write((Connection connection) -> slow(connection, waitMicros));
        }
        return database;
    }

    /// Delays each commit. The engine calls the listener directly before it writes a commit.
    private static Void slow(Connection connection, long waitMicros) {
        try {
            connection.unwrap(SQLiteConnection.class).addCommitListener(new SQLiteCommitListener() {
                @Override
                public void onCommit() {
                    LockSupport.parkNanos(waitMicros * 1_000);
                }

                @Override
                public void onRollback() {
                    // Flushes nothing.
                }
            });
            return null;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// Sessions per second.
    private static double rate(Database database, int callers) {
        AtomicLong made = new AtomicLong();
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                String caller = begin + "-" + i + "-";
                threads.execute(() -> {
                    for (int number = 0; System.nanoTime() - begin < ROUND_NANOS; number++) {
                        create(database, caller + number);
                        made.incrementAndGet();
                    }
                });
            }
        }
        return made.get() * 1e9 / (System.nanoTime() - begin);
    }

    /// Writes what `SessionStore.insert` writes.
    private static void create(Database database, String id) {
        database.write("""
                        INSERT INTO sessions (project_id, session_id, subject_id, token_hash, started_at, last_accessed_at, expires_at,
                                              ip_address, user_agent, factors, custom_claims, version)
                        VALUES ('p', :id, 'u', :hash, 1, 1, 9, '10.0.0.1', 'agent', '[]', '{}', 0)""")
                .bind("id", id)
                .bind("hash", id.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .update();
    }

    /// The mean time of a flush, in milliseconds, of one page in a file of constant length, like the
    /// write-ahead log after its first round.
    private static double flushMillis(Path directory) throws IOException {
        try (FileChannel file =
                FileChannel.open(directory.resolve("flush"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(FLUSHES * 4096), 0);
            file.force(true);
            long begin = System.nanoTime();
            for (int i = 0; i < FLUSHES; i++) {
                file.write(ByteBuffer.allocate(4096), i * 4096L);
                file.force(false);
            }
            return (System.nanoTime() - begin) / 1e6 / FLUSHES;
        }
    }
}
