package dev.selvage.members;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client.Answer;
import org.junit.jupiter.api.Test;

/// What is taken from a member by calls of its own.
class MemberFactorsWireTest extends MemberCallsTest {

    @Test
    void aDeletedNumberIsFreeAndNoDefaultAnyMoreWhileSessionsStay() {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        String path =
                members(organization) + "/mfa_phone_numbers/" + ann.member().id();
        client.delete(path).refused(404, "member_phone_number_not_found");
        update(ann, "'mfa_phone_number':'+12025550123','default_mfa_method':'sms_otp','mfa_enrolled':true")
                .ok();
        session(ann);
        client.delete(members(organization("")) + "/mfa_phone_numbers/"
                        + ann.member().id())
                .refused(404, "member_not_found");
        client.delete(members(organization) + "/mfa_phone_numbers/" + NOBODY).refused(404, "member_not_found");
        client.delete(members(organization) + "/mfa_phone_numbers/a%20b").refused(400, "invalid_id");
        app.b2b().delete(path).refused(404, "organization_not_found");
        Answer left = client.delete(path).ok();
        assertThat(left.text("member_id")).isEqualTo(ann.member().id());
        assertThat(left.text("member.mfa_phone_number")).isEmpty();
        assertThat(left.text("member.default_mfa_method")).isEmpty();
        assertThat(left.at("member.mfa_enrolled").booleanValue()).isTrue();
        assertThat(left.at("member")).isEqualTo(get(ann).ok().at("member"));
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(1);
        create(organization, "bob@example.com", "'mfa_phone_number':'+12025550123'")
                .ok();
    }

    @Test
    void aPasswordIsDeletedByItsIdInTheOrganizationOfItsMember() {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        String id = password(ann);
        session(ann);
        String path = members(organization) + "/passwords/";
        client.delete(path + "x").refused(400, "invalid_password_id");
        client.delete(path + "member-password-test-00000000-0000-4000-8000-000000000000")
                .refused(404, "member_password_not_found");
        client.delete(members(organization("")) + "/passwords/" + id).refused(404, "member_password_not_found");
        client.delete(members("nowhere") + "/passwords/" + id).refused(404, "organization_not_found");
        app.b2b().delete(path + id).refused(404, "organization_not_found");
        assertThat(get(ann).ok().text("member.member_password_id")).isEqualTo(id);
        Answer left = client.delete(path + id).ok();
        assertThat(left.text("member_id")).isEqualTo(ann.member().id());
        assertThat(left.text("member.member_password_id")).isEmpty();
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(1);
        client.delete(path + id).refused(404, "member_password_not_found");
    }

    @Test
    void anExternalIdIsFreeOnceItIsTakenAway() {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        update(ann, "'external_id':'e'").ok();
        client.delete(members(organization("")) + "/e/external_id").refused(404, "member_not_found");
        app.b2b().delete(members(organization) + "/e/external_id").refused(404, "organization_not_found");
        Answer left = client.delete(members(organization) + "/e/external_id").ok();
        assertThat(left.text("member_id")).isEqualTo(ann.member().id());
        assertThat(left.at("member.external_id").isNull()).isTrue();
        client.delete(members(organization) + "/e/external_id").refused(404, "member_not_found");
        client.delete(path(ann) + "/external_id").ok();
        create(organization, "bob@example.com", "'external_id':'e'").ok();
    }
}
