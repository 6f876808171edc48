package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.common.JWTAuthResponse;
import com.stytch.java.common.JWTErrorResponse;
import com.stytch.java.common.JWTResponse;
import com.stytch.java.common.JWTSessionResponse;
import com.stytch.java.consumer.api.sessions.Sessions;
import com.stytch.java.consumer.models.passwords.CreateResponse;
import com.stytch.java.consumer.models.sessions.AttestRequest;
import com.stytch.java.consumer.models.sessions.AuthenticateRequest;
import com.stytch.java.consumer.models.sessions.AuthenticationFactorType;
import com.stytch.java.consumer.models.sessions.AuthorizationCheck;
import com.stytch.java.consumer.models.sessions.ExchangeAccessTokenRequest;
import com.stytch.java.consumer.models.sessions.GetJWKSRequest;
import com.stytch.java.consumer.models.sessions.GetRequest;
import com.stytch.java.consumer.models.sessions.MigrateRequest;
import com.stytch.java.consumer.models.sessions.RevokeRequest;
import com.stytch.java.consumer.models.sessions.Session;
import com.stytch.java.consumer.models.users.CreateRequest;
import com.stytch.java.consumer.models.users.UpdateRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// `sessions` of the Java SDK, JWTs verified by the SDK itself.
class JavaSdkSessionsTest extends JavaSdkConsumerTest {

    private static final int MINUTES = 60;

    private Sessions sessions;

    @Override
    void areas() {
        sessions = ledger.area("sessions", Sessions.class, client.getSessions());
    }

    @Override
    Set<String> never() {
        // Connected apps, whose tokens could be exchanged, come later.
        return Set.of("sessions.exchangeAccessToken SUCCEEDS");
    }

    private CreateResponse signedIn() {
        return ok(client.getPasswords()
                .createCompletable(new com.stytch.java.consumer.models.passwords.CreateRequest(
                        newEmail(), newPassword(), MINUTES)));
    }

    @Test
    void getListsTheSessionsOfAUser() {
        CreateResponse made = signedIn();
        List<Session> listed =
                ok(sessions.getCompletable(new GetRequest(made.getUserId()))).getSessions();
        assertThat(listed)
                .extracting(Session::getSessionId)
                .containsExactly(made.getSession().getSessionId());
        assertThat(listed.getFirst().getAuthenticationFactors().getFirst().getType())
                .isEqualTo(AuthenticationFactorType.PASSWORD);
        refused(sessions.getCompletable(new GetRequest("no such form!")), 400, "invalid_user_id");
        refused(sessions.getCompletable(new GetRequest(unknown("user"))), 404, "user_not_found");
    }

    @Test
    void aWrongSecretAndAB2bProjectAreRefused() {
        try (var stranger = connectWithWrongSecret();
                var b2b = connect(server.b2b())) {
            refused(
                    stranger.getSessions().getCompletable(new GetRequest(unknown("user"))),
                    401,
                    "unauthorized_credentials");
            refused(
                    b2b.getSessions().getCompletable(new GetRequest(unknown("user"))),
                    400,
                    "invalid_consumer_endpoint");
        }
    }

    @Test
    void authenticateExtendsTheSessionAndMergesClaims() {
        CreateResponse made = signedIn();
        var answer = ok(sessions.authenticateCompletable(
                new AuthenticateRequest(made.getSessionToken(), 2 * MINUTES, null, Map.of("plan", "pro"))));
        assertThat(answer.getSessionToken()).isEqualTo(made.getSessionToken());
        assertThat(answer.getSession().getExpiresAt()).isAfter(made.getSession().getExpiresAt());
        assertThat(answer.getSession().getCustomClaims()).isEqualTo(Map.of("plan", "pro"));
        assertThat(answer.getUser().getUserId()).isEqualTo(made.getUserId());
        refused(sessions.authenticateCompletable(new AuthenticateRequest("INVALID")), 400, "invalid_session_token");
        refused(sessions.authenticateCompletable(new AuthenticateRequest("A".repeat(44))), 404, "session_not_found");
        refused(sessions.authenticateCompletable(new AuthenticateRequest()), 400, "no_session_arguments");
    }

    @Test
    void authenticateChecksAPermission() {
        CreateResponse made = signedIn();
        ok(client.getUsers()
                .updateCompletable(
                        new UpdateRequest(made.getUserId(), null, null, null, null, null, List.of("editor"))));
        var allowed = ok(sessions.authenticateCompletable(new AuthenticateRequest(
                made.getSessionToken(), null, null, null, new AuthorizationCheck(SdkServer.RESOURCE, "write"))));
        assertThat(allowed.getVerdict().getGrantingRoles()).containsExactly("editor");
        refused(
                sessions.authenticateCompletable(new AuthenticateRequest(
                        made.getSessionToken(), null, null, null, new AuthorizationCheck(SdkServer.RESOURCE, "shred"))),
                403,
                "consumer_session_authorization_error");
    }

    @Test
    void aRevokedSessionIsRefused() {
        CreateResponse made = signedIn();
        ok(sessions.revokeCompletable(new RevokeRequest(null, made.getSessionToken())));
        refused(
                sessions.authenticateCompletable(new AuthenticateRequest(made.getSessionToken())),
                404,
                "session_not_found");
        refused(sessions.revokeCompletable(new RevokeRequest(unknown("session"))), 404, "session_not_found");
        refused(sessions.revokeCompletable(new RevokeRequest()), 400, "no_session_revoke_arguments");
    }

    @Test
    void getJwksGivesKeys() {
        assertThat(ok(sessions.getJWKSCompletable(
                                new GetJWKSRequest(server.consumer().project().id())))
                        .getKeys())
                .isNotEmpty();
        refused(sessions.getJWKSCompletable(new GetJWKSRequest(unknown("project"))), 404, "project_not_found");
    }

    @Test
    void theSdkVerifiesAJwtByItself() {
        CreateResponse made = signedIn();
        Session local = ok(sessions.authenticateJwtLocalCompletable(made.getSessionJWT(), null, 0));
        assertThat(local.getSessionId()).isEqualTo(made.getSession().getSessionId());
        assertThat(local.getUserId()).isEqualTo(made.getUserId());
        assertThat(local.getExpiresAt()).isEqualTo(made.getSession().getExpiresAt());
        assertThat(local.getRoles()).isEqualTo(made.getSession().getRoles());
        String broken = made.getSessionJWT().substring(0, made.getSessionJWT().length() - 8) + "AAAAAAAA";
        refusal(sessions.authenticateJwtLocalCompletable(broken, null, 0));
    }

    @Test
    void aFreshJwtNeedsNoCallAndAnOldOneFallsBackToTheServer() {
        CreateResponse made = signedIn();
        JWTResponse fresh = ok(sessions.authenticateJwtCompletable(made.getSessionJWT(), 300));
        assertThat(fresh).isInstanceOf(JWTSessionResponse.class);
        JWTResponse old = ok(sessions.authenticateJwtCompletable(made.getSessionJWT(), 0));
        assertThat(old).isInstanceOf(JWTAuthResponse.class);
        assertThat(((JWTAuthResponse) old).getResponse().getUser().getUserId()).isEqualTo(made.getUserId());
        ok(sessions.revokeCompletable(new RevokeRequest(made.getSession().getSessionId())));
        assertThat(ok(sessions.authenticateJwtCompletable(made.getSessionJWT(), 300)))
                .isInstanceOf(JWTSessionResponse.class);
        assertThat(ok(sessions.authenticateJwtCompletable(made.getSessionJWT(), 0)))
                .isInstanceOfSatisfying(JWTErrorResponse.class, error -> assertThat(error.getErrorType())
                        .isEqualTo("session_not_found"));
    }

    @Test
    void attestTakesATokenOfATrustedIssuer() throws Exception {
        String email = newEmail();
        String userId = ok(client.getUsers().createCompletable(new CreateRequest(email)))
                .getUserId();
        var answer = ok(sessions.attestCompletable(
                new AttestRequest(SdkServer.PROFILE_ID, server.trustedToken(email), MINUTES)));
        assertThat(answer.getUserId()).isEqualTo(userId);
        assertThat(answer.getSession().getAuthenticationFactors().getFirst().getType())
                .isEqualTo(AuthenticationFactorType.TRUSTED_AUTH_TOKEN);
        refused(
                sessions.attestCompletable(new AttestRequest(
                        SdkServer.PROFILE_ID, server.trustedToken(email, "https://other.example.com"))),
                400,
                "jwt_invalid_issuer");
    }

    @Test
    void migrateTakesASessionOfTheExternalService() {
        String email = newEmail();
        String userId = ok(client.getUsers().createCompletable(new CreateRequest(email)))
                .getUserId();
        assertThat(ok(sessions.migrateCompletable(new MigrateRequest(email, MINUTES)))
                        .getUserId())
                .isEqualTo(userId);
        refused(
                sessions.migrateCompletable(new MigrateRequest(newEmail())),
                400,
                "migrate_from_external_email_does_not_exist");
    }

    @Test
    void exchangeAccessTokenKnowsNoTokenYet() {
        refused(
                sessions.exchangeAccessTokenCompletable(new ExchangeAccessTokenRequest("unknown", MINUTES)),
                404,
                "idp_access_token_not_found");
    }
}
