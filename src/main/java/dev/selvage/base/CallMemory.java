package dev.selvage.base;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The part of the heap that all calls together may fill with what they read and answer. A call takes its share
/// as it goes, by an estimate; where nothing is left it gives everything back and waits, and then reads again.
/// So no caller's wish, however large, and however many callers have it, ends the process. Calls that read
/// little take nothing.
///
/// Nobody forgets a share of what is in hand. A list waits with nothing in hand. A body that has arrived waits
/// with its share of a part of its own, for which nobody waits who holds a share of the other: so nobody waits
/// for another who waits.
public final class CallMemory {

    /// What a call may read before it takes a share: connections have their own part of the heap
    /// (`http/ConnectionLimits`).
    static final long FREE_BYTES = 64 << 10;
    /// Between two of its pauses a call reads so much.
    private static final long PAUSE_BYTES = 128 << 10;
    /// The smallest share; larger ones double.
    private static final int SHARE_KIB_MIN = 256;
    private static final int KIB = 1024;
    /// A quarter of the heap, as connections have.
    private static final int HEAP_PARTS = 4;
    /// And a little for bodies until they have a share of that.
    private static final int HEAP_PARTS_OF_BODIES = 16;
    private static final int WAIT_SECONDS_MAX = 10;

    /// A text is there as it was read or in the tree, and up to three times as bytes that grow to an answer.
    private static final int BYTES_PER_CHARACTER = 4;
    /// The most that JSON takes for its length: that of lists within lists.
    private static final int BYTES_PER_CHARACTER_MAX = 48;
    /// Of a member of an object: its entry, name and value. An empty object or list takes half of it.
    private static final int BYTES_PER_VALUE = 180;
    private static final int BYTES_PER_TEXT = 64;
    /// A shorter one is not looked at: it would cost more than it is worth.
    private static final int LOOKED_AT_CHARACTERS_MIN = 256;

    private static final ScopedValue<Share> CURRENT = ScopedValue.newInstance();

    private final int totalKib;
    private final Semaphore kib;
    private final Semaphore bodyKib;

    /// @param heapBytes the most that the heap may grow to
    public CallMemory(long heapBytes) {
        totalKib = kib(heapBytes / HEAP_PARTS);
        kib = new Semaphore(totalKib, true);
        bodyKib = new Semaphore(kib(heapBytes / HEAP_PARTS_OF_BODIES), true);
    }

    /// How many calls wait for a share; for tests.
    int waiting() {
        return kib.getQueueLength() + bodyKib.getQueueLength();
    }

    /// What is left for what is read and answered, in KiB; for tests.
    int left() {
        return kib.availablePermits();
    }

    private static int kib(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / KIB);
    }

    /// Runs a call, to the last byte of its answer, with a share of its own.
    public void share(Runnable call) {
        Share share = new Share(this);
        try {
            ScopedValue.where(CURRENT, share).run(call);
        } finally {
            share.keep(0);
        }
    }

    /// The share of the call under way; null outside of one.
    public static @Nullable Share current() {
        return CURRENT.isBound() ? CURRENT.get() : null;
    }

    /// The share of the call under way.
    ///
    /// @throws NullPointerException outside of a call
    public static Share required() {
        return Objects.requireNonNull(current(), "outside of a call");
    }

    /// Runs a part of a call on another thread with the call's share.
    ///
    /// @param share null outside of a call
    public static <T> T with(Share share, ScopedValue.CallableOp<T, RuntimeException> work) {
        return share == null ? work.call() : ScopedValue.where(CURRENT, share).call(work);
    }

    /// Runs what reads, and again when there was no room for what it read. Whatever it has read by then is
    /// forgotten. Within another that is so for the outer one: what is read in parts is read again from the
    /// first.
    ///
    /// @throws NoRoomException when there is no room in time, or none at all
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
                } catch (Wanted wanted) {
                    share.await(before, before, wanted.kib);
                }
            }
        } finally {
            share.reading = false;
        }
    }

    /// How much room a text takes that is read and answered, in bytes. JSON with many values takes far more
    /// than its length.
    public static long weight(String text) {
        int length = text.length();
        long values = 0;
        if (length >= LOOKED_AT_CHARACTERS_MIN) {
            for (int at = 0; at < length; at++) {
                values += beginsValue(text.charAt(at)) ? 1 : 0;
            }
        }
        return BYTES_PER_TEXT + weight(length, values);
    }

    /// As [#weight(String)], of a body.
    public static long weight(byte[] body) {
        long values = 0;
        for (byte one : body) {
            values += beginsValue((char) one) ? 1 : 0;
        }
        return weight(body.length, values);
    }

    /// Behind each of them another value begins, or stands within.
    private static boolean beginsValue(char sign) {
        return sign == ',' || sign == '[' || sign == '{';
    }

    private static long weight(int length, long values) {
        return Math.min(
                (long) BYTES_PER_CHARACTER * length + BYTES_PER_VALUE * values,
                (long) BYTES_PER_CHARACTER_MAX * length);
    }

    /// There was no room for what was about to be read.
    private static final class Wanted extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int kib;

        private Wanted(int kib) {
            super(null, null, false, false);
            this.kib = kib;
        }
    }

    /// What one call uses. By one thread at a time.
    public static final class Share {
        private final CallMemory memory;
        private long used;
        private long pausedAt;
        private int heldKib;
        private boolean reading;

        private Share(CallMemory memory) {
            this.memory = memory;
        }

        /// Notes what was read, within [#reading].
        public void read(String text) {
            used += weight(text);
            if (used - pausedAt > PAUSE_BYTES) {
                // Virtual threads are not interrupted: others shall not wait for a whole list.
                pausedAt = used;
                Thread.yield();
            }
            if (used > FREE_BYTES && used > (long) heldKib * KIB) {
                int wanted = wantedKib(used);
                if (!memory.tryTake(wanted - heldKib)) {
                    throw new Wanted(wanted);
                }
                heldKib = wanted;
            }
        }

        /// Reads a body: waits for room in which it arrives, and with it in hand for room for what it becomes.
        ///
        /// @param bytes  that it takes while it arrives
        /// @throws NoRoomException when there is none in time
        public byte[] body(long bytes, ScopedValue.CallableOp<byte[], IOException> arriving) throws IOException {
            int arrivingKib = bytes > FREE_BYTES ? kib(bytes) + 1 : 0;
            take(memory.bodyKib, arrivingKib);
            try {
                byte[] body = arriving.call();
                long weight = weight(body);
                if (used + weight > FREE_BYTES) {
                    await(used, used + weight, wantedKib(used + weight));
                } else {
                    used += weight;
                }
                return body;
            } finally {
                memory.bodyKib.release(arrivingKib);
            }
        }

        /// Gives back all but these bytes.
        public void keep(long bytes) {
            int wanted = bytes <= FREE_BYTES ? 0 : (int) Math.min(heldKib, bytes / KIB + 1);
            memory.kib.release(heldKib - wanted);
            heldKib = wanted;
            used = bytes;
        }

        /// Waits for room, with a share for no more than what is in hand.
        private void await(long inHand, long usedThen, int wanted) {
            keep(inHand);
            take(memory.kib, wanted - heldKib);
            heldKib = wanted;
            used = usedThen;
            pausedAt = usedThen;
        }

        private int wantedKib(long bytes) {
            long least = bytes / KIB + 1;
            if (least > memory.totalKib) {
                throw new NoRoomException(true);
            }
            return (int) Math.min(memory.totalKib, Math.max(SHARE_KIB_MIN, Long.highestOneBit(least) << 1));
        }
    }

    /// Not past those that wait.
    private boolean tryTake(int wanted) {
        try {
            return kib.tryAcquire(wanted, 0, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void take(Semaphore kib, int wanted) {
        try {
            if (!kib.tryAcquire(wanted, WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new NoRoomException(false);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new NoRoomException(false);
        }
    }
}
