package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.Nodes;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/// As [NodesTest], for the sessions of members.
class NodesB2bTest extends MemberSessionTest {

    private Nodes nodes;

    @BeforeParameterizedClassInvocation
    void startMore() {
        nodes = Nodes.beside(app, 2);
    }

    @AfterParameterizedClassInvocation
    void stopMore() {
        nodes.close();
    }

    @Test
    void aRevokeIsSeenByAllAtOnce() {
        for (String by : List.of(
                "'session_token':'%1$s'", "'session_jwt':'%2$s'", "'member_session_id':'%3$s'", "'member_id':'%4$s'")) {
            endsEverywhere(true, (node, issued) -> node.post(
                            "/v1/b2b/sessions/revoke",
                            "{"
                                    + by.formatted(
                                            issued.token(),
                                            issued.jwt(),
                                            issued.session().id(),
                                            ann.member().id())
                                    + "}")
                    .ok());
        }
    }

    @Test
    void theEndOfAMemberIsSeenByAllAtOnce() {
        endsEverywhere(false, (node, issued) -> node.delete("/v1/b2b/organizations/" + organizationId + "/members/"
                        + ann.member().id())
                .ok());
    }

    @Test
    void theEndOfAnOrganizationIsSeenByAllAtOnce() {
        endsEverywhere(false, (node, issued) -> node.delete("/v1/b2b/organizations/" + organizationId)
                .ok());
    }

    /// At each node a session is ended that all have accepted; then none accepts it or shows it.
    private void endsEverywhere(boolean memberStays, BiConsumer<Client, Sessions.Issued<MemberSession>> end) {
        for (Client node : nodes.clients(client)) {
            if (!memberStays) {
                organizationId = organization("");
                ann = member(organizationId, "ann@acme.example");
            }
            Sessions.Issued<MemberSession> issued = start(60);
            for (Client each : nodes.clients(client)) {
                byToken(each, issued).ok();
                byJwt(each, issued).ok();
                assertThat(list(each).ok().at("member_sessions")).hasSize(1);
            }
            end.accept(node, issued);
            for (Client each : nodes.clients(client)) {
                byToken(each, issued).refused(404, "session_not_found");
                byJwt(each, issued).refused(404, "session_not_found");
                Client.Answer shown = list(each);
                assertThat(memberStays ? shown.ok().at("member_sessions") : shown.at("member_sessions"))
                        .isEmpty();
            }
        }
    }

    private static Client.Answer byToken(Client node, Sessions.Issued<MemberSession> issued) {
        return node.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + issued.token() + "'}");
    }

    private static Client.Answer byJwt(Client node, Sessions.Issued<MemberSession> issued) {
        return node.post("/v1/b2b/sessions/authenticate", "{'session_jwt':'" + issued.jwt() + "'}");
    }

    private Client.Answer list(Client node) {
        return node.get("/v1/b2b/sessions?organization_id=" + organizationId + "&member_id="
                + ann.member().id());
    }
}
