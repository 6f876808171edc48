package dev.selvage.members;

import static dev.selvage.support.Race.atOnce;
import static dev.selvage.support.Race.oneWins;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.MemberErrors;
import dev.selvage.support.Client.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateMemberWireTest extends MemberCallsTest {

    private static final int CALLS = 12;

    @Test
    void eachFieldChangesAloneAndWhatIsAbsentNullOrEmptyStays() {
        Membership ann = member(organization(""), "ann@example.com");
        app.clock().advance(Duration.ofSeconds(5));
        Answer changed = update(ann, """
                'name':'Ann','trusted_metadata':{'a':1,'b':1},'untrusted_metadata':{'c':1},'is_breakglass':true,
                'mfa_phone_number':'+12025550123','mfa_enrolled':true,'roles':['stytch_admin'],'default_mfa_method':'sms_otp',
                'external_id':'e','preserve_existing_sessions':true""").ok();
        assertThat(changed.text("member_id")).isEqualTo(ann.member().id());
        assertThat(changed.text("member.updated_at")).isGreaterThan(changed.text("member.created_at"));
        assertThat(changed.at("member")).isEqualTo(get(ann).ok().at("member"));
        assertThat(changed.text("member.default_mfa_method")).isEqualTo("sms_otp");
        for (String nothing : List.of("", """
                'name':null,'trusted_metadata':null,'untrusted_metadata':null,'is_breakglass':null,'mfa_phone_number':null,
                'mfa_enrolled':null,'roles':null,'default_mfa_method':null,'external_id':null,'preserve_existing_sessions':null,
                'email_address':null,'unlink_email':null""", """
                'mfa_phone_number':'','default_mfa_method':'','external_id':'','email_address':'','trusted_metadata':{}""")) {
            assertThat(update(ann, nothing).ok().at("member")).isEqualTo(changed.at("member"));
        }
        Answer again = update(ann, """
                'name':'','trusted_metadata':{'a':null,'b':{'x':1}},'is_breakglass':false,'mfa_enrolled':false,'roles':[],
                'external_id':'f'""").ok();
        assertThat(again.text("member.name")).isEmpty();
        assertThat(again.at("member.trusted_metadata")).isEqualTo(Json.object("{\"b\":{\"x\":1}}"));
        assertThat(again.at("member.untrusted_metadata")).isEqualTo(Json.object("{\"c\":1}"));
        assertThat(again.at("member.is_breakglass").booleanValue()).isFalse();
        assertThat(again.at("member.mfa_enrolled").booleanValue()).isFalse();
        assertThat(again.text("member.external_id")).isEqualTo("f");
        assertThat(again.at("member.roles").findValuesAsString("role_id")).containsExactly("stytch_member");
        client.get(members(ann.organization().id()).replace("/members", "/member?member_id=e"))
                .refused(404, "member_not_found");
    }

    @Test
    void rolesAreThoseOfTheProjectAndTheOrganization() {
        String organization = organization(
                "'rbac_email_implicit_role_assignments':[{'domain':'acme.example','role_id':'stytch_admin'}]");
        Membership ann = member(organization, "ann@acme.example");
        client.put("/v1/b2b/rbac/organizations/" + organization, """
                {'org_policy':{'roles':[{'role_id':'own','description':'','permissions':[
                    {'resource_id':'stytch.member','actions':['search']}]}]}}""").ok();
        Answer changed = update(ann, "'roles':['own','stytch_admin','own']").ok();
        assertThat(changed.at("member.roles")).isEqualTo(Json.mapperInstance().readTree("""
                [{"role_id": "stytch_member", "sources": [{"type": "direct_assignment", "details": {}}]},
                 {"role_id": "own", "sources": [{"type": "direct_assignment", "details": {}}]},
                 {"role_id": "stytch_admin", "sources": [{"type": "direct_assignment", "details": {}},
                     {"type": "email_assignment", "details": {"email_domain": "acme.example"}}]}]"""));
        Membership other = member(organization(""), "bob@example.com");
        update(other, "'roles':['own']").refused(400, "invalid_rbac_role_id");
        assertThat(update(ann, "'roles':[]").ok().at("member.roles").findValuesAsString("role_id"))
                .containsExactly("stytch_member", "stytch_admin");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            'email_address':'no'; invalid_email
            'external_id':'a b'; invalid_id
            'external_id':'member-test-1'; invalid_id
            'roles':['nobody']; invalid_rbac_role_id
            'mfa_phone_number':'555'; invalid_phone_number
            'default_mfa_method':'sms'; invalid_mfa_default_method
            'default_mfa_method':'sms_otp'; default_mfa_member_missing_factor
            'default_mfa_method':'totp'; default_mfa_member_missing_factor
            'trusted_metadata':[1]; metadata_invalid_format
            'name':5; bad_request
            'email_address':'bob@example.com'; duplicate_member_email
            'email_address':'was@example.com'; desired_email_deactivated_by_different_member
            'email_address':'will@example.com'; desired_email_updating_for_different_member
            'external_id':'bob'; duplicate_member_external_id
            'mfa_phone_number':'+12025550123'; duplicate_member_phone_number""", quoteCharacter = '"')
    void whatIsNotRightIsRefusedAndChangesNothing(String fields, String type) {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        Membership bob = member(organization, "was@example.com");
        update(bob, "'email_address':'bob@example.com','external_id':'bob','mfa_phone_number':'+12025550123'")
                .ok();
        app.app().members().verifyEmail(project(), bob.member().id());
        start(bob, "will@example.com", "").ok();
        var before = get(ann).ok().at("member");
        update(ann, "'name':'New'," + fields).refused(400, type);
        assertThat(get(ann).ok().at("member")).isEqualTo(before);
    }

    @Test
    void aNumberIsNotReplacedBeforeItIsDeleted() {
        Membership ann = member(organization(""), "ann@example.com");
        update(ann, "'mfa_phone_number':'+12025550123'").ok();
        update(ann, "'mfa_phone_number':'+12025550124'").refused(400, "duplicate_member_phone_number_for_member");
        client.delete(members(ann.organization().id()) + "/mfa_phone_numbers/"
                        + ann.member().id())
                .ok();
        assertThat(update(ann, "'mfa_phone_number':'+12025550124','default_mfa_method':'sms_otp'")
                        .ok()
                        .at("member.mfa_phone_number_verified")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void aNewAddressIsToBeProvenAndTakesThePasswordAlong() {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        password(ann);
        session(ann);
        Answer changed =
                update(ann, "'email_address':'New@Example.com','name':'Ann'").ok();
        assertThat(changed.text("member.email_address")).isEqualTo("new@example.com");
        assertThat(changed.at("member.email_address_verified").booleanValue()).isFalse();
        assertThat(changed.text("member.member_password_id")).isEmpty();
        assertThat(changed.text("member.name")).isEqualTo("Ann");
        assertThat(changed.at("member.retired_email_addresses")).hasSize(1);
        assertThat(changed.text("member.retired_email_addresses.0.email_address"))
                .isEqualTo("ann@example.com");
        assertThat(changed.text("member.retired_email_addresses.0.email_id"))
                .isEqualTo(ann.member().email().id());
        assertThat(changed.at("member")).isEqualTo(get(ann).ok().at("member"));
        assertThat(sessionsOf(ann).ok().at("member_sessions")).isEmpty();
        client.get(PATH + organization + "/member?email_address=ann@example.com")
                .refused(404, "member_not_found");
        client.get(PATH + organization + "/member?email_address=new@example.com")
                .ok();
        assertThat(update(ann, "'email_address':'new@example.com'").ok().at("member"))
                .isEqualTo(changed.at("member"));
    }

    @Test
    void aMemberCanGoBackToARetiredAddress() {
        Membership ann = member(organization(""), "ann@example.com");
        update(ann, "'email_address':'new@example.com'").ok();
        Answer back = update(ann, "'email_address':'ann@example.com'").ok();
        assertThat(back.text("member.email_address")).isEqualTo("ann@example.com");
        assertThat(back.at("member.email_address_verified").booleanValue()).isFalse();
        assertThat(back.at("member.retired_email_addresses").findValuesAsString("email_address"))
                .containsExactly("new@example.com");
    }

    @Test
    void anUnlinkedAddressIsFree() {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        Answer changed = update(ann, "'email_address':'new@example.com','unlink_email':true")
                .ok();
        assertThat(changed.at("member.retired_email_addresses")).isEmpty();
        create(organization, "ann@example.com", "").ok();
        update(ann, "'unlink_email':true").ok();
        assertThat(get(ann).ok().text("member.email_address")).isEqualTo("new@example.com");
    }

    @Test
    void aClaimedDomainIsLeftToThoseWhoClaimIt() {
        organization("'claimed_email_domains':['acme.example']");
        Membership ann = member(organization(""), "ann@example.com");
        update(ann, "'email_address':'ann@acme.example'").refused(400, "action_not_allowed_email_domain_is_claimed");
        start(ann, "ann@acme.example", "").refused(400, "action_not_allowed_email_domain_is_claimed");
    }

    @Test
    void whatWasSentToAnAddressThatIsReplacedIsOver() {
        Membership ann = member(organization(""), "ann@example.com");
        start(ann, "next@example.com", "").ok();
        var update = app.app()
                .memberEmails()
                .findUpdate(project(), ann.organization(), new EmailAddress("next@example.com"))
                .orElseThrow();
        update(ann, "'email_address':'new@example.com'").ok();
        assertThat(app.app()
                        .memberEmails()
                        .findUpdate(project(), ann.organization(), new EmailAddress("next@example.com")))
                .isEmpty();
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> app.app().memberEmails().finishUpdate(project(), update.memberId(), update.emailId()))
                .hasFieldOrPropertyWithValue("type", MemberErrors.UNABLE_TO_VERIFY_MEMBER_EMAIL_UPDATE);
        assertThat(get(ann).ok().text("member.email_address")).isEqualTo("new@example.com");
    }

    @Test
    void whoIsNoMemberIsNotChanged() {
        Membership ann = member(organization(""), "ann@example.com");
        var before = get(ann).ok().at("member");
        String other = organization("");
        String id = ann.member().id();
        for (String key : List.of(id, NOBODY, "unknown")) {
            client.put(members(other) + "/" + key, "{'name':'New'}").refused(404, "member_not_found");
        }
        client.put(members("nowhere") + "/" + id, "{'name':'New'}").refused(404, "organization_not_found");
        client.put(members(other) + "/a%20b", "{'name':'New'}").refused(400, "invalid_id");
        app.b2b().put(path(ann), "{'name':'New'}").refused(404, "organization_not_found");
        assertThat(get(ann).ok().at("member")).isEqualTo(before);
        client.delete(path(ann)).ok();
        update(ann, "'name':'New'").refused(404, "member_not_found");
    }

    @Test
    void oneOfManyUpdatesTakesAnAddressAnIdOrANumber() throws Exception {
        String organization = organization("");
        List<Membership> people = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            people.add(member(organization, "m" + i + "@example.com"));
        }
        oneWins(
                atOnce(CALLS, i -> update(people.get(i), "'email_address':'new@example.com'")),
                "duplicate_member_email");
        oneWins(atOnce(CALLS, i -> update(people.get(i), "'external_id':'e'")), "duplicate_member_external_id");
        oneWins(
                atOnce(CALLS, i -> update(people.get(i), "'mfa_phone_number':'+12025550123'")),
                "duplicate_member_phone_number");
    }

    @Test
    void everyMergeOfManyUpdatesIsKept() throws Exception {
        Membership ann = member(organization(""), "ann@example.com");
        atOnce(CALLS, i -> update(ann, "'trusted_metadata':{'k" + i + "':1}")).forEach(Answer::ok);
        assertThat(get(ann).ok().at("member.trusted_metadata")).hasSize(CALLS);
    }
}
