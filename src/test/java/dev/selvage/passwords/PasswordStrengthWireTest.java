package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.Config;
import dev.selvage.support.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `strength_check`, and the list of breached passwords, on a server that has one.
class PasswordStrengthWireTest extends PasswordTest {

    private static final String BREACHED = "breached horse battery staple 7";

    @Override
    protected Config configure(Config config) {
        try {
            byte[] sha1 = DigestHash.Algorithm.SHA1.digest().digest(PasswordHash.utf8(BREACHED));
            String digest = HexFormat.of().withUpperCase().formatHex(sha1);
            Path list = Files.writeString(config.dataDirectory().resolve("breached.txt"), digest + ":3\n");
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
                    config.sms(),
                    Optional.of(list),
                    config.hashing(),
                    config.connections());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Client.Answer check(String password) {
        return client.post("/v1/passwords/strength_check", Map.of("password", password))
                .ok();
    }

    private static boolean is(Client.Answer answer, String member) {
        return answer.at(member).booleanValue();
    }

    private void breachChecks(boolean onCreate, boolean onAuthenticate) {
        app.setting(
                client,
                "passwords",
                Map.of("breach_check_on_create", onCreate, "breach_check_on_authenticate", onAuthenticate));
    }

    @Test
    void aWeakPasswordIsExplained() {
        Client.Answer weak = check("password");
        assertThat(is(weak, "valid_password")).isFalse();
        assertThat(weak.at("score").intValue()).isZero();
        assertThat(is(weak, "breached_password")).isTrue();
        assertThat(weak.text("strength_policy")).isEqualTo("zxcvbn");
        assertThat(is(weak, "breach_detection_on_create")).isTrue();
        assertThat(weak.text("feedback.warning")).isEqualTo("This is a top-10 common password.");
        assertThat(weak.at("feedback.suggestions")).isNotEmpty();
        assertThat(weak.at("feedback.luds_requirements").isNull()).isTrue();
    }

    @Test
    void aStrongPasswordIsValid() {
        Client.Answer strong = check(PASSWORD);
        assertThat(is(strong, "valid_password")).isTrue();
        assertThat(strong.at("score").intValue()).isGreaterThanOrEqualTo(3);
        assertThat(strong.text("feedback.warning")).isEmpty();
    }

    @Test
    void theEmailCountsAsKnown() {
        assertThat(is(check("balthasarquist"), "valid_password")).isTrue();
        assertThat(is(
                        client.post(
                                        "/v1/passwords/strength_check",
                                        Map.of("password", "balthasarquist", "email", "balthasarquist@example.com"))
                                .ok(),
                        "valid_password"))
                .isFalse();
    }

    @Test
    void ludsSaysWhatIsMissing() {
        app.setting(
                client,
                "passwords",
                Map.of("strength_policy", "LUDS", "luds_minimum_length", 8, "luds_minimum_complexity", 3));
        Client.Answer weak = check("ab");
        assertThat(is(weak, "valid_password")).isFalse();
        assertThat(weak.text("strength_policy")).isEqualTo("luds");
        assertThat(is(weak, "feedback.luds_requirements.has_lower_case")).isTrue();
        assertThat(is(weak, "feedback.luds_requirements.has_upper_case")).isFalse();
        assertThat(is(weak, "feedback.luds_requirements.has_digit")).isFalse();
        assertThat(is(weak, "feedback.luds_requirements.has_symbol")).isFalse();
        assertThat(weak.at("feedback.luds_requirements.missing_complexity").intValue())
                .isEqualTo(2);
        assertThat(weak.at("feedback.luds_requirements.missing_characters").intValue())
                .isEqualTo(6);
        assertThat(is(check("Quorum7t"), "valid_password")).isTrue();
    }

    @Test
    void badArgumentsAreRefused() {
        client.post("/v1/passwords/strength_check", "{}").refused(400, "bad_request");
        client.post("/v1/passwords/strength_check", "{'password':''}").refused(400, "bad_request");
        client.post("/v1/passwords/strength_check", Map.of("password", "a".repeat(257)))
                .refused(400, "bad_request");
        client.post("/v1/passwords/strength_check", "{'password':'x','email':'no address'}")
                .refused(400, "invalid_email");
    }

    /// Every server knows these, also without a list of its operator.
    @ParameterizedTest
    @ValueSource(strings = {"Password1", "PASSWORD1", "p@ssword", "Trustno1", "Passw0rd", "Qwerty123", "Football1"})
    void aCommonPasswordIsRefusedWhateverKindsOfCharactersItHas(String common) {
        app.setting(
                client,
                "passwords",
                Map.of("strength_policy", "LUDS", "luds_minimum_length", 8, "luds_minimum_complexity", 2));
        Client.Answer known = check(common);
        assertThat(is(known, "breached_password")).isTrue();
        assertThat(is(known, "valid_password")).isFalse();
        create(EMAIL, common).refused(400, "breached_password");
        create(EMAIL, common + "-quorum").ok();
    }

    @Test
    void aProjectCanTurnTheLookUpOff() {
        breachChecks(false, false);
        assertThat(is(check("password"), "breached_password")).isFalse();
        assertThat(is(check(BREACHED), "breach_detection_on_create")).isFalse();
        assertThat(is(check(BREACHED), "valid_password")).isTrue();
        create(EMAIL, BREACHED).ok();
        authenticate(EMAIL, BREACHED).ok();
    }

    @Test
    void aBreachedPasswordIsRefusedOnCreateByDefault() {
        Client.Answer breached = check(BREACHED);
        assertThat(is(breached, "breach_detection_on_create")).isTrue();
        assertThat(is(breached, "breached_password")).isTrue();
        assertThat(is(breached, "valid_password")).isFalse();
        assertThat(is(check(PASSWORD), "breached_password")).isFalse();
        create(EMAIL, BREACHED).refused(400, "breached_password");
        create(EMAIL, PASSWORD).ok();
    }

    @Test
    void aBreachedPasswordMustBeResetOnAuthenticate() {
        breachChecks(false, true);
        create(EMAIL, BREACHED).ok();
        create("lee@example.com", PASSWORD).ok();
        authenticate(EMAIL, BREACHED).refused(400, "reset_password");
        authenticate(EMAIL, "wrong").refused(401, "unauthorized_credentials");
        authenticate("lee@example.com", PASSWORD).ok();
    }

    @Test
    void aResetRefusesABreachedPassword() {
        Client.Answer made = createWithSession();
        client.post(
                        "/v1/passwords/existing_password/reset",
                        Map.of("email", EMAIL, "existing_password", PASSWORD, "new_password", BREACHED))
                .refused(400, "breached_password");
        client.post(
                        "/v1/passwords/session/reset",
                        Map.of("session_token", made.text("session_token"), "password", BREACHED))
                .refused(400, "breached_password");
    }
}
