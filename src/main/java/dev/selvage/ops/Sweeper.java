package dev.selvage.ops;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what has had its time, in the background and in small batches. That it runs late or on several nodes at once
/// changes no answer: every statement of the API looks at the times itself.
public final class Sweeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    private final List<IntSupplier> sweeps;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Thread thread;

    /// @param sweeps each removes what it may and answers how many
    public Sweeper(List<IntSupplier> sweeps) {
        this.sweeps = sweeps;
    }

    /// Sweeps every five minutes from now on.
    public void start() {
        thread = Thread.ofVirtual().name("sweeper").start(this::run);
    }

    /// Sweeps once.
    public void sweep() {
        for (IntSupplier sweep : sweeps) {
            try {
                int removed = sweep.getAsInt();
                if (removed > 0) {
                    LOG.debug("swept {} rows", removed);
                }
            } catch (RuntimeException failed) {
                LOG.warn("A sweep failed and is tried again: {}", failed.toString());
            }
        }
    }

    /// Lets a sweep that is under way end.
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
    }

    private void run() {
        try {
            while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                sweep();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
