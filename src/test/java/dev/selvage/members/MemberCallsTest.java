package dev.selvage.members;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Ids;
import dev.selvage.base.ShardKey;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.projects.Project;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.MemberWireTest;
import java.time.Duration;
import java.util.List;

/// What tests of the calls about members share.
abstract class MemberCallsTest extends MemberWireTest {

    static final String PATH = "/v1/b2b/organizations/";
    static final String NOBODY = "member-test-00000000-0000-4000-8000-000000000000";

    static String members(String organization) {
        return PATH + organization + "/members";
    }

    static String path(Membership membership) {
        return members(membership.organization().id()) + "/"
                + membership.member().id();
    }

    /// Creates a member by the API; `fields` stand behind the address.
    Answer create(String organization, String email, String fields) {
        return client.post(
                members(organization),
                "{'email_address':'" + email + "'" + (fields.isEmpty() ? "" : "," + fields) + "}");
    }

    Answer get(Membership membership) {
        return client.get(PATH + membership.organization().id() + "/member?member_id="
                + membership.member().id());
    }

    Answer update(Membership membership, String fields) {
        return client.put(path(membership), "{" + fields + "}");
    }

    /// Starts a change of address; a second passes before, so that mails to one address are not too many.
    Answer start(Membership membership, String email, String fields) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post(
                path(membership) + "/start_email_update",
                "{'email_address':'" + email + "'" + (fields.isEmpty() ? "" : "," + fields) + "}");
    }

    /// Completes the change to an address, as a sign-in by the link or code that was sent there does.
    void finish(Membership membership, String email) {
        var update = app.app()
                .memberEmails()
                .findUpdate(project(), membership.organization(), new EmailAddress(email))
                .orElseThrow();
        assertThat(update.memberId()).isEqualTo(membership.member().id());
        app.app().memberEmails().finishUpdate(project(), update.memberId(), update.emailId());
    }

    /// Calls in the name of a member.
    Answer as(Membership caller, String method, String path, String json) {
        return client.send(client.request(method, path, json == null ? null : json.replace('\'', '"'))
                .header("Authorization", Client.basic(client.projectId(), client.secret()))
                .header("X-Stytch-Member-Session", session(caller).token())
                .build());
    }

    Membership withRoles(Membership membership, String... roles) {
        return app.app()
                .members()
                .change(project(), membership.member().id(), member -> member.withRoles(List.of(roles)));
    }

    /// Gives a member a password that nobody knows.
    String password(Membership membership) {
        String id = "member-password-test-"
                + java.util
                        .UUID
                        .nameUUIDFromBytes(membership.member().id().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .toString()
                        .replaceFirst("-3", "-4");
        assertThat(Ids.MEMBER_PASSWORD.matches(id)).isTrue();
        app.app()
                .database()
                .write("""
                        INSERT INTO passwords (project_id, shard_key, subject_id, password_id, hash, requires_reset, created_at)
                        VALUES (:projectId, :shardKey, :memberId, :id, '', FALSE, 0)""")
                .bind("projectId", client.projectId())
                .bind("shardKey", ShardKey.of(membership.member().id()))
                .bind("memberId", membership.member().id())
                .bind("id", id)
                .update();
        return id;
    }

    Project project() {
        return client.project();
    }
}
