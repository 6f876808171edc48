package dev.selvage.messages;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import dev.selvage.messages.MessageTransport.Outcome;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// Delivers the queued messages of one [Channel] in the background. Any number of nodes can share a store. One
/// statement claims a message for a lease, so another node sends it only after the first one died. A message is
/// sent at least once. It is sent twice only after such a death, or if the receiver accepted it and the reply
/// was lost.
final class MessageSender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MessageSender.class);
    private static final int SENDERS_MAX = 8;
    private static final long CLOSING_SECONDS_MAX = 15;

    private final Outbox outbox;
    private final MessageStore store;
    private final Projects projects;
    private final ClockAndRandom clock;
    private final MessageTransport carrier;
    private final Pace pace;
    private final Semaphore senders = new Semaphore(SENDERS_MAX);
    private volatile boolean closing;
    private Thread dispatcher;

    /// Intervals and limits of delivery.
    ///
    /// @param pollMillis       milliseconds between checks for messages of other nodes and for retries that are
    ///                         due
    /// @param firstRetryMillis approximate milliseconds before the second attempt; each further wait is twice
    ///                         as long
    /// @param retryMillisMax   the longest wait, in milliseconds
    /// @param attemptsMax      attempts before a message fails
    /// @param leaseMillis      milliseconds that a node may take for one attempt
    record Pace(long pollMillis, long firstRetryMillis, long retryMillisMax, int attemptsMax, long leaseMillis) {

        /// 12 attempts in about 1 hour, which is the lifetime of a login link.
        static final Pace DEFAULT = new Pace(
                5 * Times.SECOND_MILLIS,
                5 * Times.SECOND_MILLIS,
                15 * Times.MINUTE_MILLIS,
                12,
                5 * Times.MINUTE_MILLIS);

        /// Returns the time of the next attempt: after half to all of the wait, at random, so that messages
        /// that failed together are not retried together.
        long retryAt(int attempts, ClockAndRandom clock) {
            long wait = Math.min(firstRetryMillis << Math.min(attempts - 1, 30), retryMillisMax);
            return clock.millis() + wait / 2 + clock.below((int) (wait / 2) + 1);
        }
    }

    MessageSender(Outbox outbox, Projects projects, ClockAndRandom clock, MessageTransport carrier, Pace pace) {
        this.outbox = outbox;
        this.store = outbox.store();
        this.projects = projects;
        this.clock = clock;
        this.carrier = carrier;
        this.pace = pace;
    }

    /// Starts the dispatcher thread. It also delivers messages that were queued before the start.
    void start() {
        dispatcher = Thread.ofVirtual().name(carrier.channel().wireValue()).start(this::run);
    }

    /// Waits at most 15 s for running deliveries. A longer one is retried when its lease expires.
    @Override
    public void close() {
        closing = true;
        if (dispatcher == null) {
            return;
        }
        outbox.wake(carrier.channel());
        try {
            dispatcher.join();
            if (!senders.tryAcquire(SENDERS_MAX, CLOSING_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("A delivery takes too long; it is repeated after the next start");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        carrier.hangUp();
    }

    private void run() {
        while (!closing) {
            try {
                if (!deliverNext()) {
                    carrier.hangUp();
                    outbox.awaitQueued(carrier.channel(), pace.pollMillis());
                }
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException failed) {
                LOG.warn(
                        "The {} queue cannot be read and is tried again: {}",
                        carrier.channel().wireValue(),
                        failed.toString());
                pause();
            }
        }
    }

    /// Starts the delivery of a due message. Returns false if none is due.
    private boolean deliverNext() throws InterruptedException {
        if (!senders.tryAcquire(pace.pollMillis(), TimeUnit.MILLISECONDS)) {
            // All senders are busy. The caller checks whether this one is closing.
            return true;
        }
        Optional<MessageStore.Stored> claimed = Optional.empty();
        try {
            claimed = store.claim(carrier.channel(), clock.millis(), clock.millis() + pace.leaseMillis());
        } finally {
            if (claimed.isEmpty()) {
                senders.release();
            }
        }
        if (claimed.isEmpty()) {
            // Another node can have claimed this message while more are due.
            return store.anyDue(carrier.channel(), clock.millis());
        }
        MessageStore.Stored row = claimed.get();
        Thread.ofVirtual()
                .name(row.channel().wireValue() + "-" + row.messageId())
                .start(() -> {
                    try {
                        deliver(row);
                    } catch (RuntimeException failed) {
                        line(Level.WARN, row).setCause(failed).log("message was not settled and is tried again");
                    } finally {
                        senders.release();
                    }
                });
        return true;
    }

    private void deliver(MessageStore.Stored row) {
        Optional<Project> found = projects.find(row.projectId());
        if (found.isEmpty()) {
            // The messages of a deleted project are deleted with it.
            return;
        }
        Project project = found.get();
        boolean kept = project.settings().inboxIn(project.environment());
        if (row.attempts() > pace.attemptsMax()) {
            giveUp(row, kept, "no attempt ended");
            return;
        }
        RenderedMessage letter = outbox.open(row);
        if (letter.expiresAt() <= clock.millis()) {
            giveUp(row, kept, "its time has run out");
            return;
        }
        switch (carrier.send(project, row, letter)) {
            case Outcome.Taken() -> delivered(row, kept);
            case Outcome.Refused(String reason) -> giveUp(row, kept, reason);
            case Outcome.Failed(String reason) -> tryAgain(row, kept, reason);
        }
    }

    private void delivered(MessageStore.Stored row, boolean kept) {
        if (kept) {
            store.sent(row);
        } else {
            store.remove(row);
        }
        line(Level.INFO, row).addKeyValue("attempt", row.attempts()).log("message delivered");
    }

    private void tryAgain(MessageStore.Stored row, boolean kept, String reason) {
        if (row.attempts() >= pace.attemptsMax()) {
            giveUp(row, kept, reason);
            return;
        }
        store.postpone(row, pace.retryAt(row.attempts(), clock), reason);
        line(Level.WARN, row)
                .addKeyValue("attempt", row.attempts())
                .addKeyValue("reason", reason)
                .log("message not delivered, trying again");
    }

    private void giveUp(MessageStore.Stored row, boolean kept, String reason) {
        store.failed(row, kept, reason);
        line(Level.ERROR, row)
                .addKeyValue("attempt", row.attempts())
                .addKeyValue("reason", reason)
                .log("message given up");
    }

    private static LoggingEventBuilder line(Level level, MessageStore.Stored row) {
        return LOG.atLevel(level)
                .addKeyValue("message", row.messageId())
                .addKeyValue("project", row.projectId())
                .addKeyValue("channel", row.channel().wireValue());
    }

    private void pause() {
        try {
            Thread.sleep(pace.pollMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
