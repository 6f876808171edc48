package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.selvage.base.Environment;
import dev.selvage.members.Membership;
import dev.selvage.organizations.SandboxOrganization;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Client;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `POST /v1/b2b/sessions/authenticate`: `semantics.md` 3.3 and 5, `open-questions.md` 12 to 14, 21 and 22.
class AuthenticateMemberSessionTest extends MemberSessionTest {

    @Test
    void theAnswerHasTheSessionItsMemberItsOrganizationAndBothTokens() {
        Sessions.Issued<MemberSession> issued = start(60);
        Client.Answer answer = authenticate(issued).ok();
        assertThat(answer.body().propertyNames())
                .containsExactlyInAnyOrder(
                        "status_code",
                        "request_id",
                        "member_session",
                        "session_token",
                        "session_jwt",
                        "member",
                        "organization");
        assertThat(answer.text("member_session.member_session_id"))
                .isEqualTo(issued.session().id());
        assertThat(answer.text("session_token")).isEqualTo(issued.token()).hasSize(44);
        assertThat(answer.text("member.member_id")).isEqualTo(ann.member().id());
        assertThat(answer.text("member.email_address")).isEqualTo("ann@acme.example");
        assertThat(answer.text("organization.organization_id")).isEqualTo(organizationId);
    }

    @Test
    void aJwtIsAnsweredWithTheTokenAndANewJwtAlsoPastItsExpiry() {
        Sessions.Issued<MemberSession> issued = start(60);
        advance(Duration.ofMinutes(30));
        Client.Answer answer =
                authenticate("'session_jwt':'" + issued.jwt() + "'").ok();
        assertThat(answer.text("session_token")).isEqualTo(issued.token());
        assertThat(answer.text("session_jwt")).isNotEqualTo(issued.jwt());
        authenticate("'session_jwt':'" + answer.text("session_jwt") + "'").ok();
    }

    @Test
    void withoutADurationTheExpiryStaysThoughOtherCallsStartWithSixtyMinutes() {
        Sessions.Issued<MemberSession> issued = start(10);
        advance(Duration.ofMinutes(1));
        assertThat(authenticate(issued).ok().text("member_session.expires_at")).isEqualTo(inSeconds(9 * 60));
        assertThat(authenticate(issued, "'session_duration_minutes':null").ok().text("member_session.expires_at"))
                .isEqualTo(inSeconds(9 * 60));
        assertThat(authenticate(issued, "'session_custom_claims':{'a':1}").ok().text("member_session.expires_at"))
                .isEqualTo(inSeconds(9 * 60));
        assertThat(list().text("member_sessions.0.expires_at")).isEqualTo(inSeconds(9 * 60));
    }

    @Test
    void aDurationCountsFromNowAndMayShorten() {
        Sessions.Issued<MemberSession> issued = start(60);
        advance(Duration.ofMinutes(30));
        assertThat(authenticate(issued, "'session_duration_minutes':60").ok().text("member_session.expires_at"))
                .isEqualTo(inSeconds(3600));
        assertThat(authenticate(issued, "'session_duration_minutes':5").ok().text("member_session.expires_at"))
                .isEqualTo(inSeconds(300));
        advance(Duration.ofMinutes(5));
        authenticate(issued).refused(404, "session_not_found");
    }

    @Test
    void aDurationHasTheBoundsOfTheApiAndOfTheProject() {
        Sessions.Issued<MemberSession> issued = start(60);
        for (String minutes : new String[] {"4", "0", "-1", "527041", "99999999999"}) {
            authenticate(issued, "'session_duration_minutes':" + minutes)
                    .refused(400, "invalid_session_duration_minutes");
        }
        authenticate(issued, "'session_duration_minutes':'60'").refused(400, "bad_request");
        assertThat(list().text("member_sessions.0.expires_at")).isEqualTo(inSeconds(3600));
        authenticate(issued, "'session_duration_minutes':527040").ok();
        app.setting(client, "sessions.max_duration_minutes", 60);
        authenticate(issued, "'session_duration_minutes':61").refused(400, "invalid_session_duration");
        authenticate(issued, "'session_duration_minutes':60").ok();
    }

    @Test
    void everyAuthenticateMovesTheTimeOfAccessAndNothingElse() {
        Sessions.Issued<MemberSession> issued = start(60);
        advance(Duration.ofSeconds(90));
        Client.Answer answer = authenticate(issued).ok();
        assertThat(answer.text("member_session.last_accessed_at")).isEqualTo(inSeconds(0));
        assertThat(answer.text("member_session.started_at")).isEqualTo(inSeconds(-90));
        advance(Duration.ofSeconds(10));
        assertThat(list().text("member_sessions.0.last_accessed_at")).isEqualTo(inSeconds(-10));
    }

    @Test
    void claimsMergeAndShowInTheList() {
        Sessions.Issued<MemberSession> issued = start(ann, 60, Attributes.NONE, "{'a':1,'b':{'x':1,'y':2}}");
        Client.Answer answer = authenticate(issued, "'session_custom_claims':{'a':null,'b':{'x':null,'z':3},'sub':'x'}")
                .ok();
        assertThat(answer.at("member_session.custom_claims").toString()).isEqualTo("{\"b\":{\"y\":2,\"z\":3}}");
        assertThat(list().at("member_sessions.0.custom_claims")).isEqualTo(answer.at("member_session.custom_claims"));
        authenticate(issued, "'session_custom_claims':{'https://stytch.com/organization':{}}")
                .refused(400, "stytch_claims_in_custom_claims");
        authenticate(issued, "'session_custom_claims':{'big':'" + "x".repeat(4096) + "'}")
                .refused(400, "custom_claims_too_large");
        assertThat(list().at("member_sessions.0.custom_claims")).isEqualTo(answer.at("member_session.custom_claims"));
    }

    @Test
    void exactlyOneArgumentIsNeeded() {
        Sessions.Issued<MemberSession> issued = start(60);
        authenticate("").refused(400, "no_session_arguments");
        client.call("POST", "/v1/b2b/sessions/authenticate", null).refused(400, "no_session_arguments");
        authenticate("'session_token':'','session_jwt':null").refused(400, "no_session_arguments");
        authenticate(issued, "'session_jwt':'" + issued.jwt() + "'").refused(400, "too_many_session_arguments");
        authenticate("'session_token':'INVALID'").refused(400, "invalid_session_token");
        authenticate("'session_jwt':'INVALID'").refused(400, "unable_to_parse_session_jwt");
        assertThat(authenticate("'session_token':5").refused(400, "bad_request").text("error_details.field"))
                .isEqualTo("session_token");
        authenticate("'session_token':'" + "a".repeat(44) + "'").refused(404, "session_not_found");
    }

    @Test
    void anExpiredSessionCannotBeRevived() {
        Sessions.Issued<MemberSession> issued = start(5);
        advance(Duration.ofMinutes(5));
        authenticate(issued, "'session_duration_minutes':60").refused(404, "session_not_found");
        authenticate("'session_jwt':'" + issued.jwt() + "','session_duration_minutes':60")
                .refused(404, "session_not_found");
    }

    @Test
    void theSessionsOfADeletedMemberAreRefused() {
        Sessions.Issued<MemberSession> issued = start(60);
        delete(ann);
        authenticate(issued).refused(404, "session_not_found");
        authenticate("'session_jwt':'" + issued.jwt() + "','session_duration_minutes':60")
                .refused(404, "session_not_found");
    }

    @Test
    void theSessionsOfADeletedOrganizationAreRefusedAndThoseOfOthersLive() {
        Sessions.Issued<MemberSession> issued = start(60);
        Sessions.Issued<MemberSession> elsewhere =
                start(member(organization(""), "ann@acme.example"), 60, Attributes.NONE, "{}");
        client.delete("/v1/b2b/organizations/" + organizationId).ok();
        authenticate(issued).refused(404, "session_not_found");
        authenticate("'session_jwt':'" + issued.jwt() + "'").refused(404, "session_not_found");
        authenticate(elsewhere).ok();
    }

    @Test
    void aLockedMemberKeepsItsRunningSessions() {
        Sessions.Issued<MemberSession> issued = start(120);
        for (int i = 0; i < 10; i++) {
            app.app().subjects().recordFailure(client.project(), ann.member().id());
        }
        assertThat(authenticate(issued).ok().at("member.is_locked").booleanValue())
                .isTrue();
    }

    @Test
    void aProjectCanLimitHowManySessionsAMemberHasAndTheOldestEndFirst() {
        app.setting(client, "sessions.max_per_user", 2);
        Membership twin = member(organization(""), "ann@acme.example");
        Sessions.Issued<MemberSession> elsewhere = start(twin, 60, Attributes.NONE, "{}");
        Sessions.Issued<MemberSession> oldest = start(60);
        advance(Duration.ofSeconds(1));
        Sessions.Issued<MemberSession> second = start(60);
        advance(Duration.ofSeconds(1));
        Sessions.Issued<MemberSession> third = start(60);
        authenticate(oldest).refused(404, "session_not_found");
        authenticate(second).ok();
        authenticate(third).ok();
        authenticate(elsewhere).ok();
    }

    @Test
    void aSessionOfAnotherProjectIsUnknownAndLives() {
        Sessions.Issued<MemberSession> issued = start(60);
        Client other = app.b2b();
        other.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + issued.token() + "'}")
                .refused(404, "session_not_found");
        other.post("/v1/b2b/sessions/authenticate", "{'session_jwt':'" + issued.jwt() + "'}")
                .refused(400, "unable_to_parse_session_jwt");
        authenticate(issued).ok();
    }

    @Test
    void theTwoProductsDoNotKnowEachOthersSessionsNorCalls() {
        Sessions.Issued<MemberSession> issued = start(60);
        Client consumer = app.consumer();
        String userToken = consumer.post(
                        "/v1/passwords",
                        "{'email':'u@example.com','password':'correct horse battery staple 7',"
                                + "'session_duration_minutes':60}")
                .ok()
                .text("session_token");
        authenticate("'session_token':'" + userToken + "'").refused(404, "session_not_found");
        consumer.post("/v1/sessions/authenticate", "{'session_token':'" + issued.token() + "'}")
                .refused(404, "session_not_found");
        consumer.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + userToken + "'}")
                .refused(400, "invalid_b2b_endpoint");
        client.post("/v1/sessions/authenticate", "{'session_token':'" + issued.token() + "'}")
                .refused(400, "invalid_consumer_endpoint");
        client.post("/v1/sessions/revoke", "{'session_token':'" + issued.token() + "'}")
                .refused(400, "invalid_consumer_endpoint");
        authenticate(issued).ok();
    }

    @Test
    void theSandboxSessionIsThatOfTheSandboxMemberAndDoesNotEnd() {
        Client.Answer answer =
                authenticate("'session_token':'" + SandboxSession.TOKEN + "'").ok();
        assertThat(answer.text("member_session.organization_id")).isEqualTo(SandboxOrganization.ID);
        revoke("'session_token':'" + SandboxSession.TOKEN + "'").ok();
        revoke("'member_session_id':'" + SandboxSession.SESSION_ID + "'").ok();
        authenticate("'session_jwt':'" + answer.text("session_jwt") + "'").ok();
    }

    @Test
    void theSandboxSessionHasNoRolesAndTheSandboxOrganizationAPolicyWithout() throws ParseException {
        String policy = "/v1/b2b/rbac/organizations/" + SandboxOrganization.ID;
        Client.Answer answer =
                authenticate("'session_token':'" + SandboxSession.TOKEN + "'").ok();
        assertThat(answer.at("member_session.roles")).isEmpty();
        assertThat(SignedJWT.parse(answer.text("session_jwt"))
                        .getJWTClaimsSet()
                        .getJSONObjectClaim(SessionJwts.SESSION_CLAIM))
                .containsEntry("roles", List.of());
        authenticate("'session_token':'" + SandboxSession.TOKEN + "','authorization_check':{'organization_id':'"
                        + SandboxOrganization.ID + "','resource_id':'stytch.self','action':'*'}")
                .refused(403, "session_authorization_error");
        // An SDK that judges by itself asks for both policies.
        client.get("/v1/b2b/rbac/policy").ok();
        assertThat(client.get(policy).ok().at("org_policy.roles").isEmpty()).isTrue();
        client.put(policy, "{'org_policy':{'roles':[]}}").refused(404, "organization_not_found");
        app.client(Vertical.B2B, Environment.LIVE).get(policy).refused(400, "test_id_used_in_live_environment");
    }

    @Test
    void theSandboxSessionMayDoNothingToMembers() {
        Sessions.Issued<MemberSession> issued = start(60);
        client.send(client.request("POST", "/v1/b2b/sessions/revoke", "{\"session_token\":\"" + issued.token() + "\"}")
                        .header("Authorization", Client.basic(client.projectId(), client.secret()))
                        .header("X-Stytch-Member-Session", SandboxSession.TOKEN)
                        .build())
                .refused(403, "session_authorization_tenancy_error");
        authenticate(issued).ok();
    }
}
