package dev.selvage.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.Subject;
import dev.selvage.sessions.UserSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserFactorsWireTest extends UserWireTest {

    private static final String UUID = "16d9ba61-97a1-4ba4-9720-b03761dc50c6";

    @ParameterizedTest
    @CsvSource({
        "emails, email, invalid_email_id, email_not_found",
        "phone_numbers, phone-number, invalid_method_id, phone_number_not_found",
        "totps, totp, invalid_totp_id, totp_not_found",
        "webauthn_registrations, webauthn-registration, invalid_webauthn_registration_id, webauthn_registration_not_found",
        "biometric_registrations, biometric-registration, invalid_biometric_registration_id, biometric_registration_not_found",
        "crypto_wallets, crypto-wallet, invalid_crypto_wallet_id, crypto_wallet_not_found",
        "oauth, oauth-user, invalid_oauth_user_registration_id, oauth_user_registration_not_found",
        "passwords, password, invalid_password_id, password_not_found"
    })
    void anIdOfAFactorIsCheckedAndLookedUp(String segment, String prefix, String malformed, String unknown) {
        client.delete("/v1/users/" + segment + "/" + prefix + "-test-" + UUID).refused(404, unknown);
        client.delete("/v1/users/" + segment + "/" + prefix + "-test-1").refused(400, malformed);
        client.delete("/v1/users/" + segment + "/session-test-" + UUID).refused(400, malformed);
        client.delete("/v1/users/" + segment + "/" + prefix + "-live-" + UUID)
                .refused(400, "live_id_used_in_test_environment");
    }

    @ParameterizedTest
    @CsvSource({
        "totps, TOTP, totps",
        "webauthn_registrations, WEBAUTHN, webauthn_registrations",
        "biometric_registrations, BIOMETRIC, biometric_registrations",
        "crypto_wallets, CRYPTO_WALLET, crypto_wallets",
        "oauth, OAUTH, providers",
        "phone_numbers, PHONE, phone_numbers"
    })
    void aFactorBesideAnEmailCanBeDeletedOnce(String segment, FactorKind kind, String member) {
        String userId = user("{'email':'a@example.com'}");
        String kept = factor(userId, kind, "one", true);
        String id = factor(userId, kind, "two", true);
        var answer = client.delete("/v1/users/" + segment + "/" + id).ok();
        assertThat(answer.text("user_id")).isEqualTo(userId);
        assertThat(answer.at("user." + member)).hasSize(1);
        assertThat(answer.at("user." + member).toString()).contains(kept).doesNotContain(id);
        var now = Json.object(Json.write(get(userId).body()));
        now.remove(List.of("status_code", "request_id"));
        assertThat(answer.at("user")).isEqualTo(now);
        client.delete("/v1/users/" + segment + "/" + id)
                .refused(404, kind.unknown().wireValue());
    }

    /// Those of one millisecond by their ids. The clock stands, and ids are random: made often enough, some
    /// come the other way round.
    @Test
    void factorsStandInTheOrderInWhichTheyWereAdded() {
        String first = user("{'email':'first@example.com'}");
        List<String> ids = Stream.generate(() -> factor(first, FactorKind.WEBAUTHN, UUID + Math.random(), true))
                .limit(8)
                .toList();
        app.clock().advance(Duration.ofSeconds(1));
        String last = factor(first, FactorKind.WEBAUTHN, "last", true);
        List<String> shown = get(first)
                .at("webauthn_registrations")
                .valueStream()
                .map(each -> each.path("webauthn_registration_id").stringValue())
                .toList();
        assertThat(shown)
                .isEqualTo(Stream.concat(ids.stream().sorted(), Stream.of(last)).toList());
    }

    @Test
    void aPasswordCanBeDeletedOnce() {
        String userId = user("{'email':'a@example.com'}");
        String id = password(userId);
        var answer = client.delete("/v1/users/passwords/" + id).ok();
        assertThat(answer.text("user.user_id")).isEqualTo(userId);
        assertThat(answer.at("user.password").isNull()).isTrue();
        assertThat(get(userId).at("password").isNull()).isTrue();
        client.delete("/v1/users/passwords/" + id).refused(404, "password_not_found");
    }

    @Test
    void theLastEmailPhoneOrOAuthRegistrationStays() {
        var made = client.post("/v1/users", "{'email':'a@example.com','phone_number':'+14155550123'}")
                .ok();
        String userId = made.text("user_id");
        String google = factor(userId, FactorKind.OAUTH, "google:1", true);
        factor(userId, FactorKind.TOTP, "t", true);
        password(userId);
        client.delete("/v1/users/emails/" + made.text("email_id")).ok();
        client.delete("/v1/users/phone_numbers/" + made.text("phone_id")).ok();
        client.delete("/v1/users/oauth/" + google).refused(400, "cannot_delete_last_primary_factor");
        assertThat(get(userId).at("providers")).hasSize(1);
        String other = user("{'phone_number':'+14155550123'}");
        client.delete("/v1/users/phone_numbers/" + get(other).text("phone_numbers.0.phone_id"))
                .refused(400, "cannot_delete_last_primary_factor");
    }

    @Test
    void aFactorThatMayGoByItselfDoesNotStandInForTheLast() {
        var made = client.post("/v1/users", "{'email':'a@example.com'}").ok();
        long soon = app.clock().millis() + 5 * Times.MINUTE_MILLIS;
        String added = factor(made.text("user_id"), FactorKind.PHONE, "+14155550123", false, "{}", soon);
        client.delete("/v1/users/emails/" + made.text("email_id")).refused(400, "cannot_delete_last_primary_factor");
        assertThat(client.delete("/v1/users/phone_numbers/" + added).ok().at("user.phone_numbers"))
                .isEmpty();
    }

    @Test
    void aFactorThatHasRunOutIsNotFound() {
        String userId = user("{'email':'a@example.com'}");
        String added = factor(
                userId,
                FactorKind.PHONE,
                "+14155550123",
                false,
                "{}",
                app.clock().millis());
        assertThat(get(userId).at("phone_numbers")).isEmpty();
        client.delete("/v1/users/phone_numbers/" + added).refused(404, "phone_number_not_found");
    }

    @Test
    void aDeletedFactorIsFreeForOthersAndSessionsStay() {
        var made = client.post("/v1/users", "{'email':'a@example.com','phone_number':'+14155550123'}")
                .ok();
        String token = session(made.text("user_id"));
        client.delete("/v1/users/emails/" + made.text("email_id")).ok();
        user("{'email':'a@example.com'}");
        client.post("/v1/sessions/authenticate", Map.of("session_token", token)).ok();
    }

    @Test
    void otherProjectsFactorsAreNotFound() {
        String userId = user("{'email':'a@example.com'}");
        String totp = factor(userId, FactorKind.TOTP, "t", true);
        String password = password(userId);
        var other = app.consumer();
        other.delete("/v1/users/totps/" + totp).refused(404, "totp_not_found");
        other.delete("/v1/users/passwords/" + password).refused(404, "password_not_found");
        assertThat(get(userId).at("totps")).hasSize(1);
    }

    @Test
    void thePrimaryFactorIsExchangedForOneOfEitherKind() {
        var made = client.post("/v1/users", "{'email':'a@example.com'}").ok();
        String userId = made.text("user_id");
        String token = session(userId);
        app.app().users().proven(client.project(), userId, made.text("email_id"));
        var email = exchange(userId, "{'email_address':'B@example.com'}").ok();
        assertThat(email.text("user.emails.0.email")).isEqualTo("b@example.com");
        assertThat(email.at("user.emails.0.verified").booleanValue())
                .as("the new one is not verified")
                .isFalse();
        assertThat(email.text("user.emails.0.email_id")).isNotEqualTo(made.text("email_id"));
        var phone = exchange(userId, "{'phone_number':'+14155550123','email_address':''}")
                .ok();
        assertThat(phone.at("user.emails")).isEmpty();
        assertThat(phone.text("user.phone_numbers.0.phone_number")).isEqualTo("+14155550123");
        assertThat(exchange(userId, "{'email_address':'a@example.com'}").ok().at("user"))
                .isEqualTo(without(get(userId).body()));
        assertThat(get(userId).at("phone_numbers")).isEmpty();
        client.post("/v1/sessions/authenticate", Map.of("session_token", token)).refused(404, "session_not_found");
    }

    @Test
    void exactlyOneNewFactorIsGiven() {
        String userId = user("{'email':'a@example.com'}");
        exchange(userId, "{}").refused(400, "invalid_exchange_primary_factor_fields");
        exchange(userId, "{'email_address':'','phone_number':null}")
                .refused(400, "invalid_exchange_primary_factor_fields");
        exchange(userId, "{'email_address':'b@example.com','phone_number':'+14155550123'}")
                .refused(400, "invalid_exchange_primary_factor_fields");
        exchange(userId, "{'email_address':'b'}").refused(400, "invalid_email");
        exchange(userId, "{'phone_number':'1'}").refused(400, "invalid_phone_number");
        exchange("user-test-" + UUID, "{'email_address':'b@example.com'}").refused(404, "user_not_found");
        exchange("user-test-1", "{'email_address':'b@example.com'}").refused(404, "user_not_found");
    }

    @Test
    void onlyAUserWithOnePrimaryFactorCanExchangeIt() {
        String two = user("{'email':'a@example.com','phone_number':'+14155550123'}");
        exchange(two, "{'email_address':'c@example.com'}").refused(400, "invalid_exchange_primary_factor_user");
        String one = user("{'email':'b@example.com'}");
        factor(one, FactorKind.TOTP, "t", true);
        password(one);
        exchange(one, "{'email_address':'c@example.com'}").ok();
        factor(one, FactorKind.OAUTH, "google:1", true);
        exchange(one, "{'email_address':'d@example.com'}").refused(400, "invalid_exchange_primary_factor_user");
        client.delete("/v1/users/emails/" + get(one).text("emails.0.email_id")).ok();
        exchange(one, "{'email_address':'d@example.com'}").refused(400, "invalid_exchange_primary_factor_user");
    }

    @Test
    void aFactorOfAnotherUserOrTheOldOneIsNoExchange() {
        user("{'email':'a@example.com','phone_number':'+14155550123'}");
        String userId = user("{'email':'b@example.com'}");
        exchange(userId, "{'email_address':'a@example.com'}").refused(400, "duplicate_email");
        exchange(userId, "{'phone_number':'+14155550123'}").refused(400, "duplicate_phone_number");
        exchange(userId, "{'email_address':'b@example.com'}").refused(400, "duplicate_email_for_user");
        assertThat(get(userId).text("emails.0.email"))
                .as("a refused exchange changes nothing")
                .isEqualTo("b@example.com");
        exchange(userId, "{'phone_number':'+14155550124'}").ok();
        exchange(userId, "{'phone_number':'+14155550124'}").refused(400, "duplicate_phone_number_for_user");
    }

    private dev.selvage.support.Client.Answer exchange(String userId, String json) {
        return client.put("/v1/users/" + userId + "/exchange_primary_factor", json);
    }

    private String session(String userId) {
        var project = client.project();
        var user = app.app().users().get(project, userId);
        var session = app.app()
                .sessions()
                .start(
                        project,
                        new Subject.User(user.id()),
                        List.of(Factor.password(app.clock().millis())),
                        60,
                        Attributes.NONE,
                        Json.object());
        return app.app()
                .sessions()
                .issue(project, new UserSession(session, user))
                .token();
    }

    private static tools.jackson.databind.JsonNode without(tools.jackson.databind.JsonNode body) {
        var user = Json.object(Json.write(body));
        user.remove(List.of("status_code", "request_id"));
        return user;
    }
}
