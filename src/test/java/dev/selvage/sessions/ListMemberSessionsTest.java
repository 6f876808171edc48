package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.organizations.Membership;
import dev.selvage.support.Client;
import dev.selvage.support.MemberWireTest;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `GET /v1/b2b/sessions`.
class ListMemberSessionsTest extends MemberWireTest {

    private String organizationId;
    private Membership ann;

    @BeforeEach
    void makeMember() {
        organizationId = organization("'organization_slug':'acme','organization_external_id':'acme|1'");
        ann = member(organizationId, "ann@example.com");
    }

    @Test
    void activeSessionsAreListedNewestFirst() {
        Sessions.Issued<MemberSession> first = session(ann);
        app.clock().advance(Duration.ofMinutes(1));
        Sessions.Issued<MemberSession> second = session(ann);
        Client.Answer answer = sessionsOf(ann).ok();
        assertThat(answer.at("member_sessions")).hasSize(2);
        assertThat(answer.text("member_sessions.0.member_session_id")).isEqualTo(second.session().id());
        assertThat(answer.text("member_sessions.1.member_session_id")).isEqualTo(first.session().id());
        assertThat(answer.text("member_sessions.0.member_id")).isEqualTo(ann.member().id());
        assertThat(answer.text("member_sessions.0.organization_id")).isEqualTo(organizationId);
        assertThat(answer.text("member_sessions.0.organization_slug")).isEqualTo("acme");
        assertThat(answer.text("member_sessions.0.roles.0")).isEqualTo("stytch_member");
        assertThat(answer.text("member_sessions.0.authentication_factors.0.sequence_order")).isEqualTo("PRIMARY");
        app.clock().advance(Duration.ofMinutes(60));
        assertThat(sessionsOf(ann).ok().at("member_sessions")).isEmpty();
    }

    @Test
    void theOrganizationIsFoundByEachOfItsNames() {
        session(ann);
        for (String key : new String[] {organizationId, "acme", "acme%7C1"}) {
            assertThat(client.get("/v1/b2b/sessions?organization_id=" + key + "&member_id=" + ann.member().id()).ok()
                    .at("member_sessions")).hasSize(1);
        }
    }

    @Test
    void aSessionIsAuthenticatedByTokenAndJwt() {
        Sessions.Issued<MemberSession> issued = session(ann);
        Client.Answer byToken = client.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + issued.token() + "'}").ok();
        assertThat(byToken.text("member.member_id")).isEqualTo(ann.member().id());
        assertThat(byToken.text("organization.organization_id")).isEqualTo(organizationId);
        Client.Answer byJwt = client.post("/v1/b2b/sessions/authenticate", "{'session_jwt':'" + byToken.text("session_jwt") + "'}").ok();
        assertThat(byJwt.text("session_token")).isEqualTo(issued.token());
    }

    @Test
    void aMemberIsNotSeenThroughAnotherOrganization() {
        session(ann);
        String other = organization("'organization_slug':'other'");
        client.get("/v1/b2b/sessions?organization_id=" + other + "&member_id=" + ann.member().id())
                .refused(404, "member_not_found");
        client.get("/v1/b2b/sessions?organization_id=unknown&member_id=" + ann.member().id())
                .refused(404, "organization_not_found");
    }
}
