package dev.selvage.ops;

import dev.selvage.base.Times;
import dev.selvage.db.BulkWrites;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happens by itself as time goes by, in the background and on one node: it removes what has had its time,
/// and makes keys that are due. That it runs late, or on several nodes at once, changes no answer: every
/// statement of the API looks at the times itself.
///
/// It yields to calls: rows go in small transactions, and behind each it rests for longer than that took, so
/// that a store that is busy, and therefore slow, is left alone the more.
public final class Sweeper implements AutoCloseable {

    /// How often a node looks whether there is something to do.
    static final long INTERVAL_MILLIS = 5 * Times.MINUTE_MILLIS;

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    /// Rows of one transaction: few enough that a call that writes hardly waits for it.
    private static final int ROWS = 100;
    /// The rest behind a transaction, in times of its length: at most a fifth of the time goes to sweeping.
    private static final int REST = 4;
    /// Well below the length of the lease.
    private static final long REST_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    private final Lease lease;
    private final List<IntUnaryOperator> sweeps;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;

    /// @param lease  which node it is
    /// @param sweeps each removes at most as many rows as it is told and answers how many it did; when fewer,
    ///         it is done
    public Sweeper(Lease lease, List<IntUnaryOperator> sweeps) {
        this.lease = lease;
        this.sweeps = sweeps;
    }

    /// Sweeps every five minutes from now on, on the one node that holds the lease.
    public void start() {
        thread = Thread.ofVirtual().name("sweeper").start(this::run);
    }

    /// Sweeps until nothing is left to remove, or until another node holds the lease, or this one stops.
    void sweep() throws InterruptedException {
        for (IntUnaryOperator sweep : sweeps) {
            try {
                if (!sweep(sweep)) {
                    return;
                }
            } catch (RuntimeException failed) {
                LOG.warn("A sweep failed and is tried again: {}", failed.toString());
            }
        }
    }

    /// Lets the transaction that is under way end, and leaves the rest to another node.
    @Override
    public void close() {
        closed.countDown();
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            lease.release();
        } catch (RuntimeException failed) {
            LOG.debug("The lease runs out by itself: {}", failed.toString());
        }
    }

    /// False when it is not for this node, or not any more.
    private boolean sweep(IntUnaryOperator sweep) throws InterruptedException {
        while (closed.getCount() > 0 && lease.hold()) {
            long begin = System.nanoTime();
            int removed = BulkWrites.separately(() -> sweep.applyAsInt(ROWS));
            LOG.debug("swept {} rows", removed);
            if (removed < ROWS) {
                return true;
            }
            closed.await(Math.min(REST * (System.nanoTime() - begin), REST_NANOS_MAX), TimeUnit.NANOSECONDS);
        }
        return false;
    }

    private void run() {
        try {
            while (!closed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                sweep();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
