package dev.selvage.sessions;

import dev.selvage.db.BulkWrites;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Buffers the times at which sessions were accessed, so that an authenticate that changes nothing else costs
/// no synchronous write. A background thread writes them in batches. Readers on this node see them at once,
/// readers on other nodes after about [#FLUSH_MILLIS]. A crash loses at most the last second of access times.
public final class AccessTimes implements AutoCloseable {

    /// The primary key of a session row.
    record Key(String projectId, String sessionId) {}

    /// The time between two flushes.
    static final long FLUSH_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(AccessTimes.class);
    private static final int BATCH_MAX = 1_000;
    /// The most sessions in the buffer. While the store cannot be written and the buffer is full, accesses of
    /// further sessions are dropped.
    private static final int WAITING_MAX = 100_000;

    private final Map<Key, Long> waiting = new ConcurrentHashMap<>();
    /// The accesses that the last flush wrote. A reader that read a row shortly before the flush finds its
    /// access here.
    private final Map<Key, Long> written = new ConcurrentHashMap<>();
    private final Consumer<Collection<Map.Entry<Key, Long>>> write;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread flusher;

    public AccessTimes(SessionStore store) {
        this(store::updateAccessTimes);
    }

    AccessTimes(Consumer<Collection<Map.Entry<Key, Long>>> write) {
        this.write = write;
        this.flusher = Thread.ofVirtual().name("access-times").start(this::run);
    }

    /// Records an access.
    ///
    /// @param at milliseconds
    void add(String projectId, String sessionId, long at) {
        Key key = new Key(projectId, sessionId);
        if (waiting.size() < WAITING_MAX || waiting.containsKey(key)) {
            waiting.merge(key, at, Math::max);
        }
    }

    /// Returns the latest access to a session on this node, in milliseconds, also if it was not written yet
    /// when the row was read; 0 for none.
    long latest(String projectId, String sessionId) {
        if (waiting.isEmpty() && written.isEmpty()) {
            return 0;
        }
        Key key = new Key(projectId, sessionId);
        // The order matters: a flush adds to `written` before it removes from `waiting`.
        long at = waiting.getOrDefault(key, 0L);
        return Math.max(at, written.getOrDefault(key, 0L));
    }

    /// Writes the buffered accesses.
    void flush() {
        written.clear();
        List<Map.Entry<Key, Long>> batch = new ArrayList<>();
        for (Map.Entry<Key, Long> access : waiting.entrySet()) {
            batch.add(Map.entry(access.getKey(), access.getValue()));
            if (batch.size() == BATCH_MAX) {
                flush(batch);
                batch.clear();
            }
        }
        flush(batch);
    }

    private void flush(List<Map.Entry<Key, Long>> batch) {
        if (!batch.isEmpty()) {
            // Every node writes in the same order, so that two batches cannot deadlock.
            batch.sort(Comparator.comparing(access -> access.getKey().sessionId()));
            BulkWrites.separately(() -> {
                write.accept(batch);
                return batch;
            });
            // After the write, because readers must find the access here until then. An entry that changed
            // meanwhile is kept.
            for (Map.Entry<Key, Long> access : batch) {
                written.put(access.getKey(), access.getValue());
                waiting.remove(access.getKey(), access.getValue());
            }
        }
    }

    private void run() {
        try {
            while (!closed.await(FLUSH_MILLIS, TimeUnit.MILLISECONDS)) {
                flushQuietly();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void flushQuietly() {
        try {
            flush();
        } catch (RuntimeException failed) {
            // The entries stay in the buffer, and the next flush retries.
            LOG.warn("Cannot write times of access yet: {}", failed.toString());
        }
    }

    /// Stops the background thread and writes the buffered accesses.
    @Override
    public void close() {
        closed.countDown();
        try {
            flusher.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        flushQuietly();
    }
}
