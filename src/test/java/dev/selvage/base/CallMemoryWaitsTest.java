package dev.selvage.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What calls hold while they wait for a share, without a store: a megabyte for reading, a quarter of one for
/// bodies.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallMemoryWaitsTest {

    /// Four bytes each, in shares that double.
    private static final int HALF_CHARACTERS = 100_000;
    private static final int WHOLE_CHARACTERS = 200_000;
    private static final int BODY_BYTES = 100_000;

    private final CallMemory memory = new CallMemory(4 << 20);

    /// Holds what it has read until it is let go.
    private final class Holder {
        private final CountDownLatch holds = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);
        private final Thread thread;

        private Holder(int characters) {
            thread = Thread.ofVirtual()
                    .unstarted(() -> memory.share(() -> {
                        CallMemory.reading(() -> read(characters));
                        holds.countDown();
                        await(end);
                    }));
        }

        void begin() {
            thread.start();
            await(holds);
        }
    }

    @Test
    void whatIsReadInPartsWaitsWithNothingInHand() throws Exception {
        Holder holder = new Holder(HALF_CHARACTERS);
        AtomicInteger times = new AtomicInteger();
        Thread reader = Thread.ofVirtual()
                .start(() -> memory.share(() -> CallMemory.reading(() -> {
                    CallMemory.reading(() -> read(30_000));
                    if (times.incrementAndGet() == 1) {
                        holder.begin();
                    }
                    return CallMemory.reading(() -> read(150_000));
                })));
        untilWaiting(1);
        int leftThen = memory.freeKib();
        holder.end.countDown();
        reader.join();
        holder.thread.join();
        assertThat(leftThen).as("left beside the holder").isEqualTo(512);
        assertThat(times).as("how often the first part was read").hasValue(2);
        assertThat(memory.freeKib()).isEqualTo(1024);
    }

    @Test
    void bodiesThatHaveArrivedWaitWithTheirShare() throws Exception {
        Holder holder = new Holder(WHOLE_CHARACTERS);
        holder.begin();
        AtomicInteger arrived = new AtomicInteger();
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < 3; caller++) {
            callers.add(Thread.ofVirtual().start(() -> memory.share(() -> body(arrived))));
        }
        untilWaiting(callers.size());
        int arrivedThen = arrived.get();
        holder.end.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        holder.thread.join();
        assertThat(arrivedThen).as("bodies in hand while nothing was left").isEqualTo(1);
        assertThat(arrived).hasValue(callers.size());
        assertThat(memory.freeKib()).isEqualTo(1024);
    }

    private static void body(AtomicInteger arrived) {
        CallMemory.current().body(2 * BODY_BYTES, () -> {
            arrived.incrementAndGet();
            return new byte[BODY_BYTES];
        });
    }

    private static boolean read(int characters) {
        CallMemory.current().read("x".repeat(characters));
        return true;
    }

    private void untilWaiting(int calls) {
        while (memory.waiting() < calls) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
