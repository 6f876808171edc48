package dev.selvage.members;

import static dev.selvage.support.Race.atOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.Json;
import dev.selvage.base.ShardKey;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.MemberErrors;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.Subject;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeleteMemberWireTest extends MemberCallsTest {

    private static final int CALLS = 12;

    @Test
    void aDeletedMemberIsFoundNowhereAndWhatTheMemberHadIsGone() {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        update(ann, "'email_address':'new@example.com'").ok();
        update(ann, """
                'name':'Ann','external_id':'e','mfa_phone_number':'+12025550123','default_mfa_method':'sms_otp','mfa_enrolled':true,
                'roles':['stytch_admin']""").ok();
        password(ann);
        totp(ann);
        assertThat(get(ann).ok().text("member.totp_registration_id")).isNotEmpty();
        var session = session(ann);
        Answer deleted = client.delete(path(ann)).ok();
        assertThat(deleted.body().propertyNames()).containsExactlyInAnyOrder("member_id", "status_code", "request_id");
        assertThat(deleted.text("member_id")).isEqualTo(ann.member().id());

        get(ann).refused(404, "member_not_found");
        client.get(PATH + organization + "/member?email_address=new@example.com")
                .refused(404, "member_not_found");
        client.get(PATH + organization + "/member?member_id=e").refused(404, "member_not_found");
        sessionsOf(ann).refused(404, "member_not_found");
        client.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + session.token() + "'}")
                .refused(404, "session_not_found");
        client.post("/v1/b2b/sessions/authenticate", "{'session_jwt':'" + session.jwt() + "'}")
                .refused(404, "session_not_found");
        client.delete(path(ann)).refused(404, "member_not_found");

        Answer left = client.get(
                        PATH + "members/dangerously_get/" + ann.member().id() + "?include_deleted=true")
                .ok();
        assertThat(left.text("member.status")).isEqualTo("deleted");
        assertThat(left.text("member.name")).isEqualTo("Ann");
        assertThat(left.text("member.email_address")).isEqualTo("new@example.com");
        assertThat(left.at("member.retired_email_addresses")).isEmpty();
        assertThat(left.at("member.external_id").isNull()).isTrue();
        for (String gone :
                List.of("mfa_phone_number", "default_mfa_method", "member_password_id", "totp_registration_id")) {
            assertThat(left.text("member." + gone)).as(gone).isEmpty();
        }
        create(organization, "new@example.com", "'external_id':'e','mfa_phone_number':'+12025550123'")
                .ok();
        create(organization, "ann@example.com", "").ok();
    }

    @Test
    void anAddressThatWaitsIsFreeWhenItsMemberIsDeletedAndItsLinkOver() {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        start(ann, "new@example.com", "").ok();
        String link = new Mailbox(app, client).link("new@example.com");
        client.delete(path(ann)).ok();
        assertThat(Mailbox.open("GET", link).statusCode()).isEqualTo(410);
        create(organization, "new@example.com", "").ok();
    }

    @Test
    void aReactivatedMemberIsActiveWithTheOldAddressAndNothingThatWasBegun() {
        Membership ann = member(organization(""), "ann@example.com");
        update(ann, "'name':'Ann','roles':['stytch_admin'],'trusted_metadata':{'a':1}")
                .ok();
        var before = Json.object(Json.write(get(ann).ok().at("member")));
        var session = session(ann);
        client.delete(path(ann)).ok();
        Answer back = client.put(path(ann) + "/reactivate", "{}").ok();
        assertThat(back.text("member_id")).isEqualTo(ann.member().id());
        assertThat(back.at("member")).isEqualTo(get(ann).ok().at("member"));
        var after = Json.object(Json.write(back.at("member")));
        before.remove("updated_at");
        after.remove("updated_at");
        assertThat(after).isEqualTo(before);
        assertThat(sessionsOf(ann).ok().at("member_sessions")).isEmpty();
        client.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + session.token() + "'}")
                .refused(404, "session_not_found");
        assertThat(client.get(PATH + ann.organization().id() + "/member?email_address=ann@example.com")
                        .ok()
                        .text("member_id"))
                .isEqualTo(ann.member().id());
        create(ann.organization().id(), "ann@example.com", "").refused(400, "duplicate_member_email");
    }

    @Test
    void onlyADeletedMemberWithAProvenAddressThatIsFreeIsReactivated() {
        String organization = organization("");
        Membership ann = member(organization, "ann@example.com");
        client.put(path(ann) + "/reactivate", "{}").refused(400, "no_deleted_member_found_for_reactivation");
        client.put(members(organization) + "/" + NOBODY + "/reactivate", "{}").refused(404, "member_not_found");
        client.put(members(organization) + "/e/reactivate", "{}").refused(400, "invalid_id");
        client.put(members("nowhere") + "/" + ann.member().id() + "/reactivate", "{}")
                .refused(404, "organization_not_found");

        String unproven = create(organization, "bob@example.com", "").ok().text("member_id");
        client.delete(members(organization) + "/" + unproven).ok();
        client.put(members(organization) + "/" + unproven + "/reactivate", "{}")
                .refused(400, "member_has_no_active_verified_email");

        client.delete(path(ann)).ok();
        client.put(members(organization("")) + "/" + ann.member().id() + "/reactivate", "{}")
                .refused(404, "member_not_found");
        app.b2b().put(path(ann) + "/reactivate", "{}").refused(404, "organization_not_found");
        Membership other = member(organization, "other@example.com");
        start(other, "ann@example.com", "").ok();
        client.put(path(ann) + "/reactivate", "{}").refused(400, "reactivation_email_belongs_to_another_member");
        finish(other, "ann@example.com");
        client.put(path(ann) + "/reactivate", "{}").refused(400, "reactivation_email_belongs_to_another_member");
        client.delete(path(other)).ok();
        client.put(path(ann) + "/reactivate", "{}").ok();
        client.put(path(other) + "/reactivate", "{}").refused(400, "reactivation_email_belongs_to_another_member");
    }

    @Test
    void aDeletionThroughAnotherOrganizationOrProjectDoesNothing() {
        Membership ann = member(organization(""), "ann@example.com");
        session(ann);
        client.delete(members(organization("")) + "/" + ann.member().id()).refused(404, "member_not_found");
        app.b2b().delete(path(ann)).refused(404, "organization_not_found");
        client.delete(members("nowhere") + "/" + ann.member().id()).refused(404, "organization_not_found");
        client.delete(members(ann.organization().id()) + "/a%20b").refused(400, "invalid_id");
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(1);
    }

    @Test
    void aMemberIsDeletedOnceAndNoSignInAtTheSameTimeOutlivesIt() throws Exception {
        Membership ann = member(organization(""), "ann@example.com");
        List<Answer> answers = atOnce(CALLS, i -> i % 3 == 0 ? client.delete(path(ann)) : signIn(ann));
        assertThat(answers.stream().filter(answer -> answer != null && answer.status() == 200))
                .hasSize(1);
        client.put(path(ann) + "/reactivate", "{}").ok();
        assertThat(sessionsOf(ann).ok().at("member_sessions")).isEmpty();
    }

    @Test
    void oneOfManyReactivationsOfAnAddressSucceeds() throws Exception {
        String organization = organization("");
        List<Membership> gone = new java.util.ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            gone.add(member(organization, "ann@example.com"));
            client.delete(path(gone.get(i))).ok();
        }
        dev.selvage.support.Race.oneWins(
                atOnce(CALLS, i -> client.put(path(gone.get(i)) + "/reactivate", "{}")),
                "reactivation_email_belongs_to_another_member");
    }

    @Test
    void theMembersOfADeletedOrganizationVanish() {
        String organization = organization("");
        String other = organization("");
        Membership ann = member(organization, "ann@example.com");
        Membership same = member(other, "ann@example.com");
        var session = session(ann);
        session(same);
        client.delete(PATH + organization).ok();
        client.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + session.token() + "'}")
                .refused(404, "session_not_found");
        client.get(PATH + "members/dangerously_get/" + ann.member().id() + "?include_deleted=true")
                .refused(404, "member_not_found");
        get(ann).refused(404, "organization_not_found");
        client.delete(path(ann)).refused(404, "organization_not_found");
        assertThat(sessionsOf(same).ok().at("member_sessions")).hasSize(1);
        assertThat(app.app().members().findAllByEmail(project(), new EmailAddress("ann@example.com"), 10))
                .hasSize(1);
        assertThat(rows("subjects", ann)).isZero();
        assertThat(rows("subjects", same)).isEqualTo(1);
    }

    @Test
    void whoeverIsCreatedWhileTheOrganizationGoesVanishesWithIt() throws Exception {
        for (int round = 0; round < 5; round++) {
            String organization = organization("");
            List<Answer> answers = atOnce(
                    CALLS,
                    i -> i == CALLS / 2
                            ? client.delete(PATH + organization)
                            : create(organization, "m" + i + "@example.com", ""));
            answers.get(CALLS / 2).ok();
            for (Answer answer : answers) {
                if (answer.status() == 200 && answer.body().has("member")) {
                    client.get(PATH + "members/dangerously_get/" + answer.text("member_id") + "?include_deleted=true")
                            .refused(404, "member_not_found");
                } else if (answer.status() != 200) {
                    answer.refused(404, "organization_not_found");
                }
            }
            long left = app.app()
                    .database()
                    .read("""
                            SELECT COUNT(*) FROM subjects WHERE project_id = :projectId""")
                    .bind("projectId", client.projectId())
                    .number();
            assertThat(left).isZero();
        }
    }

    @Test
    void nobodyWhoIsDeletedCanBeHeld() {
        Membership ann = member(organization(""), "ann@example.com");
        client.delete(path(ann)).ok();
        assertThatThrownBy(() ->
                        app.app().members().getForUpdate(project(), ann.member().id()))
                .hasFieldOrPropertyWithValue("type", MemberErrors.MEMBER_NOT_FOUND);
    }

    /// Starts a session as a sign-in does; null.
    private Answer signIn(Membership membership) {
        try {
            app.app().database().transaction(() -> {
                Membership held = app.app()
                        .members()
                        .getForUpdate(project(), membership.member().id());
                return app.app()
                        .memberSessions()
                        .start(
                                project(),
                                new Subject.Member(
                                        held.member().id(), held.organization().id()),
                                List.of(Factor.password(app.clock().millis())),
                                60,
                                Attributes.NONE,
                                Json.object());
            });
        } catch (ApiError gone) {
            assertThat(gone.type()).isEqualTo(MemberErrors.MEMBER_NOT_FOUND);
        }
        return null;
    }

    private void totp(Membership membership) {
        app.app()
                .database()
                .write("""
                        INSERT INTO totps (project_id, shard_key, subject_id, totp_id, secret, verified, last_step, created_at, expires_at)
                        VALUES (:projectId, :shardKey, :memberId, 'totp-test-1', '', TRUE, 0, 0, NULL)""")
                .bind("projectId", client.projectId())
                .bind("shardKey", ShardKey.of(membership.member().id()))
                .bind("memberId", membership.member().id())
                .update();
    }

    private long rows(String table, Membership membership) {
        return app.app()
                .database()
                .read("SELECT COUNT(*) FROM " + table + " WHERE project_id = :projectId AND subject_id = :id")
                .bind("projectId", client.projectId())
                .bind("id", membership.member().id())
                .number();
    }
}
