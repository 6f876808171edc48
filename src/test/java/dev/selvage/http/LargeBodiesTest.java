package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.selvage.error.ApiError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Large bodies keep no other call waiting, however many are read and however long that takes.
class LargeBodiesTest {

    private static final int CALLS = 2 * Runtime.getRuntime().availableProcessors();
    private static volatile boolean over;
    private static volatile CountDownLatch reading;

    /// A request whose reading takes as long as it likes.
    record Endless(String a) {
        Endless {
            reading.countDown();
            while (!over) {
                Thread.onSpinWait();
            }
        }
    }

    record Any(int a) {}

    private static Request post(String value) {
        byte[] body = ("{\"a\":\"" + value + "\"}").getBytes(StandardCharsets.UTF_8);
        return new Request("POST", "/", Map.of(), Map.of(), name -> List.of(), () -> body, "");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anotherCallGoesOnWhileTheyAreRead() throws InterruptedException {
        // Once before, so that no class is loaded while they are read: who waits for that gives its processor
        // away.
        reading = new CountDownLatch(1);
        over = true;
        Binder.bind(post("x".repeat(LargeBodies.BYTES_MIN)), Endless.class, BodyFormat.JSON);
        reading = new CountDownLatch(1);
        over = false;
        Runnable call = () -> Binder.bind(post("x".repeat(LargeBodies.BYTES_MIN)), Endless.class, BodyFormat.JSON);
        List<Thread> calls = IntStream.range(0, CALLS)
                .mapToObj(i -> Thread.startVirtualThread(call))
                .toList();
        reading.await();
        // Of the server's kind of threads, of which only as many run as there are processors.
        Thread other = Thread.startVirtualThread(() -> over = true);
        other.join();
        for (Thread each : calls) {
            each.join();
        }
        assertThat(over).isTrue();
    }

    @Test
    void whatIsWrongWithOneIsToldAsOfAnyOther() {
        for (int length : new int[] {1, LargeBodies.BYTES_MIN}) {
            assertThat(catchThrowable(() -> Binder.bind(post("x".repeat(length)), Any.class, BodyFormat.JSON)))
                    .isInstanceOf(ApiError.class)
                    .hasMessage("a has the wrong type.");
        }
    }
}
