package dev.selvage.mail;

import static dev.selvage.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.icegreen.greenmail.util.DummySSLServerSocketFactory;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.selvage.Config;
import dev.selvage.base.Environment;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Vault;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.TestApp;
import dev.selvage.support.TestClock;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.slf4j.LoggerFactory;

/// Delivery through a real SMTP server. The clock stands still, so nothing is due again before a test turns it.
@OnBothEngines
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailSenderTest {

    private static final long HOUR_MILLIS = 3_600_000;
    private static final String LINK = "https://auth.example.com/v1/magic_links/redirect?public_token=p&token=DOYoip3r";
    private static final MailSender.Pace QUICK = new MailSender.Pace(10, 1_000, 8_000, 3, 60_000);
    /// Polls so seldom that only a wake-up can explain a delivery.
    private static final MailSender.Pace SLEEPY = new MailSender.Pace(HOUR_MILLIS, 1_000, 8_000, 3, 60_000);

    @Parameter
    Engine engine;

    @TempDir
    static Path directory;

    private final TestClock clock = new TestClock();
    private final World world = new World(clock, new SecureRandom());
    private final Vault vault = new Vault(new byte[Vault.KEY_BYTES]);
    private final List<AutoCloseable> open = new ArrayList<>();
    private GreenMail mail;
    private String url;
    private Database database;
    private Projects projects;
    private Outbox outbox;
    private Project project;

    @BeforeParameterizedClassInvocation
    void openStore() {
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        url = engine.newDatabase(directory);
        database = Database.open(url);
        projects = new Projects(database, world);
        outbox = new Outbox(database, vault, world, true);
    }

    @AfterParameterizedClassInvocation
    void closeStore() {
        database.close();
        mail.stop();
    }

    @BeforeEach
    void begin() throws Exception {
        mail.purgeEmailFromAllMailboxes();
        database.change(handle -> handle.execute("DELETE FROM messages"));
        project = projects.create("Café", Vertical.CONSUMER, Environment.LIVE).project();
    }

    @AfterEach
    void closeOpen() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        open.clear();
    }

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
        open.add(started(new MailSender(outbox, projects, world, smtp("localhost", secure.getSmtps().getPort(), "tls", null, null),
                (SSLSocketFactory) SSLSocketFactory.getDefault(), QUICK)));
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
            assertThat(QUICK.retryAt(attempts, world) - world.millis()).isBetween(whole / 2, whole);
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
        assertThat(rows()).as("nobody can read it any more").noneMatch(row -> row.contains("ada@"))
                .allMatch(row -> row.contains("sealed=,"));
    }

    @Test
    void aRefusalForGoodIsNotTriedAgain() throws Exception {
        for (String command : List.of("RCPT", "MAIL", "DATA")) {
            SmtpFront refusing = front(line -> line.startsWith(command) ? "550 5.1.1 <ada@example.com> unknown" : null);
            MailSender sender = started(sender(smtp("127.0.0.1", refusing.port(), "none", null, null), QUICK));
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
        eventually(() -> List.copyOf(log.list).stream().anyMatch(event -> event.getMessage().equals("mail given up")));
        assertThat(List.copyOf(log.list)).allSatisfy(event -> assertThat(event.getFormattedMessage() + event.getKeyValuePairs()
                + (event.getThrowableProxy() == null ? "" : event.getThrowableProxy().getMessage())).doesNotContain("ada@", "DOYoip3r"));
        assertThat(log.list.toString()).doesNotContain("ada@");
    }

    @Test
    void theQueueSurvivesARestart() {
        enqueue("ada@example.com");
        Database reopened = Database.open(url);
        open.add(reopened);
        open.add(started(new MailSender(new Outbox(reopened, vault, world, true), new Projects(reopened, world), world, plain(),
                trusting(), SLEEPY)));
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
        open.add(started(new MailSender(new Outbox(other, vault, world, true), new Projects(other, world), world, plain(),
                trusting(), QUICK)));
        eventually(() -> states().isEmpty());
        assertThat(arrived(count)).extracting(MimeMessage::getMessageID).doesNotHaveDuplicates().hasSize(count);
    }

    @Test
    void aMessageThatADeadNodeHeldIsSentWhenItsLeaseHasRunOut() {
        enqueue("ada@example.com");
        MessageStore.Row held = outbox.store().claim(world.millis(), world.millis() + QUICK.leaseMillis()).orElseThrow();
        assertThat(outbox.store().claim(world.millis(), world.millis() + QUICK.leaseMillis())).isEmpty();
        assertThat(outbox.store().anyDue(world.millis())).isFalse();
        clock.advance(Duration.ofMillis(QUICK.leaseMillis()));
        start(plain(), QUICK);
        MimeMessage received = arrived(1).getFirst();
        assertThat(messageId(received)).startsWith("<" + held.messageId() + "@");
    }

    @Test
    void aNodeWhoseLeaseRanOutChangesNothingAnyMore() {
        enqueue("ada@example.com");
        MessageStore.Row late = outbox.store().claim(world.millis(), world.millis() + 1_000).orElseThrow();
        clock.advance(Duration.ofMillis(1_000));
        MessageStore.Row current = outbox.store().claim(world.millis(), world.millis() + 1_000).orElseThrow();
        outbox.store().remove(late);
        outbox.store().forget(late);
        outbox.store().postpone(late, 0);
        assertThat(states()).containsExactly("QUEUED");
        assertThat(dueInMillis()).isEqualTo(1_000);
        outbox.store().keep(current, MessageStore.State.SENT);
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
        database.change(handle -> handle.execute("UPDATE messages SET sealed = 'not a sealed value'"));
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
        assertThat(outbox.inbox(project, Optional.empty())).extracting(Outbox.Received::link).containsExactly(LINK);
    }

    @Test
    void theServerDeliversWithItsProductionWiring() {
        try (TestApp app = TestApp.start(engine, config -> withSmtp(config, plain()))) {
            app.app().outbox().enqueue(app.consumer().project(), login("ada@example.com"));
            arrived(1);
        }
    }

    private void settings(Settings.Mail value) {
        Settings before = project.settings();
        projects.update(project, project.name(), new Settings(before.redirectUrls(), null, null, null, null, null, null, value,
                null, null, null));
        project = projects.find(project.id()).orElseThrow();
    }

    private void enqueue(String to) {
        outbox.enqueue(project, login(to));
    }

    private static Message login(String to) {
        return Message.of(to, Template.LOGIN, null, Language.EN, LINK, "DOYoip3r", 60);
    }

    private void start(Smtp smtp, MailSender.Pace pace) {
        open.add(started(sender(smtp, pace)));
    }

    private MailSender sender(Smtp smtp, MailSender.Pace pace) {
        return new MailSender(outbox, projects, world, smtp, trusting(), pace);
    }

    private static MailSender started(MailSender sender) {
        sender.start();
        return sender;
    }

    private SmtpFront startTls() throws Exception {
        SmtpFront front = SmtpFront.startTls(mail.getSmtp().getPort(), TestCertificate.LOCALHOST.server());
        open.add(front);
        return front;
    }

    private SmtpFront front(UnaryOperator<String> replies) throws Exception {
        SmtpFront front = SmtpFront.answering(replies);
        open.add(front);
        return front;
    }

    private GreenMail secure() throws Exception {
        Path keys = directory.resolve("mail.p12");
        TestCertificate.LOCALHOST.write(keys);
        System.setProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_FILE_PROPERTY, keys.toString());
        System.setProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_PASSWORD_PROPERTY, TestCertificate.PASSWORD);
        GreenMail secure = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
        secure.start();
        open.add(secure::stop);
        return secure;
    }

    private static SSLSocketFactory trusting() {
        try {
            return TestCertificate.LOCALHOST.trusting();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private Smtp plain() {
        return smtp("127.0.0.1", mail.getSmtp().getPort(), "none", null, null);
    }

    private static Smtp smtp(String host, int port, String security, String user, String password) {
        return new Smtp(host, port, security, Optional.ofNullable(user), Optional.ofNullable(password),
                "login@selvage.example");
    }

    private static Config withSmtp(Config config, Smtp smtp) {
        return new Config(config.dataDirectory(), config.host(), config.port(), config.databaseUrl(), config.tls(),
                config.publicUrl(), config.errorUrlTemplate(), config.masterKey(), Optional.of(smtp), config.breachList(),
                config.hashing());
    }

    private List<MimeMessage> arrived(int count) {
        eventually(() -> mail.getReceivedMessages().length >= count);
        return Arrays.asList(mail.getReceivedMessages());
    }

    private static String messageId(MimeMessage message) {
        try {
            return message.getMessageID();
        } catch (jakarta.mail.MessagingException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private List<String> states() {
        return database.read(handle -> handle.createQuery("SELECT state FROM messages").mapTo(String.class).list());
    }

    private List<String> rows() {
        return database.read(handle -> handle.createQuery("SELECT * FROM messages").mapToMap().map(Object::toString).list());
    }

    private int attempts() {
        return database.read(handle -> handle.createQuery("SELECT MAX(attempts) FROM messages").mapTo(Integer.class).one());
    }

    /// Whether the message waits for its next attempt: no lease is that short.
    private boolean waits() {
        return dueInMillis() <= QUICK.retryMillisMax();
    }

    private long dueInMillis() {
        Map<String, Object> row = database.read(handle -> handle.createQuery("SELECT next_attempt_at AS due FROM messages")
                .mapToMap().one());
        return row.get("due") == null ? Long.MAX_VALUE : ((Number) row.get("due")).longValue() - world.millis();
    }
}
