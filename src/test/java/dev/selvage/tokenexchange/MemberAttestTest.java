package dev.selvage.tokenexchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.support.Client;
import dev.selvage.support.MemberWireTest;
import dev.selvage.support.Race;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `POST /v1/b2b/sessions/attest`: `semantics.md` 6, `open-questions.md` 32. How tokens are verified is tested
/// for users in [AttestTest].
class MemberAttestTest extends MemberWireTest {

    private TrustedIssuer issuer;
    private String organizationId;
    private Membership ada;

    @BeforeEach
    void trustIssuer() throws IOException {
        issuer = new TrustedIssuer(app);
        issuer.trustedBy(client, identity -> identity);
        organizationId = organization("'organization_slug':'acme','organization_external_id':'acme|1'");
        ada = member(organizationId, "ada@example.com");
    }

    @AfterEach
    void closeIssuer() {
        issuer.close();
    }

    @Test
    void aSessionOfAnHourStartsForTheMemberOfTheOrganizationThatTheTokenNames() {
        Client.Answer answer =
                attest(token(claims -> claims.claim("org", organizationId)), "").ok();
        assertThat(answer.body().propertyNames())
                .containsExactlyInAnyOrder(
                        "status_code",
                        "request_id",
                        "member_id",
                        "member_session",
                        "session_token",
                        "session_jwt",
                        "member",
                        "organization",
                        "member_device");
        assertThat(answer.text("member_id")).isEqualTo(ada.member().id());
        assertThat(answer.text("organization.organization_id")).isEqualTo(organizationId);
        assertThat(answer.text("member_session.authentication_factors.0.type")).isEqualTo("trusted_auth_token");
        assertThat(answer.text("member_session.authentication_factors.0.delivery_method"))
                .isEqualTo("trusted_token_exchange");
        assertThat(answer.text("member_session.authentication_factors.0.trusted_auth_token_factor.token_id"))
                .isEqualTo("token-1");
        assertThat(answer.text("member_session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofHours(1)).toString());
        client.post("/v1/b2b/sessions/authenticate", "{'session_jwt':'" + answer.text("session_jwt") + "'}")
                .ok();
    }

    @Test
    void durationAndClaimsAreThoseOfTheRequest() {
        Client.Answer answer = attest(
                        token(claims -> claims),
                        "'organization_id':'acme','session_duration_minutes':5,'session_custom_claims':{'a':1}")
                .ok();
        assertThat(answer.text("member_session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofMinutes(5)).toString());
        assertThat(answer.at("member_session.custom_claims").toString()).isEqualTo("{\"a\":1}");
    }

    @Test
    void theRequestNamesTheOrganizationWhenTheTokenDoesNot() {
        for (String key : List.of(organizationId, "acme", "acme|1")) {
            assertThat(attest(token(claims -> claims), "'organization_id':'" + key + "'")
                            .ok()
                            .text("member_id"))
                    .isEqualTo(ada.member().id());
        }
        attest(token(claims -> claims), "").refused(400, "token_missing_organization_id_claim");
        attest(token(claims -> claims), "'organization_id':''").refused(400, "token_missing_organization_id_claim");
        attest(token(claims -> claims), "'organization_id':'unknown'").refused(404, "organization_not_found");
        attest(token(claims -> claims), "'organization_id':'not a name'").refused(400, "invalid_organization_id");
    }

    @Test
    void tokenAndRequestMustNotNameDifferentOrganizations() {
        String other = organization("'organization_slug':'other'");
        Membership twin = member(other, "ada@example.com");
        String token = token(claims -> claims.claim("org", "acme|1"));
        attest(token, "'organization_id':'acme'").ok();
        attest(token, "'organization_id':'other'").refused(400, "invalid_token_organization_id_claim");
        attest(token, "'organization_id':'unknown'").refused(400, "invalid_token_organization_id_claim");
        assertThat(sessionsOf(twin).ok().at("member_sessions")).isEmpty();
    }

    @Test
    void theTokenNamesAnOrganizationByIdOrExternalIdAndNeverBySlug() {
        attest(token(claims -> claims.claim("org", "acme|1")), "").ok();
        for (Object key : List.of(
                "acme",
                "unknown",
                "not a name",
                "organization-test-1",
                "",
                "organization-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6",
                "organization-live-16d9ba61-97a1-4ba4-9720-b03761dc50c6")) {
            attest(token(claims -> claims.claim("org", key)), "").refused(400, "invalid_token_organization_id_claim");
        }
        attest(token(claims -> claims.claim("org", 7)), "").refused(400, "jwt_invalid_claims");
    }

    @Test
    void neitherASecondFactorNorAnotherWayIsAskedFor() {
        client.put(
                        "/v1/b2b/organizations/" + organizationId,
                        "{'mfa_policy':'REQUIRED_FOR_ALL','auth_methods':'RESTRICTED','allowed_auth_methods':['sso']}")
                .ok();
        assertThat(attest(token(claims -> claims), "'organization_id':'acme'")
                        .ok()
                        .text("session_token"))
                .isNotEmpty();
    }

    @Test
    void theFactorIsAddedToTheMembersSessionInTheRequest() {
        Sessions.Issued<MemberSession> running = session(ada);
        app.clock().advance(Duration.ofMinutes(1));
        Client.Answer answer = attest(
                        token(claims -> claims), "'organization_id':'acme','session_token':'" + running.token() + "'")
                .ok();
        assertThat(answer.text("session_token")).isEqualTo(running.token());
        assertThat(answer.at("member_session.authentication_factors")
                        .valueStream()
                        .map(factor -> factor.path("type").asString()))
                .containsExactly("magic_link", "trusted_auth_token");
        assertThat(answer.text("member_session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofMinutes(59)).toString());
        attest(
                        token(claims -> claims.jwtID("token-2")),
                        "'organization_id':'acme','session_jwt':'" + running.jwt() + "'")
                .ok();
        assertThat(sessionsOf(ada).ok().at("member_sessions")).hasSize(1);
        assertThat(sessionsOf(ada).ok().at("member_sessions.0.authentication_factors"))
                .hasSize(2);
    }

    @Test
    void aSessionOfAnotherMemberOrOrganizationIsIgnored() {
        Membership twin = member(organization(""), "ada@example.com");
        Sessions.Issued<MemberSession> elsewhere = session(twin);
        Client.Answer answer = attest(
                        token(claims -> claims), "'organization_id':'acme','session_token':'" + elsewhere.token() + "'")
                .ok();
        assertThat(answer.text("session_token")).isNotEqualTo(elsewhere.token());
        assertThat(answer.text("member_session.member_id"))
                .isEqualTo(ada.member().id());
        assertThat(sessionsOf(twin).ok().at("member_sessions.0.authentication_factors"))
                .hasSize(1);
        attest(token(claims -> claims), "'organization_id':'acme','session_token':'" + "a".repeat(44) + "'")
                .refused(404, "session_not_found");
        attest(token(claims -> claims), "'session_token':'" + "a".repeat(44) + "','session_jwt':'x'")
                .refused(400, "too_many_session_arguments");
    }

    @Test
    void anUnknownAddressIsNotFoundUnlessTheProfileMakesMembers() {
        String token = token(claims -> claims.claim("org", organizationId).claim("email", "new@example.com"));
        attest(token, "").refused(404, "member_not_found");
        issuer.trustedBy(client, TrustedIssuer::jit);
        Client.Answer answer = attest(
                        token(claims -> claims.claim("org", organizationId)
                                .claim("email", "new@example.com")
                                .claim("ext", "new|1")
                                .claim("groups", List.of("editor"))),
                        "")
                .ok();
        assertThat(answer.text("member.email_address")).isEqualTo("new@example.com");
        assertThat(answer.text("member.status")).isEqualTo("active");
        assertThat(answer.at("member.email_address_verified").booleanValue()).isTrue();
        assertThat(answer.text("member.external_id")).isEqualTo("new|1");
        assertThat(answer.at("member_session.roles").toString()).isEqualTo("[\"stytch_member\",\"editor\"]");
        assertThat(attest(token, "").ok().text("member_id"))
                .as("a token that was refused")
                .isEqualTo(answer.text("member_id"));
    }

    @Test
    void aProfileThatMakesMembersNeedsTheOrganizationInTheToken() {
        issuer.trustedBy(client, TrustedIssuer::jit);
        attest(token(claims -> claims.claim("email", "new@example.com")), "'organization_id':'acme'")
                .refused(400, "token_missing_organization_id_claim");
        attest(token(claims -> claims), "'organization_id':'acme'").refused(400, "token_missing_organization_id_claim");
        assertUnknown(organizationId, "new@example.com");
    }

    @Test
    void anAddressWhoseDomainOthersClaimMakesNoMember() {
        issuer.trustedBy(client, TrustedIssuer::jit);
        organization("'claimed_email_domains':['claimed.example']");
        attest(token(claims -> claims.claim("org", organizationId).claim("email", "new@claimed.example")), "")
                .refused(400, "action_not_allowed_email_domain_is_claimed");
        assertUnknown(organizationId, "new@claimed.example");
    }

    @Test
    void aRoleThatIsUnknownIsRefusedAndMakesNoMember() {
        issuer.trustedBy(client, TrustedIssuer::jit);
        attest(
                        token(claims -> claims.claim("org", organizationId)
                                .claim("email", "new@example.com")
                                .claim("groups", List.of("nobody"))),
                        "")
                .refused(400, "invalid_rbac_role_id");
        assertUnknown(organizationId, "new@example.com");
    }

    @Test
    void aKnownMemberGetsTheExternalIdAndTheRolesOfTheTokenAndLosesNone() {
        String more = token(claims -> claims.claim("ext", "ada|1").claim("groups", List.of("editor")));
        Client.Answer answer = attest(more, "'organization_id':'acme'").ok();
        assertThat(answer.text("member.external_id")).isEqualTo("ada|1");
        assertThat(answer.at("member_session.roles").toString()).isEqualTo("[\"stytch_member\",\"editor\"]");
        answer = attest(token(claims -> claims.claim("groups", List.of())), "'organization_id':'acme'")
                .ok();
        assertThat(answer.text("member.external_id")).isEqualTo("ada|1");
        assertThat(answer.at("member_session.roles").toString()).isEqualTo("[\"stytch_member\",\"editor\"]");
        more = token(claims -> claims.claim("ext", "ada|1").claim("groups", List.of("editor")));
        assertThat(attest(more, "'organization_id':'acme'").ok().at("member.updated_at"))
                .isEqualTo(answer.at("member.updated_at"));
        attest(token(claims -> claims.claim("groups", List.of("nobody"))), "'organization_id':'acme'")
                .refused(400, "invalid_rbac_role_id");
    }

    @Test
    void anExternalIdOfAnotherMemberIsRefusedAndTheSameInAnotherOrganizationIsNot() {
        issuer.trustedBy(client, TrustedIssuer::jit);
        app.app()
                .members()
                .assign(
                        client.project(),
                        member(organizationId, "bob@example.com").member().id(),
                        "bob",
                        null);
        String wrong = "trusted_token_profile_incorrect_external_id_mapping";
        attest(
                        token(claims -> claims.claim("org", organizationId)
                                .claim("email", "bob@example.com")
                                .claim("ext", "robert")),
                        "")
                .refused(400, wrong);
        attest(token(claims -> claims.claim("org", organizationId).claim("ext", "bob")), "")
                .refused(400, wrong);
        attest(
                        token(claims -> claims.claim("org", organizationId)
                                .claim("email", "new@example.com")
                                .claim("ext", "bob")),
                        "")
                .refused(400, wrong);
        assertUnknown(organizationId, "new@example.com");
        attest(token(claims -> claims.claim("org", organizationId).claim("ext", "not an id")), "")
                .refused(400, "jwt_invalid_claims");
        String other = organization("");
        attest(
                        token(claims -> claims.claim("org", other)
                                .claim("email", "bob@example.com")
                                .claim("ext", "bob")),
                        "")
                .ok();
    }

    @Test
    void anInvitedMemberBecomesActiveAndItsAddressVerified() {
        String other = organization("");
        app.app()
                .members()
                .create(
                        client.project(),
                        app.app().organizations().get(client.project(), other),
                        NewMember.withEmail(new EmailAddress("ada@example.com"), Member.Status.INVITED));
        Client.Answer answer =
                attest(token(claims -> claims.claim("org", other)), "").ok();
        assertThat(answer.text("member.status")).isEqualTo("active");
        assertThat(answer.at("member.email_address_verified").booleanValue()).isTrue();
    }

    @Test
    void aLockedMemberIsRefused() {
        for (int i = 0; i < 10; i++) {
            app.app().subjects().recordFailure(client.project(), ada.member().id());
        }
        attest(token(claims -> claims), "'organization_id':'acme'").refused(429, "user_lock_limit_reached");
    }

    @Test
    void tokensAreVerifiedAsForUsers() throws Exception {
        attest(
                        TrustedIssuer.sign(
                                TrustedIssuer.rsa("key-1"),
                                JWSAlgorithm.RS256,
                                issuer.claims().build()),
                        "'organization_id':'acme'")
                .refused(400, "invalid_trusted_auth_token");
        attest(token(claims -> claims.issuer("https://elsewhere.example.com")), "'organization_id':'acme'")
                .refused(400, "jwt_invalid_issuer");
        attest(token(claims -> claims.audience("other")), "'organization_id':'acme'")
                .refused(400, "jwt_invalid_audience");
        attest(token(claims -> claims.expirationTime(issuer.at(-61))), "'organization_id':'acme'")
                .refused(400, "jwt_invalid_claims");
        client.post("/v1/b2b/sessions/attest", "{'profile_id':'other','token':'x'}")
                .refused(404, "trusted_token_profile_not_found");
        client.post("/v1/b2b/sessions/attest", "{'profile_id':'main'}").refused(400, "bad_request");
        client.post("/v1/b2b/sessions/attest", "{'token':'x'}").refused(400, "bad_request");
        attest("x", "'session_duration_minutes':4").refused(400, "invalid_session_duration_minutes");
    }

    @Test
    void anotherProjectsOrganizationIsUnknown() {
        client = app.b2b();
        issuer.trustedBy(client, identity -> identity);
        attest(token(claims -> claims.claim("org", organizationId)), "")
                .refused(400, "invalid_token_organization_id_claim");
        attest(token(claims -> claims.claim("org", "acme|1")), "").refused(400, "invalid_token_organization_id_claim");
        attest(token(claims -> claims), "'organization_id':'acme'").refused(404, "organization_not_found");
    }

    @Test
    void manyTokensForOneNewAddressMakeOneMember() throws Exception {
        issuer.trustedBy(client, TrustedIssuer::jit);
        List<String> tokens = Stream.generate(() -> token(claims -> claims.claim("org", organizationId)
                        .claim("email", "new@example.com")
                        .claim("ext", "new|1")))
                .limit(8)
                .toList();
        List<Client.Answer> answers = Race.atOnce(8, call -> attest(tokens.get(call), ""));
        assertThat(answers.stream().map(answer -> answer.ok().text("member_id")).distinct())
                .hasSize(1);
        assertThat(answers.stream().map(answer -> answer.text("session_token"))).doesNotHaveDuplicates();
    }

    private void assertUnknown(String id, String email) {
        assertThat(app.app()
                        .members()
                        .findByEmail(
                                client.project(),
                                app.app().organizations().get(client.project(), id),
                                new EmailAddress(email)))
                .isEmpty();
    }

    private String token(UnaryOperator<JWTClaimsSet.Builder> changes) {
        return issuer.token(changes);
    }

    private Client.Answer attest(String token, String members) {
        return client.post(
                "/v1/b2b/sessions/attest",
                "{'profile_id':'main','token':'" + token + "'" + (members.isEmpty() ? "" : "," + members) + "}");
    }
}
