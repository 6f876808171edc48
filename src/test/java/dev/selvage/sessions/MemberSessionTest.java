package dev.selvage.sessions;

import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.projects.Policy;
import dev.selvage.support.Client;
import dev.selvage.support.MemberWireTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/// What the tests of member sessions share: a member of an organization, and sessions that the engine starts.
abstract class MemberSessionTest extends MemberWireTest {

    protected String organizationId;
    protected Membership ann;

    @BeforeEach
    void makeMember() {
        organizationId = organization("'organization_slug':'acme','organization_external_id':'acme|1'");
        ann = member(organizationId, "ann@acme.example");
    }

    /// A session of a member that rests on a magic link.
    protected Sessions.Issued<MemberSession> start(
            Membership membership, int minutes, Attributes attributes, String claims) {
        Member.Email email = membership.member().email();
        Session session = app.app()
                .memberSessions()
                .start(
                        client.project(),
                        new Subject.Member(
                                membership.member().id(),
                                membership.organization().id()),
                        List.of(Factor.emailMagicLink(
                                email.id(), email.address().value(), app.clock().millis())),
                        minutes,
                        attributes,
                        Json.object(claims.replace('\'', '"')));
        return app.app().memberSessions().issue(client.project(), new MemberSession(session, membership));
    }

    protected Sessions.Issued<MemberSession> start(int minutes) {
        return start(ann, minutes, Attributes.NONE, "{}");
    }

    /// Authenticates with these members.
    protected Client.Answer authenticate(String members) {
        return client.post("/v1/b2b/sessions/authenticate", "{" + members + "}");
    }

    /// Authenticates by token; `members` stand beside it.
    protected Client.Answer authenticate(Sessions.Issued<MemberSession> issued, String... members) {
        return authenticate("'session_token':'" + issued.token() + "'"
                + (members.length == 0 ? "" : "," + String.join(",", members)));
    }

    protected Client.Answer revoke(String members) {
        return client.post("/v1/b2b/sessions/revoke", "{" + members + "}");
    }

    /// The sessions that the member has by the API.
    protected Client.Answer list() {
        return sessionsOf(ann).ok();
    }

    /// Calls with a member's session in a header.
    protected Client.Answer as(Sessions.Issued<MemberSession> caller, String path, String members) {
        return client.send(client.request("POST", path, "{" + members.replace('\'', '"') + "}")
                .header("Authorization", Client.basic(client.projectId(), client.secret()))
                .header("X-Stytch-Member-Session", caller.token())
                .build());
    }

    protected void give(Membership membership, String... roles) {
        app.app()
                .members()
                .change(client.project(), membership.member().id(), member -> member.withRoles(List.of(roles)));
    }

    /// Marks a member as deleted, as the API does before it takes anything away.
    protected void delete(Membership membership) {
        app.app()
                .database()
                .write("UPDATE members SET status = 'DELETED' WHERE project_id = :p AND member_id = :m")
                .bind("p", client.projectId())
                .bind("m", membership.member().id())
                .update();
    }

    protected Client.Answer change(String members) {
        return client.put("/v1/b2b/organizations/" + organizationId, "{" + members + "}")
                .ok();
    }

    /// The time so many seconds from now, as bodies show it.
    protected String inSeconds(long seconds) {
        return Times.rfc3339(app.clock().millis() + seconds * Times.SECOND_MILLIS);
    }

    protected void advance(Duration by) {
        app.clock().advance(by);
    }

    protected void policy(Policy policy) {
        app.setting(client, "rbac", policy);
    }
}
