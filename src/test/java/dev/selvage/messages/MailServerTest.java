package dev.selvage.messages;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.icegreen.greenmail.util.GreenMail;
import dev.selvage.base.Environment;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Vertical;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/// The mail server: what it is told, what it is trusted with, and what its replies mean.
class MailServerTest extends MessageDeliveryTest {

    @Test
    void aMessageHasATextPartThenAnHtmlPart() throws Exception {
        start(plain(), QUICK);
        outbox.enqueue(project, Message.of("ada@example.com", Template.LOGIN, null, Language.FR, LINK, "DOYoip3r", 60));
        MimeMessage received = arrived(1).getFirst();
        assertThat(received.getContentType()).startsWith("multipart/alternative");
        MimeMultipart parts = (MimeMultipart) received.getContent();
        assertThat(parts.getCount()).isEqualTo(2);
        BodyPart text = parts.getBodyPart(0);
        BodyPart html = parts.getBodyPart(1);
        assertThat(text.getContentType()).isEqualToIgnoringCase("text/plain; charset=UTF-8");
        assertThat((String) text.getContent()).contains("Connexion à Café", "1 heure", LINK);
        assertThat(html.getContentType()).isEqualToIgnoringCase("text/html; charset=UTF-8");
        assertThat((String) html.getContent())
                .contains("Connexion à Café", "href=\"" + LINK.replace("&", "&amp;") + "\"");
        assertThat(received.getHeader("Content-Language", null)).isEqualTo("fr");
    }

    @Test
    void theHeadersSayWhatAMailboxNeeds() throws Exception {
        settings(new Settings.Mail("Ada’s Shop", "hello@shop.example", "help@shop.example", null));
        start(plain(), QUICK);
        enqueue("ada@example.com");
        MimeMessage received = arrived(1).getFirst();
        assertThat(received.getFrom()).containsExactly(new InternetAddress("hello@shop.example", "Ada’s Shop"));
        assertThat(((InternetAddress) received.getFrom()[0]).getPersonal()).isEqualTo("Ada’s Shop");
        assertThat(received.getReplyTo()).containsExactly(new InternetAddress("help@shop.example"));
        assertThat(received.getMessageID()).matches("<message-live-[0-9a-f-]{36}@shop\\.example>");
        assertThat(received.getHeader("Auto-Submitted", null)).isEqualTo("auto-generated");
        assertThat(received.getSentDate()).isEqualTo(clock.instant());
        assertThat(received.getHeader("MIME-Version", null)).isEqualTo("1.0");
    }

    @Test
    void withoutSettingsTheProjectsNameAndTheServersAddressSend() throws Exception {
        start(plain(), QUICK);
        enqueue("ada@example.com");
        InternetAddress from = (InternetAddress) arrived(1).getFirst().getFrom()[0];
        assertThat(from.getAddress()).isEqualTo("login@selvage.example");
        assertThat(from.getPersonal()).isEqualTo("Café");
    }

    @Test
    void aNameCannotAddHeaders() throws Exception {
        settings(new Settings.Mail("Eve\r\nBcc: eve@example.com", null, null, null));
        start(plain(), QUICK);
        enqueue("ada@example.com");
        MimeMessage received = arrived(1).getFirst();
        assertThat(received.getHeader("Bcc")).isNull();
        assertThat(received.getAllRecipients()).hasSize(1);
    }

    @Test
    void mailIsSentOverStartTlsWithAPassword() throws Exception {
        mail.setUser("selvage@selvage.example", "selvage", "right");
        SmtpFront front = startTls();
        start(smtp("localhost", front.port(), "starttls", "selvage", "right"), QUICK);
        enqueue("ada@example.com");
        arrived(1);
        assertThat(front.conversations()).isPositive();
    }

    @Test
    void aWrongPasswordLetsTheMessageWait() throws Exception {
        mail.setUser("selvage@selvage.example", "selvage", "right");
        start(smtp("localhost", startTls().port(), "starttls", "selvage", "wrong"), QUICK);
        enqueue("ada@example.com");
        eventually(() -> attempts() == 1 && waits());
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void withoutStartTlsNothingIsSentWhereItIsAsked() {
        start(smtp("localhost", mail.getSmtp().getPort(), "starttls", null, null), QUICK);
        enqueue("ada@example.com");
        eventually(() -> attempts() == 1 && waits());
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void mailIsSentOverTls() throws Exception {
        GreenMail secure = secure();
        start(smtp("localhost", secure.getSmtps().getPort(), "tls", null, null), QUICK);
        enqueue("ada@example.com");
        eventually(() -> secure.getReceivedMessages().length == 1);
    }

    @Test
    void aServerThatIsNotTrustedGetsNothing() throws Exception {
        GreenMail secure = secure();
        open.add(started(sender(
                new MailServer(smtp("localhost", secure.getSmtps().getPort(), "tls", null, null), (SSLSocketFactory)
                        SSLSocketFactory.getDefault()),
                QUICK)));
        enqueue("ada@example.com");
        eventually(() -> attempts() == 1 && waits());
        assertThat(secure.getReceivedMessages()).isEmpty();
    }

    @Test
    void aServerOfAnotherNameGetsNothing() throws Exception {
        GreenMail secure = secure();
        start(smtp("127.0.0.1", secure.getSmtps().getPort(), "tls", null, null), QUICK);
        enqueue("ada@example.com");
        eventually(() -> attempts() == 1 && waits());
        assertThat(secure.getReceivedMessages()).isEmpty();
    }

    @Test
    void aRefusalForGoodIsNotTriedAgain() throws Exception {
        for (String command : List.of("RCPT", "MAIL", "DATA")) {
            SmtpFront refusing = front(line -> line.startsWith(command) ? "550 5.1.1 <ada@example.com> unknown" : null);
            MessageSender sender = started(sender(smtp("127.0.0.1", refusing.port(), "none", null, null), QUICK));
            enqueue("ada@example.com");
            eventually(() -> states().equals(List.of("FAILED")));
            assertThat(attempts()).isEqualTo(1);
            sender.close();
            database.write("DELETE FROM messages").update();
        }
    }

    @Test
    void aComplaintAboutTheLoginIsNotAboutTheMessage() throws Exception {
        SmtpFront closed = front(line -> line.startsWith("MAIL") ? "530 5.7.0 Authentication required" : null);
        start(smtp("127.0.0.1", closed.port(), "none", null, null), QUICK);
        enqueue("ada@example.com");
        eventually(() -> attempts() == 1 && waits());
    }

    @Test
    void theServerIsGreetedByTheNameThatIsSet() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        SmtpFront listening = front(line -> {
            lines.add(line);
            return null;
        });
        start(smtp("127.0.0.1", listening.port(), "none", null, null), QUICK);
        enqueue("ada@example.com");
        eventually(() -> states().isEmpty());
        assertThat(lines).contains("EHLO auth.selvage.example");
    }

    @Test
    void aServerFromBeforeTheGreetingOfTodayIsGreetedInTheOldWay() throws Exception {
        for (String reply : List.of("500 what?", "502 not implemented")) {
            SmtpFront old = front(line -> line.startsWith("EHLO") ? reply : null);
            try (MessageSender _ = started(sender(smtp("127.0.0.1", old.port(), "none", null, null), QUICK))) {
                enqueue("ada@example.com");
                eventually(() -> states().isEmpty());
            }
        }
    }

    /// Every step of a delivery at which a server can refuse, what it then said, and whether that is about the
    /// message: `connect` is its greeting, `.` the end of the message.
    @ParameterizedTest
    @CsvSource({
        "connect, connect, false",
        "EHLO, EHLO, false",
        "STARTTLS, STARTTLS, false",
        "AUTH, AUTH, false",
        "MAIL, MAIL, true",
        "RCPT, RCPT, true",
        "DATA, DATA, true",
        "., DATA, true"
    })
    void aRefusalIsToldInTheServersWordsAndFinalWhenItIsAboutTheMessageAndPermanent(
            String step, String told, boolean aboutTheMessage) throws Exception {
        ListAppender<ILoggingEvent> log = log();
        for (int code : new int[] {421, 450, 550, 554}) {
            SmtpFront refusing = front(line -> line.startsWith(step)
                    ? refusal(code)
                    : line.startsWith("EHLO")
                            ? "250-front" + (step.equals("STARTTLS") ? "\r\n250-STARTTLS" : "") + "\r\n250 AUTH PLAIN"
                            : line.startsWith("AUTH") ? "235 come in" : null);
            String security = step.equals("STARTTLS") ? "starttls" : "none";
            Smtp server = smtp("127.0.0.1", refusing.port(), security, "selvage@front.example", "open-sesame");
            boolean permanent = aboutTheMessage && code >= 500;
            String reason = told + ": " + code
                    + " 4.7.0 Try again, <…> gets no mail for … … … https://relay.example/why … … and no more";
            try (MessageSender _ = started(sender(server, QUICK))) {
                enqueue("Ada.Lovelace@example.com");
                eventually(() -> attempts() == 1 && (permanent ? states().equals(List.of("FAILED")) : waits()));
            }
            assertThat(errors()).as(step + " " + code).containsExactly(reason);
            assertThat(List.copyOf(log.list))
                    .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                    .singleElement()
                    .satisfies(event ->
                            assertThat(event.getKeyValuePairs().toString()).contains(reason));
            database.write("DELETE FROM messages").update();
            log.list.clear();
        }
    }

    private static String refusal(int code) {
        return "%1$d-4.7.0 Try again, <ada.lovelace@example.com> gets no mail\r\n%1$d-for ADA.LOVELACE DOYoip3r %2$s\t\u001b\r\n"
                        .formatted(code, LINK)
                + code + " https://relay.example/why?user=Ada selvage@front.example open-sesame and no more";
    }

    @Test
    void theWordsOfAServerAreShortened() {
        for (String endless : List.of(
                "5".repeat(100_000), "a@".repeat(50_000), "x y\r\n550-".repeat(20_000), "http://".repeat(20_000))) {
            assertThat(SmtpReply.redact(endless, List.of(), "ada@example.com"))
                    .hasSizeLessThanOrEqualTo(SmtpReply.CHARACTERS_MAX + 1);
        }
    }

    @Test
    void theInboxTellsWhyAMessageWasNotDeliveredUntilItIs() throws Exception {
        project = projects.create("Test", Vertical.CONSUMER, Environment.TEST).project();
        AtomicReference<String> reply = new AtomicReference<>("451 4.3.0 queue full");
        SmtpFront server = front(line -> line.startsWith("RCPT") ? reply.get() : null);
        start(smtp("127.0.0.1", server.port(), "none", null, null), QUICK);
        enqueue("ada@example.com");
        eventually(() -> attempts() == 1 && waits());
        assertThat(outbox.inbox(project, Optional.empty()))
                .extracting(Outbox.InboxMessage::deliveryError)
                .containsExactly("RCPT: 451 4.3.0 queue full");
        reply.set(null);
        clock.advance(Duration.ofMillis(QUICK.retryMillisMax()));
        eventually(() -> states().equals(List.of("SENT")));
        assertThat(outbox.inbox(project, Optional.empty()))
                .extracting(Outbox.InboxMessage::deliveryError)
                .containsOnlyNulls();
    }

    @Test
    void theLogDoesNotNameTheAddress() throws Exception {
        ListAppender<ILoggingEvent> log = log();
        SmtpFront refusing = front(line -> line.startsWith("RCPT") ? "550 5.1.1 <ada@example.com> unknown" : null);
        start(smtp("127.0.0.1", refusing.port(), "none", null, null), QUICK);
        enqueue("ada@example.com");
        eventually(() -> List.copyOf(log.list).stream()
                .anyMatch(event -> event.getMessage().equals("message failed")));
        assertThat(List.copyOf(log.list)).allSatisfy(event -> assertThat(event.getFormattedMessage()
                        + event.getKeyValuePairs()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : event.getThrowableProxy().getMessage()))
                .doesNotContain("ada@", "DOYoip3r"));
        assertThat(log.list.toString()).doesNotContain("ada@");
    }

    private ListAppender<ILoggingEvent> log() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger root = (Logger) LoggerFactory.getLogger("dev.selvage.messages");
        root.addAppender(log);
        open.add(() -> root.detachAppender(log));
        return log;
    }

    private List<String> errors() {
        return database.read("SELECT delivery_error FROM messages").all(row -> row.textOrNull("delivery_error"));
    }
}
