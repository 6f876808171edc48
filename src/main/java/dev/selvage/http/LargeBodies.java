package dev.selvage.http;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Threads that read large bodies. A virtual thread is not interrupted, and as many large bodies as there are
/// processors would keep every other call waiting until they are read; the system shares the processors between
/// these threads and the others. How many may wait here is bounded by `base/CallMemory`.
final class LargeBodies {

    /// A larger body is read here. A smaller one takes less than what waking another thread may.
    static final int BYTES_MIN = 32 << 10;

    private static final int COUNT = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            COUNT,
            COUNT,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("large-body-", 0).factory());

    static {
        THREADS.allowCoreThreadTimeOut(true);
    }

    private LargeBodies() {}

    /// What `work` answers or throws.
    static <T> T separately(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, THREADS).join();
        } catch (CompletionException failed) {
            switch (Objects.requireNonNull(failed.getCause())) {
                case RuntimeException known -> throw known;
                case Error error -> throw error;
                default -> throw failed;
            }
        }
    }
}
