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
        try (AccessTimes touches = new AccessTimes(this::write)) {
            long latest = 0;
            for (int step : steps) {
                if (step < 0) {
                    touches.flush();
                } else {
                    touches.add(PROJECT, SESSION, step);
                    latest = Math.max(latest, step);
                }
                assertThat(seen(touches)).isEqualTo(latest);
            }
            touches.flush();
            assertThat(row()).isEqualTo(latest);
        }
    }

    @Example
    void noTouchIsLostBetweenTwoWritesAtOnce() throws Exception {
        try (AccessTimes touches = new AccessTimes(this::write);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean done = new AtomicBoolean();
            Future<?> flusher = threads.submit(() -> {
                while (!done.get()) {
                    touches.flush();
                }
            });
            for (long at = 1; at <= 20_000; at++) {
                touches.add(PROJECT, SESSION, at);
            }
            done.set(true);
            flusher.get();
            touches.flush();
            assertThat(row()).isEqualTo(20_000);
        }
    }

    @Example
    void aReaderThatReadItsRowJustBeforeTheWriteSeesTheTouchToo() {
        try (AccessTimes touches = new AccessTimes(this::write)) {
            touches.add(PROJECT, SESSION, 5);
            long read = row();
            touches.flush();
            assertThat(Math.max(read, touches.latest(PROJECT, SESSION))).isEqualTo(5);
        }
    }

    @Example
    void whatCannotBeWrittenYetIsKept() {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (AccessTimes touches = new AccessTimes(batch -> {
            if (broken.get()) {
                throw new IllegalStateException("the store is away");
            }
            write(batch);
        })) {
            touches.add(PROJECT, SESSION, 5);
            assertThat(catchThrowable(touches::flush)).isInstanceOf(IllegalStateException.class);
            assertThat(seen(touches)).isEqualTo(5);
            broken.set(false);
            touches.flush();
            assertThat(row()).isEqualTo(5);
        }
    }

    /// As the store's statement does it.
    private void write(Collection<Map.Entry<AccessTimes.Key, Long>> batch) {
        batch.forEach(touch -> rows.merge(touch.getKey(), touch.getValue(), Math::max));
    }

    private long row() {
        return rows.getOrDefault(new AccessTimes.Key(PROJECT, SESSION), 0L);
    }

    /// As a call does it: what waits is laid over what was read.
    private long seen(AccessTimes touches) {
        return Math.max(row(), touches.latest(PROJECT, SESSION));
    }
}
