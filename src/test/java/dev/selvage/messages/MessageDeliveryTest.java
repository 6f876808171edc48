package dev.selvage.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.DummySSLServerSocketFactory;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.selvage.Config;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Environment;
import dev.selvage.base.MasterKeys;
import dev.selvage.db.Database;
import dev.selvage.projects.Project;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Vault;
import dev.selvage.projects.Vertical;
import dev.selvage.support.ChangedSettings;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.TestClock;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/// A test of delivery through a real SMTP server. The clock stands still, so nothing is due again before a test
/// turns it.
@OnBothEngines
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MessageDeliveryTest {

    static final long HOUR_MILLIS = 3_600_000;
    static final String LINK = "https://auth.example.com/v1/magic_links/redirect?public_token=p&token=DOYoip3r";
    static final MessageSender.DeliverySchedule QUICK = new MessageSender.DeliverySchedule(10, 1_000, 8_000, 3, 60_000);
    /// Polls so seldom that only a wake-up can explain a delivery.
    static final MessageSender.DeliverySchedule SLEEPY =
            new MessageSender.DeliverySchedule(HOUR_MILLIS, 1_000, 8_000, 3, 60_000);

    private static final long PAUSE_NANOS = 5_000_000;

    @Parameter
    Engine engine;

    @TempDir
    static Path directory;

    final TestClock clock = new TestClock();
    final ClockAndRandom clockAndRandom = new ClockAndRandom(clock, new SecureRandom());
    final Vault vault = new Vault(MasterKeys.of(new byte[MasterKeys.KEY_BYTES]));
    final List<AutoCloseable> open = new ArrayList<>();
    GreenMail mail;
    String url;
    Database database;
    Projects projects;
    Outbox outbox;
    Project project;

    @BeforeParameterizedClassInvocation
    void openStore() {
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        url = engine.newStore(directory);
        database = Database.open(url);
        projects = new Projects(database, clockAndRandom);
        outbox = new Outbox(database, vault, clockAndRandom, EnumSet.allOf(Channel.class));
    }

    @AfterParameterizedClassInvocation
    void closeStore() {
        database.close();
        mail.stop();
    }

    @BeforeEach
    void begin() throws Exception {
        mail.purgeEmailFromAllMailboxes();
        database.write("DELETE FROM messages").update();
        project = projects.create("Café", Vertical.CONSUMER, Environment.LIVE).project();
    }

    @AfterEach
    void closeOpen() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        open.clear();
    }

    void settings(Settings.Mail value) {
        projects.update(project, project.name(), ChangedSettings.with(project.settings(), "mail", value));
        project = projects.find(project.id()).orElseThrow();
    }

    void enqueue(String to) {
        outbox.enqueue(project, login(to));
    }

    static Message.LinkMail login(String to) {
        return Message.of(to, Template.LOGIN, null, Language.EN, LINK, "DOYoip3r", 60);
    }

    void start(Smtp smtp, MessageSender.DeliverySchedule schedule) {
        open.add(started(sender(smtp, schedule)));
    }

    MessageSender sender(Smtp smtp, MessageSender.DeliverySchedule schedule) {
        return sender(new MailServer(smtp, trusting()), schedule);
    }

    MessageSender sender(MessageTransport transport, MessageSender.DeliverySchedule schedule) {
        return new MessageSender(outbox, projects, clockAndRandom, transport, schedule);
    }

    static MessageSender started(MessageSender sender) {
        sender.start();
        return sender;
    }

    SmtpFront startTls() throws Exception {
        SmtpFront front = SmtpFront.startTls(mail.getSmtp().getPort(), TestCertificate.LOCALHOST.server());
        open.add(front);
        return front;
    }

    SmtpFront front(UnaryOperator<String> replies) throws Exception {
        SmtpFront front = SmtpFront.answering(replies);
        open.add(front);
        return front;
    }

    GreenMail secure() throws Exception {
        Path keys = directory.resolve("mail.p12");
        TestCertificate.LOCALHOST.write(keys);
        System.setProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_FILE_PROPERTY, keys.toString());
        System.setProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_PASSWORD_PROPERTY, TestCertificate.PASSWORD);
        GreenMail secure = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
        secure.start();
        open.add(secure::stop);
        return secure;
    }

    static SSLSocketFactory trusting() {
        try {
            return TestCertificate.LOCALHOST.trusting();
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    Smtp plain() {
        return smtp("127.0.0.1", mail.getSmtp().getPort(), "none", null, null);
    }

    static Smtp smtp(String host, int port, String security, String user, String password) {
        return new Smtp(
                host,
                port,
                security,
                Optional.ofNullable(user),
                Optional.ofNullable(password),
                "login@selvage.example",
                "auth.selvage.example");
    }

    static Config withSmtp(Config config, Smtp smtp) {
        return new Config(
                config.dataDirectory(),
                config.host(),
                config.port(),
                config.databaseUrl(),
                config.databaseConnections(),
                config.tls(),
                config.publicUrl(),
                config.errorUrlTemplate(),
                config.masterKey(),
                Optional.of(smtp),
                config.sms(),
                config.breachList(),
                config.hashing(),
                config.connections());
    }

    List<MimeMessage> arrived(int count) {
        eventually(() -> mail.getReceivedMessages().length >= count);
        return Arrays.asList(mail.getReceivedMessages());
    }

    static String messageId(MimeMessage message) {
        try {
            return message.getMessageID();
        } catch (jakarta.mail.MessagingException failed) {
            throw new IllegalStateException(failed);
        }
    }

    List<String> states() {
        return database.read("SELECT state FROM messages").all(row -> row.text("state"));
    }

    List<String> rows() {
        return database.read("SELECT * FROM messages").all(row -> row.values().toString());
    }

    long attempts() {
        return database.read("SELECT MAX(attempts) FROM messages").number();
    }

    /// Whether the message waits for its next attempt: no lease is that short.
    boolean waits() {
        return dueInMillis() <= QUICK.retryMillisMax();
    }

    long dueInMillis() {
        return database.read("SELECT next_attempt_at AS due FROM messages")
                .first(row -> row.isNull("due") ? Long.MAX_VALUE : row.number("due") - clockAndRandom.millis())
                .orElseThrow();
    }

    /// Waits until something holds, and fails after a time in which it surely would.
    static void eventually(BooleanSupplier holds) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it did not happen in time").isLessThan(deadline);
            // The event is another thread's commit, which nothing announces.
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
