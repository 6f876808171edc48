package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Environment;
import dev.selvage.base.ShardKey;
import dev.selvage.base.Tokens;
import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.projects.Vertical;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class B2bAuthenticateWireTest extends B2bMagicLinkTest {

    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    @Test
    void aTokenSignsIn() {
        String id = organization(OPEN + ",'organization_slug':'acme'");
        String token = token(id, EMAIL);
        Client.Answer done =
                authenticate(token, ",'session_custom_claims':{'a':1}").ok();
        Membership ada = stored(id, EMAIL);
        assertThat(done.at("member_authenticated").booleanValue()).isTrue();
        assertThat(done.at("reset_sessions").booleanValue()).isFalse();
        assertThat(done.text("member_id")).isEqualTo(ada.member().id());
        assertThat(done.text("method_id")).isEqualTo(ada.member().email().id());
        assertThat(done.text("organization_id")).isEqualTo(id);
        assertThat(done.text("member.status")).isEqualTo("active");
        assertThat(done.at("member.email_address_verified").booleanValue()).isTrue();
        assertThat(done.text("intermediate_session_token")).isEmpty();
        assertThat(done.at("mfa_required").isNull()
                        && done.at("primary_required").isNull())
                .isTrue();
        assertThat(done.text("member_session.organization_slug")).isEqualTo("acme");
        assertThat(done.at("member_session.custom_claims").toString()).isEqualTo("{\"a\":1}");
        assertThat(done.at("member_session.authentication_factors")).hasSize(1);
        assertThat(done.text("member_session.authentication_factors.0.type")).isEqualTo("magic_link");
        assertThat(done.text("member_session.authentication_factors.0.delivery_method"))
                .isEqualTo("email");
        assertThat(done.text("member_session.authentication_factors.0.email_factor.email_address"))
                .isEqualTo(EMAIL);
        assertThat(done.text("member_session.authentication_factors.0.email_factor.email_id"))
                .isEqualTo(done.text("method_id"));
        client.post("/v1/b2b/sessions/authenticate", "{'session_jwt':'" + done.text("session_jwt") + "'}")
                .ok();
        app.clock().advance(Duration.ofMinutes(60));
        client.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + done.text("session_token") + "'}")
                .refused(404, "session_not_found");
    }

    @Test
    void aTokenWorksOnceAndOnlyInItsProject() {
        String id = organization(OPEN);
        String token = token(id, EMAIL);
        Client elsewhere = app.b2b();
        elsewhere
                .post("/v1/b2b/magic_links/authenticate", "{'magic_links_token':'" + token + "'}")
                .refused(404, "magic_link_not_found");
        app.consumer()
                .post("/v1/magic_links/authenticate", "{'token':'" + token + "'}")
                .refused(404, "magic_link_not_found");
        authenticate(token, "").ok();
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
    }

    @Test
    void whatIsNoTokenIsRefused() {
        authenticate("A".repeat(44), "").refused(404, "magic_link_not_found");
        authenticate("short", "").refused(400, "invalid_token");
        client.post("/v1/b2b/magic_links/authenticate", "{}").refused(400, "bad_request");
    }

    @Test
    void aFlowThatBeginsWithAChallengeEndsWithItsVerifier() {
        String id = organization(OPEN);
        loginOrSignup(id, EMAIL, ",'pkce_code_challenge':'" + Tokens.encode(Tokens.hash(VERIFIER)) + "'")
                .ok();
        String token = mailbox.token(EMAIL);
        authenticate(token, "").refused(400, "pkce_expected_code_verifier");
        authenticate(token, ",'pkce_code_verifier':'" + "b".repeat(43) + "'").refused(400, "pkce_mismatch");
        authenticate(token, ",'pkce_code_verifier':'short'").refused(400, "invalid_pkce_code_verifier");
        authenticate(token, ",'pkce_code_verifier':'" + VERIFIER + "'").ok();
        authenticate(token(id, EMAIL), ",'pkce_code_verifier':'" + VERIFIER + "'")
                .refused(400, "pkce_did_not_expect_code_verifier");
    }

    @Test
    void aRefusedCallDoesNotUseTheTokenUp() {
        String id = organization(OPEN);
        String token = token(id, EMAIL);
        authenticate(token, ",'session_token':'" + "A".repeat(44) + "'").refused(404, "session_not_found");
        authenticate(token, ",'intermediate_session_token':'" + "A".repeat(44) + "'")
                .refused(404, "intermediate_session_not_found");
        authenticate(token, ",'session_token':'" + "A".repeat(44) + "','session_jwt':'a.b.c'")
                .refused(400, "too_many_session_arguments");
        authenticate(token, ",'session_duration_minutes':4").refused(400, "invalid_session_duration_minutes");
        assertThat(stored(id, EMAIL).member().status()).isEqualTo(Member.Status.PENDING);
        authenticate(token, ",'session_duration_minutes':5").ok();
    }

    @Test
    void aTokenWithWhatWasPastedBesideItIsNoneAndCostsNothing() {
        String id = organization("");
        member(id, EMAIL);
        String token = token(id, EMAIL);
        for (String pasted : List.of(token + " ", " " + token, token + "\\n", token + ".", "\\u200b" + token)) {
            authenticate(pasted, "").refused(400, "invalid_token");
        }
        authenticate(token, "").ok();
    }

    @Test
    void aLockedMemberIsRefusedAndKeepsTheToken() {
        String id = organization("");
        Membership ada = member(id, EMAIL);
        String token = token(id, EMAIL);
        for (int i = 0; i < 10; i++) {
            app.app().subjects().recordFailure(client.project(), ada.member().id());
        }
        authenticate(token, "").refused(429, "user_lock_limit_reached");
        loginOrSignup(id, EMAIL, ",'login_expiration_minutes':10080").ok();
        String longer = mailbox.token(EMAIL);
        app.clock().advance(Duration.ofMinutes(60));
        authenticate(longer, "").ok();
    }

    @Test
    void aLinkOfADeletedMemberSignsNobodyIn() {
        String id = organization(OPEN);
        Membership ada = member(id, EMAIL);
        String token = token(id, EMAIL);
        client.delete("/v1/b2b/organizations/" + id + "/members/" + ada.member().id())
                .ok();
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
        String anew = token(id, EMAIL);
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
        assertThat(authenticate(anew, "").ok().text("member_id"))
                .isNotEqualTo(ada.member().id());
    }

    @Test
    void noLinkOfAMemberWhoIsDeletedWorksEvenIfItWasNotEnded() {
        String id = organization(OPEN);
        Membership ada = member(id, EMAIL);
        String token = token(id, EMAIL);
        status(ada, Member.Status.DELETED);
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
    }

    @Test
    void anInviteEndsWithItsMember() {
        String id = organization("");
        String memberId = invite(id, EMAIL, "").ok().text("member_id");
        String token = mailbox.token(EMAIL);
        client.delete("/v1/b2b/organizations/" + id + "/members/" + memberId).ok();
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
        assertThat(Mailbox.open("GET", mailbox.link(EMAIL)).statusCode()).isEqualTo(410);
    }

    @Test
    void aLinkToAnAddressThatTheMemberHasNoMoreProvesNothing() {
        String id = organization("");
        Membership ada = member(id, EMAIL);
        String token = token(id, EMAIL);
        client.put("/v1/b2b/organizations/" + id + "/members/" + ada.member().id(), "{'email_address':'" + OTHER + "'}")
                .ok();
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
        assertThat(stored(id, OTHER).member().email().verified()).isFalse();
        loginOrSignup(id, EMAIL, "").refused(400, "email_jit_provisioning_not_allowed");
        change(id, OPEN);
        loginOrSignup(id, EMAIL, "").refused(400, "retired_member_email");
        invite(id, EMAIL, "").refused(400, "retired_member_email");
    }

    @Test
    void aLinkCompletesAnEmailUpdate() {
        String id = organization(OPEN);
        Membership ada = member(id, EMAIL);
        app.clock().advance(Duration.ofSeconds(1));
        client.post(
                        "/v1/b2b/organizations/" + id + "/members/"
                                + ada.member().id() + "/start_email_update",
                        "{'email_address':'" + OTHER + "'}")
                .ok();
        loginOrSignup(id, OTHER, "").refused(400, "desired_email_updating_for_different_member");
        Client.Answer done = authenticate(mailbox.token(OTHER), "").ok();
        assertThat(done.text("member_id")).isEqualTo(ada.member().id());
        assertThat(done.text("member.email_address")).isEqualTo(OTHER);
        assertThat(done.text("member.retired_email_addresses.0.email_address")).isEqualTo(EMAIL);
        assertThat(done.text("member_session.authentication_factors.0.email_factor.email_address"))
                .isEqualTo(OTHER);
        assertThat(done.text("method_id"))
                .isEqualTo(stored(id, OTHER).member().email().id());
    }

    @Test
    void anEmailUpdateIsOverAfterFiveMinutes() {
        String id = organization("");
        Membership ada = member(id, EMAIL);
        client.post(
                        "/v1/b2b/organizations/" + id + "/members/"
                                + ada.member().id() + "/start_email_update",
                        "{'email_address':'" + OTHER + "'}")
                .ok();
        String token = mailbox.token(OTHER);
        app.clock().advance(Duration.ofMinutes(5));
        authenticate(token, "").refused(401, "unable_to_auth_magic_link");
        assertThat(stored(id, EMAIL).member().id()).isEqualTo(ada.member().id());
    }

    @Test
    void whoOwesASecondFactorGetsAnIntermediateSession() {
        String id = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        Membership ada = member(id, EMAIL);
        Client.Answer done = authenticate(token(id, EMAIL), "").ok();
        assertThat(done.at("member_authenticated").booleanValue()).isFalse();
        assertThat(done.at("mfa_required").isObject()).isTrue();
        assertThat(done.at("member_session").isNull()).isTrue();
        assertThat(done.text("session_token")).isEmpty();
        assertThat(done.text("session_jwt")).isEmpty();
        assertThat(done.text("intermediate_session_token")).hasSize(44);
        assertThat(sessionsOf(ada).ok().at("member_sessions")).isEmpty();
    }

    @Test
    void aRunningSessionOfTheMemberGoesOnAndAsksForNoSecondFactor() {
        String id = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        Membership ada = member(id, EMAIL);
        Sessions.Issued<MemberSession> running =
                session(ada, Factor.password(app.clock().millis()));
        Client.Answer done = authenticate(token(id, EMAIL), ",'session_jwt':'" + running.jwt() + "'")
                .ok();
        assertThat(done.text("session_token")).isEqualTo(running.token());
        assertThat(done.at("member_session.authentication_factors")).hasSize(2);
        assertThat(sessionsOf(ada).ok().at("member_sessions")).hasSize(1);
    }

    @Test
    void theSessionOfAnotherMemberIsIgnored() {
        String id = organization("");
        Sessions.Issued<MemberSession> strange = session(member(id, OTHER));
        Membership ada = member(id, EMAIL);
        Client.Answer done = authenticate(token(id, EMAIL), ",'session_token':'" + strange.token() + "'")
                .ok();
        assertThat(done.text("session_token")).isNotEqualTo(strange.token());
        assertThat(done.text("member_session.member_id")).isEqualTo(ada.member().id());
        assertThat(strange.session().factors()).hasSize(1);
    }

    @Test
    void anIntermediateSessionThatLacksTheAllowedWayIsCompletedByIt() {
        String id = organization(
                "'auth_methods':'RESTRICTED','allowed_auth_methods':['password'],'email_invites':'ALL_ALLOWED'");
        member(id, EMAIL);
        invite(id, OTHER, "").ok();
        Client.Answer first = authenticate(mailbox.token(OTHER), "").ok();
        String intermediate = first.text("intermediate_session_token");
        assertThat(first.at("primary_required.allowed_auth_methods").toString()).isEqualTo("[\"password\"]");
        status(stored(id, OTHER), Member.Status.INVITED);
        invite(id, OTHER, "").ok();
        Client.Answer again = authenticate(mailbox.token(OTHER), ",'intermediate_session_token':'" + intermediate + "'")
                .ok();
        assertThat(again.at("member_authenticated").booleanValue()).isFalse();
        assertThat(again.text("intermediate_session_token")).isEqualTo(intermediate);
        change(id, "'auth_methods':'ALL_ALLOWED'");
        String token = token(id, OTHER);
        Client.Answer done = authenticate(token, ",'intermediate_session_token':'" + intermediate + "'")
                .ok();
        assertThat(done.at("member_authenticated").booleanValue()).isTrue();
        assertThat(done.text("intermediate_session_token")).isEmpty();
        authenticate(token(id, OTHER), ",'intermediate_session_token':'" + intermediate + "'")
                .refused(404, "intermediate_session_not_found");
    }

    @Test
    void theFirstProofOfAnAddressTakesTheMemberFromWhoeverSetAPasswordBefore() {
        String id = organization(OPEN);
        String memberId = loginOrSignup(id, EMAIL, "").ok().text("member_id");
        Membership ada = stored(id, EMAIL);
        Sessions.Issued<MemberSession> stranger =
                session(ada, Factor.password(app.clock().millis()));
        app.app()
                .database()
                .write("INSERT INTO passwords (project_id, shard_key, subject_id, password_id, hash,"
                        + " requires_reset, created_at) VALUES (:v1, :v2, :v3, 'p', 'h', FALSE, 0)")
                .bind("v1", client.projectId())
                .bind("v2", ShardKey.of(memberId))
                .bind("v3", memberId)
                .update();
        Client.Answer done = authenticate(mailbox.token(EMAIL), "").ok();
        assertThat(done.at("reset_sessions").booleanValue()).isFalse();
        client.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + stranger.token() + "'}")
                .refused(404, "session_not_found");
        assertThat(requiresReset(memberId)).isTrue();
        app.app()
                .database()
                .write("UPDATE passwords SET requires_reset = FALSE WHERE subject_id = :v1")
                .bind("v1", memberId)
                .update();
        authenticate(token(id, EMAIL), "").ok();
        assertThat(requiresReset(memberId)).as("a second proof takes nothing").isFalse();
        client.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + done.text("session_token") + "'}")
                .ok();
    }

    @Test
    void theSandboxAnswersInTestProjectsAndSendsNothing() {
        String sandbox =
                "'organization_id':'organization-test-007d9d4a-deac-4a87-ba0a-e6e8afba4d4b','email_address':'sandbox@stytch.com'";
        Client.Answer sent = client.post("/v1/b2b/magic_links/email/login_or_signup", "{" + sandbox + "}")
                .ok();
        assertThat(sent.at("member_created").booleanValue()).isFalse();
        assertThat(client.post("/v1/b2b/magic_links/email/invite", "{" + sandbox + "}")
                        .ok()
                        .text("member_id"))
                .isEqualTo(sent.text("member_id"));
        client.post("/v1/b2b/magic_links/email/discovery/send", "{'email_address':'sandbox@stytch.com'}")
                .ok();
        assertThat(mailbox.messages("sandbox@stytch.com")).isEmpty();
        Client.Answer done =
                authenticate("DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=", "").ok();
        assertThat(done.text("member_id")).isEqualTo(sent.text("member_id"));
        assertThat(done.text("organization_id")).isEqualTo("organization-test-007d9d4a-deac-4a87-ba0a-e6e8afba4d4b");
        assertThat(done.at("member_authenticated").booleanValue()).isTrue();
        assertThat(client.post("/v1/b2b/sessions/authenticate", "{'session_jwt':'" + done.text("session_jwt") + "'}")
                        .ok()
                        .text("member_session.member_id"))
                .isEqualTo(sent.text("member_id"));
        authenticate("3pzjQpgksDlGKWEwUq2Up--hCHC_0oamfLHyfspKDFU=", "").refused(401, "unable_to_auth_magic_link");
        authenticate("CprTtwhnRNiMBiUS2jSLcWYrfuO2POeBNdo5HhW6qTM=", "").refused(404, "magic_link_not_found");
        Client.Answer discovered =
                discover("DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=", "").ok();
        assertThat(discovered.text("email_address")).isEqualTo("sandbox@stytch.com");
        assertThat(discovered.text("intermediate_session_token")).hasSize(44);
        discover("3pzjQpgksDlGKWEwUq2Up--hCHC_0oamfLHyfspKDFU=", "").refused(401, "unable_to_auth_magic_link");
        discover("CprTtwhnRNiMBiUS2jSLcWYrfuO2POeBNdo5HhW6qTM=", "").refused(404, "magic_link_not_found");
    }

    @Test
    void theSandboxDoesNotAnswerInLiveProjects() {
        Client live = app.client(Vertical.B2B, Environment.LIVE);
        live.post(
                        "/v1/b2b/magic_links/authenticate",
                        "{'magic_links_token':'DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94='}")
                .refused(404, "magic_link_not_found");
        live.post(
                        "/v1/b2b/magic_links/discovery/authenticate",
                        "{'discovery_magic_links_token':'DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94='}")
                .refused(404, "magic_link_not_found");
        live.post("/v1/b2b/sessions/authenticate", "{'session_token':'WJtR5BCy38Szd5AfoDpf0iqFKEt4EE5JhjlWUY7l3FtY'}")
                .refused(404, "session_not_found");
        live.post("/v1/b2b/magic_links/email/discovery/send", "{'email_address':'sandbox@stytch.com'}")
                .refused(400, "invalid_email_sandbox");
        live.post("/v1/b2b/magic_links/email/invite", "{'organization_id':'acme','email_address':'sandbox@stytch.com'}")
                .refused(400, "invalid_email_sandbox");
        live.post(
                        "/v1/b2b/magic_links/email/login_or_signup",
                        "{'organization_id':'acme','email_address':'sandbox@stytch.com'}")
                .refused(400, "invalid_email_sandbox");
    }

    private boolean requiresReset(String memberId) {
        return app.app()
                .database()
                .read("SELECT requires_reset FROM passwords WHERE subject_id = :id")
                .bind("id", memberId)
                .first(row -> row.flag("requires_reset"))
                .orElseThrow();
    }
}
