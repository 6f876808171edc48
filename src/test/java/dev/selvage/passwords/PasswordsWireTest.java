package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.WireTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PasswordsWireTest extends WireTest {

    static final String PASSWORD = "correct horse battery staple 7";

    Client.Answer create(String email) {
        return client.post("/v1/passwords", "{'email':'" + email + "','password':'" + PASSWORD + "'}").ok();
    }

    @Test
    void createMakesAnActiveUserWithAnUnverifiedEmailAndAPassword() {
        Client.Answer made = create("a@example.com");
        assertThat(made.text("user.status")).isEqualTo("active");
        assertThat(made.text("user.emails.0.email_id")).isEqualTo(made.text("email_id"));
        assertThat(made.at("user.emails.0.verified").booleanValue()).isFalse();
        assertThat(made.text("user.password.password_id")).startsWith("password-test-");
        assertThat(made.text("session_token")).isEmpty();
        assertThat(made.at("session").isNull()).isTrue();
    }

    @Test
    void createWithADurationStartsASession() {
        Client.Answer made = client.post("/v1/passwords", "{'email':'a@example.com','password':'" + PASSWORD
                + "','session_duration_minutes':60,'session_custom_claims':{'plan':'free'}}").ok();
        assertThat(made.text("session.authentication_factors.0.type")).isEqualTo("password");
        assertThat(made.text("session.authentication_factors.0.delivery_method")).isEqualTo("knowledge");
        assertThat(made.text("session.custom_claims.plan")).isEqualTo("free");
        client.post("/v1/sessions/authenticate", "{'session_token':'" + made.text("session_token") + "'}").ok();
    }

    @Test
    void authenticateStartsASession() {
        create("a@example.com");
        Client.Answer in = client.post("/v1/passwords/authenticate", "{'email':'A@Example.com','password':'" + PASSWORD
                + "','session_duration_minutes':60}").ok();
        assertThat(in.text("session.user_id")).isEqualTo(in.text("user_id"));
    }

    @Test
    void authenticateWithoutADurationStartsNone() {
        create("a@example.com");
        Client.Answer in = client.post("/v1/passwords/authenticate", "{'email':'a@example.com','password':'" + PASSWORD + "'}").ok();
        assertThat(in.text("session_token")).isEmpty();
    }

    @Test
    void aWrongPasswordIsRefused() {
        create("a@example.com");
        client.post("/v1/passwords/authenticate", "{'email':'a@example.com','password':'wrong'}").refused(401, "unauthorized_credentials");
    }
}
