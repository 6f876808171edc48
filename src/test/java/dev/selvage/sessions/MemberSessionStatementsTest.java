package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.Config;
import dev.selvage.support.Client;
import dev.selvage.support.Statements;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;

/// How many statements a call of a member's session sends to the store. One more is one more way to the
/// database and back.
class MemberSessionStatementsTest extends MemberSessionTest {

    private Statements statements;

    @Override
    protected Config configure(Config config) {
        statements = Statements.watch();
        return config;
    }

    @AfterParameterizedClassInvocation
    void stopWatching() {
        statements.close();
    }

    @Test
    void aListIsOneRead() {
        start(60);
        sends(this::list, "SELECT organizations");
    }

    @Test
    void anAuthenticateIsOneReadAndNoWrite() {
        Sessions.Issued<MemberSession> issued = start(60);
        sends(() -> authenticate(issued), "SELECT sessions");
        sends(() -> authenticate("'session_jwt':'" + issued.jwt() + "'"), "SELECT sessions");
    }

    @Test
    void anExtensionOrAClaimIsOneWriteMore() {
        Sessions.Issued<MemberSession> issued = start(60);
        sends(() -> authenticate(issued, "'session_duration_minutes':30"), "SELECT sessions", "UPDATE sessions");
        sends(() -> authenticate(issued, "'session_custom_claims':{'a':1}"), "SELECT sessions", "UPDATE sessions");
    }

    @Test
    void aRevokeIsOneWrite() {
        Sessions.Issued<MemberSession> byToken = start(60);
        Sessions.Issued<MemberSession> byJwt = start(60);
        Sessions.Issued<MemberSession> byId = start(60);
        sends(() -> revoke("'session_token':'" + byToken.token() + "'"), "UPDATE sessions");
        sends(() -> revoke("'session_jwt':'" + byJwt.jwt() + "'"), "UPDATE sessions");
        sends(() -> revoke("'member_session_id':'" + byId.session().id() + "'"), "UPDATE sessions");
    }

    @Test
    void aRevokeOfAllOfAMemberLooksTheMemberUpAndHoldsThem() {
        start(60);
        sends(
                () -> revoke("'member_id':'" + ann.member().id() + "'"),
                "SELECT members",
                "UPDATE subjects",
                "UPDATE sessions");
    }

    @Test
    void aCallThatContinuesASessionReadsItOnce() {
        String token = start(60).token();
        assertThat(statements.during(() -> client.post(
                                "/v1/b2b/passwords/session/reset",
                                Map.of(
                                        "organization_id",
                                        ann.organization().id(),
                                        "session_token",
                                        token,
                                        "password",
                                        "correct horse battery staple 7"))
                        .ok()))
                .containsOnlyOnce("SELECT sessions");
    }

    private void sends(Supplier<Client.Answer> call, String... wanted) {
        assertThat(statements.during(() -> call.get().ok())).isEqualTo(List.of(wanted));
    }
}
