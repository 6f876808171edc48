package dev.selvage.base;

import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The budget of heap memory that all calls together may use for data that they read and return. A call takes a
/// share by an estimate while it reads. If no memory is left, the call drops what it has read, waits, and reads
/// again. Large requests, or many of them, therefore cannot exhaust the heap. Calls that read little take no
/// share.
///
/// The budget has no deadlock. A call waits for its share only after it has released its data; a request body
/// that has arrived waits with its share of a separate budget, and no call that waits for that one holds a
/// share of the main budget.
public final class CallMemory {

    /// The bytes that a call may read before it takes a share. Connections have their own part of the heap
    /// (`http/ConnectionLimits`).
    static final long FREE_BYTES = 64 << 10;
    /// The bytes that a call reads between two yields.
    private static final long PAUSE_BYTES = 128 << 10;
    /// The smallest share; larger shares are powers of two.
    private static final int SHARE_KIB_MIN = 256;
    private static final int KIB = 1024;
    /// A quarter of the heap, as for connections.
    private static final int HEAP_PARTS = 4;
    /// The part of the heap for request bodies until they have a share of the main budget.
    private static final int HEAP_PARTS_OF_BODIES = 16;
    private static final int WAIT_SECONDS_MAX = 10;

    /// The bytes for each character. A text exists once as it was read or in a tree, and up to three times as
    /// bytes of a growing response.
    private static final int BYTES_PER_CHARACTER = 4;
    /// The most bytes for each character of JSON: those of nested lists.
    private static final int BYTES_PER_CHARACTER_MAX = 48;
    /// The bytes of a field: its entry, name and value. An empty object or list takes half.
    private static final int BYTES_PER_VALUE = 180;
    private static final int BYTES_PER_TEXT = 64;
    /// Shorter texts are not counted, because that would cost more than it saves.
    private static final int COUNTED_CHARACTERS_MIN = 256;

    private static final ScopedValue<Share> CURRENT = ScopedValue.newInstance();

    private final int totalKib;
    private final Semaphore kib;
    private final Semaphore bodyKib;

    /// Creates the budget.
    ///
    /// @param heapBytes the maximum size of the heap
    public CallMemory(long heapBytes) {
        totalKib = kib(heapBytes / HEAP_PARTS);
        kib = new Semaphore(totalKib, true);
        bodyKib = new Semaphore(kib(heapBytes / HEAP_PARTS_OF_BODIES), true);
    }

    /// The number of calls that wait for a share; for tests.
    int waiting() {
        return kib.getQueueLength() + bodyKib.getQueueLength();
    }

    /// The free part of the main budget, in KiB; for tests.
    int freeKib() {
        return kib.availablePermits();
    }

    private static int kib(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / KIB);
    }

    /// Runs a call with its own share, until its response is sent.
    public void share(Runnable call) {
        share(call, true);
    }

    /// As [#share], on a thread that must not wait. Where the call would wait for its share, it ends with
    /// [WouldBlockException].
    public void shareWithoutWaiting(Runnable call) {
        share(call, false);
    }

    private void share(Runnable call, boolean mayWait) {
        Share share = new Share(this, mayWait);
        try {
            ScopedValue.where(CURRENT, share).run(call);
        } finally {
            share.keep(0);
        }
    }

    /// Returns the share of the current call; null outside of a call.
    public static @Nullable Share current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /// Returns the share of the current call.
    ///
    /// @throws NullPointerException outside of a call
    public static Share required() {
        return Objects.requireNonNull(current(), "outside of a call");
    }

    /// Ends a call on the thread of an event loop before work that takes long.
    ///
    /// @throws WouldBlockException on such a thread
    public static void checkMayWait() {
        if (!mayWait()) {
            throw WouldBlockException.INSTANCE;
        }
    }

    /// Whether the thread may wait: not that of an event loop, during a call.
    public static boolean mayWait() {
        Share share = current();
        return share == null || share.mayWait;
    }

    /// Runs a part of a call on another thread, with the share of the call.
    ///
    /// @param share null outside of a call
    public static <T> T with(@Nullable Share share, ScopedValue.CallableOp<T, RuntimeException> work) {
        return share == null ? work.call() : ScopedValue.where(CURRENT, share).call(work);
    }

    /// Runs work that reads data, and retries it after a wait if the memory does not suffice. Data of the
    /// failed attempt is released. A nested call joins the outer one, so the outermost work is repeated as a
    /// whole.
    ///
    /// @throws MemoryBudgetException if no memory becomes free in time, or the data exceeds the whole budget
    public static <T> T reading(ScopedValue.CallableOp<T, RuntimeException> work) {
        Share share = current();
        if (share == null || share.reading) {
            return work.call();
        }
        long before = share.used;
        share.reading = true;
        try {
            while (true) {
                try {
                    return work.call();
                } catch (InsufficientMemory insufficient) {
                    share.await(before, before, insufficient.requiredKib);
                }
            }
        } finally {
            share.reading = false;
        }
    }

    /// Estimates the memory of a text that is read and returned, in bytes. JSON with many values takes much
    /// more than its length.
    public static long weight(String text) {
        int length = text.length();
        long values = 0;
        if (length >= COUNTED_CHARACTERS_MIN) {
            for (int at = 0; at < length; at++) {
                values += startsValue(text.charAt(at)) ? 1 : 0;
            }
        }
        return BYTES_PER_TEXT + weight(length, values);
    }

    /// As [#weight(String)], for a request body.
    public static long weight(byte[] body) {
        long values = 0;
        for (byte b : body) {
            values += startsValue((char) b) ? 1 : 0;
        }
        return weight(body.length, values);
    }

    /// Whether a value can follow the character: it separates or opens values.
    private static boolean startsValue(char c) {
        return c == ',' || c == '[' || c == '{';
    }

    private static long weight(int length, long values) {
        return Math.min(
                (long) BYTES_PER_CHARACTER * length + BYTES_PER_VALUE * values,
                (long) BYTES_PER_CHARACTER_MAX * length);
    }

    /// The memory does not suffice for the data that is about to be read.
    private static final class InsufficientMemory extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int requiredKib;

        private InsufficientMemory(int requiredKib) {
            super(null, null, false, false);
            this.requiredKib = requiredKib;
        }
    }

    /// The share of one call. One thread uses it at a time.
    public static final class Share {
        private final CallMemory memory;
        private final boolean mayWait;
        private long used;
        private long pausedAt;
        private int heldKib;
        private boolean reading;

        private Share(CallMemory memory, boolean mayWait) {
            this.memory = memory;
            this.mayWait = mayWait;
        }

        /// Records a text that was read inside of [#reading].
        public void read(String text) {
            read(weight(text));
        }

        /// As [#read(String)], of bytes that are copied to the answer as they are.
        public void read(byte[] bytes) {
            read(BYTES_PER_TEXT + (long) BYTES_PER_CHARACTER * bytes.length);
        }

        private void read(long bytes) {
            used += bytes;
            if (used - pausedAt > PAUSE_BYTES) {
                // Virtual threads are not preempted, so the thread yields to other calls during a long list.
                pausedAt = used;
                if (mayWait) {
                    Thread.yield();
                }
            }
            if (used > FREE_BYTES && used > (long) heldKib * KIB) {
                int shareKib = shareKib(used);
                if (!memory.tryTake(shareKib - heldKib)) {
                    throw new InsufficientMemory(shareKib);
                }
                heldKib = shareKib;
            }
        }

        /// Reads a request body. Waits for memory in which it arrives, and then for the memory of its parsed
        /// form.
        ///
        /// @param bytes the length of the body in memory while it arrives
        /// @throws MemoryBudgetException if no memory becomes free in time
        public byte[] body(long bytes, Supplier<byte[]> arriving) {
            int arrivingKib = bytes > FREE_BYTES ? kib(bytes) + 1 : 0;
            take(memory.bodyKib, arrivingKib);
            try {
                return body(arriving.get());
            } finally {
                memory.bodyKib.release(arrivingKib);
            }
        }

        /// Takes the share of a request body that has arrived.
        ///
        /// @throws MemoryBudgetException if no memory becomes free in time
        public byte[] body(byte[] body) {
            long weight = weight(body);
            if (used + weight > FREE_BYTES) {
                await(used, used + weight, shareKib(used + weight));
            } else {
                used += weight;
            }
            return body;
        }

        /// Releases everything except `bytes`.
        public void keep(long bytes) {
            int keptKib = bytes <= FREE_BYTES ? 0 : (int) Math.min(heldKib, bytes / KIB + 1);
            memory.kib.release(heldKib - keptKib);
            heldKib = keptKib;
            used = bytes;
        }

        /// Waits for memory, with a share only for the data that is kept.
        private void await(long keptBytes, long usedAfter, int shareKib) {
            if (!mayWait) {
                throw WouldBlockException.INSTANCE;
            }
            keep(keptBytes);
            take(memory.kib, shareKib - heldKib);
            heldKib = shareKib;
            used = usedAfter;
            pausedAt = usedAfter;
        }

        private int shareKib(long bytes) {
            long minimumKib = bytes / KIB + 1;
            if (minimumKib > memory.totalKib) {
                throw new MemoryBudgetException(true);
            }
            return (int) Math.min(memory.totalKib, Math.max(SHARE_KIB_MIN, Long.highestOneBit(minimumKib) << 1));
        }
    }

    /// Fair: it does not overtake calls that wait.
    private boolean tryTake(int count) {
        try {
            return kib.tryAcquire(count, 0, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void take(Semaphore kib, int count) {
        try {
            if (!kib.tryAcquire(count, WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new MemoryBudgetException(false);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MemoryBudgetException(false);
        }
    }
}
