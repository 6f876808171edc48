package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.support.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class B2bInviteWireTest extends B2bMagicLinkTest {

    private static final String PATH = "/v1/b2b/magic_links/email/invite";

    @Test
    void anInviteMakesAnInvitedMemberWhoIsActiveOnceTheLinkIsUsed() {
        String id = organization("");
        Membership inviter = member(id, OTHER);
        Client.Answer sent = invite(
                        id,
                        EMAIL,
                        ",'name':'Ada','trusted_metadata':{'a':1},'untrusted_metadata':{'b':2},"
                                + "'roles':['stytch_admin'],'invited_by_member_id':'"
                                + inviter.member().id() + "'")
                .ok();
        assertThat(sent.text("member.status")).isEqualTo("invited");
        assertThat(sent.text("member.name")).isEqualTo("Ada");
        assertThat(sent.at("member.trusted_metadata.a").intValue()).isEqualTo(1);
        assertThat(sent.at("member.untrusted_metadata.b").intValue()).isEqualTo(2);
        assertThat(sent.at("member.is_admin").booleanValue()).isTrue();
        assertThat(sent.text("organization.organization_id")).isEqualTo(id);
        assertThat(mailbox.newest(EMAIL).path("subject").stringValue())
                .isEqualTo("You have been invited to Test project");
        Client.Answer done = authenticate(mailbox.token(EMAIL), "").ok();
        assertThat(done.text("member_id")).isEqualTo(sent.text("member_id"));
        assertThat(done.text("member.status")).isEqualTo("active");
        assertThat(done.at("member.email_address_verified").booleanValue()).isTrue();
    }

    @Test
    void whoIsPendingIsInvitedFromThenOn() {
        String id = organization(OPEN);
        String pending = loginOrSignup(id, EMAIL, "").ok().text("member_id");
        Client.Answer sent =
                invite(id, EMAIL, ",'name':'Ada','roles':['stytch_admin']").ok();
        assertThat(sent.text("member_id")).isEqualTo(pending);
        assertThat(sent.text("member.status")).isEqualTo("invited");
        assertThat(sent.text("member.name")).isEqualTo("Ada");
        assertThat(sent.at("member.is_admin").booleanValue()).isTrue();
    }

    @Test
    void anotherInviteIsAnotherMailAndKeepsWhatItDoesNotName() {
        String id = organization("");
        String first = invite(id, EMAIL, ",'name':'Ada','untrusted_metadata':{'a':1,'b':1},'roles':['stytch_admin']")
                .ok()
                .text("member_id");
        Client.Answer again = invite(id, EMAIL, ",'untrusted_metadata':{'b':2}").ok();
        assertThat(again.text("member_id")).isEqualTo(first);
        assertThat(again.text("member.name")).isEqualTo("Ada");
        assertThat(again.at("member.untrusted_metadata").toString()).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(again.at("member.is_admin").booleanValue()).isTrue();
        assertThat(mailbox.messages(EMAIL)).hasSize(2);
        assertThat(invite(id, EMAIL, ",'roles':[]").ok().at("member.is_admin").booleanValue())
                .isFalse();
    }

    @Test
    void anActiveMemberIsNotInvited() {
        String id = organization("");
        member(id, EMAIL);
        invite(id, EMAIL, "").refused(400, "duplicate_member_email");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
    }

    @Test
    void anOrganizationDecidesWhomItInvites() {
        invite(organization("'email_invites':'NOT_ALLOWED'"), EMAIL, "").refused(400, "invalid_email_for_invites");
        String some = organization("'email_invites':'RESTRICTED','email_allowed_domains':['example.com']");
        invite(some, "ada@elsewhere.com", "").refused(400, "invalid_email_for_invites");
        invite(some, EMAIL, "").ok();
        organization("'claimed_email_domains':['claimed.com']");
        invite(organization(""), "ada@claimed.com", "").refused(400, "action_not_allowed_email_domain_is_claimed");
    }

    @Test
    void anInviteIsSentWhereLinksAreForbiddenAndAsksForAnotherWayThen() {
        String id = organization(
                "'auth_methods':'RESTRICTED','allowed_auth_methods':['password'],'email_invites':'ALL_ALLOWED'");
        invite(id, EMAIL, "").ok();
        Client.Answer done = authenticate(mailbox.token(EMAIL), "").ok();
        assertThat(done.at("member_authenticated").booleanValue()).isFalse();
        assertThat(done.at("primary_required.allowed_auth_methods").toString()).isEqualTo("[\"password\"]");
        assertThat(done.text("intermediate_session_token")).isNotEmpty();
        assertThat(done.text("member.status")).isEqualTo("active");
    }

    @Test
    void anInviteLivesAWeekUnlessTheCallSaysAnother() {
        String id = organization("");
        invite(id, EMAIL, "").ok();
        String token = mailbox.token(EMAIL);
        invite(id, EMAIL, ",'invite_expiration_minutes':5").ok();
        String shorter = mailbox.token(EMAIL);
        app.clock().advance(Duration.ofMinutes(5));
        authenticate(shorter, "").refused(401, "unable_to_auth_magic_link");
        app.clock().advance(Duration.ofDays(7).minusMinutes(6));
        authenticate(token, "").ok();
        invite(id, OTHER, "").ok();
        String late = mailbox.token(OTHER);
        app.clock().advance(Duration.ofDays(7));
        authenticate(late, "").refused(401, "unable_to_auth_magic_link");
    }

    @Test
    void whoInvitesMustBeOfTheOrganization() {
        String id = organization("");
        Membership stranger = member(organization(""), OTHER);
        invite(id, EMAIL, ",'invited_by_member_id':'" + stranger.member().id() + "'")
                .refused(404, "member_not_found");
        invite(id, EMAIL, ",'invited_by_member_id':'a b'").refused(400, "invalid_id");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
    }

    @Test
    void whatCannotBeRightIsRefusedBeforeAMemberIsMade() {
        String id = organization("");
        invite(id, "nobody", "").refused(400, "invalid_email");
        invite("organization-test-00000000-0000-4000-8000-000000000000", EMAIL, "")
                .refused(404, "organization_not_found");
        client.post(PATH, "{'email_address':'" + EMAIL + "'}").refused(400, "invalid_organization_id");
        client.post(PATH, "{'organization_id':'" + id + "'}").refused(400, "bad_request");
        invite(id, EMAIL, ",'invite_expiration_minutes':4").refused(400, "invalid_expiration");
        invite(id, EMAIL, ",'locale':'xx'").refused(400, "invalid_locale");
        invite(id, EMAIL, ",'invite_redirect_url':'nowhere'").refused(400, "invalid_invite_redirect_url");
        invite(id, EMAIL, ",'invite_redirect_url':'https://evil.test'")
                .refused(400, "no_match_for_provided_magic_link_url");
        invite(id, EMAIL, ",'invite_template_id':'unknown'").refused(404, "email_template_not_found");
        invite(id, EMAIL, ",'roles':['nothing']").refused(400, "invalid_rbac_role_id");
        invite(id, EMAIL, ",'untrusted_metadata':[1]").refused(400, "metadata_invalid_format");
        assertThat(app.app().members().findAllByEmail(client.project(), new EmailAddress(EMAIL), 10))
                .isEmpty();
        assertThat(mailbox.messages(EMAIL)).isEmpty();
    }

    @Test
    void aMemberInvitesWithTheRightToMakeMembersInItsOwnOrganization() {
        String id = organization("");
        String other = organization("");
        Membership ada = member(id, OTHER);
        String token = session(ada).token();
        as(token, id, "").refused(403, "session_authorization_error");
        roles(ada, "stytch_admin");
        as(token, other, "").refused(403, "session_authorization_tenancy_error");
        as(token, id, ",'trusted_metadata':{'a':1}").refused(403, "session_authorization_error");
        as("", id, "").refused(404, "session_not_found");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
        assertThat(as(token, id, ",'untrusted_metadata':{'a':1}").ok().text("member.status"))
                .isEqualTo("invited");
    }

    @Test
    void anInviteIsSeenInItsOwnOrganizationOnly() {
        String id = organization("");
        String other = organization("");
        invite(id, EMAIL, "").ok();
        loginOrSignup(other, EMAIL, "").refused(400, "email_jit_provisioning_not_allowed");
        String inOther = invite(other, EMAIL, "").ok().text("member_id");
        authenticate(mailbox.token(EMAIL), "").ok();
        assertThat(stored(other, EMAIL).member().id()).isEqualTo(inOther);
        assertThat(stored(id, EMAIL).member().status()).isEqualTo(Member.Status.INVITED);
    }

    private Client.Answer as(String sessionToken, String organizationId, String members) {
        app.clock().advance(Duration.ofSeconds(1));
        String body = ("{'organization_id':'" + organizationId + "','email_address':'" + EMAIL + "'" + members + "}")
                .replace('\'', '"');
        return client.send(client.request("POST", PATH, body)
                .header("Authorization", Client.basic(client.projectId(), client.secret()))
                .header("X-Stytch-Member-Session", sessionToken)
                .build());
    }
}
