package dev.selvage.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
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

/// `POST /v1/b2b/discovery/intermediate_sessions/exchange`.
class ExchangeTest extends DiscoveryWireTest {

    @Test
    void aMemberGetsASessionAndTheIntermediateOneIsUsedUp() {
        String organizationId = organization("'organization_slug':'acme','organization_external_id':'acme|1'");
        Membership ann = member(organizationId, ANN);
        String token = proven(ANN);
        Answer answer = exchange(token, organizationId).ok();
        assertThat(answer.text("member_id")).isEqualTo(ann.member().id());
        assertThat(answer.text("member.member_id")).isEqualTo(ann.member().id());
        assertThat(answer.text("organization.organization_id")).isEqualTo(organizationId);
        assertThat(answer.at("member_authenticated").booleanValue()).isTrue();
        assertThat(answer.text("intermediate_session_token")).isEmpty();
        assertThat(answer.at("mfa_required").isNull()).isTrue();
        assertThat(answer.at("primary_required").isNull()).isTrue();
        assertThat(answer.at("member_device").isNull()).isTrue();
        assertThat(answer.text("member_session.organization_id")).isEqualTo(organizationId);
        assertThat(answer.text("member_session.authentication_factors.0.type")).isEqualTo("magic_link");
        assertThat(answer.text("member_session.authentication_factors.0.email_factor.email_id"))
                .isEqualTo(ann.member().email().id());
        assertThat(client.post("/v1/b2b/sessions/authenticate", "{'session_jwt':'" + answer.text("session_jwt") + "'}")
                        .ok()
                        .text("session_token"))
                .isEqualTo(answer.text("session_token"));
        exchange(token, organizationId).refused(404, "intermediate_session_not_found");
        list(token).refused(404, "intermediate_session_not_found");
        exchange(proven(ANN), "acme").ok();
        exchange(proven(ANN), "acme|1").ok();
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(3);
    }

    @Test
    void durationAndClaimsAreThoseOfTheRequest() {
        String organizationId = organization("");
        member(organizationId, ANN);
        Answer hour = exchange(proven(ANN), organizationId).ok();
        assertThat(minutes(hour)).isEqualTo(60);
        Answer day = client.post(
                        EXCHANGE,
                        Map.of(
                                "intermediate_session_token",
                                proven(ANN),
                                "organization_id",
                                organizationId,
                                "session_duration_minutes",
                                1440,
                                "session_custom_claims",
                                Map.of("plan", "gold")))
                .ok();
        assertThat(minutes(day)).isEqualTo(1440);
        assertThat(day.text("member_session.custom_claims.plan")).isEqualTo("gold");
    }

    @Test
    void whoWasPendingOrInvitedIsActiveAndVerifiedThen() {
        for (Member.Status status : new Member.Status[] {Member.Status.PENDING, Member.Status.INVITED}) {
            String organizationId = organization("");
            Membership ann = member(organizationId, ANN, status);
            Answer answer = exchange(proven(ANN), organizationId).ok();
            assertThat(answer.text("member_id")).isEqualTo(ann.member().id());
            assertThat(answer.text("member.status")).isEqualTo("active");
            assertThat(answer.at("member.email_address_verified").booleanValue())
                    .isTrue();
            assertThat(memberWith(organizationId, ANN).member().email().verified())
                    .isTrue();
        }
    }

    @Test
    void whoIsNoMemberBecomesOneWhereTheDomainIsTakenIn() {
        String open = organization(OPEN);
        Answer answer = exchange(proven(ANN), open).ok();
        assertThat(answer.text("member.email_address")).isEqualTo(ANN);
        assertThat(answer.text("member.status")).isEqualTo("active");
        assertThat(answer.at("member.email_address_verified").booleanValue()).isTrue();
        assertThat(answer.at("member.is_admin").booleanValue()).isFalse();
        assertThat(answer.at("member_authenticated").booleanValue()).isTrue();
        assertThat(memberWith(open, ANN).member().id()).isEqualTo(answer.text("member_id"));
    }

    @Test
    void whoMayNotJoinIsRefusedAndNothingIsUsedUp() {
        String closed = organization("");
        String others =
                organization("'email_jit_provisioning':'RESTRICTED','email_allowed_domains':['elsewhere.example']");
        String open = organization(OPEN);
        String token = proven(ANN);
        exchange(token, closed).refused(400, "email_jit_provisioning_not_allowed");
        exchange(token, others).refused(400, "invalid_email_for_jit_provisioning");
        String claiming = organization("'claimed_email_domains':['example.com']");
        exchange(token, open).refused(400, "action_not_allowed_email_domain_is_claimed");
        exchange(token, claiming).refused(400, "email_jit_provisioning_not_allowed");
        client.put("/v1/b2b/organizations/" + claiming, "{" + OPEN + "}").ok();
        exchange(token, claiming).ok();
        assertThat(app.app().members().findAllByEmail(client.project(), new EmailAddress(ANN), 10))
                .hasSize(1);
    }

    @Test
    void anAddressThatAnotherMemberHadBeforeCannotJoin() {
        String open = organization(OPEN);
        Membership bob = member(open, ANN);
        app.app()
                .database()
                .write("UPDATE member_emails SET state = 'RETIRED' WHERE email_id = :id")
                .bind("id", bob.member().email().id())
                .update();
        String token = proven(ANN);
        exchange(token, open).refused(400, "retired_member_email");
        list(token).ok();
    }

    @Test
    void aPasswordAloneLetsNobodyJoinAndTheIntermediateSessionStays() {
        String open = organization(OPEN);
        String token = byPassword(ANN);
        for (int call = 0; call < 2; call++) {
            Answer answer = exchange(token, open).ok();
            assertThat(answer.at("member_authenticated").booleanValue()).isFalse();
            assertThat(answer.text("intermediate_session_token")).isEqualTo(token);
            assertThat(answer.text("session_token")).isEmpty();
            assertThat(answer.text("session_jwt")).isEmpty();
            assertThat(answer.at("member_session").isNull()).isTrue();
            assertThat(answer.at("primary_required.allowed_auth_methods").toString())
                    .contains("magic_link")
                    .doesNotContain("password");
            assertThat(answer.text("member.status")).isEqualTo("pending");
            assertThat(answer.at("member.email_address_verified").booleanValue())
                    .isFalse();
        }
        assertThat(sessionsOf(memberWith(open, ANN)).ok().at("member_sessions")).isEmpty();
    }

    @Test
    void aPasswordOfTheAddressIsEnoughForAMember() {
        String organizationId = organization("");
        member(organizationId, ANN);
        Answer answer = exchange(byPassword(ANN), organizationId).ok();
        assertThat(answer.at("member_authenticated").booleanValue()).isTrue();
        assertThat(answer.text("member_session.authentication_factors.0.type")).isEqualTo("password");
    }

    @Test
    void aMethodThatTheOrganizationDoesNotAllowIsNotEnough() {
        String organizationId = organization(
                "'auth_methods':'RESTRICTED','allowed_auth_methods':['password'],'email_invites':'ALL_ALLOWED'");
        Membership ann = member(organizationId, ANN);
        String elsewhere = organization("");
        member(elsewhere, ANN);
        String token = proven(ANN);
        Answer answer = exchange(token, organizationId).ok();
        assertThat(answer.at("member_authenticated").booleanValue()).isFalse();
        assertThat(answer.at("primary_required.allowed_auth_methods")).hasSize(1);
        assertThat(answer.text("primary_required.allowed_auth_methods.0")).isEqualTo("password");
        assertThat(answer.at("mfa_required").isNull()).isTrue();
        assertThat(sessionsOf(ann).ok().at("member_sessions")).isEmpty();
        assertThat(exchange(token, elsewhere).ok().at("member_authenticated").booleanValue())
                .isTrue();
    }

    @Test
    void aMissingSecondFactorIsGivenWithTheSameToken() {
        String strict = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        Membership ann = member(strict, ANN);
        String recoveryCode = client.post(
                        "/v1/b2b/totp/migrate",
                        Map.of(
                                "organization_id",
                                strict,
                                "member_id",
                                ann.member().id(),
                                "secret",
                                "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                                "recovery_codes",
                                List.of()))
                .ok()
                .text("recovery_codes.0");
        String token = proven(ANN);
        Answer answer = exchange(token, strict).ok();
        assertThat(answer.at("member_authenticated").booleanValue()).isFalse();
        assertThat(answer.text("intermediate_session_token")).isEqualTo(token);
        assertThat(answer.text("mfa_required.member_options.totp_registration_id"))
                .startsWith("totp-test-");
        assertThat(answer.at("primary_required").isNull()).isTrue();
        assertThat(answer.at("member_session").isNull()).isTrue();
        Answer complete = client.post(
                        "/v1/b2b/recovery_codes/recover",
                        Map.of(
                                "organization_id",
                                strict,
                                "member_id",
                                ann.member().id(),
                                "intermediate_session_token",
                                token,
                                "recovery_code",
                                recoveryCode))
                .ok();
        assertThat(complete.at("member_session.authentication_factors")).hasSize(2);
        exchange(token, strict).refused(404, "intermediate_session_not_found");
    }

    @Test
    void anotherOrganizationCanBeChosenWhileASecondFactorIsMissing() {
        String strict = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        member(strict, ANN);
        String easy = organization("");
        member(easy, ANN);
        for (String token : new String[] {proven(ANN), byPassword(ANN)}) {
            assertThat(exchange(token, strict).ok().at("member_authenticated").booleanValue())
                    .isFalse();
            assertThat(list(token).ok().at("organization_id_hint").isNull()).isTrue();
            assertThat(exchange(token, easy).ok().at("member_authenticated").booleanValue())
                    .isTrue();
        }
    }

    @Test
    void ofAnotherMembersProofsOnlyThoseOfTheAddressCount() {
        String home = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        Membership ann = member(home, ANN);
        String away = organization("");
        Membership other = member(away, ANN);
        String byPassword = intermediate(ann, Factor.password(1), Factor.totp("totp-test-1", 1));
        exchange(byPassword, away).refused(400, "invalid_intermediate_session_token_for_organization");
        Answer entered =
                exchange(intermediate(ann, Factor.password(1), link(ANN)), away).ok();
        assertThat(entered.at("member_session.authentication_factors")).hasSize(1);
        assertThat(entered.text("member_session.authentication_factors.0.email_factor.email_id"))
                .isEqualTo(other.member().email().id());
        // In the organization where they were made all of them count.
        assertThat(exchange(byPassword, home).ok().at("member_authenticated").booleanValue())
                .isTrue();
    }

    @Test
    void whoNeverProvedTheAddressNeitherSeesNorBecomesAMemberElsewhere() {
        Membership impostor = member(organization(""), ANN, Member.Status.ACTIVE);
        String token = intermediate(impostor, Factor.password(1));
        String away = organization("");
        Membership victim = member(away, ANN);
        String refused = "invalid_intermediate_session_token_for_organization";
        assertThat(exchange(token, away).refused(400, refused).body().toString())
                .doesNotContain(victim.member().id());
        String open = organization(OPEN);
        exchange(token, open).refused(400, refused);
        assertThat(client.get("/v1/b2b/organizations/" + open + "/metrics")
                        .ok()
                        .at("member_count")
                        .intValue())
                .isZero();
    }

    @Test
    void aProofOfOneAddressIsNoneOfAnother() {
        String organizationId = organization("");
        member(organizationId, ANN);
        String token = begin(ANN, link("bob@example.com")).intermediateSessionToken();
        Answer answer = exchange(token, organizationId).ok();
        assertThat(answer.at("member_authenticated").booleanValue()).isFalse();
        Membership bob = member(organization(""), "bob@example.com", Member.Status.INVITED);
        assertThat(exchange(proven(ANN), bob.organization().id())
                        .refused(400, "email_jit_provisioning_not_allowed")
                        .status())
                .isEqualTo(400);
        assertThat(memberWith(bob.organization().id(), "bob@example.com")
                        .member()
                        .status())
                .isEqualTo(Member.Status.INVITED);
    }

    @Test
    void aLockedMemberIsRefusedAndNothingIsUsedUp() {
        String organizationId = organization("");
        Membership ann = member(organizationId, ANN);
        for (int failure = 0; failure < 10; failure++) {
            app.app().subjects().recordFailure(client.project(), ann.member().id());
        }
        String token = proven(ANN);
        exchange(token, organizationId).refused(429, "user_lock_limit_reached");
        list(token).ok();
    }

    @Test
    void whatIsMalformedUnknownOrOverIsRefused() {
        String organizationId = organization("");
        member(organizationId, ANN);
        String token = proven(ANN);
        client.post(EXCHANGE, "{'organization_id':'" + organizationId + "'}").refused(400, "bad_request");
        client.post(EXCHANGE, "{'intermediate_session_token':'" + token + "'}").refused(400, "invalid_organization_id");
        exchange("short", organizationId).refused(400, "invalid_session_token");
        exchange("A".repeat(44), organizationId).refused(404, "intermediate_session_not_found");
        exchange(token, "no organization").refused(400, "invalid_organization_id");
        exchange(token, "unknown").refused(404, "organization_not_found");
        exchange(token, organizationId.replace("-test-", "-live-")).refused(400, "live_id_used_in_test_environment");
        String body = "{'intermediate_session_token':'" + token + "','organization_id':'" + organizationId + "',";
        client.post(EXCHANGE, body + "'session_duration_minutes':4}").refused(400, "invalid_session_duration_minutes");
        client.post(EXCHANGE, body + "'session_custom_claims':{'https://stytch.com/x':1}}")
                .refused(400, "stytch_claims_in_custom_claims");
        app.clock().advance(Duration.ofMinutes(10));
        exchange(token, organizationId).refused(404, "intermediate_session_not_found");
    }

    @Test
    void aDeletedMemberIsNoMember() {
        String open = organization(OPEN);
        Membership before = member(open, ANN);
        client.delete("/v1/b2b/organizations/" + open + "/members/"
                        + before.member().id())
                .ok();
        String old = intermediate(before, Factor.password(1));
        assertThat(list(old).ok().at("discovered_organizations")).isEmpty();
        exchange(old, open).refused(400, "invalid_intermediate_session_token_for_organization");
        Answer answer = exchange(proven(ANN), open).ok();
        assertThat(answer.text("member_id")).isNotEqualTo(before.member().id());
    }

    @Test
    void anIntermediateSessionOfOneProjectIsUnknownInAnother() {
        String token = proven(ANN);
        String here = organization("");
        member(here, ANN);
        Client first = client;
        client = app.b2b();
        String there = organization("");
        member(there, ANN);
        exchange(token, there).refused(404, "intermediate_session_not_found");
        exchange(token, here).refused(404, "intermediate_session_not_found");
        client = first;
        exchange(token, there).refused(404, "organization_not_found");
        exchange(token, here).ok();
    }

    @Test
    void ofManyExchangesOfOneTokenOnTwoNodesOneSucceeds() throws InterruptedException, ExecutionException {
        try (TestApp second = TestApp.start(app.config(), app.clock())) {
            for (int round = 0; round < 3; round++) {
                String open = organization(round == 0 ? "" : OPEN);
                Membership ann = round == 0 ? member(open, ANN) : null;
                String token = proven(ANN);
                Map<String, String> body = Map.of("intermediate_session_token", token, "organization_id", open);
                List<Answer> answers =
                        Race.atOnce(8, call -> (call % 2 == 0 ? client : client.at(second)).post(EXCHANGE, body));
                assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
                answers.stream()
                        .filter(answer -> answer.status() != 200)
                        .forEach(answer -> answer.refused(404, "intermediate_session_not_found"));
                assertThat(sessionsOf(ann == null ? memberWith(open, ANN) : ann)
                                .ok()
                                .at("member_sessions"))
                        .hasSize(1);
            }
        }
    }

    @Test
    void ofManyWhoJoinWithOneAddressAtOnceAllBecomeTheSameMember() throws InterruptedException, ExecutionException {
        try (TestApp second = TestApp.start(app.config(), app.clock())) {
            String open = organization(OPEN);
            List<String> tokens =
                    java.util.stream.Stream.generate(() -> proven(ANN)).limit(8).toList();
            List<Answer> answers = Race.atOnce(8, call -> (call % 2 == 0 ? client : client.at(second))
                    .post(EXCHANGE, Map.of("intermediate_session_token", tokens.get(call), "organization_id", open)));
            answers.forEach(Answer::ok);
            assertThat(answers.stream().map(answer -> answer.text("member_id")).distinct())
                    .hasSize(1);
            assertThat(sessionsOf(memberWith(open, ANN)).ok().at("member_sessions"))
                    .hasSize(8);
        }
    }

    private static long minutes(Answer answer) {
        return Duration.between(
                        java.time.Instant.parse(answer.text("member_session.started_at")),
                        java.time.Instant.parse(answer.text("member_session.expires_at")))
                .toMinutes();
    }
}
