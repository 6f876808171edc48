package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.projects.Policy;
import dev.selvage.projects.Policy.Permission;
import dev.selvage.projects.Policy.Role;
import dev.selvage.support.Client;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `authorization_check` of `sessions.authenticate`: `semantics.md` 7, `open-questions.md` 12 and 13.
class AuthorizationCheckTest extends SessionTest {

    private static final String READ = "'authorization_check':{'resource_id':'documents','action':'read'}";
    private static final String DELETE = "'authorization_check':{'resource_id':'documents','action':'delete'}";

    @BeforeEach
    void giveRoles() {
        policy(new Policy(
                List.of(
                        new Role("reader", "", List.of(new Permission("documents", List.of("read")))),
                        new Role("owner", "", List.of(new Permission("documents", List.of("*")))),
                        new Role("printer", "", List.of(new Permission("papers", List.of("read", "delete"))))),
                null,
                null));
        userId = newUser("'roles':['reader','printer']");
    }

    @Test
    void aRoleWithTheResourceAndTheActionGrants() {
        Client.Answer answer = authenticate(start(60), READ).ok();
        assertThat(answer.at("verdict").toString()).isEqualTo("{\"authorized\":true,\"granting_roles\":[\"reader\"]}");
    }

    @Test
    void everyRoleThatGrantsIsListedAndAStarIsAnyAction() {
        userId = newUser("'roles':['owner','printer','reader']");
        Sessions.Issued<UserSession> issued = start(60);
        assertThat(authenticate(issued, READ).ok().at("verdict.granting_roles").toString())
                .isEqualTo("[\"owner\",\"reader\"]");
        assertThat(authenticate(issued, DELETE)
                        .ok()
                        .at("verdict.granting_roles")
                        .toString())
                .isEqualTo("[\"owner\"]");
    }

    @Test
    void thePredefinedRoleGrantsWhatTheProjectGivesIt() {
        policy(new Policy(
                List.of(new Role("stytch_user", "", List.of(new Permission("documents", List.of("read"))))),
                null,
                null));
        userId = newUser("");
        assertThat(authenticate(start(60), READ)
                        .ok()
                        .at("verdict.granting_roles")
                        .toString())
                .isEqualTo("[\"stytch_user\"]");
    }

    @Test
    void anythingElseIsRefused() {
        Sessions.Issued<UserSession> issued = start(60);
        authenticate(issued, DELETE).refused(403, "consumer_session_authorization_error");
        authenticate(issued, "'authorization_check':{'resource_id':'unknown','action':'read'}")
                .refused(403, "consumer_session_authorization_error");
        authenticate(issued, "'authorization_check':{'resource_id':'Documents','action':'read'}")
                .refused(403, "consumer_session_authorization_error");
        authenticate(issued, "'authorization_check':{'resource_id':'*','action':'read'}")
                .refused(403, "consumer_session_authorization_error");
        authenticate(issued, "'authorization_check':{'resource_id':'documents','action':'*'}")
                .refused(403, "consumer_session_authorization_error");
    }

    @Test
    void aRefusedCheckWritesNothing() {
        Sessions.Issued<UserSession> issued = start(userId, 60, Attributes.NONE, "{'a':1}");
        advance(Duration.ofMinutes(1));
        authenticate(issued, "'session_duration_minutes':120", "'session_custom_claims':{'a':2}", DELETE)
                .refused(403, "consumer_session_authorization_error");
        Client.Answer answer = list();
        assertThat(answer.text("sessions.0.expires_at")).isEqualTo(inSeconds(59 * 60));
        assertThat(answer.text("sessions.0.last_accessed_at")).isEqualTo(inSeconds(-60));
        assertThat(answer.at("sessions.0.custom_claims").toString()).isEqualTo("{\"a\":1}");
    }

    @Test
    void aGrantedCheckChangesTheSessionAsAnyCall() {
        Sessions.Issued<UserSession> issued = start(60);
        Client.Answer answer = authenticate(
                        "'session_jwt':'" + issued.jwt() + "','session_duration_minutes':120," + READ)
                .ok();
        assertThat(answer.text("session.expires_at")).isEqualTo(inSeconds(7200));
        assertThat(answer.at("verdict.authorized").asBoolean(false)).isTrue();
    }

    @Test
    void aSessionThatIsGoneIsNotFoundBeforeAnyPermission() {
        authenticate("'session_token':'" + "a".repeat(44) + "'," + DELETE).refused(404, "session_not_found");
    }

    @Test
    void aCheckWithoutItsMembersIsRefused() {
        Sessions.Issued<UserSession> issued = start(60);
        authenticate(issued, "'authorization_check':{}").refused(400, "bad_request");
        authenticate(issued, "'authorization_check':{'resource_id':'documents'}")
                .refused(400, "bad_request");
        authenticate(issued, "'authorization_check':{'resource_id':'','action':'read'}")
                .refused(400, "bad_request");
        assertThat(authenticate(issued, "'authorization_check':null")
                        .ok()
                        .body()
                        .has("verdict"))
                .isFalse();
    }
}
