package dev.selvage.passwords;

import dev.selvage.backend.PasswordsApi;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.error.ApiError;
import dev.selvage.error.PasswordErrors;
import dev.selvage.error.RequestErrors;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/// Creates and checks password hashes on its own thread pool, with one thread for each processor. This bounds
/// memory, and other calls keep running under many concurrent sign-ins. It must not be called inside a
/// transaction, because SQLite has one writer.
final class Hasher implements AutoCloseable {

    /// RFC 9106, 3.1: 16 bytes are recommended for password hashing.
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    /// Seconds that a call waits for a thread and its result together.
    private static final int WAIT_SECONDS_MAX = 15;
    /// The time of one check, less than half of [#WAIT_SECONDS_MAX]: a password that Unicode normalization
    /// changes is checked twice.
    private static final long CHECK_NANOS_MAX = TimeUnit.SECONDS.toNanos(7);
    private static final long MEASURING_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final int WAITING_MAX = 2_000;
    /// The divisor of the heap for the memory budget of all hashes together, whether on the heap or, as with
    /// native Argon2, outside of it. A third of the default heap of `./selvage` is enough for scrypt with N =
    /// 65536 and r = 8 (64 MB).
    private static final int HEAP_SHARE = 3;

    private final Hashing costs;
    private final ClockAndRandom clockAndRandom;
    private final ThreadPoolExecutor threads;
    private final int memoryBudgetKib;
    private final Semaphore memory;
    private final long checkNanosMax;
    /// Nanoseconds of one unit of work, by the encoded probe of the algorithm.
    private final Map<String, Double> nanosPerWorkUnit = new ConcurrentHashMap<>();

    Hasher(Hashing costs, ClockAndRandom clockAndRandom) {
        this(
                costs,
                (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 1024 / HEAP_SHARE),
                clockAndRandom);
    }

    /// @param memoryBudgetKib KiB that all concurrent hashes may use together
    Hasher(Hashing costs, int memoryBudgetKib, ClockAndRandom clockAndRandom) {
        this(costs, memoryBudgetKib, CHECK_NANOS_MAX, clockAndRandom);
    }

    /// @param checkNanosMax nanoseconds that the check of a hash may take to be [#isAffordable]
    Hasher(Hashing costs, int memoryBudgetKib, long checkNanosMax, ClockAndRandom clockAndRandom) {
        this.checkNanosMax = checkNanosMax;
        this.costs = costs;
        this.clockAndRandom = clockAndRandom;
        int processors = Runtime.getRuntime().availableProcessors();
        threads = new ThreadPoolExecutor(
                processors,
                processors,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().daemon().name("password-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        this.memoryBudgetKib = memoryBudgetKib;
        memory = new Semaphore(memoryBudgetKib, true);
    }

    /// Hashes a password with the configured costs, in the form that is stored. Takes tens of milliseconds.
    ///
    /// @throws ApiError `password_validation_timeout` if too many calls wait or the result takes more than 15 s
    String hash(String password) {
        byte[] salt = clockAndRandom.bytes(SALT_BYTES);
        byte[] bytes = PasswordHash.utf8(normalized(password));
        return run(costs.memoryKib(), () -> Argon2Hash.of(
                        bytes, salt, HASH_BYTES, costs.memoryKib(), costs.iterations(), costs.parallelism())
                .encoded());
    }

    /// Whether the stored hash is that of the password. A password that Unicode normalization changes is also
    /// checked unchanged, because other systems hash the characters as typed.
    ///
    /// @throws ApiError `password_validation_timeout` if too many calls wait or the result takes more than 15 s
    /// @throws IllegalStateException if the hash needs more than half of the heap: a server with a larger heap
    ///                               imported it
    boolean matches(String encoded, String password) {
        PasswordHash hash = PasswordHash.parse(encoded);
        if (2L * hash.memoryKib() > (long) HEAP_SHARE * memoryBudgetKib) {
            throw new IllegalStateException(
                    "A stored hash takes " + hash.memoryKib() / 1024 + " MB to check, more than half of the heap."
                            + " Give the server " + (hash.memoryKib() / 1024 * HEAP_SHARE) + " MB (SELVAGE_HEAP).");
        }
        String normalized = normalized(password);
        return run(
                hash.memoryKib(),
                () -> hash.matches(PasswordHash.utf8(normalized))
                        || !normalized.equals(password) && hash.matches(PasswordHash.utf8(password)));
    }

    /// Whether a stored hash has another algorithm or lower costs than a new one.
    boolean isOutdated(String encoded) {
        return isOutdated(PasswordHash.parse(encoded));
    }

    /// Whether a new hash may replace the stored one after a successful check. The stored hash must be
    /// outdated, and must distinguish the password from all others. Otherwise the new hash could contain an
    /// ending that its owner does not know.
    boolean isReplaceable(String encoded, String password) {
        PasswordHash hash = PasswordHash.parse(encoded);
        return isOutdated(hash) && hash.isExact(PasswordHash.utf8(password));
    }

    /// Whether this machine can check a hash in time. Measures the speed of each algorithm once.
    ///
    /// @throws ApiError `password_validation_timeout` if too many calls wait or the result takes more than 15 s
    boolean isAffordable(PasswordHash hash) {
        if (hash.work() == 0) {
            return true;
        }
        PasswordHash probe = hash.probe();
        double nanos =
                nanosPerWorkUnit.computeIfAbsent(probe.encoded(), _ -> run(probe.memoryKib(), () -> measured(probe)));
        return nanos * hash.work() <= checkNanosMax;
    }

    /// Measures one unit of work in nanoseconds of CPU time, so that other load does not count. Takes the
    /// fastest of several runs, because the first runs are not compiled yet.
    private static double measured(PasswordHash probe) {
        byte[] longest = new byte[PasswordsApi.EXISTING_CHARACTERS_MAX];
        Arrays.fill(longest, (byte) 'a');
        ThreadMXBean processor = ManagementFactory.getThreadMXBean();
        LongSupplier clock = processor.isCurrentThreadCpuTimeSupported() && processor.isThreadCpuTimeEnabled()
                ? processor::getCurrentThreadCpuTime
                : System::nanoTime;
        long begin = clock.getAsLong();
        long end = begin;
        long fastest = Long.MAX_VALUE;
        while (end - begin < MEASURING_NANOS) {
            probe.matches(longest);
            long now = clock.getAsLong();
            fastest = Math.min(fastest, now - end);
            end = now;
        }
        return (double) fastest / probe.work();
    }

    private boolean isOutdated(PasswordHash stored) {
        return switch (stored) {
            case Argon2Hash hash ->
                !hash.variant().equals(Argon2Hash.ARGON2ID)
                        || hash.version() != 19
                        || hash.memoryKib() < costs.memoryKib()
                        || hash.iterations() < costs.iterations()
                        || hash.hash().length < HASH_BYTES
                        || hash.salt().length < SALT_BYTES;
            case BcryptHash _, ScryptHash _, Pbkdf2Hash _, PhpassHash _, DigestHash _ -> true;
        };
    }

    /// The memory that all concurrent checks may use together, in KiB: a third of the heap.
    int memoryBudgetKib() {
        return memoryBudgetKib;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /// Normalizes to Unicode NFC, as RFC 8265 (OpaqueString) requires. Keyboards send `é` as one character or
    /// as two.
    private static String normalized(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFC);
    }

    private <T> T run(int memoryKib, Callable<T> work) {
        int permits = Math.min(memoryKib, memoryBudgetKib);
        Future<T> result;
        try {
            result = threads.submit(() -> {
                memory.acquire(permits);
                try {
                    return work.call();
                } finally {
                    memory.release(permits);
                }
            });
        } catch (RejectedExecutionException full) {
            throw ApiError.of(PasswordErrors.PASSWORD_VALIDATION_TIMEOUT);
        }
        try {
            return result.get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException | CancellationException timeout) {
            result.cancel(true);
            throw ApiError.of(PasswordErrors.PASSWORD_VALIDATION_TIMEOUT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ApiError.of(RequestErrors.SERVER_UNAVAILABLE);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("A password could not be hashed", failed.getCause());
        }
    }
}
