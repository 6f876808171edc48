package dev.selvage.members;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client.Answer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What members may do to themselves, to each other and to those of other organizations.
class MemberRightsWireTest extends MemberCallsTest {

    private static final String REFUSED = "session_authorization_error";
    private static final String ELSEWHERE = "session_authorization_tenancy_error";

    private String organization;
    private Membership ann;
    private Membership bob;
    private Membership admin;
    private Membership stranger;

    @BeforeEach
    void people() {
        organization = organization("");
        ann = member(organization, "ann@example.com");
        bob = member(organization, "bob@example.com");
        admin = withRoles(member(organization, "admin@example.com"), "stytch_admin");
        stranger = withRoles(member(organization(""), "stranger@example.com"), "stytch_admin");
        update(bob, "'mfa_phone_number':'+12025550123'").ok();
        update(ann, "'mfa_phone_number':'+12025550124'").ok();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
            'name':'New'; true
            'untrusted_metadata':{'a':1}; true
            'is_breakglass':true; false
            'mfa_enrolled':true; true
            'roles':[]; false
            'default_mfa_method':'sms_otp'; true
            'external_id':'e'; false""")
    void aFieldIsChangedByWhoMayChangeIt(String field, boolean bySelf) {
        if (bySelf) {
            by(ann, ann, field).ok();
        } else {
            refused(ann, ann, field, REFUSED);
        }
        refused(ann, bob, field, REFUSED);
        refused(stranger, bob, field, ELSEWHERE);
        by(admin, bob, field).ok();
        by(admin, admin, field.replace("sms_otp", "").replace("'e'", "'f'")).ok();
    }

    @Test
    void aNumberIsSetByItsMemberOrAnAdmin() {
        Membership carl = member(organization, "carl@example.com");
        refused(ann, carl, "'mfa_phone_number':'+12025550125'", REFUSED);
        by(carl, carl, "'mfa_phone_number':'+12025550125'").ok();
        Membership dora = member(organization, "dora@example.com");
        by(admin, dora, "'mfa_phone_number':'+12025550126'").ok();
    }

    @Test
    void allThatIsNamedMustBeAllowed() {
        refused(ann, ann, "'name':'New','roles':['stytch_admin']", REFUSED);
        refused(ann, ann, "'name':'New','is_breakglass':true", REFUSED);
        by(ann, ann, "'name':'New','mfa_enrolled':true,'email_address':'','external_id':'','roles':null")
                .ok();
        by(ann, ann, "").ok();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'name':null", "'unlink_email':true", "'preserve_existing_sessions':true"})
    void anUpdateOfNothingShowsNobodyElse(String fields) {
        refused(ann, bob, fields, REFUSED);
        by(admin, bob, fields).ok();
        by(ann, ann, fields).ok();
    }

    @Test
    void nobodyChangesTheOwnAddressByAnUpdate() {
        refused(ann, bob, "'email_address':'new@example.com'", REFUSED);
        as(ann, "PUT", path(ann), "{'email_address':'new@example.com'}")
                .refused(400, "member_cannot_update_their_email_address");
        as(admin, "PUT", path(admin), "{'email_address':'new@example.com'}")
                .refused(400, "member_cannot_update_their_email_address");
        refused(stranger, bob, "'email_address':'new@example.com'", ELSEWHERE);
        by(admin, bob, "'email_address':'new@example.com'").ok();
    }

    @Test
    void trustedMetadataIsNeverWrittenByAMember() {
        refused(ann, ann, "'trusted_metadata':{'a':1}", REFUSED);
        by(admin, bob, "'trusted_metadata':{}").ok();
        refused(admin, bob, "'trusted_metadata':{'a':null}", REFUSED);
        as(admin, "POST", members(organization), "{'email_address':'new@example.com','trusted_metadata':{'a':1}}")
                .refused(403, REFUSED);
        by(admin, bob, "'trusted_metadata':null").ok();
    }

    @Test
    void aRoleOfTheOrganizationGrantsWhatItNames() {
        client.put("/v1/b2b/rbac/organizations/" + organization, """
                {'org_policy':{'roles':[{'role_id':'namer','description':'','permissions':[
                    {'resource_id':'stytch.member','actions':['update.info.name','update.info.email']}]}]}}""").ok();
        Membership namer = withRoles(member(organization, "namer@example.com"), "namer");
        by(namer, bob, "'name':'New','email_address':'new@example.com'").ok();
        refused(namer, bob, "'name':'Newer','mfa_enrolled':true", REFUSED);
        as(namer, "DELETE", path(bob), null).refused(403, REFUSED);
    }

    @Test
    void onlyAnAdminCreatesMembersAndOnlyInTheOwnOrganization() {
        String json = "{'email_address':'new@example.com'}";
        as(ann, "POST", members(organization), json).refused(403, REFUSED);
        as(stranger, "POST", members(organization), json).refused(403, ELSEWHERE);
        as(admin, "POST", members("nowhere"), json).refused(403, ELSEWHERE);
        as(admin, "POST", members(organization), json).ok();
    }

    @Test
    void aMemberIsDeletedByItselfOrAnAdmin() {
        as(ann, "DELETE", path(bob), null).refused(403, REFUSED);
        as(stranger, "DELETE", path(bob), null).refused(403, ELSEWHERE);
        as(
                        stranger,
                        "DELETE",
                        members(stranger.organization().id()) + "/"
                                + bob.member().id(),
                        null)
                .refused(404, "member_not_found");
        assertThat(get(bob).ok().text("member.status")).isEqualTo("active");
        as(ann, "DELETE", path(ann), null).ok();
        as(admin, "DELETE", path(bob), null).ok();
    }

    @Test
    void onlyAnAdminReactivates() {
        client.delete(path(bob)).ok();
        as(ann, "PUT", path(bob) + "/reactivate", "{}").refused(403, REFUSED);
        as(stranger, "PUT", path(bob) + "/reactivate", "{}").refused(403, ELSEWHERE);
        as(
                        stranger,
                        "PUT",
                        members(stranger.organization().id()) + "/"
                                + bob.member().id() + "/reactivate",
                        "{}")
                .refused(404, "member_not_found");
        as(admin, "PUT", path(bob) + "/reactivate", "{}").ok();
    }

    @Test
    void anUpdateOfTheAddressIsStartedByItsMemberOrAnAdmin() {
        as(ann, "POST", path(bob) + "/start_email_update", "{'email_address':'a@example.com'}")
                .refused(403, REFUSED);
        as(stranger, "POST", path(bob) + "/start_email_update", "{'email_address':'a@example.com'}")
                .refused(403, ELSEWHERE);
        as(ann, "POST", path(ann) + "/start_email_update", "{'email_address':'b@example.com'}")
                .ok();
        as(admin, "POST", path(bob) + "/start_email_update", "{'email_address':'c@example.com'}")
                .ok();
    }

    @Test
    void aRetiredAddressIsUnlinkedByItsMemberOrAnAdmin() {
        for (Membership member : List.of(ann, bob)) {
            update(member, "'email_address':'new-" + member.member().email().address() + "'")
                    .ok();
        }
        String unlink = "{'email_address':'bob@example.com'}";
        as(ann, "POST", path(bob) + "/unlink_retired_email", unlink).refused(403, REFUSED);
        as(stranger, "POST", path(bob) + "/unlink_retired_email", unlink).refused(403, ELSEWHERE);
        as(ann, "POST", path(ann) + "/unlink_retired_email", "{'email_address':'ann@example.com'}")
                .ok();
        as(admin, "POST", path(bob) + "/unlink_retired_email", unlink).ok();
    }

    @Test
    void aNumberIsDeletedByItsMemberOrAnAdmin() {
        String phones = members(organization) + "/mfa_phone_numbers/";
        as(ann, "DELETE", phones + bob.member().id(), null).refused(403, REFUSED);
        as(stranger, "DELETE", phones + bob.member().id(), null).refused(403, ELSEWHERE);
        as(ann, "DELETE", phones + ann.member().id(), null).ok();
        as(admin, "DELETE", phones + bob.member().id(), null).ok();
    }

    @Test
    void aPasswordIsDeletedByItsMemberOrAnAdmin() {
        String passwords = members(organization) + "/passwords/";
        String anns = password(ann);
        String bobs = password(bob);
        as(ann, "DELETE", passwords + bobs, null).refused(403, REFUSED);
        as(stranger, "DELETE", passwords + bobs, null).refused(403, ELSEWHERE);
        as(stranger, "DELETE", members(stranger.organization().id()) + "/passwords/" + bobs, null)
                .refused(403, ELSEWHERE);
        as(ann, "DELETE", passwords + "x", null).refused(400, "invalid_password_id");
        as(ann, "DELETE", passwords + anns, null).ok();
        as(admin, "DELETE", passwords + bobs, null).ok();
    }

    @Test
    void anExternalIdIsTakenAwayByAnAdmin() {
        update(ann, "'external_id':'e'").ok();
        as(ann, "DELETE", path(ann) + "/external_id", null).refused(403, REFUSED);
        as(stranger, "DELETE", path(ann) + "/external_id", null).refused(403, ELSEWHERE);
        as(admin, "DELETE", members(organization) + "/e/external_id", null).ok();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT ",
                "DELETE ",
                "PUT /reactivate",
                "POST /start_email_update",
                "POST /unlink_retired_email",
                "DELETE /external_id"
            })
    void aSessionThatEndedDoesNothing(String call) {
        String method = call.split(" ", -1)[0];
        var before = get(bob).ok().at("member");
        var session = session(admin);
        app.app()
                .memberSessions()
                .revoke(
                        project(),
                        new dev.selvage.sessions.SessionArgument.Id(
                                session.session().id()));
        client.send(client.request(
                                method,
                                path(bob) + call.split(" ", -1)[1],
                                method.equals("DELETE")
                                        ? null
                                        : "{\"name\":\"New\",\"email_address\":\"x@example.com\"}")
                        .header("Authorization", dev.selvage.support.Client.basic(client.projectId(), client.secret()))
                        .header("X-Stytch-Member-Session", session.token())
                        .build())
                .refused(404, "session_not_found");
        assertThat(get(bob).ok().at("member")).isEqualTo(before);
    }

    private Answer by(Membership caller, Membership target, String fields) {
        return as(caller, "PUT", path(target), "{" + fields + "}");
    }

    private void refused(Membership caller, Membership target, String fields, String type) {
        var before = get(target).ok().at("member");
        by(caller, target, fields).refused(403, type);
        assertThat(get(target).ok().at("member")).isEqualTo(before);
    }
}
