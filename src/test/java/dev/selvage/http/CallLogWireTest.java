package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.selvage.ops.StructuredEncoder;
import dev.selvage.support.Client;
import dev.selvage.support.WireTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// The line of a call says who, what, where and how it ended, and holds no secret (OWASP ASVS 5.0, 16.2.1).
class CallLogWireTest extends WireTest {

    private static final String EMAIL = "ada@example.com";
    private static final String PASSWORD = "four words are enough";

    private final List<String> written = new CopyOnWriteArrayList<>();
    private final Logger calls = (Logger) LoggerFactory.getLogger("selvage.calls");
    private final StructuredEncoder lines = new StructuredEncoder();
    /// Writes each line where it is logged: what the call said of itself belongs to its thread.
    private final AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            written.add(new String(lines.encode(event), StandardCharsets.UTF_8));
        }
    };

    @BeforeEach
    void listen() {
        lines.setFormat("text");
        lines.start();
        log.start();
        calls.setLevel(Level.INFO);
        calls.addAppender(log);
    }

    @AfterEach
    void stop() {
        calls.detachAppender(log);
        calls.setLevel(null);
    }

    /// The line of a call: it may come a moment after the answer.
    private String line(Client.Answer answer) {
        String requestId = answer.text("request_id");
        while (written.stream().noneMatch(line -> line.contains(requestId))) {
            Thread.onSpinWait();
        }
        String line = written.stream()
                .filter(each -> each.contains(requestId))
                .findFirst()
                .orElseThrow();
        assertThat(line)
                .contains(" remote=127.0.0.1 ", " project=project-test-")
                .doesNotContain(EMAIL, PASSWORD, "wrong-password");
        return line;
    }

    @Test
    void aUsersCallsNameTheUserAndTheSession() {
        var made = client.post(
                        "/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD, "session_duration_minutes", 60))
                .ok();
        String user = made.text("user_id");
        String session = made.text("session.session_id");
        String token = made.text("session_token");
        assertThat(line(made)).contains(" subject=" + user, " session=" + session);
        assertThat(line(client.post("/v1/passwords/authenticate", Map.of("email", EMAIL, "password", "wrong-password"))
                        .refused(401, "unauthorized_credentials")))
                .contains("status=401 error_type=unauthorized_credentials", " subject=" + user);
        assertThat(line(client.post(
                        "/v1/passwords/authenticate",
                        Map.of("email", "bob@example.com", "password", "wrong-password"))))
                .as("nothing of the call before")
                .doesNotContain("subject=", "session=");
        assertThat(line(client.post("/v1/sessions/authenticate", Map.of("session_token", token))
                        .ok()))
                .contains(" subject=" + user, " session=" + session)
                .doesNotContain(token);
        assertThat(line(client.get("/v1/users/" + user).ok()))
                .contains(" target=" + user)
                .doesNotContain("session=");
        assertThat(line(client.get("/v1/users/" + EMAIL))).contains(" target=?");
        assertThat(line(client.get("/v1/users/" + token))).contains(" target=?").doesNotContain(token);
        assertThat(line(client.post("/v1/sessions/revoke", Map.of("session_id", session))
                        .ok()))
                .contains(" session=" + session);
        assertThat(line(client.post("/v1/sessions/authenticate", Map.of("session_token", token))
                        .refused(404, "session_not_found")))
                .doesNotContain(token);
    }

    @Test
    void aMembersCallsNameTheMember() {
        Client b2b = app.b2b();
        String organization = b2b.post("/v1/b2b/organizations", Map.of("organization_name", "Acme"))
                .ok()
                .text("organization.organization_id");
        var member = b2b.post("/v1/b2b/organizations/" + organization + "/members", Map.of("email_address", EMAIL))
                .ok();
        assertThat(line(member)).contains(" target=" + organization);
        b2b.post("/v1/b2b/otps/email/login_or_signup", Map.of("organization_id", organization, "email_address", EMAIL))
                .ok();
        assertThat(line(b2b.post(
                        "/v1/b2b/otps/email/authenticate",
                        Map.of("organization_id", organization, "email_address", EMAIL, "code", "000001"))))
                .contains(" subject=" + member.text("member_id"))
                .doesNotContain("000001");
        assertThat(line(b2b.put(
                                "/v1/b2b/organizations/" + organization + "/members/" + member.text("member_id"),
                                "{\"name\":\"Ada\"}")
                        .ok()))
                .contains(" target=" + organization + "/" + member.text("member_id"));
    }
}
