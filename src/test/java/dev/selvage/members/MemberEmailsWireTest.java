package dev.selvage.members;

import static dev.selvage.support.Race.atOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.error.MemberErrors;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class MemberEmailsWireTest extends MemberCallsTest {

    private static final int CALLS = 12;

    @Test
    void aStartedUpdateSendsALinkToTheNewAddressAndChangesNothingYet() {
        Membership ann = member(organization(""), "ann@example.com");
        Answer started = start(ann, "New@Example.com", "").ok();
        assertThat(started.text("member_id")).isEqualTo(ann.member().id());
        assertThat(started.text("organization.organization_id"))
                .isEqualTo(ann.organization().id());
        assertThat(started.text("member.email_address")).isEqualTo("ann@example.com");
        assertThat(started.at("member")).isEqualTo(get(ann).ok().at("member"));
        Mailbox mailbox = new Mailbox(app, client);
        assertThat(mailbox.messages("ann@example.com")).isEmpty();
        assertThat(Mailbox.location(mailbox.link("new@example.com")))
                .startsWith("http://localhost:3000/authenticate?")
                .contains("stytch_token_type=multi_tenant_magic_links");
        app.clock().advance(Duration.ofMinutes(5));
        assertThat(Mailbox.open("GET", mailbox.link("new@example.com")).statusCode())
                .isEqualTo(410);
    }

    @Test
    void theProofCanBeACode() {
        Membership ann = member(organization(""), "ann@example.com");
        start(ann, "new@example.com", "'delivery_method':'EMAIL_OTP','login_redirect_url':'nonsense','locale':'fr'")
                .ok();
        assertThat(new Mailbox(app, client)
                        .newest("new@example.com")
                        .path("code")
                        .stringValue())
                .matches("[0-9]{6}");
        finish(ann, "new@example.com");
        assertThat(get(ann).ok().text("member.email_address")).isEqualTo("new@example.com");
    }

    @Test
    void aFinishedUpdateGivesAProvenAddressRetiresTheOldAndTakesThePassword() {
        Membership ann = member(organization(""), "ann@example.com");
        password(ann);
        session(ann);
        start(ann, "new@example.com", "").ok();
        finish(ann, "new@example.com");
        Answer changed = get(ann).ok();
        assertThat(changed.text("member.email_address")).isEqualTo("new@example.com");
        assertThat(changed.at("member.email_address_verified").booleanValue()).isTrue();
        assertThat(changed.text("member.member_password_id")).isEmpty();
        assertThat(changed.at("member.retired_email_addresses").findValuesAsString("email_address"))
                .containsExactly("ann@example.com");
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(1);
        assertThat(app.app()
                        .memberEmails()
                        .findUpdate(project(), ann.organization(), new EmailAddress("new@example.com")))
                .isEmpty();
    }

    @Test
    void anUpdateThatIsNotFinishedInTimeIsOverAndTheAddressFree() {
        Membership ann = member(organization(""), "ann@example.com");
        start(ann, "new@example.com", "").ok();
        String emailId = waiting(ann, "new@example.com");
        app.clock().advance(Duration.ofMinutes(MemberEmails.UPDATE_MINUTES));
        assertThat(app.app()
                        .memberEmails()
                        .findUpdate(project(), ann.organization(), new EmailAddress("new@example.com")))
                .isEmpty();
        refusesToFinish(ann, emailId);
        String bob = create(ann.organization().id(), "new@example.com", "").ok().text("member_id");
        refusesToFinish(ann, emailId);
        assertThat(client.get(PATH + ann.organization().id() + "/member?email_address=new@example.com")
                        .ok()
                        .text("member_id"))
                .isEqualTo(bob);
    }

    @Test
    void anotherStartTakesThePlaceOfTheFirst() {
        Membership ann = member(organization(""), "ann@example.com");
        start(ann, "one@example.com", "").ok();
        String one = waiting(ann, "one@example.com");
        String link = new Mailbox(app, client).link("one@example.com");
        start(ann, "two@example.com", "").ok();
        assertThat(Mailbox.open("GET", link).statusCode()).isEqualTo(410);
        refusesToFinish(ann, one);
        create(ann.organization().id(), "one@example.com", "").ok();
        String two = waiting(ann, "two@example.com");
        start(ann, "two@example.com", "").ok();
        refusesToFinish(ann, two);
        finish(ann, "two@example.com");
    }

    @Test
    void aRetiredAddressOfOnesOwnCanBeHadAgainAndStaysRetiredOtherwise() {
        Membership ann = member(organization(""), "ann@example.com");
        start(ann, "new@example.com", "").ok();
        finish(ann, "new@example.com");
        start(ann, "ann@example.com", "").ok();
        app.clock().advance(Duration.ofMinutes(5));
        create(ann.organization().id(), "ann@example.com", "").refused(400, "retired_member_email");
        start(ann, "ann@example.com", "").ok();
        start(ann, "third@example.com", "").ok();
        assertThat(app.app()
                        .memberEmails()
                        .findUpdate(project(), ann.organization(), new EmailAddress("ann@example.com")))
                .isEmpty();
        start(ann, "ann@example.com", "").ok();
        finish(ann, "ann@example.com");
        Answer back = get(ann).ok();
        assertThat(back.text("member.email_address")).isEqualTo("ann@example.com");
        assertThat(back.at("member.email_address_verified").booleanValue()).isTrue();
        assertThat(back.at("member.retired_email_addresses").findValuesAsString("email_address"))
                .containsExactly("new@example.com");
    }

    @Test
    void aStartIsRefusedWhoeverHasTheAddress() {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        Membership bob = member(organization, "was@example.com");
        start(bob, "bob@example.com", "").ok();
        finish(bob, "bob@example.com");
        start(bob, "will@example.com", "").ok();
        start(ann, "ann@example.com", "").refused(400, "duplicate_member_email");
        start(ann, "bob@example.com", "").refused(400, "duplicate_member_email");
        start(ann, "was@example.com", "").refused(400, "desired_email_deactivated_by_different_member");
        start(ann, "will@example.com", "").refused(400, "desired_email_updating_for_different_member");
        assertThat(new Mailbox(app, client).messages("was@example.com")).isEmpty();
        member(organization(""), "else@example.com");
        start(ann, "else@example.com", "").ok();
    }

    @Test
    void onlyActiveMembersWithAProvenAddressCanStart() {
        String organization = organization("");
        String pending = create(organization, "p@example.com", "'create_member_as_pending':true")
                .ok()
                .text("member_id");
        String unproven = create(organization, "u@example.com", "").ok().text("member_id");
        String json = "{'email_address':'new@example.com'}";
        client.post(members(organization) + "/" + pending + "/start_email_update", json)
                .refused(400, "email_updates_available_only_for_active_members");
        app.clock().advance(Duration.ofSeconds(1));
        client.post(members(organization) + "/" + unproven + "/start_email_update", json)
                .refused(400, "member_has_no_active_verified_email");
    }

    @Test
    void whatIsNotRightInAStartIsRefused() {
        Membership ann = member(organization(""), "ann@example.com");
        client.post(path(ann) + "/start_email_update", "{}").refused(400, "bad_request");
        start(ann, "no", "").refused(400, "invalid_email");
        start(ann, "new@example.com", "'delivery_method':'PIGEON'").refused(400, "bad_request");
        start(ann, "new@example.com", "'locale':'xx'").refused(400, "invalid_locale");
        start(ann, "new@example.com", "'login_redirect_url':'nonsense'").refused(400, "invalid_login_redirect_url");
        start(ann, "new@example.com", "'login_redirect_url':'https://elsewhere.example/'")
                .refused(400, "no_match_for_provided_magic_link_url");
        start(ann, "new@example.com", "'login_template_id':'unknown'").refused(404, "email_template_not_found");
        start(ann, "new@example.com", "").ok();
        client.post(path(ann) + "/start_email_update", "{'email_address':'new@example.com'}")
                .refused(429, "too_many_requests");
        String elsewhere = members(organization("")) + "/" + ann.member().id() + "/start_email_update";
        client.post(elsewhere, "{'email_address':'b@example.com'}").refused(404, "member_not_found");
        app.b2b()
                .post(path(ann) + "/start_email_update", "{'email_address':'b@example.com'}")
                .refused(404, "organization_not_found");
        assertThat(new Mailbox(app, client).messages("b@example.com")).isEmpty();
    }

    @Test
    void aRetiredAddressIsUnlinkedByIdOrAddress() {
        String organization = organization("");
        Membership ann = member(organization, "one@example.com");
        update(ann, "'email_address':'two@example.com'").ok();
        update(ann, "'email_address':'three@example.com'").ok();
        String one = ann.member().email().id();
        String unlink = path(ann) + "/unlink_retired_email";
        client.post(unlink, "{}").refused(400, "retired_email_missing_email_identifiers");
        client.post(unlink, "{'email_id':'','email_address':null}")
                .refused(400, "retired_email_missing_email_identifiers");
        client.post(unlink, "{'email_id':'x'}").refused(400, "invalid_email_id");
        client.post(unlink, "{'email_address':'x'}").refused(400, "invalid_email");
        client.post(unlink, "{'email_id':'" + one + "','email_address':'two@example.com'}")
                .refused(404, "email_not_found");
        client.post(unlink, "{'email_address':'three@example.com'}").refused(404, "email_not_found");
        client.post(unlink, "{'email_address':'four@example.com'}").refused(404, "email_not_found");
        String elsewhere = members(organization("")) + "/" + ann.member().id() + "/unlink_retired_email";
        client.post(elsewhere, "{'email_id':'" + one + "'}").refused(404, "member_not_found");
        Membership bob = member(organization, "bob@example.com");
        client.post(path(bob) + "/unlink_retired_email", "{'email_id':'" + one + "'}")
                .refused(404, "email_not_found");
        app.b2b().post(unlink, "{'email_id':'" + one + "'}").refused(404, "organization_not_found");

        Answer left = client.post(unlink, "{'email_id':'" + one + "'}").ok();
        assertThat(left.text("organization_id")).isEqualTo(organization);
        assertThat(left.at("member.retired_email_addresses").findValuesAsString("email_address"))
                .containsExactly("two@example.com");
        client.post(unlink, "{'email_id':'" + one + "'}").refused(404, "email_not_found");
        create(organization, "one@example.com", "").ok();
        assertThat(client.post(unlink, "{'email_address':'Two@example.com'}")
                        .ok()
                        .at("member.retired_email_addresses"))
                .isEmpty();
        create(organization, "two@example.com", "").ok();
    }

    @Test
    void theOldestOfManyRetiredAddressesIsFree() {
        String organization = organization("");
        Membership ann = member(organization, "first@example.com");
        for (int i = 0; i < 20; i++) {
            app.clock().advance(Duration.ofSeconds(1));
            update(ann, "'email_address':'a" + i + "@example.com'").ok();
        }
        create(organization, "first@example.com", "").refused(400, "retired_member_email");
        assertThat(update(ann, "'email_address':'last@example.com'").ok().at("member.retired_email_addresses"))
                .hasSize(20);
        create(organization, "first@example.com", "").ok();
        create(organization, "a0@example.com", "").refused(400, "retired_member_email");
        assertThat(update(ann, "'email_address':'a0@example.com'").ok().at("member.retired_email_addresses"))
                .hasSize(20);
        create(organization, "a1@example.com", "").refused(400, "retired_member_email");
    }

    @Test
    void oneOfManyMembersGetsAnAddress() throws Exception {
        String organization = organization("");
        List<Membership> people = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            people.add(member(organization, "m" + i + "@example.com"));
        }
        List<ErrorType> refusals = new CopyOnWriteArrayList<>();
        atOnce(CALLS, i -> {
            try {
                app.app()
                        .memberEmails()
                        .startUpdate(project(), people.get(i).member().id(), new EmailAddress("new@example.com"));
            } catch (ApiError refused) {
                refusals.add(refused.type());
            }
            return null;
        });
        assertThat(refusals).hasSize(CALLS - 1).containsOnly(MemberErrors.DESIRED_EMAIL_UPDATING_FOR_DIFFERENT_MEMBER);
    }

    @Test
    void ofManyProofsOfOneUpdateOneFinishesIt() throws Exception {
        Membership ann = member(organization(""), "ann@example.com");
        start(ann, "new@example.com", "").ok();
        String emailId = waiting(ann, "new@example.com");
        List<Boolean> finished = new CopyOnWriteArrayList<>();
        atOnce(CALLS, i -> {
            try {
                app.app().memberEmails().finishUpdate(project(), ann.member().id(), emailId);
                finished.add(true);
            } catch (ApiError over) {
                assertThat(over.type()).isEqualTo(MemberErrors.UNABLE_TO_VERIFY_MEMBER_EMAIL_UPDATE);
            }
            return null;
        });
        assertThat(finished).hasSize(1);
        assertThat(get(ann).ok().at("member.retired_email_addresses")).hasSize(1);
    }

    private String waiting(Membership membership, String email) {
        return app.app()
                .memberEmails()
                .findUpdate(project(), membership.organization(), new EmailAddress(email))
                .orElseThrow()
                .emailId();
    }

    private void refusesToFinish(Membership membership, String emailId) {
        assertThatThrownBy(() -> app.app()
                        .memberEmails()
                        .finishUpdate(project(), membership.member().id(), emailId))
                .hasFieldOrPropertyWithValue("type", MemberErrors.UNABLE_TO_VERIFY_MEMBER_EMAIL_UPDATE);
    }
}
