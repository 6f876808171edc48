package dev.selvage.tokenexchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.support.Client;
import dev.selvage.support.MemberWireTest;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `POST /v1/b2b/sessions/migrate`: `semantics.md` 6, `open-questions.md` 33. How the other service is asked is
/// tested for users in [MigrateTest].
class MemberMigrateTest extends MemberWireTest {

    private static final String TOKEN = "token-of-the-other-service";

    private ExternalService service;
    private String organizationId;
    private String memberId;

    @BeforeEach
    void connectProject() throws IOException {
        service = new ExternalService();
        app.userinfo(client, service.url("/userinfo"));
        organizationId = organization("'organization_slug':'acme'");
        memberId = member(organizationId, "ada@example.com").member().id();
        service.answer("/userinfo", 200, "{'sub':'1','email':'Ada@Example.com','email_verified':true}");
    }

    @AfterEach
    void closeService() {
        service.close();
    }

    @Test
    void aSessionOfAnHourStartsForTheMemberWhoseAddressTheServiceAnswers() {
        Client.Answer answer = migrate("acme", "").ok();
        assertThat(answer.body().propertyNames())
                .containsExactlyInAnyOrder(
                        "status_code",
                        "request_id",
                        "member_id",
                        "member_session",
                        "session_token",
                        "session_jwt",
                        "member",
                        "organization");
        assertThat(answer.text("member_id")).isEqualTo(memberId);
        assertThat(answer.text("organization.organization_id")).isEqualTo(organizationId);
        assertThat(answer.text("member_session.authentication_factors.0.type")).isEqualTo("imported");
        assertThat(answer.text("member_session.authentication_factors.0.delivery_method"))
                .isEqualTo("imported_auth0");
        assertThat(answer.text("member_session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofHours(1)).toString());
        client.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + answer.text("session_token") + "'}")
                .ok();
        assertThat(service.seen("/userinfo")).containsExactly(new ExternalService.Seen("/userinfo", "Bearer " + TOKEN));
    }

    @Test
    void durationAndClaimsAreThoseOfTheRequest() {
        Client.Answer answer = migrate("acme", "'session_duration_minutes':5,'session_custom_claims':{'from':'before'}")
                .ok();
        assertThat(answer.text("member_session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofMinutes(5)).toString());
        assertThat(answer.text("member_session.custom_claims.from")).isEqualTo("before");
    }

    @Test
    void neitherASecondFactorNorAnotherWayIsAskedFor() {
        client.put(
                        "/v1/b2b/organizations/" + organizationId,
                        "{'mfa_policy':'REQUIRED_FOR_ALL','auth_methods':'RESTRICTED','allowed_auth_methods':['sso']}")
                .ok();
        assertThat(migrate("acme", "").ok().text("session_token")).isNotEmpty();
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
        Client.Answer answer = migrate(other, "").ok();
        assertThat(answer.text("member.status")).isEqualTo("active");
        assertThat(answer.at("member.email_address_verified").booleanValue()).isTrue();
        assertThat(answer.text("member_id")).isNotEqualTo(memberId);
    }

    @Test
    void anAddressThatNoMemberOfTheOrganizationHasIsRefusedAndMakesNone() {
        String other = organization("'email_jit_provisioning':'RESTRICTED','email_allowed_domains':['example.com']");
        migrate(other, "").refused(400, "migrate_from_external_email_does_not_exist");
        assertThat(app.app()
                        .members()
                        .findByEmail(
                                client.project(),
                                app.app().organizations().get(client.project(), other),
                                new EmailAddress("ada@example.com")))
                .isEmpty();
    }

    @Test
    void aLockedMemberIsRefused() {
        for (int i = 0; i < 10; i++) {
            app.app().subjects().recordFailure(client.project(), memberId);
        }
        migrate("acme", "").refused(429, "user_lock_limit_reached");
    }

    @Test
    void whatTheServiceAnswersIsJudgedAsForUsers() {
        service.answer("/userinfo", 200, "{'email':'ada@example.com','email_verified':false}");
        migrate("acme", "").refused(400, "migrate_from_external_unexpected_response");
        service.answer("/userinfo", 401, "{'email':'ada@example.com'}");
        migrate("acme", "").refused(400, "migrate_from_external_unexpected_response");
        app.userinfo(client, null);
        migrate("acme", "").refused(400, "migrate_from_external_missing_userinfo");
    }

    @Test
    void fieldsAndTheOrganizationAreCheckedBeforeTheServiceIsAsked() {
        client.post("/v1/b2b/sessions/migrate", "{'organization_id':'acme'}").refused(400, "bad_request");
        client.post("/v1/b2b/sessions/migrate", "{'organization_id':'acme','session_token':'two words'}")
                .refused(400, "bad_request");
        client.post("/v1/b2b/sessions/migrate", "{'session_token':'" + TOKEN + "'}")
                .refused(400, "invalid_organization_id");
        migrate("not a name", "").refused(400, "invalid_organization_id");
        migrate("unknown", "").refused(404, "organization_not_found");
        migrate("acme", "'session_duration_minutes':4").refused(400, "invalid_session_duration_minutes");
        assertThat(service.seen("/userinfo")).isEmpty();
    }

    @Test
    void anotherProjectsOrganizationIsUnknown() {
        client = app.b2b();
        app.userinfo(client, service.url("/userinfo"));
        migrate(organizationId, "").refused(404, "organization_not_found");
        assertThat(service.seen("/userinfo")).isEmpty();
    }

    private Client.Answer migrate(String organization, String members) {
        return client.post(
                "/v1/b2b/sessions/migrate",
                "{'session_token':'" + TOKEN + "','organization_id':'" + organization + "'"
                        + (members.isEmpty() ? "" : "," + members) + "}");
    }
}
