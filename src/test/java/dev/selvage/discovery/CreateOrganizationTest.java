package dev.selvage.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Race;
import dev.selvage.support.TestApp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `POST /v1/b2b/discovery/organizations/create`.
class CreateOrganizationTest extends DiscoveryWireTest {

    @Test
    void whoProvedAnAddressIsTheAdministratorOfTheNewOrganization() {
        String token = proven(ANN);
        Answer answer = create(token, "'organization_name':'Acme','organization_slug':'acme'")
                .ok();
        String organizationId = answer.text("organization.organization_id");
        assertThat(answer.text("organization.organization_name")).isEqualTo("Acme");
        assertThat(answer.text("organization.organization_slug")).isEqualTo("acme");
        assertThat(answer.at("member_authenticated").booleanValue()).isTrue();
        assertThat(answer.text("intermediate_session_token")).isEmpty();
        assertThat(answer.at("mfa_required").isNull()).isTrue();
        assertThat(answer.at("primary_required").isNull()).isTrue();
        assertThat(answer.text("member.email_address")).isEqualTo(ANN);
        assertThat(answer.text("member.status")).isEqualTo("active");
        assertThat(answer.at("member.email_address_verified").booleanValue()).isTrue();
        assertThat(answer.at("member.is_admin").booleanValue()).isTrue();
        assertThat(answer.text("member.organization_id")).isEqualTo(organizationId);
        assertThat(answer.at("member_session.roles").toString()).isEqualTo("[\"stytch_member\",\"stytch_admin\"]");
        assertThat(answer.text("member_id"))
                .isEqualTo(memberWith(organizationId, ANN).member().id());
        Answer session = client.post(
                        "/v1/b2b/sessions/authenticate",
                        "{'session_token':'" + answer.text("session_token") + "',"
                                + "'authorization_check':{'organization_id':'acme','resource_id':'stytch.member','action':'create'}}")
                .ok();
        assertThat(session.at("verdict.authorized").booleanValue()).isTrue();
        create(token, "").refused(404, "intermediate_session_not_found");
    }

    @Test
    void everySettingIsTakenOver() {
        Answer answer = create(proven(ANN), """
                'organization_name':'Acme','organization_external_id':'acme-1','organization_logo_url':'https://example.com/logo.png',
                'trusted_metadata':{'plan':'gold'},'sso_jit_provisioning':'NOT_ALLOWED','email_allowed_domains':['example.com'],
                'email_jit_provisioning':'RESTRICTED','email_invites':'RESTRICTED','auth_methods':'RESTRICTED',
                'allowed_auth_methods':['magic_link','password'],'mfa_policy':'OPTIONAL',
                'rbac_email_implicit_role_assignments':[{'domain':'example.com','role_id':'stytch_member'}],
                'mfa_methods':'RESTRICTED','allowed_mfa_methods':['totp'],'oauth_tenant_jit_provisioning':'RESTRICTED',
                'allowed_oauth_tenants':{'slack':['T1']},'first_party_connected_apps_allowed_type':'NOT_ALLOWED',
                'third_party_connected_apps_allowed_type':'RESTRICTED','session_duration_minutes':5,
                'session_custom_claims':{'seat':'1A'}""").ok();
        assertThat(answer.text("organization.organization_external_id")).isEqualTo("acme-1");
        assertThat(answer.text("organization.organization_logo_url")).isEqualTo("https://example.com/logo.png");
        assertThat(answer.text("organization.trusted_metadata.plan")).isEqualTo("gold");
        assertThat(answer.text("organization.sso_jit_provisioning")).isEqualTo("NOT_ALLOWED");
        assertThat(answer.text("organization.email_allowed_domains.0")).isEqualTo("example.com");
        assertThat(answer.text("organization.email_jit_provisioning")).isEqualTo("RESTRICTED");
        assertThat(answer.text("organization.email_invites")).isEqualTo("RESTRICTED");
        assertThat(answer.text("organization.auth_methods")).isEqualTo("RESTRICTED");
        assertThat(answer.at("organization.allowed_auth_methods").toString())
                .isEqualTo("[\"magic_link\",\"password\"]");
        assertThat(answer.text("organization.rbac_email_implicit_role_assignments.0.role_id"))
                .isEqualTo("stytch_member");
        assertThat(answer.text("organization.allowed_mfa_methods.0")).isEqualTo("totp");
        assertThat(answer.text("organization.oauth_tenant_jit_provisioning")).isEqualTo("RESTRICTED");
        assertThat(answer.text("organization.allowed_oauth_tenants.slack.0")).isEqualTo("T1");
        assertThat(answer.text("organization.first_party_connected_apps_allowed_type"))
                .isEqualTo("NOT_ALLOWED");
        assertThat(answer.text("organization.third_party_connected_apps_allowed_type"))
                .isEqualTo("RESTRICTED");
        assertThat(answer.text("member_session.custom_claims.seat")).isEqualTo("1A");
        assertThat(client.get("/v1/b2b/organizations/acme-1")
                        .ok()
                        .at("organization")
                        .toString())
                .isEqualTo(answer.at("organization").toString());
    }

    @Test
    void theSettingsAreThoseOfAnOrganizationThatTheBackendMakes() {
        Answer made = create(proven(ANN), "").ok();
        Answer other = client.post("/v1/b2b/organizations", "{'organization_name':'Other'}")
                .ok();
        for (String setting : List.of(
                "sso_jit_provisioning",
                "email_jit_provisioning",
                "email_invites",
                "auth_methods",
                "mfa_policy",
                "mfa_methods",
                "oauth_tenant_jit_provisioning",
                "email_allowed_domains",
                "claimed_email_domains",
                "trusted_metadata")) {
            assertThat(made.at("organization." + setting)).isEqualTo(other.at("organization." + setting));
        }
    }

    @Test
    void nobodyWhoSignsInClaimsADomain() {
        Answer answer =
                create(proven(ANN), "'claimed_email_domains':['example.com']").ok();
        assertThat(answer.at("organization.claimed_email_domains")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.com, example.com, example-com",
        "ann.lee+x@gmail.com, ann.lee+x, ann-lee-x",
        "ann@cs.college.edu, ann, ann",
        "a@gmail.com, a, organization",
        "ann@mailinator.com, ann, ann"
    })
    void nameAndSlugAreMadeFromTheAddress(String email, String name, String slug) {
        Answer first = create(proven(email), "").ok();
        assertThat(first.text("organization.organization_name")).isEqualTo(name);
        assertThat(first.text("organization.organization_slug")).isEqualTo(slug);
        Answer second = create(proven(email), "'organization_name':'','organization_slug':''")
                .ok();
        assertThat(second.text("organization.organization_name")).isEqualTo(name);
        assertThat(second.text("organization.organization_slug")).matches(slug + "-[a-z0-9]{6}");
        Answer named = create(proven(email), "'organization_name':'Acme'").ok();
        assertThat(named.text("organization.organization_name")).isEqualTo("Acme");
        assertThat(named.text("organization.organization_slug")).startsWith(slug + "-");
    }

    @Test
    void aLongDomainMakesANameThatIsNotTooLong() {
        String email = "ann@" + "a".repeat(63) + "." + "b".repeat(63) + ".example";
        assertThat(create(proven(email), "").ok().text("organization.organization_name"))
                .hasSize(128);
    }

    @Test
    void aPasswordAloneIsNotEnough() {
        String token = byPassword(ANN);
        Answer answer = create(token, "").ok();
        assertThat(answer.at("member_authenticated").booleanValue()).isFalse();
        assertThat(answer.text("intermediate_session_token")).isEqualTo(token);
        assertThat(answer.text("session_token")).isEmpty();
        assertThat(answer.at("member_session").isNull()).isTrue();
        assertThat(answer.at("primary_required.allowed_auth_methods").toString())
                .contains("email_otp")
                .doesNotContain("password");
        assertThat(answer.at("mfa_required").isNull()).isTrue();
        assertThat(answer.text("member.status")).isEqualTo("pending");
        assertThat(answer.at("member.email_address_verified").booleanValue()).isFalse();
        assertThat(answer.at("member.is_admin").booleanValue()).isTrue();
        // The proof of the address completes it.
        Answer entered = exchange(proven(ANN), answer.text("organization.organization_id"))
                .ok();
        assertThat(entered.text("member_id")).isEqualTo(answer.text("member_id"));
        assertThat(entered.at("member_authenticated").booleanValue()).isTrue();
    }

    @Test
    void aSecondFactorIsAskedForWhereTheNewOrganizationWantsIt() {
        String token = proven(ANN);
        Answer answer = create(token, "'mfa_policy':'REQUIRED_FOR_ALL'").ok();
        assertThat(answer.at("member_authenticated").booleanValue()).isFalse();
        assertThat(answer.text("intermediate_session_token")).isEqualTo(token);
        assertThat(answer.at("mfa_required.member_options").isNull()).isTrue();
        assertThat(answer.at("mfa_required.secondary_auth_initiated").isNull()).isTrue();
        assertThat(answer.at("primary_required").isNull()).isTrue();
        assertThat(answer.text("member.status")).isEqualTo("active");
        assertThat(answer.at("member.email_address_verified").booleanValue()).isTrue();
        list(token).ok();
    }

    @Test
    void aMethodThatTheNewOrganizationDoesNotAllowIsNotEnough() {
        Answer answer = create(
                        proven(ANN),
                        "'auth_methods':'RESTRICTED','allowed_auth_methods':['password'],'email_invites':'ALL_ALLOWED'")
                .ok();
        assertThat(answer.at("member_authenticated").booleanValue()).isFalse();
        assertThat(answer.text("primary_required.allowed_auth_methods.0")).isEqualTo("password");
    }

    @Test
    void aSignInOfAMemberThatIsNotCompleteMakesAnOrganizationByTheProofOfItsAddress() {
        Membership ann = member(organization("'mfa_policy':'REQUIRED_FOR_ALL'"), ANN);
        assertThat(create(intermediate(ann, link(ANN)), "")
                        .ok()
                        .at("member_authenticated")
                        .booleanValue())
                .isTrue();
        create(intermediate(ann, Factor.password(1)), "")
                .refused(400, "invalid_intermediate_session_token_for_organization");
    }

    @Test
    void whatIsRefusedMakesNothingAndUsesNothingUp() {
        organization("'organization_slug':'taken','organization_external_id':'taken-1'");
        String token = proven(ANN);
        long before = app.app().organizations().count(client.project());
        create(token, "'organization_slug':'taken'").refused(400, "organization_slug_already_used");
        create(token, "'organization_external_id':'taken-1'").refused(400, "organization_external_id_already_used");
        create(token, "'organization_slug':'not a slug'").refused(400, "invalid_organization_slug");
        create(token, "'organization_name':' '").refused(400, "invalid_organization_name");
        create(token, "'organization_external_id':'not an id'").refused(400, "invalid_organization_external_id");
        create(token, "'mfa_policy':'SOMETIMES'").refused(400, "invalid_organization_mfa_policy");
        create(token, "'auth_methods':'RESTRICTED'").refused(400, "allowed_auth_methods_required_for_restricted");
        create(token, "'email_allowed_domains':['gmail.com']").refused(400, "organization_settings_domain_too_common");
        create(token, "'session_duration_minutes':4").refused(400, "invalid_session_duration_minutes");
        create(token, "'trusted_metadata':[1]").refused(400, "metadata_invalid_format");
        create(token, "'organization_name':1").refused(400, "bad_request");
        // Found only when the session starts, behind all that is made before it.
        create(token, "'session_custom_claims':{'long':'" + "x".repeat(5_000) + "'}")
                .refused(400, "custom_claims_too_large");
        assertThat(app.app().organizations().count(client.project())).isEqualTo(before);
        assertThat(app.app().members().findAllByEmail(client.project(), new EmailAddress(ANN), 10))
                .isEmpty();
        create(token, "").ok();
        create("short", "").refused(400, "invalid_session_token");
        create("A".repeat(44), "").refused(404, "intermediate_session_not_found");
        client.post(CREATE, "{'organization_name':'Acme'}").refused(400, "bad_request");
        assertThat(app.app().organizations().count(client.project())).isEqualTo(before + 1);
    }

    @Test
    void peopleOfAClaimedDomainMakeNoOrganization() {
        String token = proven(ANN);
        String claiming = organization("'claimed_email_domains':['example.com']");
        create(token, "").refused(400, "action_not_allowed_email_domain_is_claimed");
        client.put("/v1/b2b/organizations/" + claiming, "{'claimed_email_domains':[]}")
                .ok();
        create(token, "").ok();
    }

    @Test
    void anIntermediateSessionEndsAfterTenMinutesAndIsUnknownInAnotherProject() {
        String token = proven(ANN);
        Client here = client;
        client = app.b2b();
        create(token, "").refused(404, "intermediate_session_not_found");
        assertThat(app.app().organizations().count(client.project())).isZero();
        client = here;
        app.clock().advance(Duration.ofMinutes(10));
        create(token, "").refused(404, "intermediate_session_not_found");
    }

    @Test
    void ofExchangesAndCreationsWithOneTokenAtOnceOneSucceeds() throws InterruptedException, ExecutionException {
        try (TestApp second = TestApp.start(app.config(), app.clock())) {
            String own = organization("");
            member(own, ANN);
            for (int round = 0; round < 3; round++) {
                String token = proven(ANN);
                long before = app.app().organizations().count(client.project());
                List<Answer> answers = Race.atOnce(8, call -> {
                    Client caller = call % 4 < 2 ? client : client.at(second);
                    return call % 2 == 0
                            ? caller.post(CREATE, Map.of("intermediate_session_token", token))
                            : caller.post(
                                    EXCHANGE, Map.of("intermediate_session_token", token, "organization_id", own));
                });
                assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
                answers.stream()
                        .filter(answer -> answer.status() != 200)
                        .forEach(answer -> answer.refused(404, "intermediate_session_not_found"));
                int winner = answers.indexOf(answers.stream()
                        .filter(answer -> answer.status() == 200)
                        .findFirst()
                        .orElseThrow());
                assertThat(app.app().organizations().count(client.project()))
                        .isEqualTo(before + (winner % 2 == 0 ? 1 : 0));
            }
        }
    }

    @Test
    void ofManyWhoWantOneSlugOneGetsItAndTheOthersKeepTheirTokens() throws InterruptedException, ExecutionException {
        try (TestApp second = TestApp.start(app.config(), app.clock())) {
            List<String> tokens = java.util.stream.Stream.iterate(0, number -> number + 1)
                    .limit(6)
                    .map(number -> proven("ann" + number + "@example.com"))
                    .toList();
            List<Answer> answers = Race.atOnce(6, call -> (call % 2 == 0 ? client : client.at(second))
                    .post(CREATE, Map.of("intermediate_session_token", tokens.get(call), "organization_slug", "acme")));
            Race.oneWins(answers, "organization_slug_already_used");
            for (int call = 0; call < 6; call++) {
                assertThat(list(tokens.get(call)).status())
                        .isEqualTo(answers.get(call).status() == 200 ? 404 : 200);
            }
            assertThat(app.app().organizations().count(client.project())).isEqualTo(1);
        }
    }
}
