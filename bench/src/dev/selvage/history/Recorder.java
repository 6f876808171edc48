package dev.selvage.history;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Records a history of concurrent clients. All times are of one clock, so that a call that ended before
/// another began did so for all. Thread-safe.
final class Recorder {

    private final long startedAtNanos = System.nanoTime();
    private final long startedAtSeconds = System.currentTimeMillis() / 1_000;
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicLong notSent = new AtomicLong();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /// Makes a call and returns its outcome.
    interface Attempt {

        /// @throws NotSent if the server accepted no connection
        Call.Outcome make() throws NotSent, InterruptedException;
    }

    /// The request was not sent, so the call has no effect.
    static final class NotSent extends Exception {
        NotSent(Throwable cause) {
            super(cause);
        }
    }

    /// Makes a call and records it. A call that was not sent is only counted.
    ///
    /// @throws NotSent if the call was not sent
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

    /// An instant in seconds since the start of the history.
    long second(Instant at) {
        return at.getEpochSecond() - startedAtSeconds;
    }

    /// All calls so far.
    List<Call> history() {
        return calls.stream().sorted(Comparator.comparingInt(Call::number)).toList();
    }

    /// The number of calls for which no server accepted a connection.
    long notSent() {
        return notSent.get();
    }
}
