package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.b2b.api.sessions.Sessions;
import com.stytch.java.b2b.models.organizations.Member;
import com.stytch.java.b2b.models.rbac.OrgPolicy;
import com.stytch.java.b2b.models.rbac.PolicyRole;
import com.stytch.java.b2b.models.rbac.PolicyRolePermission;
import com.stytch.java.b2b.models.rbacorganizations.SetOrgPolicyRequest;
import com.stytch.java.b2b.models.sessions.AttestRequest;
import com.stytch.java.b2b.models.sessions.AuthenticateRequest;
import com.stytch.java.b2b.models.sessions.AuthorizationCheck;
import com.stytch.java.b2b.models.sessions.ExchangeAccessTokenRequest;
import com.stytch.java.b2b.models.sessions.ExchangeRequest;
import com.stytch.java.b2b.models.sessions.GetJWKSRequest;
import com.stytch.java.b2b.models.sessions.GetRequest;
import com.stytch.java.b2b.models.sessions.MemberSession;
import com.stytch.java.b2b.models.sessions.MigrateRequest;
import com.stytch.java.b2b.models.sessions.RevokeRequest;
import com.stytch.java.b2b.models.sessions.RevokeRequestOptions;
import com.stytch.java.common.JWTException;
import com.stytch.java.common.PermissionException;
import com.stytch.java.common.TenancyException;
import com.stytch.java.consumer.models.sessions.AuthenticationFactorType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// `sessions` of the Java SDK for B2B projects, JWTs and permissions verified by the SDK itself.
class JavaSdkB2bSessionsTest extends JavaSdkB2bTest {

    private static final String SHREDDER = "shredder";

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

    @Test
    void getListsTheSessionsOfAMemberOfTheOrganizationAlone() throws Exception {
        String id = organization();
        var one = signIn(id);
        List<MemberSession> listed = ok(sessions.getCompletable(new GetRequest(id, one.getMemberId())))
                .getMemberSessions();
        assertThat(listed)
                .extracting(MemberSession::getMemberSessionId)
                .containsExactly(one.getMemberSession().getMemberSessionId());
        assertThat(listed.getFirst().getAuthenticationFactors().getFirst().getType())
                .isEqualTo(AuthenticationFactorType.MAGIC_LINK);
        refused(sessions.getCompletable(new GetRequest(organization(), one.getMemberId())), 404, "member_not_found");
        refused(
                sessions.getCompletable(new GetRequest(unknown("organization"), one.getMemberId())),
                404,
                "organization_not_found");
    }

    @Test
    void aWrongSecretAndAConsumerProjectAreRefused() {
        GetRequest request = new GetRequest(unknown("organization"), unknown("member"));
        try (var stranger = connectWithWrongSecret();
                var consumer = connect(server.consumer())) {
            refused(stranger.getSessions().getCompletable(request), 401, "unauthorized_credentials");
            refused(consumer.getSessions().getCompletable(request), 400, "invalid_b2b_endpoint");
        }
    }

    @Test
    void authenticateExtendsTheSessionAndMergesClaims() throws Exception {
        var one = signIn(organization());
        var answer = ok(sessions.authenticateCompletable(
                new AuthenticateRequest(one.getSessionToken(), 2 * MINUTES, null, Map.of("plan", "pro"))));
        assertThat(answer.getSessionToken()).isEqualTo(one.getSessionToken());
        assertThat(answer.getMemberSession().getExpiresAt())
                .isAfter(one.getMemberSession().getExpiresAt());
        assertThat(answer.getMemberSession().getCustomClaims()).isEqualTo(Map.of("plan", "pro"));
        assertThat(answer.getMember().getMemberId()).isEqualTo(one.getMemberId());
        refused(sessions.authenticateCompletable(new AuthenticateRequest("INVALID")), 400, "invalid_session_token");
        refused(sessions.authenticateCompletable(new AuthenticateRequest("A".repeat(44))), 404, "session_not_found");
        refused(sessions.authenticateCompletable(new AuthenticateRequest()), 400, "no_session_arguments");
    }

    @Test
    void authenticateChecksTheOrganizationBeforeThePermission() throws Exception {
        String id = organization();
        String token = signIn(id, "editor").getSessionToken();
        assertThat(ok(sessions.authenticateCompletable(checked(token, id, "write")))
                        .getVerdict()
                        .getGrantingRoles())
                .containsExactly("editor");
        refused(sessions.authenticateCompletable(checked(token, id, "shred")), 403, "session_authorization_error");
        refused(
                sessions.authenticateCompletable(checked(token, organization(), "shred")),
                403,
                "session_authorization_tenancy_error");
    }

    private static AuthenticateRequest checked(String token, String organizationId, String action) {
        return new AuthenticateRequest(token, null, null, null, documents(organizationId, action));
    }

    private static AuthorizationCheck documents(String organizationId, String action) {
        return new AuthorizationCheck(organizationId, SdkServer.RESOURCE, action);
    }

    @Test
    void aSessionEndsByItsTokenAndAllOfAMemberByTheMembersId() throws Exception {
        Member member = member(organization(), newEmail());
        var one = signIn(member);
        var other = signIn(member);
        ok(sessions.revokeCompletable(new RevokeRequest(null, one.getSessionToken()), null));
        refused(
                sessions.authenticateCompletable(new AuthenticateRequest(one.getSessionToken())),
                404,
                "session_not_found");
        ok(sessions.authenticateCompletable(new AuthenticateRequest(other.getSessionToken())));
        ok(sessions.revokeCompletable(new RevokeRequest(null, null, null, member.getMemberId()), null));
        refused(
                sessions.authenticateCompletable(new AuthenticateRequest(other.getSessionToken())),
                404,
                "session_not_found");
        refused(sessions.revokeCompletable(new RevokeRequest(unknown("session")), null), 404, "session_not_found");
        refused(sessions.revokeCompletable(new RevokeRequest(), null), 400, "no_session_revoke_arguments");
    }

    @Test
    void aMemberMayEndTheSessionsOfOthersOnlyWhenItsRolesSaySo() throws Exception {
        String id = organization();
        var victim = signIn(id);
        RevokeRequest revoke = new RevokeRequest(null, null, null, victim.getMemberId());
        refused(
                sessions.revokeCompletable(revoke, new RevokeRequestOptions(by(signIn(id)))),
                403,
                "session_authorization_error");
        refused(
                sessions.revokeCompletable(revoke, new RevokeRequestOptions(by(signIn(organization(), ADMIN)))),
                403,
                "session_authorization_tenancy_error");
        ok(sessions.revokeCompletable(revoke, new RevokeRequestOptions(by(signIn(id, ADMIN)))));
        refused(
                sessions.authenticateCompletable(new AuthenticateRequest(victim.getSessionToken())),
                404,
                "session_not_found");
    }

    @Test
    void exchangeGoesOverToAnotherOrganization() throws Exception {
        var here = signIn(organization());
        String there = organization();
        refused(
                sessions.exchangeCompletable(new ExchangeRequest(there, here.getSessionToken())),
                404,
                "member_not_found");
        Member twin = member(there, here.getMember().getEmailAddress());
        var answer = ok(sessions.exchangeCompletable(new ExchangeRequest(there, here.getSessionToken())));
        assertThat(answer.getMemberAuthenticated()).isTrue();
        assertThat(answer.getMemberId()).isEqualTo(twin.getMemberId());
        assertThat(answer.getMemberSession().getOrganizationId()).isEqualTo(there);
        ok(sessions.authenticateCompletable(new AuthenticateRequest(here.getSessionToken())));
    }

    @Test
    void attestTakesATokenOfATrustedIssuer() throws Exception {
        Member member = member(organization(), newEmail());
        String email = member.getEmailAddress();
        var answer = ok(sessions.attestCompletable(new AttestRequest(
                SdkServer.PROFILE_ID, server.trustedToken(email), member.getOrganizationId(), MINUTES)));
        assertThat(answer.getMemberId()).isEqualTo(member.getMemberId());
        assertThat(answer.getMemberSession()
                        .getAuthenticationFactors()
                        .getFirst()
                        .getType())
                .isEqualTo(AuthenticationFactorType.TRUSTED_AUTH_TOKEN);
        refused(
                sessions.attestCompletable(new AttestRequest(
                        SdkServer.PROFILE_ID,
                        server.trustedToken(email, "https://other.example.com"),
                        member.getOrganizationId())),
                400,
                "jwt_invalid_issuer");
    }

    @Test
    void migrateTakesASessionOfTheExternalService() {
        Member member = member(organization(), newEmail());
        assertThat(ok(sessions.migrateCompletable(
                                new MigrateRequest(member.getEmailAddress(), member.getOrganizationId())))
                        .getMemberId())
                .isEqualTo(member.getMemberId());
        refused(
                sessions.migrateCompletable(new MigrateRequest(newEmail(), member.getOrganizationId())),
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

    @Test
    void getJwksGivesKeys() {
        assertThat(ok(sessions.getJWKSCompletable(
                                new GetJWKSRequest(server.b2b().project().id())))
                        .getKeys())
                .isNotEmpty();
        refused(sessions.getJWKSCompletable(new GetJWKSRequest(unknown("project"))), 404, "project_not_found");
    }

    @Test
    void theSdkVerifiesAJwtByItself() throws Exception {
        var one = signIn(organization());
        MemberSession local = ok(sessions.authenticateJwtLocalCompletable(one.getSessionJWT(), null, null, 0));
        assertThat(local.getMemberSessionId()).isEqualTo(one.getMemberSession().getMemberSessionId());
        assertThat(local.getMemberId()).isEqualTo(one.getMemberId());
        assertThat(local.getOrganizationId()).isEqualTo(one.getOrganizationId());
        assertThat(local.getOrganizationSlug()).isEqualTo(one.getOrganization().getOrganizationSlug());
        assertThat(local.getExpiresAt()).isEqualTo(one.getMemberSession().getExpiresAt());
        assertThat(local.getRoles()).isEqualTo(one.getMemberSession().getRoles());
        String broken = one.getSessionJWT().substring(0, one.getSessionJWT().length() - 8) + "AAAAAAAA";
        refusal(sessions.authenticateJwtLocalCompletable(broken, null, null, 0));
    }

    @Test
    void aFreshJwtNeedsNoCallAndAnOldOneFallsBackToTheServer() throws Exception {
        var one = signIn(organization());
        String jwt = one.getSessionJWT();
        assertThat(ok(sessions.authenticateJwtCompletable(jwt, 0, null)).getMemberId())
                .isEqualTo(one.getMemberId());
        ok(sessions.revokeCompletable(new RevokeRequest(null, one.getSessionToken()), null));
        ok(sessions.authenticateJwtCompletable(jwt, 300, null));
        refused(sessions.authenticateJwtCompletable(jwt, 0, null), 404, "session_not_found");
    }

    @Test
    void theSdkChecksPermissionsByItself() throws Exception {
        String id = organization();
        String jwt = signIn(id, "editor").getSessionJWT();
        assertThat(ok(sessions.authenticateJwtLocalCompletable(jwt, null, documents(id, "write"), 0))
                        .getRoles())
                .contains("editor");
        refusedLocally(jwt, documents(id, "shred"), PermissionException.class);
        refusedLocally(jwt, documents(organization(), "shred"), TenancyException.class);
    }

    @Test
    void aRoleOfTheOrganizationGrantsThereAndTheSameNameNothingInAnother() throws Exception {
        String shreds = organizationWhoseShredders("shred");
        String reads = organizationWhoseShredders("read");
        assertThat(ok(sessions.authenticateJwtLocalCompletable(
                                signIn(shreds, SHREDDER).getSessionJWT(), null, documents(shreds, "shred"), 0))
                        .getRoles())
                .contains(SHREDDER);
        String jwt = signIn(reads, SHREDDER).getSessionJWT();
        refusedLocally(jwt, documents(reads, "shred"), PermissionException.class);
        refused(
                sessions.authenticateJwtCompletable(jwt, null, documents(reads, "shred")),
                403,
                "session_authorization_error");
    }

    private void refusedLocally(String jwt, AuthorizationCheck check, Class<? extends Exception> reason) {
        assertThat(refusal(sessions.authenticateJwtLocalCompletable(jwt, null, check, 0))
                        .getReason())
                .isInstanceOfSatisfying(JWTException.JwtError.class, error -> assertThat(error.getException())
                        .isInstanceOf(reason));
    }

    private String organizationWhoseShredders(String action) {
        String id = organization();
        ok(client.getRbac()
                .getOrganizations()
                .setOrgPolicyCompletable(new SetOrgPolicyRequest(
                        id,
                        new OrgPolicy(List.of(new PolicyRole(
                                SHREDDER,
                                "",
                                List.of(new PolicyRolePermission(SdkServer.RESOURCE, List.of(action)))))))));
        return id;
    }
}
