package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.members.Membership;
import dev.selvage.support.Client;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// The JWT of a member session, and the keys that verify it: `semantics.md` 4 and 7, `sdk-facts.md` 5 and 6,
/// `open-questions.md` 23.
class MemberSessionJwtTest extends MemberSessionTest {

    private static final String ACME_EDITORS =
            "'rbac_email_implicit_role_assignments':[{'domain':'acme.example','role_id':'editor'}]";
    private static final String EDITOR =
            "{'org_policy':{'roles':[{'role_id':'editor','description':'','permissions':[]}]}}";

    @Test
    void theHeaderAndTheClaimsAreThoseOfTheContract() {
        Sessions.Issued<MemberSession> issued =
                start(ann, 60, new Attributes("203.0.113.1", "Toaster/2.0"), "{'plan':'gold'}");
        advance(Duration.ofSeconds(10));
        String jwt = authenticate(issued).ok().text("session_jwt");
        long now = app.clock().millis() / Times.SECOND_MILLIS;
        ObjectNode header = decoded(jwt, 0);
        assertThat(header.propertyNames()).containsExactlyInAnyOrder("alg", "kid", "typ");
        assertThat(header.path("alg").stringValue()).isEqualTo("RS256");
        assertThat(header.path("typ").stringValue()).isEqualTo("JWT");
        assertThat(decoded(jwt, 1)).isEqualTo(Json.object("""
                {"plan": "gold", "aud": ["%1$s"], "exp": %2$d, "iat": %3$d, "nbf": %3$d, "iss": "stytch.com/%1$s", "sub": "%4$s",
                 "https://stytch.com/organization": {"organization_id": "%5$s", "slug": "acme"},
                 "https://stytch.com/session": {"id": "%6$s", "started_at": "%7$s", "last_accessed_at": "%8$s",
                   "expires_at": "%9$s", "attributes": {"ip_address": "203.0.113.1", "user_agent": "Toaster/2.0"},
                   "authentication_factors": [{"type": "magic_link", "delivery_method": "email", "last_authenticated_at": "%7$s",
                     "email_factor": {"email_id": "%10$s", "email_address": "ann@acme.example"}}],
                   "roles": ["stytch_member"]}}""".formatted(
                        client.projectId(),
                        now + 300,
                        now,
                        ann.member().id(),
                        organizationId,
                        issued.session().id(),
                        inSeconds(-10),
                        inSeconds(0),
                        inSeconds(3590),
                        ann.member().email().id())));
        JwtProof.verify(client, app.clock(), jwt);
    }

    @Test
    void theKeysAnswerAtTheB2bPathWithAndWithoutCredentials() {
        JwtProof.verify(client, app.clock(), start(60).jwt());
        String path = "/v1/b2b/sessions/jwks/" + client.projectId();
        Client.Answer with = client.get(path).ok();
        Client.Answer without =
                client.send(client.request("GET", path, null).build()).ok();
        assertThat(without.at("keys")).isEqualTo(with.at("keys")).hasSize(1);
        assertThat(without.raw().headers().firstValue("Cache-Control")).hasValue("public, max-age=900");
        Client other = app.b2b();
        assertThat(other.get("/v1/b2b/sessions/jwks/" + other.projectId()).ok().at("keys.0.kid"))
                .isNotEqualTo(with.at("keys.0.kid"));
        client.get("/v1/b2b/sessions/jwks/project-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6")
                .refused(404, "project_not_found");
        client.get("/v1/b2b/sessions/jwks/x").refused(400, "invalid_project_id");
    }

    @Test
    void aNewSlugShowsAtTheNextAuthenticate() {
        Sessions.Issued<MemberSession> issued = start(60);
        change("'organization_slug':'acme-2'");
        Client.Answer answer = authenticate(issued).ok();
        assertThat(answer.text("member_session.organization_slug")).isEqualTo("acme-2");
        assertThat(decoded(answer, 1)
                        .path("https://stytch.com/organization")
                        .path("slug")
                        .asString(""))
                .isEqualTo("acme-2");
        assertThat(list().text("member_sessions.0.organization_slug")).isEqualTo("acme-2");
        // One from before still names the session.
        authenticate("'session_jwt':'" + issued.jwt() + "'").ok();
    }

    @Test
    void rolesThatAreGivenAndTakenShowAtTheNextAuthenticate() {
        Sessions.Issued<MemberSession> issued = start(60);
        give(ann, "stytch_admin");
        assertRoles(issued, "stytch_member", "stytch_admin");
        give(ann);
        assertRoles(issued, "stytch_member");
    }

    @Test
    void rolesByTheDomainOfAVerifiedAddressShowAtTheNextAuthenticate() {
        client.put("/v1/b2b/rbac/organizations/" + organizationId, EDITOR).ok();
        Sessions.Issued<MemberSession> issued = start(60);
        assertRoles(issued, "stytch_member");
        change(ACME_EDITORS);
        assertRoles(issued, "stytch_member", "editor");
        assertThat(authenticate(issued).ok().at("member.roles.1.sources.0.type").asString(""))
                .isEqualTo("email_assignment");
        Membership elsewhere = member(organizationId, "ann@elsewhere.example");
        assertThat(roles(authenticate(start(elsewhere, 60, Attributes.NONE, "{}"))
                        .ok()))
                .containsExactly("stytch_member");
        change("'rbac_email_implicit_role_assignments':[]");
        assertRoles(issued, "stytch_member");
    }

    @Test
    void anAddressThatIsNotVerifiedGivesNoRole() {
        client.put("/v1/b2b/rbac/organizations/" + organizationId, EDITOR).ok();
        change(ACME_EDITORS);
        app.app()
                .database()
                .write("UPDATE member_emails SET verified = FALSE WHERE member_id = :m")
                .bind("m", ann.member().id())
                .update();
        assertRoles(start(60), "stytch_member");
    }

    /// In the answer, in its JWT and in the list.
    private void assertRoles(Sessions.Issued<MemberSession> issued, String... roles) {
        Client.Answer answer = authenticate(issued).ok();
        assertThat(roles(answer)).containsExactly(roles);
        assertThat(decoded(answer, 1)
                        .path("https://stytch.com/session")
                        .path("roles")
                        .valueStream()
                        .map(role -> role.asString()))
                .containsExactly(roles);
        assertThat(list().at("member_sessions.0.roles").valueStream().map(role -> role.asString()))
                .containsExactly(roles);
        JwtProof.verify(client, app.clock(), answer.text("session_jwt"));
    }

    private static List<String> roles(Client.Answer answer) {
        return answer.at("member_session.roles")
                .valueStream()
                .map(role -> role.asString())
                .toList();
    }

    private static ObjectNode decoded(Client.Answer answer, int part) {
        return decoded(answer.text("session_jwt"), part);
    }

    private static ObjectNode decoded(String jwt, int part) {
        return Json.object(new String(Base64.getUrlDecoder().decode(jwt.split("\\.")[part]), StandardCharsets.UTF_8));
    }
}
