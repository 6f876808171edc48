package dev.selvage.messages;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.selvage.Config;
import dev.selvage.base.Environment;
import dev.selvage.base.Json;
import dev.selvage.db.Database;
import dev.selvage.messages.ProviderFront.Answer;
import dev.selvage.projects.Projects;
import dev.selvage.projects.Vertical;
import dev.selvage.support.TestApp;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// The provider of text messages: what it is told, and what its answers mean to the queue.
class TextProviderTest extends MessageDeliveryTest {

    private static final String TO = "+15005550006";
    private static final String CODE = "471183";
    private static final Duration SHORT = Duration.ofMillis(1_500);

    private ProviderFront provider;

    @BeforeEach
    void openProvider() throws IOException {
        provider = front(0, ProviderFront.CREATED);
    }

    @Test
    void aTextIsPostedAsAForm() {
        startTexts(provider.url());
        outbox.enqueue(project, Message.sms(TO, TextLanguage.EN, CODE, 2));
        eventually(() -> states().isEmpty());
        assertThat(provider.seen())
                .containsExactly(new ProviderFront.Seen(
                        "POST",
                        "/2010-04-01/Accounts/AC1/Messages.json",
                        "Basic " + Base64.getEncoder().encodeToString("AC1:s3cret:ü".getBytes(StandardCharsets.UTF_8)),
                        "application/x-www-form-urlencoded",
                        "To=%2B15005550006&From=%2B15550100000"
                                + "&Body=Your+Caf%C3%A9+verification+code+is+471183.+It+expires+in+2+minutes."));
    }

    @Test
    void aWhatsappMessageNamesItsNetworkOnBothSides() {
        startTexts(provider.url());
        outbox.enqueue(project, Message.whatsapp(TO, TextLanguage.ES, CODE, 1));
        eventually(() -> states().isEmpty());
        assertThat(provider.seen())
                .singleElement()
                .extracting(ProviderFront.Seen::body)
                .isEqualTo("To=whatsapp%3A%2B15005550006&From=whatsapp%3A%2B15550100001"
                        + "&Body=Tu+c%C3%B3digo+de+verificaci%C3%B3n+de+Caf%C3%A9+es+471183.+Caduca+en+1+minuto.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SMS", "WHATSAPP"})
    void aServiceOfTheProviderMayChooseTheSender(Channel channel) {
        String service = "MG0123456789abcdef0123456789ABCDEF";
        start(new TextProvider(channel, sms(provider.url()), service, TextProvider.TIME_MAX));
        outbox.enqueue(project, channel == Channel.SMS ? text() : Message.whatsapp(TO, TextLanguage.EN, CODE, 2));
        eventually(() -> states().isEmpty());
        assertThat(provider.seen())
                .singleElement()
                .extracting(ProviderFront.Seen::body)
                .asString()
                .contains("&MessagingServiceSid=" + service + "&")
                .doesNotContain("From=");
    }

    @Test
    void withoutAnAccountNoCredentialsAreSent() {
        start(new TextProvider(
                Channel.SMS,
                new Sms(provider.url(), Optional.empty(), Optional.empty(), Optional.of("Acme"), Optional.empty()),
                "Acme",
                TextProvider.TIME_MAX));
        outbox.enqueue(project, text());
        eventually(() -> states().isEmpty());
        assertThat(provider.seen()).singleElement().satisfies(seen -> {
            assertThat(seen.authorization()).isNull();
            assertThat(seen.body()).contains("&From=Acme&");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 408, 401, 302})
    void aStatusThatIsNotAboutTheMessageLetsItWait(int status) {
        provider.answer(new Answer(status, "{\"code\": 20429}"));
        startTexts(provider.url());
        outbox.enqueue(project, text());
        eventually(() -> attempts() == 1 && waits());
        assertThat(dueInMillis()).isBetween(500L, 1_000L);
        provider.answer(ProviderFront.CREATED);
        clock.advance(Duration.ofMillis(1_000));
        eventually(() -> states().isEmpty());
        assertThat(provider.seen())
                .hasSize(2)
                .extracting(ProviderFront.Seen::path)
                .as("no redirect is followed")
                .containsOnly("/2010-04-01/Accounts/AC1/Messages.json");
        assertThat(provider.seen())
                .extracting(ProviderFront.Seen::body)
                .as("the same text again")
                .containsOnly(provider.seen().getFirst().body());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 422})
    void aMessageThatTheProviderRefusesIsGivenUp(int status) {
        provider.answer(new Answer(status, "{\"code\": 21211, \"message\": \"bad number\"}"));
        startTexts(provider.url());
        outbox.enqueue(project, text());
        eventually(() -> states().equals(List.of("FAILED")));
        assertThat(attempts()).isEqualTo(1);
        assertThat(rows())
                .as("nobody can read it any more")
                .noneMatch(row -> row.contains(TO))
                .allMatch(row -> row.contains("sealed=,"));
    }

    @Test
    void aProviderThatDoesNotAnswerInTimeIsAskedAgain() {
        provider.answer(new Answer(201, "", Answer.Hangs.BEFORE_HEAD));
        start(new TextProvider(Channel.SMS, sms(provider.url()), "Acme", SHORT));
        outbox.enqueue(project, text());
        eventually(() -> attempts() == 1 && waits());
        assertThat(states()).containsExactly("QUEUED");
    }

    @Test
    void theStatusDecidesHoweverTheBodyEnds() {
        start(new TextProvider(Channel.SMS, sms(provider.url()), "Acme", SHORT));
        for (Answer taken : List.of(
                new Answer(201, "{", Answer.Hangs.IN_BODY),
                new Answer(200, "x".repeat(70_000)),
                new Answer(202, "not json"))) {
            provider.answer(taken);
            outbox.enqueue(project, text());
            eventually(() -> states().isEmpty());
        }
        assertThat(provider.seen()).hasSize(3);
        provider.answer(new Answer(400, "{", Answer.Hangs.IN_BODY));
        outbox.enqueue(project, text());
        eventually(() -> states().equals(List.of("FAILED")));
    }

    @Test
    void aTextIsTriedAgainWhenTheProviderIsBack() throws IOException {
        int port = provider.port();
        URI url = provider.url();
        provider.close();
        startTexts(url);
        outbox.enqueue(project, text());
        eventually(() -> attempts() == 1 && waits());
        ProviderFront back = front(port, ProviderFront.CREATED);
        clock.advance(Duration.ofMillis(1_000));
        eventually(() -> states().isEmpty());
        assertThat(back.seen()).hasSize(1);
    }

    @Test
    void aTextWhoseCodeHasRunOutIsNotSent() {
        outbox.enqueue(project, text());
        clock.advance(Duration.ofMinutes(2));
        startTexts(provider.url());
        eventually(() -> states().equals(List.of("FAILED")));
        assertThat(provider.seen()).isEmpty();
    }

    @Test
    void aTextThatADeadNodeHeldIsSentWhenItsLeaseHasRunOut() {
        outbox.enqueue(project, text());
        outbox.store()
                .claim(Channel.SMS, clockAndRandom.millis(), clockAndRandom.millis() + QUICK.leaseMillis())
                .orElseThrow();
        assertThat(outbox.store()
                        .claim(Channel.SMS, clockAndRandom.millis(), clockAndRandom.millis() + QUICK.leaseMillis()))
                .isEmpty();
        startTexts(provider.url());
        clock.advance(Duration.ofMillis(QUICK.leaseMillis()));
        eventually(() -> states().isEmpty());
        assertThat(provider.seen()).hasSize(1);
    }

    @Test
    void twoNodesSendEachTextOnce() {
        Database other = Database.open(url);
        open.add(other);
        int count = 40;
        for (int i = 0; i < count; i++) {
            outbox.enqueue(project, Message.sms("+1500555" + (1000 + i), TextLanguage.EN, CODE, 2));
        }
        startTexts(provider.url());
        open.add(started(new MessageSender(
                new Outbox(other, vault, clockAndRandom, EnumSet.allOf(Channel.class)),
                new Projects(other, clockAndRandom),
                clockAndRandom,
                transport(provider.url()),
                QUICK)));
        eventually(() -> states().isEmpty());
        assertThat(provider.seen())
                .extracting(ProviderFront.Seen::body)
                .doesNotHaveDuplicates()
                .hasSize(count);
    }

    @Test
    void aLaneThatIsStuckHoldsUpNoOther() {
        provider.answer(new Answer(201, "", Answer.Hangs.BEFORE_HEAD));
        startTexts(provider.url());
        start(plain(), SLEEPY);
        for (int i = 0; i < 20; i++) {
            outbox.enqueue(project, text());
        }
        eventually(() -> provider.seen().size() >= 8);
        enqueue("ada@example.com");
        arrived(1);
        provider.close();
    }

    @Test
    void aChannelWithoutAProviderWaitsWhileOthersDeliver() {
        Outbox mailOnly = new Outbox(database, vault, clockAndRandom, Set.of(Channel.EMAIL));
        mailOnly.enqueue(project, text());
        start(plain(), QUICK);
        enqueue("ada@example.com");
        arrived(1);
        eventually(() -> states().equals(List.of("QUEUED")));
        assertThat(attempts()).isZero();
        startTexts(provider.url());
        eventually(() -> states().isEmpty());
        assertThat(provider.seen()).hasSize(1);
    }

    @Test
    void withoutAProviderTextsOfATestProjectGoToTheInboxOnly() {
        project = projects.create("Test", Vertical.B2B, Environment.TEST).project();
        Outbox mailOnly = new Outbox(database, vault, clockAndRandom, Set.of(Channel.EMAIL));
        mailOnly.enqueue(project, text());
        assertThat(states()).containsExactly("INBOX");
        assertThat(mailOnly.inbox(project, Optional.of(TO)))
                .singleElement()
                .satisfies(received -> assertThat(received.code()).isEqualTo(CODE));
    }

    @Test
    void aDeliveredTextStaysInTheInboxOfATestProject() {
        project = projects.create("Test", Vertical.B2B, Environment.TEST).project();
        startTexts(provider.url());
        outbox.enqueue(project, text());
        eventually(() -> states().equals(List.of("SENT")));
        assertThat(outbox.inbox(project, Optional.empty()))
                .extracting(Outbox.InboxMessage::code)
                .containsExactly(CODE);
    }

    @Test
    void theLogHoldsTheProvidersErrorCodeAndNoSecret() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.selvage.messages");
        logger.addAppender(log);
        open.add(() -> logger.detachAppender(log));
        startTexts(provider.url());
        for (Answer answer : List.of(
                new Answer(400, "{\"code\": 21211, \"message\": \"" + TO + " " + CODE + "\"}"),
                new Answer(400, "{\"code\": " + CODE + "}"),
                new Answer(400, "{\"code\": \"" + CODE + "\"}"),
                new Answer(400, "<html>" + TO + " " + CODE),
                new Answer(503, Json.write(List.of(TO, CODE))))) {
            provider.answer(answer);
            int lines = log.list.size();
            outbox.enqueue(project, text());
            eventually(() -> log.list.size() > lines);
        }
        String all = List.copyOf(log.list).stream()
                .map(event -> event.getFormattedMessage() + event.getKeyValuePairs() + event.getThrowableProxy())
                .toList()
                .toString();
        assertThat(all)
                .contains(
                        "message failed",
                        "channel=\"sms\"",
                        "message=\"message-live-",
                        "status 400, code 21211",
                        "message not delivered, retrying",
                        "status 503");
        assertThat(all)
                .doesNotContain(
                        TO.substring(1), CODE, "s3cret", "AC1", provider.url().getPath());
        assertThat(sms(provider.url()) + text().toString()).doesNotContain("s3cret", "AC1", CODE, TO);
    }

    @Test
    void theServerDeliversTextsWithItsProductionWiring() {
        try (TestApp app = TestApp.start(engine, config -> withSms(config, sms(provider.url())))) {
            app.app().outbox().enqueue(app.b2b().project(), text());
            app.app().outbox().enqueue(app.b2b().project(), Message.whatsapp(TO, TextLanguage.EN, CODE, 2));
            eventually(() -> provider.seen().size() == 2);
            assertThat(provider.seen())
                    .extracting(seen -> seen.body().replaceAll("&Body.*", ""))
                    .containsExactlyInAnyOrder(
                            "To=%2B15005550006&From=%2B15550100000",
                            "To=whatsapp%3A%2B15005550006&From=whatsapp%3A%2B15550100001");
        }
    }

    private static Message text() {
        return Message.sms(TO, TextLanguage.EN, CODE, 2);
    }

    private ProviderFront front(int port, Answer answer) throws IOException {
        ProviderFront front = new ProviderFront(port, answer);
        open.add(front);
        return front;
    }

    private void startTexts(URI url) {
        start(transport(url));
        start(new TextProvider(Channel.WHATSAPP, sms(url), "+15550100001", TextProvider.TIME_MAX));
    }

    private void start(TextProvider transport) {
        open.add(started(sender(transport, QUICK)));
    }

    private static TextProvider transport(URI url) {
        return new TextProvider(Channel.SMS, sms(url), "+15550100000", TextProvider.TIME_MAX);
    }

    private static Sms sms(URI url) {
        return new Sms(
                url,
                Optional.of("AC1"),
                Optional.of("s3cret:ü"),
                Optional.of("+15550100000"),
                Optional.of("+15550100001"));
    }

    private static Config withSms(Config config, Sms sms) {
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
                config.smtp(),
                Optional.of(sms),
                config.breachList(),
                config.hashing(),
                config.connections());
    }
}
