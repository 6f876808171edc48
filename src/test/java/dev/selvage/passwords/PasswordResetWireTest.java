package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.Subject;
import dev.selvage.sessions.UserSession;
import dev.selvage.support.Client;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Changing a password by the one before and by a session, and what that does to sessions.
class PasswordResetWireTest extends PasswordTest {

    private Client.Answer byPassword(String existing, String password, Object... more) {
        return client.post(
                "/v1/passwords/existing_password/reset",
                with(Map.of("email", EMAIL, "existing_password", existing, "new_password", password), more));
    }

    private Client.Answer bySession(Client.Answer holder, String password, Object... more) {
        return client.post(
                "/v1/passwords/session/reset",
                with(Map.of("session_token", holder.text("session_token"), "password", password), more));
    }

    /// The token of a session of this user that rests on a given factor.
    private Client.Answer sessionBy(String userId, Factor factor) {
        var user = app.app().users().get(client.project(), userId);
        Session session = app.app()
                .sessions()
                .start(
                        client.project(),
                        new Subject.User(user.id()),
                        List.of(factor),
                        60,
                        Attributes.NONE,
                        Json.object());
        String token = app.app()
                .sessions()
                .issue(client.project(), new UserSession(session, user))
                .token();
        return client.post("/v1/sessions/authenticate", Map.of("session_token", token))
                .ok();
    }

    @Test
    void resetByPasswordReplacesItAndKeepsItsId() {
        Client.Answer made = create(EMAIL, PASSWORD).ok();
        Client.Answer reset = byPassword(PASSWORD, NEW_PASSWORD).ok();
        assertThat(reset.at("user.password")).isEqualTo(made.at("user.password"));
        assertThat(reset.text("session_token")).isEmpty();
        authenticate(EMAIL, PASSWORD).refused(401, "unauthorized_credentials");
        authenticate(EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void resetByPasswordEndsEverySession() {
        Client.Answer first = createWithSession();
        Client.Answer second = signIn();
        byPassword(PASSWORD, NEW_PASSWORD).ok();
        session(first).refused(404, "session_not_found");
        session(second).refused(404, "session_not_found");
        assertThat(client.get("/v1/sessions?user_id=" + first.text("user_id"))
                        .ok()
                        .at("sessions"))
                .isEmpty();
    }

    @Test
    void resetByPasswordEndsTheNamedSessionAsWellAndStartsANewOneWhenAsked() {
        Client.Answer first = createWithSession();
        Client.Answer reset = byPassword(
                        PASSWORD,
                        NEW_PASSWORD,
                        "session_token",
                        first.text("session_token"),
                        "session_duration_minutes",
                        30)
                .ok();
        assertThat(reset.text("session.session_id")).isNotEqualTo(first.text("session.session_id"));
        session(first).refused(404, "session_not_found");
        session(reset).ok();
    }

    @Test
    void resetByPasswordLeavesOtherUsersAlone() {
        Client.Answer other = client.post(
                        "/v1/passwords",
                        Map.of("email", "lee@example.com", "password", PASSWORD, "session_duration_minutes", 60))
                .ok();
        createWithSession();
        byPassword(PASSWORD, NEW_PASSWORD).ok();
        session(other).ok();
        authenticate("lee@example.com", PASSWORD).ok();
    }

    @Test
    void resetByAWrongPasswordIsRefusedCountedAndChangesNothing() {
        Client.Answer made = createWithSession();
        IntStream.range(0, 10)
                .forEach(attempt -> byPassword("wrong", NEW_PASSWORD).refused(400, "password_does_not_match"));
        byPassword(PASSWORD, NEW_PASSWORD).refused(429, "user_lock_limit_reached");
        session(made).ok();
        app.clock().advance(Duration.ofMinutes(60));
        authenticate(EMAIL, PASSWORD).ok();
    }

    @Test
    void resetByPasswordRefusesWhatCannotBe() {
        byPassword(PASSWORD, NEW_PASSWORD).refused(404, "email_not_found");
        client.post("/v1/users", Map.of("email", EMAIL)).ok();
        byPassword(PASSWORD, NEW_PASSWORD).refused(400, "no_user_password");
    }

    @Test
    void resetByPasswordRefusesABadNewPasswordOrSession() {
        Client.Answer made = createWithSession();
        byPassword(PASSWORD, "password1").refused(400, "weak_password");
        byPassword(PASSWORD, "").refused(400, "bad_request");
        byPassword("", NEW_PASSWORD).refused(400, "bad_request");
        byPassword(PASSWORD, NEW_PASSWORD, "session_token", "a".repeat(44)).refused(404, "session_not_found");
        byPassword(PASSWORD, NEW_PASSWORD, "session_duration_minutes", 1)
                .refused(400, "invalid_session_duration_minutes");
        session(made).ok();
        authenticate(EMAIL, PASSWORD).ok();
    }

    @Test
    void aPasswordThatMustBeResetCannotBeResetByItself() {
        Client.Answer made = create(EMAIL, PASSWORD).ok();
        app.app().subjects().requireReset(client.projectId(), made.text("user_id"));
        byPassword(PASSWORD, NEW_PASSWORD).refused(400, "reset_password");
    }

    @Test
    void ofManyResetsByPasswordAtOnceOneWins() throws Exception {
        createWithSession();
        List<Client.Answer> answers = atOnce(
                        6, number -> byPassword(PASSWORD, NEW_PASSWORD + number, "session_duration_minutes", 60))
                .toList();
        List<Client.Answer> won =
                answers.stream().filter(answer -> answer.status() == 200).toList();
        assertThat(won).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(answer -> answer.refused(400, "password_does_not_match"));
        int winner = answers.indexOf(won.getFirst());
        authenticate(EMAIL, NEW_PASSWORD + winner).ok();
        session(won.getFirst()).ok();
    }

    @Test
    void noSessionByTheOldPasswordOutlivesItsReset() throws Exception {
        create(EMAIL, PASSWORD).ok();
        List<Client.Answer> answers = atOnce(
                        9,
                        number -> number == 4
                                ? byPassword(PASSWORD, NEW_PASSWORD)
                                : client.post(
                                        "/v1/passwords/authenticate",
                                        Map.of("email", EMAIL, "password", PASSWORD, "session_duration_minutes", 60)))
                .toList();
        answers.get(4).ok();
        assertThat(client.get("/v1/sessions?user_id=" + answers.get(4).text("user_id"))
                        .ok()
                        .at("sessions"))
                .isEmpty();
    }

    @Test
    void resetBySessionReplacesThePasswordAndEndsTheOthers() {
        Client.Answer first = createWithSession();
        Client.Answer other = signIn();
        Client.Answer reset = bySession(first, NEW_PASSWORD).ok();
        assertThat(reset.text("session.session_id")).isEqualTo(first.text("session.session_id"));
        assertThat(reset.text("session.expires_at")).isEqualTo(first.text("session.expires_at"));
        assertThat(reset.at("user.password")).isEqualTo(first.at("user.password"));
        session(first).ok();
        session(other).refused(404, "session_not_found");
        authenticate(EMAIL, PASSWORD).refused(401, "unauthorized_credentials");
        authenticate(EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void resetBySessionTakesAJwtAndExtendsWhenAsked() {
        Client.Answer first = createWithSession();
        Client.Answer reset = client.post(
                        "/v1/passwords/session/reset",
                        Map.of(
                                "session_jwt",
                                first.text("session_jwt"),
                                "password",
                                NEW_PASSWORD,
                                "session_duration_minutes",
                                600,
                                "session_custom_claims",
                                Map.of("changed", true)))
                .ok();
        assertThat(reset.text("session.expires_at")).isGreaterThan(first.text("session.expires_at"));
        assertThat(reset.at("session.custom_claims.changed").booleanValue()).isTrue();
    }

    @Test
    void resetBySessionSetsAFirstPasswordAndClearsARequiredReset() {
        Client.Answer user = client.post("/v1/users", Map.of("email", EMAIL)).ok();
        Client.Answer link = sessionBy(
                user.text("user_id"),
                Factor.emailMagicLink(user.text("email_id"), EMAIL, app.clock().millis()));
        Client.Answer reset = bySession(link, PASSWORD).ok();
        assertThat(reset.text("user.password.password_id")).startsWith("password-test-");
        assertThat(reset.at("session.authentication_factors")).hasSize(2);
        app.app().subjects().requireReset(client.projectId(), user.text("user_id"));
        bySession(link, NEW_PASSWORD).ok();
        authenticate(EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void resetBySessionNeedsAFactorOfTheLastFiveMinutes() {
        Client.Answer made = createWithSession();
        app.clock().advance(Duration.ofMinutes(5));
        bySession(made, NEW_PASSWORD).ok();
        app.clock().advance(Duration.ofMillis(5 * 60_000 + 1));
        bySession(made, PASSWORD).refused(400, "session_too_old_to_reset_password");
        authenticate(EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void resetBySessionNeedsAFactorThatProvesTheEmailOrThePassword() {
        String userId = client.post("/v1/users", Map.of("email", EMAIL)).ok().text("user_id");
        long now = app.clock().millis();
        for (Factor factor : List.of(
                Factor.embeddableMagicLink("embedded", now),
                Factor.imported(now),
                Factor.trustedAuthToken("token", now))) {
            bySession(sessionBy(userId, factor), NEW_PASSWORD).refused(400, "session_too_old_to_reset_password");
        }
    }

    @Test
    void resetBySessionRefusesBadArguments() {
        Client.Answer made = createWithSession();
        client.post("/v1/passwords/session/reset", Map.of("password", NEW_PASSWORD))
                .refused(400, "no_session_arguments");
        client.post(
                        "/v1/passwords/session/reset",
                        Map.of("password", NEW_PASSWORD, "session_token", "x", "session_jwt", "y"))
                .refused(400, "too_many_session_arguments");
        client.post("/v1/passwords/session/reset", Map.of("password", NEW_PASSWORD, "session_token", "a".repeat(44)))
                .refused(404, "session_not_found");
        bySession(made, "").refused(400, "bad_request");
        bySession(made, "password1").refused(400, "weak_password");
        client.post("/v1/sessions/revoke", Map.of("session_token", made.text("session_token")))
                .ok();
        bySession(made, NEW_PASSWORD).refused(404, "session_not_found");
        authenticate(EMAIL, PASSWORD).ok();
    }

    @Test
    void ofTwoSessionsThatResetAtOnceOneSurvives() throws Exception {
        List<Client.Answer> holders = List.of(createWithSession(), signIn(), signIn());
        List<Client.Answer> answers = atOnce(3, number -> bySession(holders.get(number), NEW_PASSWORD + number))
                .toList();
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .allSatisfy(answer -> answer.refused(404, "session_not_found"));
        for (int number = 0; number < 3; number++) {
            boolean won = answers.get(number).status() == 200;
            assertThat(authenticate(EMAIL, NEW_PASSWORD + number).status()).isEqualTo(won ? 200 : 401);
            assertThat(session(holders.get(number)).status()).isEqualTo(won ? 200 : 404);
        }
    }

    @Test
    void theSandboxUserResetsWhateverThePassword() {
        client.post(
                        "/v1/passwords/existing_password/reset",
                        Map.of("email", SandboxSession.EMAIL, "existing_password", "x", "new_password", "y"))
                .ok();
        client.post("/v1/passwords/session/reset", Map.of("session_token", SandboxSession.TOKEN, "password", "x"))
                .ok();
    }
}
