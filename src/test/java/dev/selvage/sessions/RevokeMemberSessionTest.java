package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.members.Membership;
import dev.selvage.support.Client;
import dev.selvage.support.Race;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `POST /v1/b2b/sessions/revoke`: `semantics.md` 3.5, 5 and 7, `open-questions.md` 1 and 2.
class RevokeMemberSessionTest extends MemberSessionTest {

    private static final String PATH = "/v1/b2b/sessions/revoke";

    @Test
    void byIdByTokenAndByJwtOneSessionEnds() {
        Sessions.Issued<MemberSession> kept = start(60);
        for (int i = 0; i < 3; i++) {
            Sessions.Issued<MemberSession> issued = start(60);
            Client.Answer answer = revoke(arguments(issued).get(i)).ok();
            assertThat(answer.body().propertyNames()).containsExactlyInAnyOrder("status_code", "request_id");
            authenticate(issued).refused(404, "session_not_found");
            authenticate("'session_jwt':'" + issued.jwt() + "'").refused(404, "session_not_found");
        }
        authenticate(kept).ok();
        assertThat(list().at("member_sessions")).hasSize(1);
    }

    @Test
    void byMemberIdAllSessionsOfTheMemberEndAndNoOthers() {
        Sessions.Issued<MemberSession> first = start(60);
        Sessions.Issued<MemberSession> second = start(60);
        Sessions.Issued<MemberSession> colleague =
                start(member(organizationId, "bob@acme.example"), 60, Attributes.NONE, "{}");
        Sessions.Issued<MemberSession> elsewhere =
                start(member(organization(""), "ann@acme.example"), 60, Attributes.NONE, "{}");
        assertThat(revoke("'member_id':'" + ann.member().id() + "'").ok().body().propertyNames())
                .containsExactlyInAnyOrder("status_code", "request_id");
        authenticate(first).refused(404, "session_not_found");
        authenticate(second).refused(404, "session_not_found");
        authenticate(colleague).ok();
        authenticate(elsewhere).ok();
        // Without sessions it succeeds as well.
        revoke("'member_id':'" + ann.member().id() + "'").ok();
    }

    @Test
    void aSecondRevokeAndThatOfAnExpiredSessionSucceed() {
        Sessions.Issued<MemberSession> issued = start(60);
        for (int i = 0; i < 2; i++) {
            arguments(issued).forEach(argument -> revoke(argument).ok());
        }
        Sessions.Issued<MemberSession> expired = start(5);
        advance(Duration.ofHours(1));
        arguments(expired).forEach(argument -> revoke(argument).ok());
    }

    @Test
    void whatNeverWasIsNotFound() {
        revoke("'member_session_id':'session-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6'")
                .refused(404, "session_not_found");
        revoke("'session_token':'" + "a".repeat(44) + "'").refused(404, "session_not_found");
        revoke("'member_id':'member-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6'").refused(404, "member_not_found");
        delete(ann);
        revoke("'member_id':'" + ann.member().id() + "'").refused(404, "member_not_found");
    }

    @Test
    void malformedValuesAreRefused() {
        for (String id : List.of("x", "session-test-1", "member-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6")) {
            revoke("'member_session_id':'" + id + "'").refused(400, "invalid_session_id");
        }
        revoke("'session_token':'x'").refused(400, "invalid_session_token");
        revoke("'session_jwt':'x'").refused(400, "unable_to_parse_session_jwt");
        revoke("'member_id':'member-test-1'").refused(400, "invalid_id");
        revoke("'member_session_id':'session-live-16d9ba61-97a1-4ba4-9720-b03761dc50c6'")
                .refused(400, "live_id_used_in_test_environment");
        revoke("'member_id':'member-live-16d9ba61-97a1-4ba4-9720-b03761dc50c6'")
                .refused(400, "live_id_used_in_test_environment");
    }

    /// It names one member in an organization, and this call has no organization.
    @Test
    void anExternalIdNamesNoMember() {
        app.app().members().assign(client.project(), ann.member().id(), "ann|1", null);
        Sessions.Issued<MemberSession> issued = start(60);
        revoke("'member_id':'ann|1'").refused(400, "invalid_id");
        authenticate(issued).ok();
    }

    @Test
    void exactlyOneArgumentIsNeeded() {
        Sessions.Issued<MemberSession> issued = start(60);
        revoke("").refused(400, "no_session_revoke_arguments");
        revoke("'member_id':'','session_token':null").refused(400, "no_session_revoke_arguments");
        client.call("POST", PATH, null).refused(400, "no_session_revoke_arguments");
        arguments(issued).forEach(argument -> revoke(
                        argument + ",'member_id':'" + ann.member().id() + "'")
                .refused(400, "too_many_session_revoke_arguments"));
        revoke(arguments(issued).get(0) + "," + arguments(issued).get(1))
                .refused(400, "too_many_session_revoke_arguments");
        authenticate(issued).ok();
    }

    @Test
    void anotherProjectEndsNothing() {
        Sessions.Issued<MemberSession> issued = start(60);
        Client other = app.b2b();
        other.post(PATH, "{" + arguments(issued).get(0) + "}").refused(404, "session_not_found");
        other.post(PATH, "{" + arguments(issued).get(1) + "}").refused(404, "session_not_found");
        other.post(PATH, "{" + arguments(issued).get(2) + "}").refused(400, "unable_to_parse_session_jwt");
        other.post(PATH, "{'member_id':'" + ann.member().id() + "'}").refused(404, "member_not_found");
        app.consumer().post(PATH, "{" + arguments(issued).get(0) + "}").refused(400, "invalid_b2b_endpoint");
        authenticate(issued).ok();
    }

    @Test
    void aMemberMayEndItsOwnSessionsByItsRightsOverItself() {
        Sessions.Issued<MemberSession> caller = start(60);
        for (int i = 0; i < 3; i++) {
            Sessions.Issued<MemberSession> other = start(60);
            as(caller, PATH, arguments(other).get(i)).ok();
            authenticate(other).refused(404, "session_not_found");
            // Also when it has ended already.
            as(caller, PATH, arguments(other).get(i)).ok();
        }
        as(caller, PATH, "'member_id':'" + ann.member().id() + "'").ok();
        authenticate(caller).refused(404, "session_not_found");
        as(caller, PATH, "'member_id':'" + ann.member().id() + "'").refused(404, "session_not_found");
    }

    @Test
    void aMemberMayEndThoseOfOthersOnlyByARole() {
        Membership bob = member(organizationId, "bob@acme.example");
        Sessions.Issued<MemberSession> bobs = start(bob, 60, Attributes.NONE, "{}");
        Sessions.Issued<MemberSession> caller = start(60);
        arguments(bobs).forEach(argument -> as(caller, PATH, argument).refused(403, "session_authorization_error"));
        as(caller, PATH, "'member_id':'" + bob.member().id() + "'").refused(403, "session_authorization_error");
        authenticate(bobs).ok();
        give(ann, "stytch_admin");
        as(caller, PATH, arguments(bobs).get(0)).ok();
        authenticate(bobs).refused(404, "session_not_found");
        Sessions.Issued<MemberSession> again = start(bob, 60, Attributes.NONE, "{}");
        as(caller, PATH, "'member_id':'" + bob.member().id() + "'").ok();
        authenticate(again).refused(404, "session_not_found");
        authenticate(caller).ok();
    }

    @Test
    void evenAnAdminEndsNothingInAnotherOrganization() {
        Membership eve = member(organization(""), "eve@other.example");
        give(eve, "stytch_admin");
        Sessions.Issued<MemberSession> caller = start(eve, 60, Attributes.NONE, "{}");
        Sessions.Issued<MemberSession> issued = start(60);
        arguments(issued)
                .forEach(argument -> as(caller, PATH, argument).refused(403, "session_authorization_tenancy_error"));
        as(caller, PATH, "'member_id':'" + ann.member().id() + "'").refused(403, "session_authorization_tenancy_error");
        authenticate(issued).ok();
        revoke(arguments(issued).get(0)).ok();
        arguments(issued)
                .forEach(argument -> as(caller, PATH, argument).refused(403, "session_authorization_tenancy_error"));
        // What nobody has is unknown to an admin, and not for others to ask.
        as(caller, PATH, "'member_session_id':'session-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6'")
                .refused(404, "session_not_found");
        as(caller, PATH, "'member_id':'member-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6'")
                .refused(404, "member_not_found");
        as(caller, PATH, "'member_id':'x'").refused(400, "invalid_id");
        give(eve);
        as(caller, PATH, "'member_id':'member-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6'")
                .refused(403, "session_authorization_error");
    }

    @Test
    void aCallWithAMemberSessionThatIsUnknownEndsNothing() {
        Sessions.Issued<MemberSession> issued = start(60);
        Sessions.Issued<MemberSession> ended = start(60);
        revoke(arguments(ended).get(0)).ok();
        as(ended, PATH, arguments(issued).get(0)).refused(404, "session_not_found");
        authenticate(issued).ok();
    }

    @Test
    void manyRevokesOfOneSessionAndOfItsMemberAllSucceed() throws Exception {
        Sessions.Issued<MemberSession> issued = start(60);
        List<String> all = List.of(
                arguments(issued).get(0),
                arguments(issued).get(1),
                arguments(issued).get(2),
                "'member_id':'" + ann.member().id() + "'");
        Race.atOnce(8, call -> revoke(all.get(call % all.size()))).forEach(Client.Answer::ok);
        authenticate(issued).refused(404, "session_not_found");
    }

    /// By id, by token, by JWT.
    private static List<String> arguments(Sessions.Issued<MemberSession> issued) {
        return List.of(
                "'member_session_id':'" + issued.session().id() + "'",
                "'session_token':'" + issued.token() + "'",
                "'session_jwt':'" + issued.jwt() + "'");
    }
}
