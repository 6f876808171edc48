package dev.selvage.messages;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import dev.selvage.messages.MessageTransport.Outcome;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
    private final MessageTransport transport;
    private final DeliverySchedule schedule;
    private final Semaphore senders = new Semaphore(SENDERS_MAX);
    private volatile boolean closing;
    private @Nullable Thread dispatcher;

    /// Intervals and limits of delivery.
    ///
    /// @param pollMillis       milliseconds between checks for messages of other nodes and for retries that are
    ///                         due
    /// @param firstRetryMillis approximate milliseconds before the second attempt; each further wait is twice
    ///                         as long
    /// @param retryMillisMax   the longest wait, in milliseconds
    /// @param attemptsMax      attempts before a message fails
    /// @param leaseMillis      milliseconds that a node may take for one attempt
    record DeliverySchedule(
            long pollMillis, long firstRetryMillis, long retryMillisMax, int attemptsMax, long leaseMillis) {

        /// 12 attempts in about 1 hour, which is the lifetime of a login link.
        static final DeliverySchedule DEFAULT = new DeliverySchedule(
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

    MessageSender(
            Outbox outbox,
            Projects projects,
            ClockAndRandom clock,
            MessageTransport transport,
            DeliverySchedule schedule) {
        this.outbox = outbox;
        this.store = outbox.store();
        this.projects = projects;
        this.clock = clock;
        this.transport = transport;
        this.schedule = schedule;
    }

    /// Starts the dispatcher thread. It also delivers messages that were queued before the start.
    void start() {
        dispatcher = Thread.ofVirtual().name(transport.channel().wireValue()).start(this::run);
    }

    /// Waits at most 15 s for running deliveries. A longer one is retried when its lease expires.
    @Override
    public void close() {
        closing = true;
        if (dispatcher == null) {
            return;
        }
        outbox.wake(transport.channel());
        try {
            dispatcher.join();
            if (!senders.tryAcquire(SENDERS_MAX, CLOSING_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("A delivery takes too long; it is repeated after the next start");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        transport.closeIdle();
    }

    private void run() {
        while (!closing) {
            try {
                if (!deliverNext()) {
                    transport.closeIdle();
                    outbox.awaitQueued(transport.channel(), schedule.pollMillis());
                }
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException failed) {
                LOG.warn(
                        "Cannot read the {} queue, retrying: {}",
                        transport.channel().wireValue(),
                        failed.toString());
                pause();
            }
        }
    }

    /// Starts the delivery of a due message. Returns false if none is due.
    private boolean deliverNext() throws InterruptedException {
        if (!senders.tryAcquire(schedule.pollMillis(), TimeUnit.MILLISECONDS)) {
            // All senders are busy. The caller checks whether this one is closing.
            return true;
        }
        Optional<MessageStore.Stored> claimed = Optional.empty();
        try {
            claimed = store.claim(transport.channel(), clock.millis(), clock.millis() + schedule.leaseMillis());
        } finally {
            if (claimed.isEmpty()) {
                senders.release();
            }
        }
        if (claimed.isEmpty()) {
            // Another node can have claimed this message while more are due.
            return store.anyDue(transport.channel(), clock.millis());
        }
        MessageStore.Stored row = claimed.get();
        Thread.ofVirtual()
                .name(row.channel().wireValue() + "-" + row.messageId())
                .start(() -> {
                    try {
                        deliver(row);
                    } catch (RuntimeException failed) {
                        line(Level.WARN, row)
                                .setCause(failed)
                                .log("the outcome of a delivery was not recorded, retrying");
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
        if (row.attempts() > schedule.attemptsMax()) {
            fail(row, kept, "no attempt completed");
            return;
        }
        RenderedMessage message = outbox.open(row);
        if (message.expiresAt() <= clock.millis()) {
            fail(row, kept, "its link or code has expired");
            return;
        }
        switch (transport.send(project, row, message)) {
            case Outcome.Accepted() -> delivered(row, kept);
            case Outcome.Refused(String reason) -> fail(row, kept, reason);
            case Outcome.Failed(String reason) -> retry(row, kept, reason);
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

    private void retry(MessageStore.Stored row, boolean kept, String reason) {
        if (row.attempts() >= schedule.attemptsMax()) {
            fail(row, kept, reason);
            return;
        }
        store.postpone(row, schedule.retryAt(row.attempts(), clock), reason);
        line(Level.WARN, row)
                .addKeyValue("attempt", row.attempts())
                .addKeyValue("reason", reason)
                .log("message not delivered, retrying");
    }

    private void fail(MessageStore.Stored row, boolean kept, String reason) {
        store.failed(row, kept, reason);
        line(Level.ERROR, row)
                .addKeyValue("attempt", row.attempts())
                .addKeyValue("reason", reason)
                .log("message failed");
    }

    private static LoggingEventBuilder line(Level level, MessageStore.Stored row) {
        return LOG.atLevel(level)
                .addKeyValue("message", row.messageId())
                .addKeyValue("project", row.projectId())
                .addKeyValue("channel", row.channel().wireValue());
    }

    private void pause() {
        try {
            Thread.sleep(schedule.pollMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
