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

/// Periodic background work on one node: it deletes expired rows and creates keys that are due. A late run, or
/// runs on several nodes at the same time, change no response, because every statement of the API compares
/// times itself.
///
/// It yields to calls: it deletes rows in small transactions and pauses after each for longer than the
/// transaction took, so that a busy and therefore slow store gets less of this work.
public final class Sweeper implements AutoCloseable {

    /// The time between two runs.
    static final long INTERVAL_MILLIS = 5 * Times.MINUTE_MILLIS;

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    /// The rows of one transaction: few, so that a call that writes hardly waits for it.
    private static final int ROWS = 100;
    /// The pause after a transaction, as a multiple of its duration: at most a fifth of the time is spent on
    /// sweeping.
    private static final int PAUSE_FACTOR = 4;
    /// The longest pause; much shorter than the lifetime of the lease.
    private static final long PAUSE_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

    private final Lease lease;
    private final List<IntUnaryOperator> sweeps;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;

    /// Creates the sweeper.
    ///
    /// @param lease  decides which node sweeps
    /// @param sweeps each deletes at most the given number of rows and returns how many it deleted; if that is
    ///         less, it is finished
    public Sweeper(Lease lease, List<IntUnaryOperator> sweeps) {
        this.lease = lease;
        this.sweeps = sweeps;
    }

    /// Starts to sweep every 5 minutes if this node has the lease.
    public void start() {
        thread = Thread.ofVirtual().name("sweeper").start(this::run);
    }

    /// Sweeps until nothing is left to delete, another node has the lease, or this sweeper is closed.
    void sweep() throws InterruptedException {
        for (IntUnaryOperator sweep : sweeps) {
            try {
                if (!sweep(sweep)) {
                    return;
                }
            } catch (RuntimeException failed) {
                LOG.warn("A sweep failed and is retried: {}", failed.toString());
            }
        }
    }

    /// Waits for the current transaction, stops and releases the lease.
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
            LOG.debug("The lease was not released and expires by itself: {}", failed.toString());
        }
    }

    /// Runs one sweep to its end. Returns false if this node does not have the lease or stops.
    private boolean sweep(IntUnaryOperator sweep) throws InterruptedException {
        while (closed.getCount() > 0 && lease.acquire()) {
            long start = System.nanoTime();
            int deleted = BulkWrites.separately(() -> sweep.applyAsInt(ROWS));
            LOG.debug("swept {} rows", deleted);
            if (deleted < ROWS) {
                return true;
            }
            closed.await(Math.min(PAUSE_FACTOR * (System.nanoTime() - start), PAUSE_NANOS_MAX), TimeUnit.NANOSECONDS);
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
