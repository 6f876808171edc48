package dev.selvage.http;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A pool of platform threads that parse large bodies. A virtual thread is not preempted: as many large bodies
/// as there are processors would delay all other calls until they are parsed. The system schedules platform
/// threads fairly. [dev.selvage.base.CallMemory] bounds the number of waiting bodies.
final class LargeBodies {

    /// Larger bodies are parsed here, 32 KB. A smaller one takes less time than a thread switch can take.
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

    /// Runs the work on a thread of the pool. Returns its result, or throws what it throws.
    static <T> T run(Supplier<T> work) {
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
