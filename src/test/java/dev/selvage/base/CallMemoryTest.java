package dev.selvage.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.CallMemory.Share;
import dev.selvage.support.Race;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CallMemoryTest {

    private static final int TOTAL_KIB = 8 << 10;
    /// Weighs a MiB: JSON with nothing but values takes 48 bytes a character.
    private static final String TEXT = ",".repeat((1 << 20) / 48);

    private final CallMemory memory = new CallMemory(4L * TOTAL_KIB << 10);

    /// What a call may do with its share, whether it ends well or not.
    static List<Consumer<Share>> calls() {
        return List.of(
                share -> {},
                share -> read(share, 1),
                share -> read(share, 5),
                share -> read(share, 100),
                share -> {
                    read(share, 5);
                    share.keep(3 << 20);
                },
                share -> {
                    read(share, 5);
                    share.keep(0);
                    read(share, 2);
                },
                share -> {
                    body(share, 2);
                    throw new IllegalStateException();
                },
                share -> body(share, 100),
                share -> {
                    read(share, 3);
                    body(share, 100);
                },
                share -> CallMemory.reading(() -> {
                    read(share, 2);
                    throw new IllegalStateException();
                }));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void everyWayOutOfACallGivesItsShareBack(Consumer<Share> call) {
        run(call);
        assertThat(memory.freeKib()).isEqualTo(TOTAL_KIB);
    }

    @Test
    void manyCallsAtOnceAllEndAndNothingIsLost() throws Exception {
        List<Boolean> ended = Race.atOnce(32, number -> {
            SplittableRandom random = new SplittableRandom(number);
            for (int i = 0; i < 20; i++) {
                run(calls().get(random.nextInt(calls().size())));
            }
            return true;
        });
        assertThat(ended).hasSize(32);
        assertThat(memory.freeKib()).isEqualTo(TOTAL_KIB);
    }

    @Test
    void whoFindsNoRoomReadsAgainWhenThereIs() throws Exception {
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        Thread other = Thread.startVirtualThread(() -> memory.share(() -> {
            read(CallMemory.current(), 5);
            holding.countDown();
            await(refused);
        }));
        holding.await();
        AtomicInteger attempts = new AtomicInteger();
        memory.share(() -> CallMemory.reading(() -> {
            attempts.incrementAndGet();
            try {
                for (int i = 0; i < 5; i++) {
                    CallMemory.current().read(TEXT);
                }
            } catch (RuntimeException noRoom) {
                refused.countDown();
                throw noRoom;
            }
            return null;
        }));
        other.join();
        assertThat(attempts).hasValue(2);
        assertThat(memory.freeKib()).isEqualTo(TOTAL_KIB);
    }

    @Test
    void whatNeverFitsIsRefusedAtOnce() {
        assertThatThrownBy(() -> memory.share(() -> read(CallMemory.current(), 100)))
                .isInstanceOfSatisfying(MemoryBudgetException.class, full -> assertThat(full.exceedsBudget())
                        .isTrue());
    }

    private void run(Consumer<Share> call) {
        try {
            memory.share(() -> call.accept(CallMemory.current()));
        } catch (IllegalStateException | MemoryBudgetException ended) {
            assertThat(ended).isNotNull();
        }
    }

    private static void read(Share share, int mib) {
        CallMemory.reading(() -> {
            for (int i = 0; i < mib; i++) {
                share.read(TEXT);
            }
            return null;
        });
    }

    private static void body(Share share, int mib) {
        share.body(TEXT.length(), () -> TEXT.repeat(mib).getBytes(StandardCharsets.US_ASCII));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
