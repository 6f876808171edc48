package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Times of access never move back, for whatever order of touches and writes: `open-questions.md` 12.
class AccessTimesTest {

    private static final String PROJECT = "project";
    private static final String SESSION = "session";

    private final Map<AccessTimes.Key, Long> rows = new ConcurrentHashMap<>();

    /// A negative step writes what waits; any other is a touch at that time.
    @Property(tries = 200)
    void aReaderSeesTheLatestTouchBeforeAndAfterItIsWritten(
            @ForAll @Size(max = 30) List<@IntRange(min = -20, max = 100) Integer> steps) {
        rows.clear();
        try (AccessTimes accessTimes = new AccessTimes(this::write)) {
            long latest = 0;
            for (int step : steps) {
                if (step < 0) {
                    accessTimes.flush();
                } else {
                    accessTimes.add(PROJECT, SESSION, step);
                    latest = Math.max(latest, step);
                }
                assertThat(seen(accessTimes)).isEqualTo(latest);
            }
            accessTimes.flush();
            assertThat(row()).isEqualTo(latest);
        }
    }

    @Example
    void noTouchIsLostBetweenTwoWritesAtOnce() throws Exception {
        try (AccessTimes accessTimes = new AccessTimes(this::write);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean done = new AtomicBoolean();
            Future<?> flusher = threads.submit(() -> {
                while (!done.get()) {
                    accessTimes.flush();
                }
            });
            for (long at = 1; at <= 20_000; at++) {
                accessTimes.add(PROJECT, SESSION, at);
            }
            done.set(true);
            flusher.get();
            accessTimes.flush();
            assertThat(row()).isEqualTo(20_000);
        }
    }

    @Example
    void aReaderThatReadItsRowJustBeforeTheWriteSeesTheTouchToo() {
        try (AccessTimes accessTimes = new AccessTimes(this::write)) {
            accessTimes.add(PROJECT, SESSION, 5);
            long read = row();
            accessTimes.flush();
            assertThat(Math.max(read, accessTimes.latest(PROJECT, SESSION))).isEqualTo(5);
        }
    }

    @Example
    void whatCannotBeWrittenYetIsKept() {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (AccessTimes accessTimes = new AccessTimes(batch -> {
            if (broken.get()) {
                throw new IllegalStateException("the store is away");
            }
            write(batch);
        })) {
            accessTimes.add(PROJECT, SESSION, 5);
            assertThat(catchThrowable(accessTimes::flush)).isInstanceOf(IllegalStateException.class);
            assertThat(seen(accessTimes)).isEqualTo(5);
            broken.set(false);
            accessTimes.flush();
            assertThat(row()).isEqualTo(5);
        }
    }

    /// As the store's statement does it.
    private void write(Collection<Map.Entry<AccessTimes.Key, Long>> batch) {
        batch.forEach(access -> rows.merge(access.getKey(), access.getValue(), Math::max));
    }

    private long row() {
        return rows.getOrDefault(new AccessTimes.Key(PROJECT, SESSION), 0L);
    }

    /// As a call does it: what waits is laid over what was read.
    private long seen(AccessTimes accessTimes) {
        return Math.max(row(), accessTimes.latest(PROJECT, SESSION));
    }
}
