package dev.selvage.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.selvage.base.Environment;
import dev.selvage.db.Database;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Vertical;
import dev.selvage.support.TestApp;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The queue: when, how often and by whom a message is delivered.
class MessageSenderTest extends MessageDeliveryTest {

    @Test
    void aMessageIsDeliveredAsSoonAsItIsEnqueued() throws Exception {
        start(plain(), SLEEPY);
        // The worker sleeps by then: its first look at the queue is behind it.
        enqueue("ada@example.com");
        MimeMessage received = arrived(1).getFirst();
        assertThat(received.getAllRecipients()).containsExactly(new InternetAddress("ada@example.com"));
        assertThat(received.getSubject()).isEqualTo("Your login request to Café");
        enqueue("bob@example.com");
        arrived(2);
    }

    @Test
    void aMessageIsTriedAgainWhenTheServerIsBack() {
        GreenMail gone = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        gone.start();
        int port = gone.getSmtp().getPort();
        gone.stop();
        start(smtp("127.0.0.1", port, "none", null, null), QUICK);
        enqueue("ada@example.com");
        eventually(() -> attempts() == 1 && waits());
        assertThat(dueInMillis()).isBetween(500L, 1_000L);
        GreenMail back = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        back.start();
        open.add(back::stop);
        clock.advance(Duration.ofMillis(1_000));
        eventually(() -> back.getReceivedMessages().length == 1);
        eventually(() -> states().isEmpty());
    }

    @Test
    void eachWaitIsTwiceAsLongUpToABound() {
        for (int attempts = 1; attempts <= 40; attempts++) {
            long whole = Math.min(1_000L << Math.min(attempts - 1, 20), 8_000);
            assertThat(QUICK.retryAt(attempts, clockAndRandom) - clockAndRandom.millis())
                    .isBetween(whole / 2, whole);
        }
    }

    @Test
    void aMessageIsGivenUpAfterABoundedNumberOfAttempts() throws Exception {
        SmtpFront busy = front(line -> line.startsWith("RCPT") ? "451 4.3.0 try later" : null);
        start(smtp("127.0.0.1", busy.port(), "none", null, null), QUICK);
        enqueue("ada@example.com");
        for (int attempt = 1; attempt < QUICK.attemptsMax(); attempt++) {
            int made = attempt;
            eventually(() -> attempts() == made && dueInMillis() <= QUICK.retryMillisMax());
            clock.advance(Duration.ofMillis(QUICK.retryMillisMax()));
        }
        eventually(() -> states().equals(List.of("FAILED")));
        assertThat(attempts()).isEqualTo(QUICK.attemptsMax());
        assertThat(rows())
                .as("nobody can read it any more")
                .noneMatch(row -> row.contains("ada@"))
                .allMatch(row -> row.contains("sealed=,"));
    }

    @Test
    void theQueueSurvivesARestart() {
        enqueue("ada@example.com");
        Database reopened = Database.open(url);
        open.add(reopened);
        open.add(started(new MessageSender(
                new Outbox(reopened, vault, clockAndRandom, Set.of(Channel.EMAIL)),
                new Projects(reopened, clockAndRandom),
                clockAndRandom,
                new MailServer(plain(), trusting()),
                SLEEPY)));
        arrived(1);
    }

    @Test
    void twoNodesSendEachMessageOnce() {
        Database other = Database.open(url);
        open.add(other);
        int count = 40;
        for (int i = 0; i < count; i++) {
            enqueue("user" + i + "@example.com");
        }
        start(plain(), QUICK);
        open.add(started(new MessageSender(
                new Outbox(other, vault, clockAndRandom, Set.of(Channel.EMAIL)),
                new Projects(other, clockAndRandom),
                clockAndRandom,
                new MailServer(plain(), trusting()),
                QUICK)));
        eventually(() -> states().isEmpty());
        assertThat(arrived(count))
                .extracting(MimeMessage::getMessageID)
                .doesNotHaveDuplicates()
                .hasSize(count);
    }

    @Test
    void aMessageThatADeadNodeHeldIsSentWhenItsLeaseHasRunOut() {
        enqueue("ada@example.com");
        MessageStore.Stored held = outbox.store()
                .claim(Channel.EMAIL, clockAndRandom.millis(), clockAndRandom.millis() + QUICK.leaseMillis())
                .orElseThrow();
        assertThat(outbox.store()
                        .claim(Channel.EMAIL, clockAndRandom.millis(), clockAndRandom.millis() + QUICK.leaseMillis()))
                .isEmpty();
        assertThat(outbox.store().anyDue(Channel.EMAIL, clockAndRandom.millis()))
                .isFalse();
        clock.advance(Duration.ofMillis(QUICK.leaseMillis()));
        start(plain(), QUICK);
        MimeMessage received = arrived(1).getFirst();
        assertThat(messageId(received)).startsWith("<" + held.messageId() + "@");
    }

    @Test
    void aNodeWhoseLeaseRanOutChangesNothingAnyMore() {
        enqueue("ada@example.com");
        MessageStore.Stored late = outbox.store()
                .claim(Channel.EMAIL, clockAndRandom.millis(), clockAndRandom.millis() + 1_000)
                .orElseThrow();
        clock.advance(Duration.ofMillis(1_000));
        MessageStore.Stored current = outbox.store()
                .claim(Channel.EMAIL, clockAndRandom.millis(), clockAndRandom.millis() + 1_000)
                .orElseThrow();
        outbox.store().remove(late);
        outbox.store().failed(late, false, "late");
        outbox.store().postpone(late, 0, "late");
        assertThat(states()).containsExactly("QUEUED");
        assertThat(dueInMillis()).isEqualTo(1_000);
        outbox.store().sent(current);
        assertThat(states()).containsExactly("SENT");
    }

    @Test
    void aMessageWhoseLinkHasRunOutIsNotSent() {
        enqueue("ada@example.com");
        clock.advance(Duration.ofMinutes(60));
        start(plain(), QUICK);
        eventually(() -> states().equals(List.of("FAILED")));
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void aMessageThatCannotBeOpenedDoesNotStopTheOthers() {
        enqueue("ada@example.com");
        database.write("UPDATE messages SET sealed = 'not a sealed value'").update();
        enqueue("bob@example.com");
        start(plain(), QUICK);
        arrived(1);
        eventually(() -> states().size() == 1);
        for (int attempt = 0; attempt < QUICK.attemptsMax(); attempt++) {
            int made = attempt + 1;
            eventually(() -> attempts() == made);
            clock.advance(Duration.ofMillis(QUICK.leaseMillis()));
        }
        eventually(() -> states().equals(List.of("FAILED")));
    }

    @Test
    void aDeliveredMessageLeavesNothingBehindWithoutAnInbox() {
        start(plain(), QUICK);
        enqueue("ada@example.com");
        arrived(1);
        eventually(() -> states().isEmpty());
    }

    @Test
    void aDeliveredMessageStaysInTheInboxOfATestProject() {
        project = projects.create("Test", Vertical.CONSUMER, Environment.TEST).project();
        start(plain(), QUICK);
        enqueue("ada@example.com");
        arrived(1);
        eventually(() -> states().equals(List.of("SENT")));
        assertThat(outbox.inbox(project, Optional.empty()))
                .extracting(Outbox.InboxMessage::link)
                .containsExactly(LINK);
    }

    @Test
    void theServerDeliversWithItsProductionWiring() {
        try (TestApp app = TestApp.start(engine, config -> withSmtp(config, plain()))) {
            app.app().outbox().enqueue(app.consumer().project(), login("ada@example.com"));
            arrived(1);
        }
    }
}
