package dev.selvage.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.Environment;
import dev.selvage.messages.Language;
import dev.selvage.messages.Message;
import dev.selvage.messages.Outbox;
import dev.selvage.messages.Template;
import dev.selvage.messages.TextLanguage;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.WireTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class InboxWireTest extends WireTest {

    private static final String TOKEN = "DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94A";
    private static final String LINK = "https://auth.example.com/v1/magic_links/redirect?public_token=p&token=" + TOKEN;

    @Test
    void aMessageIsShownWithAllThatADeveloperNeeds() {
        enqueue(login("ada@example.com"));
        JsonNode message = inbox("").ok().at("messages.0");
        assertThat(message.propertyNames())
                .containsExactly(
                        "id", "channel", "to", "subject", "text", "html", "link", "token", "code", "created_at");
        assertThat(message.path("id").stringValue()).matches("message-test-[0-9a-f-]{36}");
        assertThat(message.path("channel").stringValue()).isEqualTo("email");
        assertThat(message.path("to").stringValue()).isEqualTo("ada@example.com");
        assertThat(message.path("subject").stringValue()).isEqualTo("Your login request to Test project");
        assertThat(message.path("text").stringValue()).contains(LINK, "1 hour", "ada@example.com");
        assertThat(message.path("html").stringValue()).contains("href=\"" + LINK.replace("&", "&amp;") + "\"");
        assertThat(message.path("link").stringValue()).isEqualTo(LINK);
        assertThat(message.path("token").stringValue()).isEqualTo(TOKEN);
        assertThat(message.path("code").isNull()).isTrue();
        assertThat(message.path("created_at").stringValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    }

    @Test
    void aMailWithACodeShowsTheCodeAndNoLink() {
        enqueue(Message.code("ada@example.com", Template.ONE_TIME_PASSCODE_SIGNUP, null, Language.EN, "471183", 2));
        JsonNode message = inbox("").ok().at("messages.0");
        assertThat(message.path("channel").stringValue()).isEqualTo("email");
        assertThat(message.path("subject").stringValue()).isEqualTo("Your code to create an account for Test project");
        assertThat(message.path("text").stringValue()).contains("471183", "2 minutes");
        assertThat(message.path("html").stringValue()).contains("471183");
        assertThat(message.path("code").stringValue()).isEqualTo("471183");
        assertThat(message.path("link").isNull()).isTrue();
        assertThat(message.path("token").isNull()).isTrue();
    }

    @Test
    void aTextMessageShowsItsCodeAndIsFoundByItsNumber() {
        enqueue(Message.sms("+15005550006", TextLanguage.EN, "471183", 2));
        enqueue(Message.whatsapp("+15005550007", TextLanguage.DE, "920045", 10));
        JsonNode sms = inbox("&to=%2B15005550006").ok().at("messages.0");
        assertThat(sms.path("channel").stringValue()).isEqualTo("sms");
        assertThat(sms.path("to").stringValue()).isEqualTo("+15005550006");
        assertThat(sms.path("text").stringValue())
                .isEqualTo("Your Test project verification code is 471183. It expires in 2 minutes.");
        assertThat(sms.path("code").stringValue()).isEqualTo("471183");
        for (String absent : List.of("subject", "html", "link", "token")) {
            assertThat(sms.path(absent).isNull()).as(absent).isTrue();
        }
        JsonNode whatsapp = inbox("&to=%2B15005550007").ok().at("messages.0");
        assertThat(whatsapp.path("channel").stringValue()).isEqualTo("whatsapp");
        assertThat(whatsapp.path("text").stringValue())
                .isEqualTo("Ihr Bestätigungscode für Test project lautet 920045. Er läuft in 10 Minuten ab.");
        assertThat(recipients("")).hasSize(2);
    }

    @Test
    void theNewestMessageComesFirstAndAnAddressNarrowsTheList() {
        for (String to : List.of("ada@example.com", "bob@example.com", "ada@example.com")) {
            enqueue(login(to).withLoginLink("https://example.com/" + app.clock().millis()));
            app.clock().advance(Duration.ofSeconds(1));
        }
        assertThat(recipients("")).containsExactly("ada@example.com", "bob@example.com", "ada@example.com");
        assertThat(recipients("&to=bob%40example.com")).containsExactly("bob@example.com");
        assertThat(recipients("&to=ADA@example.com")).hasSize(2);
        assertThat(recipients("&to=nobody@example.com")).isEmpty();
        List<String> times = times();
        assertThat(times).isSortedAccordingTo((one, other) -> other.compareTo(one));
    }

    @Test
    void theInboxShowsABoundedNumberOfMessages() {
        for (int i = 0; i < Outbox.INBOX_MAX + 1; i++) {
            enqueue(login("ada@example.com"));
        }
        assertThat(recipients("")).hasSize(Outbox.INBOX_MAX);
    }

    @Test
    void aProjectSeesOnlyItsOwnMessages() {
        enqueue(login("ada@example.com"));
        client = app.consumer();
        assertThat(recipients("")).isEmpty();
    }

    @Test
    void onlyTheAdminTokenOpensTheInbox() {
        String path = "/_selvage/v1/messages?project_id=" + client.projectId();
        client.send(client.request("GET", path, null).build()).refused(401, "unauthorized_credentials");
        client.send(client.request("GET", path, null)
                        .header("Authorization", "Bearer wrong")
                        .build())
                .refused(401, "unauthorized_credentials");
        client.get(path).refused(401, "unauthorized_credentials");
    }

    @Test
    void theProjectMustBeNamedAndKnown() {
        page("").refused(400, "bad_request");
        page("?project_id=x").refused(400, "invalid_project_id");
        page("?project_id=project-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6").refused(404, "project_not_found");
    }

    @Test
    void aLiveProjectKeepsNoInbox() {
        client = app.client(Vertical.CONSUMER, Environment.LIVE);
        enqueue(login("ada@example.com"));
        inbox("").refused(400, "bad_request");
    }

    @Test
    void aMessageFallsWithTheTransactionThatAskedForIt() {
        assertThatThrownBy(() -> app.app().database().transaction(() -> {
                    enqueue(login("ada@example.com"));
                    throw new IllegalStateException("the link could not be written");
                }))
                .hasMessage("the link could not be written");
        assertThat(recipients("")).isEmpty();
    }

    @Test
    void messagesAreSweptAWeekAfterTheyWereMade() {
        enqueue(login("ada@example.com"));
        app.clock().advance(Duration.ofMillis(Outbox.RETENTION_MILLIS));
        app.app().outbox().sweep(500);
        assertThat(recipients("")).hasSize(1);
        app.clock().advance(Duration.ofMillis(1));
        app.app().outbox().sweep(500);
        assertThat(recipients("")).isEmpty();
    }

    @Test
    void theStoreHoldsNoTextOfAMessageInTheClear() throws IOException {
        enqueue(login("ada@example.com").withLoginLink("https://example.com/second-way-in"));
        enqueue(Message.sms("+15005550006", TextLanguage.EN, "secret-471183", 2));
        List<String> rows = app.app().database().read("SELECT * FROM messages").all(row -> row.values()
                .toString());
        assertThat(rows).isNotEmpty();
        assertThat(rows)
                .noneMatch(row -> row.contains(TOKEN)
                        || row.contains("login request")
                        || row.contains("second-way-in")
                        || row.contains("secret-471183"));
        if (engine == Engine.SQLITE) {
            try (Stream<Path> files = Files.list(app.config().dataDirectory())) {
                for (Path file : files.filter(
                                path -> path.getFileName().toString().startsWith("selvage.db"))
                        .toList()) {
                    String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    assertThat(bytes).doesNotContain(TOKEN, "login request", "second-way-in", "secret-471183");
                }
            }
        }
    }

    @Test
    void aSealedMessageOpensNowhereElse() {
        enqueue(login("ada@example.com"));
        enqueue(login("bob@example.com"));
        app.app().database().write("""
                        UPDATE messages SET sealed = (SELECT sealed FROM messages
                                                      WHERE project_id = :projectId AND recipient = 'bob@example.com')
                        WHERE project_id = :projectId AND recipient = 'ada@example.com'""").bind("projectId", client.projectId()).update();
        assertThatThrownBy(() -> app.app().outbox().inbox(client.project(), Optional.of("ada@example.com")))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Message.LinkMail login(String to) {
        return Message.of(to, Template.LOGIN, null, Language.EN, LINK, TOKEN, 60);
    }

    private void enqueue(Message message) {
        app.app().outbox().enqueue(client.project(), message);
    }

    private Client.Answer inbox(String more) {
        return page("?project_id=" + client.projectId() + more);
    }

    private Client.Answer page(String query) {
        return client.send(client.request("GET", "/_selvage/v1/messages" + query, null)
                .header("Authorization", "Bearer " + app.adminToken())
                .build());
    }

    private List<String> recipients(String more) {
        return inbox(more)
                .ok()
                .at("messages")
                .valueStream()
                .map(message -> message.path("to").stringValue())
                .toList();
    }

    private List<String> times() {
        return inbox("")
                .ok()
                .at("messages")
                .valueStream()
                .map(message -> message.path("created_at").stringValue())
                .toList();
    }
}
