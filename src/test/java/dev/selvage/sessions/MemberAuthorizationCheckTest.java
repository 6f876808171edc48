package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.members.Membership;
import dev.selvage.projects.Policy;
import dev.selvage.projects.Policy.Permission;
import dev.selvage.projects.Policy.Role;
import dev.selvage.support.Client;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `authorization_check` of `POST /v1/b2b/sessions/authenticate`: `semantics.md` 7, `open-questions.md` 12 and
/// 13.
class MemberAuthorizationCheckTest extends MemberSessionTest {

    @BeforeEach
    void giveRoles() {
        policy(new Policy(
                List.of(
                        new Role("reader", "", List.of(new Permission("documents", List.of("read")))),
                        new Role("owner", "", List.of(new Permission("documents", List.of("*")))),
                        new Role("printer", "", List.of(new Permission("papers", List.of("read", "delete"))))),
                List.of(new Policy.Resource("documents", "", List.of("read", "delete"))),
                null));
        give(ann, "reader", "printer");
    }

    @Test
    void everyRoleThatGrantsIsListedAndAStarIsAnyAction() {
        Sessions.Issued<MemberSession> issued = start(60);
        assertThat(authenticate(issued, check("acme", "read"))
                        .ok()
                        .at("verdict")
                        .toString())
                .isEqualTo("{\"authorized\":true,\"granting_roles\":[\"reader\"]}");
        give(ann, "owner", "printer", "reader");
        assertThat(granting(issued, "read")).isEqualTo("[\"owner\",\"reader\"]");
        assertThat(granting(issued, "delete")).isEqualTo("[\"owner\"]");
        assertThat(authenticate(issued).ok().body().has("verdict")).isFalse();
    }

    @Test
    void theOrganizationIsNamedByEachOfItsNames() {
        Sessions.Issued<MemberSession> issued = start(60);
        for (String key : List.of(organizationId, "acme", "acme|1")) {
            authenticate(issued, check(key, "read")).ok();
        }
    }

    @Test
    void aRoleOfTheOrganizationsOwnPolicyGrantsThereAndNowhereElse() {
        String own = "{'org_policy':{'roles':[{'role_id':'shredder','description':'','permissions':"
                + "[{'resource_id':'documents','actions':['delete']}]}]}}";
        client.put("/v1/b2b/rbac/organizations/" + organizationId, own).ok();
        give(ann, "shredder");
        assertThat(granting(start(60), "delete")).isEqualTo("[\"shredder\"]");
        // The same role name means nothing where no policy defines it.
        String other = organization("'organization_slug':'other'");
        Membership bob = member(other, "bob@acme.example");
        give(bob, "shredder");
        authenticate(start(bob, 60, Attributes.NONE, "{}"), check("other", "delete"))
                .refused(403, "session_authorization_error");
    }

    @Test
    void aRoleByTheDomainOfTheAddressGrants() {
        give(ann);
        Sessions.Issued<MemberSession> issued = start(60);
        authenticate(issued, check("acme", "read")).refused(403, "session_authorization_error");
        change("'rbac_email_implicit_role_assignments':[{'domain':'acme.example','role_id':'reader'}]");
        assertThat(granting(issued, "read")).isEqualTo("[\"reader\"]");
    }

    @Test
    void thePredefinedRolesGrantWhatThePolicySays() {
        Sessions.Issued<MemberSession> issued = start(60);
        String self =
                "'authorization_check':{'organization_id':'acme','resource_id':'stytch.self','action':'update.info.name'}";
        assertThat(authenticate(issued, self).ok().at("verdict.granting_roles").toString())
                .isEqualTo("[\"stytch_member\"]");
        authenticate(issued, self.replace("stytch.self", "stytch.member")).refused(403, "session_authorization_error");
    }

    @Test
    void tenancyIsJudgedBeforePermission() {
        organization("'organization_slug':'other'");
        Sessions.Issued<MemberSession> issued = start(60);
        authenticate(issued, check("other", "read")).refused(403, "session_authorization_tenancy_error");
        authenticate(issued, check("other", "delete")).refused(403, "session_authorization_tenancy_error");
        authenticate(issued, check("unknown", "read")).refused(403, "session_authorization_tenancy_error");
        authenticate(issued, check("organization-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6", "read"))
                .refused(403, "session_authorization_tenancy_error");
        authenticate(issued, check("not an id", "read")).refused(400, "invalid_organization_id");
        authenticate(issued, check("acme", "delete")).refused(403, "session_authorization_error");
    }

    @Test
    void aRefusedCheckWritesNothing() {
        organization("'organization_slug':'other'");
        Sessions.Issued<MemberSession> issued = start(ann, 60, Attributes.NONE, "{'a':1}");
        advance(Duration.ofMinutes(1));
        String change = "'session_duration_minutes':120,'session_custom_claims':{'a':2}";
        authenticate(issued, change, check("acme", "delete")).refused(403, "session_authorization_error");
        authenticate(issued, change, check("other", "read")).refused(403, "session_authorization_tenancy_error");
        Client.Answer answer = list();
        assertThat(answer.text("member_sessions.0.expires_at")).isEqualTo(inSeconds(59 * 60));
        assertThat(answer.text("member_sessions.0.last_accessed_at")).isEqualTo(inSeconds(-60));
        assertThat(answer.at("member_sessions.0.custom_claims").toString()).isEqualTo("{\"a\":1}");
    }

    @Test
    void aGrantedCheckChangesTheSessionAsAnyCall() {
        Client.Answer answer = authenticate("'session_jwt':'" + start(60).jwt() + "','session_duration_minutes':120,"
                        + check("acme", "read"))
                .ok();
        assertThat(answer.text("member_session.expires_at")).isEqualTo(inSeconds(7200));
        assertThat(answer.at("verdict.authorized").booleanValue()).isTrue();
    }

    @Test
    void aCheckWithoutItsMembersIsRefused() {
        Sessions.Issued<MemberSession> issued = start(60);
        authenticate(issued, "'authorization_check':{}").refused(400, "bad_request");
        authenticate(issued, "'authorization_check':{'resource_id':'documents','action':'read'}")
                .refused(400, "bad_request");
        authenticate(issued, "'authorization_check':{'organization_id':'acme','action':'read'}")
                .refused(400, "bad_request");
        authenticate(issued, "'authorization_check':{'organization_id':'acme','resource_id':'documents'}")
                .refused(400, "bad_request");
        authenticate("'session_token':'" + "a".repeat(44) + "'," + check("acme", "delete"))
                .refused(404, "session_not_found");
    }

    private String granting(Sessions.Issued<MemberSession> issued, String action) {
        return authenticate(issued, check(organizationId, action))
                .ok()
                .at("verdict.granting_roles")
                .toString();
    }

    private static String check(String organization, String action) {
        return "'authorization_check':{'organization_id':'" + organization + "','resource_id':'documents','action':'"
                + action + "'}";
    }
}
