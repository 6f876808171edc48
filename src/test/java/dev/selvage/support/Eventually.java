package dev.selvage.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waits for what another thread or process does in its own time. The only place in the tests that sleeps: where a clock can
/// be turned, tests turn it.
public final class Eventually {

    private static final Duration MAX = Duration.ofSeconds(30);
    private static final long STEP_MILLIS = 5;

    private Eventually() {
    }

    /// Returns as soon as it holds; fails after a time in which it surely would.
    public static void eventually(BooleanSupplier holds) {
        long deadline = System.nanoTime() + MAX.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it did not happen in time").isLessThan(deadline);
            try {
                Thread.sleep(STEP_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }
}
