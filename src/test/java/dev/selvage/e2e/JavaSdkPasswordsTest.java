package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.consumer.api.passwords.Passwords;
import com.stytch.java.consumer.models.passwords.AuthenticateRequest;
import com.stytch.java.consumer.models.passwords.CreateRequest;
import com.stytch.java.consumer.models.passwords.CreateResponse;
import com.stytch.java.consumer.models.passwords.MigrateRequest;
import com.stytch.java.consumer.models.passwords.MigrateRequestHashType;
import com.stytch.java.consumer.models.passwords.StrengthCheckRequest;
import com.stytch.java.consumer.models.passwordsemail.ResetRequest;
import com.stytch.java.consumer.models.passwordsemail.ResetStartRequest;
import org.junit.jupiter.api.Test;

/// `passwords` of the Java SDK.
class JavaSdkPasswordsTest extends JavaSdkConsumerTest {

    private static final int MINUTES = 60;

    private Passwords passwords;

    @Override
    void areas() {
        passwords = ledger.area("passwords", Passwords.class, client.getPasswords());
    }

    private CreateResponse create(String email, String password) {
        return ok(passwords.createCompletable(new CreateRequest(email, password, MINUTES)));
    }

    private void assertEnded(String sessionToken) {
        refused(
                client.getSessions()
                        .authenticateCompletable(
                                new com.stytch.java.consumer.models.sessions.AuthenticateRequest(sessionToken)),
                404,
                "session_not_found");
    }

    @Test
    void createMakesAUserAndASession() {
        String email = newEmail();
        CreateResponse made = create(email, newPassword());
        assertThat(made.getSession().getUserId()).isEqualTo(made.getUserId());
        assertThat(made.getSessionToken()).hasSize(44);
        refused(passwords.createCompletable(new CreateRequest(email, newPassword())), 400, "duplicate_email");
        refused(passwords.createCompletable(new CreateRequest(newEmail(), "password")), 400, "weak_password");
    }

    @Test
    void withoutADurationThereIsNoSession() {
        CreateResponse made = ok(passwords.createCompletable(new CreateRequest(newEmail(), newPassword())));
        assertThat(made.getSessionToken()).isEmpty();
        assertThat(made.getSessionJWT()).isEmpty();
        assertThat(made.getSession()).isNull();
    }

    @Test
    void authenticateSignsIn() {
        String email = newEmail();
        String password = newPassword();
        CreateResponse made = create(email, password);
        var answer = ok(passwords.authenticateCompletable(new AuthenticateRequest(email, password, null, MINUTES)));
        assertThat(answer.getUserId()).isEqualTo(made.getUserId());
        refused(
                passwords.authenticateCompletable(new AuthenticateRequest(email, newPassword())),
                401,
                "unauthorized_credentials");
        refused(
                passwords.authenticateCompletable(new AuthenticateRequest(newEmail(), password)),
                404,
                "email_not_found");
    }

    @Test
    void strengthCheckJudges() {
        assertThat(ok(passwords.strengthCheckCompletable(new StrengthCheckRequest("password")))
                        .getValidPassword())
                .isFalse();
        assertThat(ok(passwords.strengthCheckCompletable(new StrengthCheckRequest(newPassword())))
                        .getValidPassword())
                .isTrue();
        refused(passwords.strengthCheckCompletable(new StrengthCheckRequest("")), 400, "bad_request");
    }

    @Test
    void migrateTakesAHashOver() {
        String email = newEmail();
        // bcrypt of "U*U*U", from the test vectors of crypt_blowfish.
        String hash = "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a";
        assertThat(ok(passwords.migrateCompletable(new MigrateRequest(email, hash, MigrateRequestHashType.BCRYPT)))
                        .getUserCreated())
                .isTrue();
        ok(passwords.authenticateCompletable(new AuthenticateRequest(email, "U*U*U")));
        refused(
                passwords.migrateCompletable(new MigrateRequest(newEmail(), "no hash", MigrateRequestHashType.BCRYPT)),
                400,
                "invalid_bcrypt_hash");
    }

    @Test
    void aResetByEmailEndsEverySession() throws Exception {
        String email = newEmail();
        CreateResponse made = create(email, newPassword());
        ok(passwords.getEmail().resetStartCompletable(new ResetStartRequest(email)));
        String token = message(email).path("token").stringValue();
        String password = newPassword();
        ok(passwords.getEmail().resetCompletable(new ResetRequest(token, password)));
        assertEnded(made.getSessionToken());
        ok(passwords.authenticateCompletable(new AuthenticateRequest(email, password)));
        refused(
                passwords.getEmail().resetCompletable(new ResetRequest(token, password)),
                401,
                "unable_to_auth_password_reset_token");
        refused(passwords.getEmail().resetStartCompletable(new ResetStartRequest(newEmail())), 404, "email_not_found");
    }

    @Test
    void aResetByTheExistingPasswordEndsEveryOtherSession() {
        String email = newEmail();
        String password = newPassword();
        CreateResponse made = create(email, password);
        var request = new com.stytch.java.consumer.models.passwordsexistingpassword.ResetRequest(
                email, password, newPassword());
        ok(passwords.getExistingPassword().resetCompletable(request));
        assertEnded(made.getSessionToken());
        refused(passwords.getExistingPassword().resetCompletable(request), 400, "password_does_not_match");
    }

    @Test
    void aResetBySessionKeepsThatSessionAlone() {
        String email = newEmail();
        String password = newPassword();
        CreateResponse made = create(email, password);
        var other = ok(passwords.authenticateCompletable(new AuthenticateRequest(email, password, null, MINUTES)));
        var answer = ok(passwords
                .getSessions()
                .resetCompletable(new com.stytch.java.consumer.models.passwordssession.ResetRequest(
                        newPassword(), made.getSessionToken())));
        assertThat(answer.getSession().getSessionId())
                .isEqualTo(made.getSession().getSessionId());
        assertEnded(other.getSessionToken());
        refused(
                passwords
                        .getSessions()
                        .resetCompletable(new com.stytch.java.consumer.models.passwordssession.ResetRequest(
                                newPassword(), "A".repeat(44))),
                404,
                "session_not_found");
    }
}
