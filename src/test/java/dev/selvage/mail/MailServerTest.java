package dev.selvage.mail;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.icegreen.greenmail.util.GreenMail;
import dev.selvage.projects.Settings;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// The mail server: what it is told, what it is trusted with, and what its replies mean.
class MailServerTest extends DeliveryTest {

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
        assertThat((String) html.getContent()).contains("Connexion à Café", "href=\"" + LINK.replace("&", "&amp;") + "\"");
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
        open.add(started(sender(new MailServer(smtp("localhost", secure.getSmtps().getPort(), "tls", null, null),
                (SSLSocketFactory) SSLSocketFactory.getDefault()), QUICK)));
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
            database.change(handle -> handle.execute("DELETE FROM messages"));
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
    void theLogDoesNotNameTheAddress() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger root = (Logger) LoggerFactory.getLogger("dev.selvage.mail");
        root.addAppender(log);
        open.add(() -> root.detachAppender(log));
        SmtpFront refusing = front(line -> line.startsWith("RCPT") ? "550 5.1.1 <ada@example.com> unknown" : null);
        start(smtp("127.0.0.1", refusing.port(), "none", null, null), QUICK);
        enqueue("ada@example.com");
        eventually(() -> List.copyOf(log.list).stream().anyMatch(event -> event.getMessage().equals("message given up")));
        assertThat(List.copyOf(log.list)).allSatisfy(event -> assertThat(event.getFormattedMessage() + event.getKeyValuePairs()
                + (event.getThrowableProxy() == null ? "" : event.getThrowableProxy().getMessage())).doesNotContain("ada@", "DOYoip3r"));
        assertThat(log.list.toString()).doesNotContain("ada@");
    }
}
