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

/// Gathers the times of access, so that an authenticate that changes nothing else costs no synchronous write.
/// They are written in batches; readers on this node see them at once, others within [#FLUSH_MILLIS]. A crash
/// can lose the last second of them, and nothing else.
public final class AccessTimes implements AutoCloseable {

    /// Named in the store's statement.
    record Key(String projectId, String sessionId) {}

    /// How long a touch may wait in memory.
    static final long FLUSH_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(AccessTimes.class);
    private static final int BATCH_MAX = 1_000;
    /// Sessions whose access waits, as long as the store cannot be written. Those of further ones are dropped.
    private static final int WAITING_MAX = 100_000;

    private final Map<Key, Long> waiting = new ConcurrentHashMap<>();
    /// What the last flush wrote. A reader that read its row just before must still find it.
    private final Map<Key, Long> written = new ConcurrentHashMap<>();
    private final Consumer<Collection<Map.Entry<Key, Long>>> write;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread flusher;

    public AccessTimes(SessionStore store) {
        this(store::touch);
    }

    AccessTimes(Consumer<Collection<Map.Entry<Key, Long>>> write) {
        this.write = write;
        this.flusher = Thread.ofVirtual().name("touches").start(this::run);
    }

    /// Notes an access at `at`, in milliseconds.
    void add(String projectId, String sessionId, long at) {
        Key key = new Key(projectId, sessionId);
        if (waiting.size() < WAITING_MAX || waiting.containsKey(key)) {
            waiting.merge(key, at, Math::max);
        }
    }

    /// The session, as its row was a moment ago, with the access that may not have been written then.
    Session seen(String projectId, Session session) {
        Key key = new Key(projectId, session.id());
        // In this order: a flush puts it into the second before it takes it out of the first.
        long at = waiting.getOrDefault(key, 0L);
        return session.accessedAt(Math.max(at, written.getOrDefault(key, 0L)));
    }

    /// Writes what waits now.
    void flush() {
        written.clear();
        List<Map.Entry<Key, Long>> batch = new ArrayList<>();
        for (Map.Entry<Key, Long> touch : waiting.entrySet()) {
            batch.add(Map.entry(touch.getKey(), touch.getValue()));
            if (batch.size() == BATCH_MAX) {
                flush(batch);
                batch.clear();
            }
        }
        flush(batch);
    }

    private void flush(List<Map.Entry<Key, Long>> batch) {
        if (!batch.isEmpty()) {
            // In one order on every node, so that two batches do not wait for each other.
            batch.sort(Comparator.comparing(touch -> touch.getKey().sessionId()));
            BulkWrites.separately(() -> {
                write.accept(batch);
                return batch;
            });
            // Only now: until then a reader must find them here. One that moved meanwhile stays.
            for (Map.Entry<Key, Long> touch : batch) {
                written.put(touch.getKey(), touch.getValue());
                waiting.remove(touch.getKey(), touch.getValue());
            }
        }
    }

    private void run() {
        try {
            while (!closed.await(FLUSH_MILLIS, TimeUnit.MILLISECONDS)) {
                tryToFlush();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void tryToFlush() {
        try {
            flush();
        } catch (RuntimeException failed) {
            // They stay in memory and are tried again.
            LOG.warn("Cannot write times of access yet: {}", failed.toString());
        }
    }

    /// Writes what waits and stops.
    @Override
    public void close() {
        closed.countDown();
        try {
            flusher.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        tryToFlush();
    }
}
