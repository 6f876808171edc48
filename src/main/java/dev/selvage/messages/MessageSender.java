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

/// Delivers what waits for one [Channel] in the [Outbox], in the background. Any number of nodes may do so over
/// one store: a node takes a message by one statement and holds it for the length of a lease, so another sends
/// it only when the first has died. A message is sent at least once, and more than once only after such a
/// death, or when the other side took it and the answer got lost.
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

    /// How fast and how often.
    ///
    /// @param pollMillis        how often to look for messages of other nodes and for those that are due again
    /// @param firstRetryMillis  about how long the second attempt waits; each further one waits twice as long
    /// @param retryMillisMax    but not longer than this
    /// @param attemptsMax       after so many a message is given up
    /// @param leaseMillis       how long a node may take over one attempt
    record Pace(long pollMillis, long firstRetryMillis, long retryMillisMax, int attemptsMax, long leaseMillis) {

        /// Twelve attempts in about an hour: the life of a login link.
        static final Pace DEFAULT = new Pace(
                5 * Times.SECOND_MILLIS,
                5 * Times.SECOND_MILLIS,
                15 * Times.MINUTE_MILLIS,
                12,
                5 * Times.MINUTE_MILLIS);

        /// When to try again after so many attempts: between a half and the whole of the wait, so that what
        /// failed together does not come back together.
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

    /// Delivers from now on; begins with what waited before the start.
    void start() {
        dispatcher = Thread.ofVirtual().name(carrier.channel().wireValue()).start(this::run);
    }

    /// Lets the deliveries that are under way end. One that takes too long is repeated when its lease has run
    /// out.
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

    /// Begins the delivery of a message that is due; false when there is none.
    private boolean deliverNext() throws InterruptedException {
        if (!senders.tryAcquire(pace.pollMillis(), TimeUnit.MILLISECONDS)) {
            // All are busy; look whether this one is closing meanwhile.
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
            // Another node may have been faster with this one while more are due.
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
            // Its messages went with it.
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
