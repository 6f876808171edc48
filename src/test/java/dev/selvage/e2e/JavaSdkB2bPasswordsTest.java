package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.b2b.StytchB2BClient;
import com.stytch.java.b2b.api.passwords.Passwords;
import com.stytch.java.b2b.models.organizations.Member;
import com.stytch.java.b2b.models.passwords.AuthenticateRequest;
import com.stytch.java.b2b.models.passwords.MigrateRequest;
import com.stytch.java.b2b.models.passwords.MigrateRequestHashType;
import com.stytch.java.b2b.models.passwords.StrengthCheckRequest;
import com.stytch.java.b2b.models.passwordsemail.RequireResetRequest;
import com.stytch.java.b2b.models.passwordsemail.RequireResetRequestOptions;
import com.stytch.java.b2b.models.passwordsemail.ResetRequest;
import com.stytch.java.b2b.models.passwordsemail.ResetStartRequest;
import org.junit.jupiter.api.Test;

/// `passwords` of the Java SDK for B2B projects, of members.
class JavaSdkB2bPasswordsTest extends JavaSdkB2bTest {

    // bcrypt of "U*U*U", from the test vectors of crypt_blowfish.
    private static final String HASH = "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a";
    private static final String HASHED = "U*U*U";

    private Passwords passwords;

    @Override
    void areas() {
        passwords = ledger.area("passwords", Passwords.class, client.getPasswords());
    }

    private MigrateRequest migration(String organizationId, String email, String hash) {
        return new MigrateRequest(email, hash, MigrateRequestHashType.BCRYPT, organizationId);
    }

    /// A new member whose password is [#HASHED].
    private Member someone() {
        return ok(passwords.migrateCompletable(migration(organization(), newEmail(), HASH)))
                .getMember();
    }

    private AuthenticateRequest of(Member member, String password) {
        return new AuthenticateRequest(member.getOrganizationId(), member.getEmailAddress(), password, null, MINUTES);
    }

    private void assertEnded(String sessionToken) {
        refused(
                client.getSessions()
                        .authenticateCompletable(
                                new com.stytch.java.b2b.models.sessions.AuthenticateRequest(sessionToken)),
                404,
                "session_not_found");
    }

    @Test
    void migrateTakesAHashOverWhichSignsIn() {
        Member member = someone();
        var answer = ok(passwords.authenticateCompletable(of(member, HASHED)));
        assertThat(answer.getMemberAuthenticated()).isTrue();
        assertThat(answer.getMemberId()).isEqualTo(member.getMemberId());
        refused(passwords.authenticateCompletable(of(member, newPassword())), 401, "unauthorized_credentials");
        refused(
                passwords.migrateCompletable(migration(member.getOrganizationId(), member.getEmailAddress(), HASH)),
                400,
                "password_already_exists");
        refused(
                passwords.migrateCompletable(migration(member.getOrganizationId(), newEmail(), "no hash")),
                400,
                "invalid_bcrypt_hash");
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
    void aResetByEmailEndsEverySession() throws Exception {
        Member member = someone();
        String id = member.getOrganizationId();
        String session =
                ok(passwords.authenticateCompletable(of(member, HASHED))).getSessionToken();
        ok(passwords.getEmail().resetStartCompletable(new ResetStartRequest(id, member.getEmailAddress())));
        String token = tokenTo(member.getEmailAddress());
        String password = newPassword();
        ok(passwords.getEmail().resetCompletable(new ResetRequest(token, password)));
        assertEnded(session);
        ok(passwords.authenticateCompletable(of(member, password)));
        refused(
                passwords.getEmail().resetCompletable(new ResetRequest(token, password)),
                401,
                "unable_to_auth_password_reset_token");
        refused(
                passwords.getEmail().resetStartCompletable(new ResetStartRequest(id, newEmail())),
                404,
                "member_not_found");
    }

    @Test
    void aResetByTheExistingPasswordEndsEveryOtherSession() {
        Member member = someone();
        String session =
                ok(passwords.authenticateCompletable(of(member, HASHED))).getSessionToken();
        var request = new com.stytch.java.b2b.models.passwordsexistingpassword.ResetRequest(
                member.getEmailAddress(), HASHED, newPassword(), member.getOrganizationId());
        ok(passwords.getExistingPassword().resetCompletable(request));
        assertEnded(session);
        refused(passwords.getExistingPassword().resetCompletable(request), 400, "password_does_not_match");
    }

    @Test
    void aResetBySessionKeepsThatSessionAlone() {
        Member member = someone();
        var one = ok(passwords.authenticateCompletable(of(member, HASHED)));
        var other = ok(passwords.authenticateCompletable(of(member, HASHED)));
        var answer = ok(passwords
                .getSessions()
                .resetCompletable(new com.stytch.java.b2b.models.passwordssession.ResetRequest(
                        member.getOrganizationId(), newPassword(), one.getSessionToken())));
        assertThat(answer.getSessionToken()).isEqualTo(one.getSessionToken());
        assertEnded(other.getSessionToken());
        refused(
                passwords
                        .getSessions()
                        .resetCompletable(new com.stytch.java.b2b.models.passwordssession.ResetRequest(
                                member.getOrganizationId(), newPassword(), "A".repeat(44))),
                404,
                "session_not_found");
    }

    @Test
    void passwordsOfAddressesAreOnlyInProjectsThatHaveThem() {
        String email = newEmail();
        refused(
                passwords
                        .getDiscovery()
                        .authenticateCompletable(new com.stytch.java.b2b.models.passwordsdiscovery.AuthenticateRequest(
                                email, newPassword())),
                400,
                "cross_org_passwords_not_enabled");
        refused(
                passwords
                        .getDiscovery()
                        .getEmail()
                        .resetStartCompletable(
                                new com.stytch.java.b2b.models.passwordsdiscoveryemail.ResetStartRequest(email)),
                400,
                "cross_org_passwords_not_enabled");
        refused(
                passwords
                        .getDiscovery()
                        .getEmail()
                        .resetCompletable(new com.stytch.java.b2b.models.passwordsdiscoveryemail.ResetRequest(
                                "A".repeat(44), newPassword())),
                400,
                "cross_org_passwords_not_enabled");
        refused(
                passwords.getEmail().requireResetCompletable(new RequireResetRequest(email), null),
                400,
                "cross_org_passwords_not_enabled");
    }

    @Test
    void aPasswordOfAnAddressIsSetProvenAndMadeUselessWithoutAnOrganization() throws Exception {
        try (StytchB2BClient other = connect(server.crossOrganization())) {
            Passwords ofAddresses = ledger.area("passwords", Passwords.class, other.getPasswords());
            String email = newEmail();
            String password = newPassword();
            ok(ofAddresses
                    .getDiscovery()
                    .getEmail()
                    .resetStartCompletable(
                            new com.stytch.java.b2b.models.passwordsdiscoveryemail.ResetStartRequest(email)));
            String token =
                    message(server.crossOrganization(), email).path("token").stringValue();
            ok(ofAddresses
                    .getDiscovery()
                    .getEmail()
                    .resetCompletable(
                            new com.stytch.java.b2b.models.passwordsdiscoveryemail.ResetRequest(token, password)));
            var request = new com.stytch.java.b2b.models.passwordsdiscovery.AuthenticateRequest(email, password);
            assertThat(ok(ofAddresses.getDiscovery().authenticateCompletable(request))
                            .getEmailAddress())
                    .isEqualTo(email);
            ok(ofAddresses
                    .getEmail()
                    .requireResetCompletable(new RequireResetRequest(email), new RequireResetRequestOptions()));
            refused(ofAddresses.getDiscovery().authenticateCompletable(request), 400, "member_reset_password");
        }
    }
}
