package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Environment;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Client;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Creating a password and signing in by it.
class PasswordsWireTest extends PasswordTest {

    @Test
    void createMakesAnActiveUserWithAnUnverifiedEmailAndAPassword() {
        Client.Answer made = create(EMAIL, PASSWORD).ok();
        assertThat(made.text("user.status")).isEqualTo("active");
        assertThat(made.text("user.emails.0.email_id")).isEqualTo(made.text("email_id"));
        assertThat(made.at("user.emails.0.verified").booleanValue()).isFalse();
        assertThat(made.text("user.password.password_id")).startsWith("password-test-");
        assertThat(made.at("user.password.requires_reset").booleanValue()).isFalse();
        assertThat(made.text("session_token")).isEmpty();
        assertThat(made.text("session_jwt")).isEmpty();
        assertThat(made.at("session").isNull()).isTrue();
        assertThat(client.get("/v1/users/" + made.text("user_id")).ok().at("password"))
                .isEqualTo(made.at("user.password"));
    }

    @Test
    void createTakesNameAndMetadata() {
        Client.Answer made = client.post(
                        "/v1/passwords",
                        Map.of(
                                "email",
                                EMAIL,
                                "password",
                                PASSWORD,
                                "name",
                                Map.of("first_name", "Kim"),
                                "trusted_metadata",
                                Map.of("plan", "free"),
                                "untrusted_metadata",
                                Map.of("theme", "dark")))
                .ok();
        assertThat(made.text("user.name.first_name")).isEqualTo("Kim");
        assertThat(made.text("user.trusted_metadata.plan")).isEqualTo("free");
        assertThat(made.text("user.untrusted_metadata.theme")).isEqualTo("dark");
    }

    @Test
    void createWithADurationStartsASessionWithAPasswordFactor() {
        Client.Answer made = client.post(
                        "/v1/passwords",
                        Map.of(
                                "email",
                                EMAIL,
                                "password",
                                PASSWORD,
                                "session_duration_minutes",
                                60,
                                "session_custom_claims",
                                Map.of("plan", "free")))
                .ok();
        assertThat(made.at("session.authentication_factors")).hasSize(1);
        assertThat(made.text("session.authentication_factors.0.type")).isEqualTo("password");
        assertThat(made.text("session.authentication_factors.0.delivery_method"))
                .isEqualTo("knowledge");
        assertThat(made.text("session.custom_claims.plan")).isEqualTo("free");
        client.post("/v1/sessions/authenticate", Map.of("session_token", made.text("session_token")))
                .ok();
    }

    @Test
    void createForAnEmailThatIsTakenIsRefusedAlsoWithoutAPassword() {
        create(EMAIL, PASSWORD).ok();
        create(EMAIL.toUpperCase(java.util.Locale.ROOT), PASSWORD).refused(400, "duplicate_email");
        client.post("/v1/users", Map.of("email", "lee@example.com")).ok();
        create("lee@example.com", PASSWORD).refused(400, "duplicate_email");
    }

    @Test
    void oneOfManyCreatesAtOnceWins() throws Exception {
        assertThat(atOnce(8, number -> create(EMAIL, PASSWORD)).filter(answer -> answer.status() == 200))
                .hasSize(1);
    }

    @Test
    void createRefusesAWeakPassword() {
        create(EMAIL, "password1").refused(400, "weak_password");
        create("balthasarquist@example.com", "balthasarquist").refused(400, "weak_password");
        client.post(
                        "/v1/passwords",
                        Map.of(
                                "email",
                                EMAIL,
                                "password",
                                "balthasarquist",
                                "name",
                                Map.of("first_name", "Balthasar", "last_name", "Quist")))
                .refused(400, "weak_password");
    }

    @Test
    void createFollowsTheProjectsLuds() {
        app.setting(
                client,
                "passwords",
                Map.of("strength_policy", "LUDS", "luds_minimum_length", 6, "luds_minimum_complexity", 4));
        create(EMAIL, "correct horse battery staple").refused(400, "weak_password");
        create(EMAIL, "aA1+aA").ok();
    }

    @Test
    void createRefusesWhatIsMissingOrMalformed() {
        client.post("/v1/passwords", "{'password':'" + PASSWORD + "'}").refused(400, "bad_request");
        client.post("/v1/passwords", "{'email':'" + EMAIL + "'}").refused(400, "bad_request");
        create("no address", PASSWORD).refused(400, "invalid_email");
        create(EMAIL, "a".repeat(257)).refused(400, "bad_request");
        client.post("/v1/passwords", "{'email':'" + EMAIL + "','password':'half a pair \\ud83d of staples'}")
                .refused(400, "bad_request");
        client.post("/v1/passwords", Map.of("email", EMAIL, "password", PASSWORD, "session_duration_minutes", 4))
                .refused(400, "invalid_session_duration_minutes");
        client.get("/v1/passwords").refused(405, "method_not_allowed");
        assertThat(create(EMAIL, PASSWORD).status())
                .as("nothing was made before")
                .isEqualTo(200);
    }

    @Test
    void authenticateStartsASession() {
        create(EMAIL, PASSWORD).ok();
        Client.Answer in = client.post(
                        "/v1/passwords/authenticate",
                        Map.of("email", "Kim@Example.com", "password", PASSWORD, "session_duration_minutes", 60))
                .ok();
        assertThat(in.text("session.user_id")).isEqualTo(in.text("user_id"));
        assertThat(in.text("user.user_id")).isEqualTo(in.text("user_id"));
        assertThat(in.text("session.authentication_factors.0.type")).isEqualTo("password");
    }

    @Test
    void authenticateWithoutADurationStartsNone() {
        create(EMAIL, PASSWORD).ok();
        assertThat(authenticate(EMAIL, PASSWORD).ok().text("session_token")).isEmpty();
    }

    @Test
    void authenticateContinuesTheNamedSession() {
        Client.Answer made = createWithSession();
        app.clock().advance(Duration.ofMinutes(1));
        Client.Answer in = client.post(
                        "/v1/passwords/authenticate",
                        Map.of("email", EMAIL, "password", PASSWORD, "session_token", made.text("session_token")))
                .ok();
        assertThat(in.text("session.session_id")).isEqualTo(made.text("session.session_id"));
        assertThat(in.text("session.expires_at")).isEqualTo(made.text("session.expires_at"));
        assertThat(in.at("session.authentication_factors")).hasSize(1);
        assertThat(in.text("session.authentication_factors.0.last_authenticated_at"))
                .isGreaterThan(made.text("session.authentication_factors.0.last_authenticated_at"));
    }

    @Test
    void authenticateRefusesAnUnknownEmail() {
        authenticate("nobody@example.com", PASSWORD).refused(404, "email_not_found");
    }

    @Test
    void authenticateRefusesAUserWithoutAPassword() {
        client.post("/v1/users", Map.of("email", EMAIL)).ok();
        authenticate(EMAIL, PASSWORD).refused(400, "no_user_password");
    }

    @Test
    void authenticateRefusesAWrongPasswordAndTheOneOfAnotherUser() {
        create(EMAIL, PASSWORD).ok();
        create("lee@example.com", "another " + PASSWORD).ok();
        authenticate(EMAIL, PASSWORD + " ").refused(401, "unauthorized_credentials");
        authenticate(EMAIL, "another " + PASSWORD).refused(401, "unauthorized_credentials");
        authenticate(EMAIL, PASSWORD.toUpperCase(java.util.Locale.ROOT)).refused(401, "unauthorized_credentials");
    }

    @Test
    void authenticateRefusesBadSessionArguments() {
        create(EMAIL, PASSWORD).ok();
        client.post(
                        "/v1/passwords/authenticate",
                        Map.of("email", EMAIL, "password", PASSWORD, "session_token", "x", "session_jwt", "y"))
                .refused(400, "too_many_session_arguments");
        client.post("/v1/passwords/authenticate", Map.of("email", EMAIL, "password", PASSWORD, "session_token", "x"))
                .refused(400, "invalid_session_token");
        client.post(
                        "/v1/passwords/authenticate",
                        Map.of("email", EMAIL, "password", PASSWORD, "session_token", "a".repeat(44)))
                .refused(404, "session_not_found");
        client.post("/v1/passwords/authenticate", "{'email':'" + EMAIL + "'}").refused(400, "bad_request");
    }

    @Test
    void tenFailuresInARowLockTheUserForAnHour() {
        create(EMAIL, PASSWORD).ok();
        IntStream.range(0, 9).forEach(attempt -> authenticate(EMAIL, "wrong").refused(401, "unauthorized_credentials"));
        authenticate(EMAIL, PASSWORD).ok();
        IntStream.range(0, 10)
                .forEach(attempt -> authenticate(EMAIL, "wrong").refused(401, "unauthorized_credentials"));
        Client.Answer locked = authenticate(EMAIL, PASSWORD).refused(429, "user_lock_limit_reached");
        assertThat(Long.parseLong(
                        locked.raw().headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(3590L, 3601L);
        authenticate(EMAIL, "wrong").refused(429, "user_lock_limit_reached");
        app.clock().advance(Duration.ofMinutes(61));
        authenticate(EMAIL, PASSWORD).ok();
    }

    @Test
    void guessingInParallelGivesNoMoreGuesses() throws Exception {
        create(EMAIL, PASSWORD).ok();
        assertThat(atOnce(30, number -> authenticate(EMAIL, "wrong")).filter(answer -> answer.status() == 401))
                .hasSize(10);
        authenticate(EMAIL, PASSWORD).refused(429, "user_lock_limit_reached");
    }

    @Test
    void aPasswordMayBeAnyUnicodeInAnyNormalForm() {
        create(EMAIL, "Zwölf Boxkämpfer 🥊 jagen Viktor").ok();
        authenticate(EMAIL, "Zwo\u0308lf Boxka\u0308mpfer 🥊 jagen Viktor").ok();
        authenticate(EMAIL, "Zwolf Boxkampfer 🥊 jagen Viktor").refused(401, "unauthorized_credentials");
    }

    @Test
    void aPasswordThatMustBeResetIsRefusedUntilItIs() {
        String userId = create(EMAIL, PASSWORD).ok().text("user_id");
        StoredPasswords passwords = app.app().passwords();
        assertThat(app.app().subjects().requireReset(client.projectId(), userId))
                .isTrue();
        authenticate(EMAIL, PASSWORD).refused(400, "reset_password");
        authenticate(EMAIL, "wrong").refused(401, "unauthorized_credentials");
        assertThat(client.get("/v1/users/" + userId)
                        .ok()
                        .at("password.requires_reset")
                        .booleanValue())
                .isTrue();
        passwords.put(client.project(), userId, passwords.hash(PASSWORD));
        authenticate(EMAIL, PASSWORD).ok();
    }

    @Test
    void requiringAResetOfNoPasswordDoesNothing() {
        String userId = client.post("/v1/users", Map.of("email", EMAIL)).ok().text("user_id");
        assertThat(app.app().subjects().requireReset(client.projectId(), userId))
                .isFalse();
    }

    @Test
    void aPasswordTooWeakByNowMustBeResetIfTheProjectWantsIt() {
        create(EMAIL, PASSWORD).ok();
        app.setting(
                client,
                "passwords",
                Map.of("strength_policy", "LUDS", "luds_minimum_length", 200, "luds_minimum_complexity", 4));
        authenticate(EMAIL, PASSWORD).ok();
        app.setting(
                client,
                "passwords",
                Map.of(
                        "strength_policy",
                        "LUDS",
                        "luds_minimum_length",
                        200,
                        "luds_minimum_complexity",
                        4,
                        "check_strength_on_authenticate",
                        true));
        authenticate(EMAIL, PASSWORD).refused(400, "reset_password");
        app.setting(client, "passwords", Map.of("check_strength_on_authenticate", true));
        authenticate(EMAIL, PASSWORD).ok();
    }

    @Test
    void signingInMakesAPendingUserActive() {
        String userId = client.post("/v1/users", Map.of("email", EMAIL, "create_user_as_pending", true))
                .ok()
                .text("user_id");
        StoredPasswords passwords = app.app().passwords();
        passwords.put(client.project(), userId, passwords.hash(PASSWORD));
        assertThat(authenticate(EMAIL, PASSWORD).ok().text("user.status")).isEqualTo("active");
    }

    @Test
    void theSandboxEmailAlwaysSignsInInTestProjectsOnly() {
        for (String path : new String[] {"/v1/passwords", "/v1/passwords/authenticate"}) {
            Client.Answer in = client.post(
                            path,
                            Map.of("email", "sandbox@stytch.com", "password", "x", "session_duration_minutes", 60))
                    .ok();
            assertThat(in.text("user_id")).isEqualTo("user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd");
            assertThat(in.text("session_token")).isNotEmpty();
        }
        client = app.client(Vertical.CONSUMER, Environment.LIVE);
        authenticate("sandbox@stytch.com", "x").refused(400, "invalid_email_sandbox");
        create("sandbox@stytch.com", PASSWORD).refused(400, "invalid_email_sandbox");
    }

    @Test
    void usersOfAnotherProjectAreNotFound() {
        create(EMAIL, PASSWORD).ok();
        client = app.consumer();
        authenticate(EMAIL, PASSWORD).refused(404, "email_not_found");
        create(EMAIL, PASSWORD).ok();
    }
}
