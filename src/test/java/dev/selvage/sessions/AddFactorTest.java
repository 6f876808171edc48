package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.error.SessionErrors;
import dev.selvage.signin.Proof;
import dev.selvage.signin.UserSignIn;
import dev.selvage.signin.UserSignInRequest;
import dev.selvage.signin.UserSignedIn;
import dev.selvage.support.Client;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Sign-ins with a session in the request: `semantics.md` 3.1, 3.2, 9, `open-questions.md` 5, 12, 19, 25, 26.
class AddFactorTest extends SessionTest {

    private static final String PASSWORD = "correct horse battery staple";
    private static final String EMAIL_ID = "email-test-81bf03a8-86e1-4d95-bd44-bb3495224953";
    private static final String OTHER_EMAIL_ID = "email-test-91bf03a8-86e1-4d95-bd44-bb3495224953";
    private static final AtomicInteger EMAILS = new AtomicInteger();

    private String email;
    private UserSignIn login;

    @BeforeEach
    void givePassword() {
        email = "p" + EMAILS.incrementAndGet() + "@example.com";
        userId = client.post("/v1/passwords", "{'email':'" + email + "','password':'" + PASSWORD + "'}")
                .ok()
                .text("user_id");
        login = new UserSignIn(
                app.app().subjects(),
                app.app().users(),
                app.app().sessions(),
                app.app().database());
    }

    @Test
    void withoutADurationAndASessionNoneIsMade() {
        Client.Answer answer = signIn("").ok();
        assertThat(answer.text("session_token")).isEmpty();
        assertThat(answer.text("session_jwt")).isEmpty();
        assertThat(answer.at("session").isNull()).isTrue();
        assertThat(list().at("sessions")).isEmpty();
    }

    @Test
    void claimsWithoutASessionAreDropped() {
        signIn("'session_custom_claims':{'a':1}").ok();
        signIn("'session_custom_claims':{'https://stytch.com/a':1}").refused(400, "stytch_claims_in_custom_claims");
        assertThat(list().at("sessions")).isEmpty();
    }

    @Test
    void aDurationMakesASession() {
        Client.Answer answer = signIn("'session_duration_minutes':60,'session_custom_claims':{'a':1}")
                .ok();
        assertThat(answer.text("session.expires_at")).isEqualTo(inSeconds(3600));
        assertThat(answer.at("session.custom_claims.a").asInt(0)).isEqualTo(1);
        assertThat(answer.text("session.authentication_factors.0.type")).isEqualTo("password");
        assertThat(answer.text("session.authentication_factors.0.delivery_method"))
                .isEqualTo("knowledge");
        JwtProof.verify(client, app.clock(), answer.text("session_jwt"));
    }

    @Test
    void theFactorIsAddedToTheSessionOfTheRequestAndNoSecondOneIsMade() {
        Sessions.Issued<UserSession> issued = start(
                userId,
                60,
                Attributes.NONE,
                "{'a':1}",
                Factor.emailMagicLink(EMAIL_ID, "a@example.com", app.clock().millis()));
        advance(Duration.ofMinutes(1));
        Client.Answer answer = signIn("'session_token':'" + issued.token() + "','session_custom_claims':{'b':2}")
                .ok();
        assertThat(answer.text("session.session_id")).isEqualTo(issued.session().id());
        assertThat(answer.text("session_token")).isEqualTo(issued.token());
        assertThat(answer.at("session.authentication_factors")).hasSize(2);
        assertThat(answer.text("session.authentication_factors.0.type"))
                .as("in the order of first proof")
                .isEqualTo("magic_link");
        assertThat(answer.text("session.authentication_factors.1.type")).isEqualTo("password");
        assertThat(answer.text("session.authentication_factors.1.created_at")).isEqualTo(inSeconds(0));
        assertThat(answer.at("session.custom_claims").toString()).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(answer.text("session.expires_at"))
                .as("without a duration it stays")
                .isEqualTo(inSeconds(59 * 60));
        assertThat(answer.text("session.last_accessed_at")).isEqualTo(inSeconds(0));
        assertThat(list().at("sessions")).hasSize(1);
    }

    @Test
    void theSessionMayBeNamedByJwtAndWithADurationIsExtended() {
        Sessions.Issued<UserSession> issued = start(10);
        advance(Duration.ofMinutes(6));
        Client.Answer answer = signIn("'session_jwt':'" + issued.jwt() + "','session_duration_minutes':120")
                .ok();
        assertThat(answer.text("session.session_id")).isEqualTo(issued.session().id());
        assertThat(answer.text("session.expires_at")).isEqualTo(inSeconds(7200));
    }

    @Test
    void theSameFactorAgainMovesItsTimesAndKeepsItsBeginning() {
        String token = signIn("'session_duration_minutes':60").ok().text("session_token");
        advance(Duration.ofSeconds(30));
        Client.Answer answer = signIn("'session_token':'" + token + "'").ok();
        assertThat(answer.at("session.authentication_factors")).hasSize(1);
        assertThat(answer.text("session.authentication_factors.0.created_at")).isEqualTo(inSeconds(-30));
        assertThat(answer.text("session.authentication_factors.0.last_authenticated_at"))
                .isEqualTo(inSeconds(0));
        assertThat(answer.text("session.authentication_factors.0.updated_at")).isEqualTo(inSeconds(0));
    }

    @Test
    void twoEmailAddressesAreTwoFactorsAndOneTwiceIsOne() {
        Sessions.Issued<UserSession> issued = start(
                userId,
                60,
                Attributes.NONE,
                "{}",
                Factor.emailMagicLink(EMAIL_ID, "a@example.com", app.clock().millis()));
        advance(Duration.ofSeconds(1));
        long now = app.clock().millis();
        signIn(
                issued.token(),
                null,
                () -> Proof.of(userId, Factor.emailMagicLink(OTHER_EMAIL_ID, "b@example.com", now)));
        UserSignedIn answer = signIn(
                issued.token(), null, () -> Proof.of(userId, Factor.emailMagicLink(EMAIL_ID, "a@example.com", now)));
        List<Factor> factors = answer.issued().orElseThrow().session().factors();
        assertThat(factors).hasSize(2);
        assertThat(factors.getFirst().detail().toString()).contains(EMAIL_ID);
        assertThat(factors.getFirst().createdAt()).isEqualTo(now - 1_000);
        assertThat(factors.getFirst().lastAuthenticatedAt()).isEqualTo(now);
    }

    @Test
    void aSessionOfAnotherUserIsIgnored() {
        Sessions.Issued<UserSession> others = start(
                newUser(""),
                60,
                Attributes.NONE,
                "{}",
                Factor.embeddableMagicLink("x", app.clock().millis()));
        Client.Answer without =
                signIn("'session_token':'" + others.token() + "'").ok();
        assertThat(without.at("session").isNull()).isTrue();
        Client.Answer with = signIn("'session_token':'" + others.token() + "','session_duration_minutes':60")
                .ok();
        assertThat(with.text("session.session_id"))
                .isNotEqualTo(others.session().id());
        assertThat(with.text("session.user_id")).isEqualTo(userId);
        assertThat(authenticate(others).ok().at("session.authentication_factors"))
                .hasSize(1);
    }

    @Test
    void theSandboxSessionIsAnotherUsersToo() {
        Client.Answer answer = signIn("'session_token':'" + SandboxSession.TOKEN + "','session_duration_minutes':60")
                .ok();
        assertThat(answer.text("session.user_id")).isEqualTo(userId);
    }

    @Test
    void anUnknownOrEndedSessionIsNotFoundAndNothingIsProven() {
        Sessions.Issued<UserSession> ended = start(60);
        revoke("'session_token':'" + ended.token() + "'").ok();
        signIn("'session_token':'" + ended.token() + "','session_duration_minutes':60")
                .refused(404, "session_not_found");
        signIn("'session_token':'" + "a".repeat(44) + "'").refused(404, "session_not_found");
        AtomicInteger proofs = new AtomicInteger();
        assertRefused(
                SessionErrors.SESSION_NOT_FOUND,
                () -> signIn(ended.token(), null, () -> {
                    proofs.incrementAndGet();
                    return Proof.of(userId, Factor.password(app.clock().millis()));
                }));
        assertThat(proofs).hasValue(0);
        assertThat(list().at("sessions")).isEmpty();
    }

    @Test
    void aSessionThatEndsWhileTheProofIsCheckedTakesTheProofBack() {
        Sessions.Issued<UserSession> issued = start(60);
        assertRefused(
                SessionErrors.SESSION_NOT_FOUND,
                () -> signIn(issued.token(), 60, () -> {
                    app.app()
                            .sessions()
                            .revoke(
                                    client.project(),
                                    new SessionArgument.Id(issued.session().id()));
                    app.app()
                            .database()
                            .write("UPDATE users SET first_name = 'used' WHERE user_id = :u")
                            .bind("u", userId)
                            .update();
                    return Proof.of(userId, Factor.password(app.clock().millis()));
                }));
        assertThat(app.app().users().get(client.project(), userId).name().firstName())
                .isEmpty();
        // The end was a part of the same transaction here, so it is taken back as well.
        authenticate(issued).ok();
    }

    @Test
    void twoSessionArgumentsAreTooManyAndAMalformedOneIsInvalid() {
        Sessions.Issued<UserSession> issued = start(60);
        signIn("'session_token':'" + issued.token() + "','session_jwt':'" + issued.jwt() + "'")
                .refused(400, "too_many_session_arguments");
        signIn("'session_token':'x'").refused(400, "invalid_session_token");
        signIn("'session_jwt':'x'").refused(400, "unable_to_parse_session_jwt");
    }

    @Test
    void aDurationOutOfBoundsIsRefused() {
        signIn("'session_duration_minutes':4").refused(400, "invalid_session_duration_minutes");
        signIn("'session_duration_minutes':527041").refused(400, "invalid_session_duration_minutes");
    }

    @Test
    void aWrongPasswordAddsNothing() {
        Sessions.Issued<UserSession> issued = start(
                userId,
                60,
                Attributes.NONE,
                "{}",
                Factor.emailMagicLink(EMAIL_ID, "a@example.com", app.clock().millis()));
        client.post(
                        "/v1/passwords/authenticate",
                        "{'email':'" + email + "','password':'wrong','session_token':'" + issued.token() + "'}")
                .refused(401, "unauthorized_credentials");
        assertThat(authenticate(issued).ok().at("session.authentication_factors"))
                .hasSize(1);
    }

    @Test
    void factorsOfEveryKindFitTheContract() {
        long now = app.clock().millis();
        start(
                userId,
                60,
                Attributes.NONE,
                "{}",
                Factor.emailMagicLink(EMAIL_ID, "a@example.com", now),
                Factor.embeddableMagicLink("e-1", now),
                Factor.password(now),
                Factor.imported(now),
                Factor.trustedAuthToken("t-1", now));
        // The client checks each answer against the contract's schema.
        Client.Answer answer = list();
        assertThat(answer.text("sessions.0.authentication_factors.1.embeddable_magic_link_factor.embedded_id"))
                .isEqualTo("e-1");
        assertThat(answer.at("sessions.0.authentication_factors.2").propertyNames())
                .containsExactlyInAnyOrder(
                        "type", "delivery_method", "created_at", "last_authenticated_at", "updated_at");
    }

    private Client.Answer signIn(String members) {
        return client.post(
                "/v1/passwords/authenticate",
                "{'email':'" + email + "','password':'" + PASSWORD + "'" + (members.isEmpty() ? "" : "," + members)
                        + "}");
    }

    private UserSignedIn signIn(String token, Integer minutes, Supplier<Proof<Factor>> prove) {
        UserSignInRequest request = UserSignInRequest.resolve(
                client.project(),
                app.app().sessions(),
                SessionArgument.of(token, null),
                minutes,
                null,
                Attributes.NONE);
        return login.signIn(client.project(), request, prove).outcome();
    }

    private static void assertRefused(ErrorType type, Runnable call) {
        assertThatExceptionOfType(ApiError.class).isThrownBy(call::run).satisfies(refused -> assertThat(refused.type())
                .isEqualTo(type));
    }
}
