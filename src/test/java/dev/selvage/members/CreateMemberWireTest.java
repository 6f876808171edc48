package dev.selvage.members;

import static dev.selvage.support.Race.atOnce;
import static dev.selvage.support.Race.oneWins;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.support.Client.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreateMemberWireTest extends MemberCallsTest {

    private static final int CALLS = 12;

    @Test
    void aNewMemberIsActiveAndProvedNothing() {
        String organization = organization("");
        Answer made = create(organization, "Ann@Example.com", "").ok();
        assertThat(made.text("member_id")).startsWith("member-test-").isEqualTo(made.text("member.member_id"));
        assertThat(made.text("organization.organization_id")).isEqualTo(organization);
        var body = Json.object(Json.write(made.at("member")));
        body.remove(List.of("member_id", "created_at", "updated_at"));
        assertThat(body).isEqualTo(Json.object("""
                {"organization_id": "%s", "email_address": "ann@example.com", "status": "active", "name": "", "sso_registrations": [],
                 "is_breakglass": false, "member_password_id": "", "oauth_registrations": [], "email_address_verified": false,
                 "mfa_phone_number_verified": false, "is_admin": false, "totp_registration_id": "", "retired_email_addresses": [],
                 "is_locked": false, "mfa_enrolled": false, "mfa_phone_number": "", "default_mfa_method": "",
                 "roles": [{"role_id": "stytch_member", "sources": [{"type": "direct_assignment", "details": {}}]}],
                 "trusted_metadata": {}, "untrusted_metadata": {}, "scim_registration": null, "external_id": null,
                 "lock_created_at": null, "lock_expires_at": null}""".formatted(organization)));
    }

    @Test
    void aNewMemberHasWhatTheRequestSays() {
        String organization = organization("'organization_slug':'acme'");
        Answer made = create("acme", "ann@example.com", """
                'name':'Ann','trusted_metadata':{'a':1},'untrusted_metadata':{'b':2},'create_member_as_pending':true,
                'is_breakglass':true,'mfa_phone_number':'+12025550123','mfa_enrolled':true,'roles':['stytch_admin','stytch_member'],
                'external_id':'e|1'""").ok();
        assertThat(made.text("member.organization_id")).isEqualTo(organization);
        assertThat(made.text("member.name")).isEqualTo("Ann");
        assertThat(made.at("member.trusted_metadata")).isEqualTo(Json.object("{\"a\":1}"));
        assertThat(made.at("member.untrusted_metadata")).isEqualTo(Json.object("{\"b\":2}"));
        assertThat(made.text("member.status")).isEqualTo("pending");
        assertThat(made.at("member.is_breakglass").booleanValue()).isTrue();
        assertThat(made.text("member.mfa_phone_number")).isEqualTo("+12025550123");
        assertThat(made.at("member.mfa_phone_number_verified").booleanValue()).isFalse();
        assertThat(made.at("member.mfa_enrolled").booleanValue()).isTrue();
        assertThat(made.at("member.is_admin").booleanValue()).isTrue();
        assertThat(made.at("member.roles").findValuesAsString("role_id"))
                .containsExactly("stytch_member", "stytch_admin");
        assertThat(made.text("member.external_id")).isEqualTo("e|1");
        assertThat(client.get(PATH + "acme/member?member_id=e%7C1").ok().at("member"))
                .isEqualTo(made.at("member"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            'email_address':'no'; invalid_email
            'name':'A'; bad_request
            'email_address':'a@example.com','external_id':'a b'; invalid_id
            'email_address':'a@example.com','external_id':'user-test-1'; invalid_id
            'email_address':'a@example.com','roles':['nobody']; invalid_rbac_role_id
            'email_address':'a@example.com','roles':[null]; invalid_rbac_role_id
            'email_address':'a@example.com','mfa_phone_number':'555'; invalid_phone_number
            'email_address':'a@example.com','trusted_metadata':[1]; metadata_invalid_format
            'email_address':'a@example.com','untrusted_metadata':'x'; metadata_invalid_format""", quoteCharacter = '"')
    void whatIsNotRightIsRefused(String fields, String type) {
        String organization = organization("");
        client.post(members(organization), "{" + fields + "}").refused(400, type);
        client.get(PATH + organization + "/member?email_address=a@example.com").refused(404, "member_not_found");
    }

    @Test
    void whatAMemberHasNobodyElseInTheOrganizationCanHave() {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        update(ann, "'external_id':'e','mfa_phone_number':'+12025550123'").ok();
        create(organization, "ANN@example.com", "").refused(400, "duplicate_member_email");
        create(organization, "bob@example.com", "'external_id':'e'").refused(400, "duplicate_member_external_id");
        create(organization, "bob@example.com", "'mfa_phone_number':'+12025550123'")
                .refused(400, "duplicate_member_phone_number");
        start(ann, "next@example.com", "").ok();
        create(organization, "next@example.com", "").refused(400, "desired_email_updating_for_different_member");
        update(ann, "'email_address':'new@example.com'").ok();
        create(organization, "ann@example.com", "").refused(400, "retired_member_email");
        create(organization, "next@example.com", "").ok();
        create(organization, "bob@example.com", "").ok();
    }

    @Test
    void theSamePersonCanBeAMemberOfTwoOrganizations() {
        String one = organization("");
        String two = organization("");
        String fields = "'external_id':'e','mfa_phone_number':'+12025550123'";
        String inOne = create(one, "ann@example.com", fields).ok().text("member_id");
        String inTwo = create(two, "ann@example.com", fields).ok().text("member_id");
        assertThat(inOne).isNotEqualTo(inTwo);
        assertThat(client.get(PATH + one + "/member?member_id=e").ok().text("member_id"))
                .isEqualTo(inOne);
        assertThat(client.get(PATH + two + "/member?member_id=e").ok().text("member_id"))
                .isEqualTo(inTwo);
        client.put(members(two) + "/e", "{'name':'Two'}").ok();
        assertThat(client.get(PATH + one + "/member?member_id=e").ok().text("member.name"))
                .isEmpty();
        client.delete(members(two) + "/e").ok();
        assertThat(client.get(PATH + one + "/member?email_address=ann@example.com")
                        .ok()
                        .text("member.status"))
                .isEqualTo("active");
    }

    @Test
    void aClaimedDomainIsLeftToThoseWhoClaimIt() {
        String claiming = organization("'claimed_email_domains':['acme.example']");
        create(organization(""), "ann@acme.example", "").refused(400, "action_not_allowed_email_domain_is_claimed");
        create(claiming, "ann@acme.example", "").ok();
    }

    @Test
    void anUnknownOrganizationHasNoMembers() {
        create("nowhere", "ann@example.com", "").refused(404, "organization_not_found");
        create("a%20b", "ann@example.com", "").refused(400, "invalid_organization_id");
        String organization = organization("");
        client = app.b2b();
        create(organization, "ann@example.com", "").refused(404, "organization_not_found");
        app.consumer().post(members(organization), "{}").refused(400, "invalid_b2b_endpoint");
    }

    @Test
    void oneOfManyCallsTakesAnAddress() throws Exception {
        String organization = organization("");
        oneWins(
                atOnce(CALLS, i -> create(organization, "ann@example.com", "'external_id':'e" + i + "'")),
                "duplicate_member_email");
    }

    @Test
    void oneOfManyCallsTakesAnExternalId() throws Exception {
        String organization = organization("");
        oneWins(
                atOnce(CALLS, i -> create(organization, "m" + i + "@example.com", "'external_id':'e'")),
                "duplicate_member_external_id");
    }

    @Test
    void oneOfManyCallsTakesANumber() throws Exception {
        String organization = organization("");
        oneWins(
                atOnce(CALLS, i -> create(organization, "m" + i + "@example.com", "'mfa_phone_number':'+12025550123'")),
                "duplicate_member_phone_number");
    }

    @Test
    void aMemberIsFoundByIdExternalIdOrAddress() {
        String organization = organization("'organization_slug':'acme','organization_external_id':'o'");
        Membership ann = member(organization, "ann@example.com");
        update(ann, "'external_id':'e'").ok();
        for (String query : List.of(
                "member_id=" + ann.member().id(),
                "member_id=e",
                "email_address=Ann@Example.com",
                "member_id=e&email_address=ann@example.com",
                "member_id=&email_address=ann@example.com")) {
            for (String key : List.of(organization, "acme", "o")) {
                Answer found = client.get(PATH + key + "/member?" + query).ok();
                assertThat(found.text("member_id")).isEqualTo(ann.member().id());
                assertThat(found.text("organization.organization_slug")).isEqualTo("acme");
            }
        }
        String get = PATH + organization + "/member";
        client.get(get).refused(400, "invalid_member_get_fields");
        client.get(get + "?member_id=&email_address=").refused(400, "invalid_member_get_fields");
        client.get(get + "?email_address=no").refused(400, "invalid_email");
        client.get(get + "?member_id=a%20b").refused(400, "invalid_id");
        client.get(get + "?member_id=member-test-1").refused(404, "member_not_found");
        client.get(get + "?member_id=" + NOBODY).refused(404, "member_not_found");
        client.get(get + "?member_id=e&email_address=bob@example.com").refused(404, "member_not_found");
        client.get(get + "?email_address=bob@example.com").refused(404, "member_not_found");
        client.get(get + "?member_id=" + NOBODY.replace("test", "live"))
                .refused(400, "live_id_used_in_test_environment");
    }

    @Test
    void aMemberIsNotFoundThroughAnotherOrganizationOrProject() {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        String other = organization("");
        client.get(PATH + other + "/member?member_id=" + ann.member().id()).refused(404, "member_not_found");
        client.get(PATH + other + "/member?email_address=ann@example.com").refused(404, "member_not_found");
        assertThat(client.get(PATH + "members/dangerously_get/" + ann.member().id())
                        .ok()
                        .text("member.organization_id"))
                .isEqualTo(organization);
        client = app.b2b();
        client.get(PATH + organization + "/member?member_id=" + ann.member().id())
                .refused(404, "organization_not_found");
        client.get(PATH + organization("") + "/member?member_id=" + ann.member().id())
                .refused(404, "member_not_found");
        client.get(PATH + "members/dangerously_get/" + ann.member().id()).refused(404, "member_not_found");
    }

    @Test
    void anyMemberIsFoundByTheStytchIdAlone() {
        Membership ann = member(organization(""), "ann@example.com");
        update(ann, "'external_id':'e'").ok();
        String any = PATH + "members/dangerously_get/";
        assertThat(client.get(any + ann.member().id()).ok().at("member"))
                .isEqualTo(get(ann).ok().at("member"));
        client.get(any + "e").refused(400, "invalid_id");
        client.get(any + NOBODY).refused(404, "member_not_found");
        client.delete(path(ann)).ok();
        client.get(any + ann.member().id()).refused(404, "member_not_found");
        client.get(any + ann.member().id() + "?include_deleted=false").refused(404, "member_not_found");
        assertThat(client.get(any + ann.member().id() + "?include_deleted=True")
                        .ok()
                        .text("member.status"))
                .isEqualTo("deleted");
    }

    @Test
    void aLockShows() {
        Membership ann = member(organization(""), "ann@example.com");
        for (int i = 0; i < project().settings().userLock().threshold(); i++) {
            app.app().subjects().recordFailure(project(), ann.member().id());
        }
        Answer locked = get(ann).ok();
        assertThat(locked.at("member.is_locked").booleanValue()).isTrue();
        assertThat(locked.text("member.lock_created_at")).isLessThan(locked.text("member.lock_expires_at"));
        app.clock()
                .advance(java.time.Duration.ofMinutes(
                        project().settings().userLock().minutes()));
        assertThat(get(ann).ok().at("member.is_locked").booleanValue()).isFalse();
        assertThat(get(ann).ok().at("member.lock_expires_at").isNull()).isTrue();
    }
}
