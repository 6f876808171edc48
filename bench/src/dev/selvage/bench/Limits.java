package dev.selvage.bench;

import dev.selvage.db.Database;
import dev.selvage.db.ParsedSql;
import dev.selvage.passwords.ProgramHashing;
import dev.selvage.projects.Jose;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/// The limits that need no server: loops in this process.
final class Limits {

    private static final int RSA_BITS = 2048;
    /// The approximate length of a session JWT up to its second dot.
    private static final int SIGNED_BYTES = 900;
    /// The page size of SQLite, about the least that a commit adds to the write-ahead log.
    private static final int PAGE_BYTES = 4096;

    private Limits() {}

    /// Work that is repeated until a deadline.
    private interface Loop {
        void run(long deadline, LongAdder done) throws SQLException, GeneralSecurityException;
    }

    /// RSA-2048 signatures per second with the provider that signs JWTs, one thread per core.
    static double signing(KeyPair key, int seconds) {
        byte[] signed = new byte[SIGNED_BYTES];
        PrivateKey own = Jose.toProviderKey(key.getPrivate());
        return perSecond(Machine.cores(), seconds, thread -> (deadline, done) -> {
            Signature signature = Signature.getInstance("SHA256withRSA", Jose.PROVIDER);
            while (System.nanoTime() < deadline) {
                signature.initSign(own);
                signature.update(signed);
                signature.sign();
                done.increment();
            }
        });
    }

    /// Password hashes per second, one thread per core.
    static double hashing(int seconds) {
        return perSecond(Machine.cores(), seconds, thread -> (deadline, done) -> {
            while (System.nanoTime() < deadline) {
                ProgramHashing.hash(Dataset.PASSWORD);
                done.increment();
            }
        });
    }

    /// Sequential flushes per second of the disk of a directory, one page each: the limit of one commit per
    /// call.
    static double flushes(Path directory, int seconds) {
        Path file = directory.resolve("flushes");
        return perSecond(1, seconds, thread -> (deadline, done) -> {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
                ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
                while (System.nanoTime() < deadline) {
                    channel.write(page.rewind());
                    channel.force(false);
                    done.increment();
                }
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
    }

    static KeyPair rsaKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        return generator.generateKeyPair();
    }

    /// Executions of a statement per second, by plain JDBC over the connections of the program. All values of
    /// all rows are read.
    ///
    /// @param parameters the parameters of each execution by name, used round robin
    static double store(
            Database database, String text, List<Map<String, Object>> parameters, int threads, int seconds) {
        ParsedSql statement = ParsedSql.of(text);
        return perSecond(
                threads,
                seconds,
                thread -> (deadline, done) -> database.read((Connection connection) -> {
                    try (PreparedStatement prepared = connection.prepareStatement(statement.driverText())) {
                        int position = (int) ((long) parameters.size() * thread / threads);
                        while (System.nanoTime() < deadline) {
                            run(prepared, statement, parameters.get(position));
                            position = (position + 1) % parameters.size();
                            done.increment();
                        }
                        return null;
                    } catch (SQLException failed) {
                        throw new IllegalStateException(failed);
                    }
                }));
    }

    private static void run(PreparedStatement prepared, ParsedSql statement, Map<String, Object> parameters)
            throws SQLException {
        int index = 1;
        for (String name : statement.parameters()) {
            if (!parameters.containsKey(name)) {
                throw new IllegalStateException(
                        "The statement has a parameter that the benchmark does not know: " + name);
            }
            prepared.setObject(index++, parameters.get(name));
        }
        try (ResultSet rows = prepared.executeQuery()) {
            int columns = rows.getMetaData().getColumnCount();
            int read = 0;
            while (rows.next()) {
                for (int column = 1; column <= columns; column++) {
                    rows.getString(column);
                }
                read++;
            }
            if (read == 0) {
                throw new IllegalStateException("The statement found nothing");
            }
        }
    }

    private interface Loops {
        Loop of(int thread);
    }

    private static double perSecond(int threads, int seconds, Loops loops) {
        LongAdder done = new LongAdder();
        CountDownLatch ended = new CountDownLatch(threads);
        AtomicReference<Exception> failure = new AtomicReference<>();
        long begin = System.nanoTime();
        long deadline = begin + seconds * 1_000_000_000L;
        for (int thread = 0; thread < threads; thread++) {
            Loop loop = loops.of(thread);
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    loop.run(deadline, done);
                } catch (SQLException | GeneralSecurityException | RuntimeException failed) {
                    failure.set(failed);
                } finally {
                    ended.countDown();
                }
            });
        }
        try {
            ended.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        if (failure.get() != null) {
            throw new IllegalStateException("The loop failed", failure.get());
        }
        return done.sum() * 1e9 / (System.nanoTime() - begin);
    }
}
