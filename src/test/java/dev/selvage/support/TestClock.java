package dev.selvage.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that only the test advances.
public final class TestClock implements InstantSource {

    /// The initial time.
    public static final Instant START = Instant.parse("2021-08-09T07:41:52Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    @Override
    public Instant instant() {
        return now.get();
    }

    /// Advances the clock.
    public void advance(Duration by) {
        now.updateAndGet(before -> before.plus(by));
    }

    /// Sets the clock to the real time, for tests in which other programs verify times.
    public void toRealTime() {
        now.set(Instant.now());
    }
}
