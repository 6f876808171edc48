package dev.selvage.history;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Writes a history down while many clients make it. All its times are of one clock, so that what ended before
/// something else began did so everywhere. Thread-safe.
final class Recorder {

    private final long startedAtNanos = System.nanoTime();
    private final long startedAtSeconds = System.currentTimeMillis() / 1_000;
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicLong notSent = new AtomicLong();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /// Makes a call, and answers what became of it.
    interface Attempt {

        /// @throws NotSent when the server took no connection
        Call.Outcome make() throws NotSent, InterruptedException;
    }

    /// Nothing was sent, so nothing can have happened.
    static final class NotSent extends Exception {
        NotSent(Throwable cause) {
            super(cause);
        }
    }

    /// Writes a call down; one that was not sent is only counted.
    ///
    /// @throws NotSent when it was not
    Call.Outcome record(int client, int node, Call.Action action, Attempt attempt)
            throws NotSent, InterruptedException {
        int number = numbers.incrementAndGet();
        long begin = System.nanoTime();
        try {
            Call.Outcome outcome = attempt.make();
            long end = System.nanoTime();
            calls.add(new Call(number, client, node, begin - startedAtNanos, end - startedAtNanos, action, outcome));
            return outcome;
        } catch (NotSent notMade) {
            notSent.incrementAndGet();
            throw notMade;
        }
    }

    /// A time of the wall in seconds since the history began.
    long second(Instant at) {
        return at.getEpochSecond() - startedAtSeconds;
    }

    /// Everything until now.
    List<Call> history() {
        return calls.stream().sorted(Comparator.comparingInt(Call::number)).toList();
    }

    /// How many calls met a server that was not there.
    long notSent() {
        return notSent.get();
    }
}
