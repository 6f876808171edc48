package dev.selvage.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that tests turn. It stands still otherwise.
public final class TestClock implements InstantSource {

    /// Where it stands at first: the time of the seed's example.
    public static final Instant START = Instant.parse("2021-08-09T07:41:52Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    @Override
    public Instant instant() {
        return now.get();
    }

    /// Turns it forward.
    public void advance(Duration by) {
        now.updateAndGet(before -> before.plus(by));
    }

    /// Sets it to the real time, for tests in which others verify times.
    public void toRealTime() {
        now.set(Instant.now());
    }
}
