package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.backend.b2b.MemberSessionGuard;
import dev.selvage.base.Json;
import dev.selvage.members.Membership;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Sessions;
import dev.selvage.support.Client;
import dev.selvage.support.MemberWireTest;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A call in the name of a member never runs with the rights of the project.
class MemberSessionWireTest extends MemberWireTest {

    private static final String TOKEN = "X-Stytch-Member-Session";
    private static final String JWT = "X-Stytch-Member-SessionJWT";
    private static final String PATH = "/v1/b2b/organizations";

    @Test
    void exactlyTheCallsOfTheContractTakeAMemberSession() throws IOException {
        Set<String> wanted = new TreeSet<>();
        try (var stream = MemberSessionWireTest.class.getResourceAsStream("/contract/openapi-b2b.json")) {
            Json.mapperInstance()
                    .readTree(stream.readAllBytes())
                    .path("paths")
                    .properties()
                    .forEach(path -> path.getValue().properties().stream()
                            .filter(method -> method.getValue()
                                    .path("x-member-authorization")
                                    .asBoolean(false))
                            .forEach(method -> wanted.add(
                                    method.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        }
        assertThat(wanted).hasSize(40);
        for (Route route : app.app().routes()) {
            if (route instanceof Endpoint<?, ?> endpoint) {
                assertThat(endpoint.guards().stream().anyMatch(MemberSessionGuard.Permissions.class::isInstance))
                        .as(route.operation())
                        .isEqualTo(wanted.contains(route.operation()));
            }
        }
        assertThat(app.app().routes().stream().map(Route::operation).collect(Collectors.toSet()))
                .containsAnyElementsOf(wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Stytch-Member-Session", "X-Stytch-Member-SessionJWT", "x-stytch-member-session"})
    void aCallWithAnUnknownMemberSessionDoesNothing(String header) {
        String id = organization("'organization_external_id':'e'");
        var before = client.get(PATH + "/" + id).ok().at("organization");
        boolean jwt = header.endsWith("JWT");
        everyCall(id, header, "", 404, "session_not_found");
        everyCall(
                id,
                header,
                "DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=",
                jwt ? 400 : 404,
                jwt ? "unable_to_parse_session_jwt" : "session_not_found");
        everyCall(id, header, "short", 400, jwt ? "unable_to_parse_session_jwt" : "invalid_session_token");
        assertThat(client.get(PATH + "/" + id).ok().at("organization")).isEqualTo(before);
    }

    @Test
    void aMemberMayDoWhatItsRolesGrantInItsOwnOrganization() {
        String id = organization("");
        String other = organization("");
        Membership ann = member(id, "ann@example.com");
        Sessions.Issued<MemberSession> session = session(ann);
        send("PUT", PATH + "/" + id, "{\"organization_name\":\"New\"}", TOKEN, session.token())
                .refused(403, "session_authorization_error");
        give(ann, "stytch_admin");
        send("PUT", PATH + "/" + id, "{\"organization_name\":\"New\"}", TOKEN, session.token())
                .ok();
        send("PUT", PATH + "/" + id, "{\"organization_name\":\"Newer\"}", JWT, session.jwt())
                .ok();
        send("PUT", PATH + "/" + id, "{\"trusted_metadata\":{\"a\":1}}", TOKEN, session.token())
                .refused(403, "session_authorization_error");
        send("PUT", PATH + "/" + other, "{\"organization_name\":\"New\"}", TOKEN, session.token())
                .refused(403, "session_authorization_tenancy_error");
        send("DELETE", PATH + "/" + other, null, TOKEN, session.token())
                .refused(403, "session_authorization_tenancy_error");
        client.delete(PATH + "/" + other + "?" + TOKEN + "=" + session.token())
                .refused(403, "session_authorization_tenancy_error");
        assertThat(client.get(PATH + "/" + id).ok().text("organization.organization_name"))
                .isEqualTo("Newer");
        client.delete(PATH + "/" + id + "?" + TOKEN + "=" + session.token()).ok();
        client.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + session.token() + "'}")
                .refused(404, "session_not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"claimed_email_domains\":[\"rival.example\"]", "\"organization_external_id\":\"rival\""})
    void noAdminReachesIntoOtherOrganizations(String field) {
        organization("'organization_slug':'rival'");
        String id = organization("");
        Membership ann = member(id, "ann@example.com");
        give(ann, "stytch_admin");
        var before = client.get(PATH + "/" + id).ok().at("organization");
        send("PUT", PATH + "/" + id, "{" + field + "}", TOKEN, session(ann).token())
                .refused(403, "session_authorization_error");
        assertThat(client.get(PATH + "/" + id).ok().at("organization")).isEqualTo(before);
    }

    @Test
    void twoSessionsInOneCallAreRefused() {
        String id = organization("");
        Membership ann = member(id, "ann@example.com");
        give(ann, "stytch_admin");
        Sessions.Issued<MemberSession> session = session(ann);
        client.delete(PATH + "/" + id + "?" + TOKEN + "=" + session.token() + "&" + TOKEN + "="
                        + session(ann).token())
                .refused(400, "too_many_session_arguments");
        client.delete(PATH + "/" + id + "/external_id?" + TOKEN + "=" + session.token() + "&" + JWT + "="
                        + session.jwt())
                .ok();
    }

    private void give(Membership membership, String role) {
        app.app()
                .members()
                .change(
                        client.project(),
                        membership.member().id(),
                        member -> member.withRoles(java.util.List.of(role)));
    }

    private void everyCall(String id, String header, String value, int status, String type) {
        send("PUT", PATH + "/" + id, "{\"organization_name\":\"New\"}", header, value)
                .refused(status, type);
        send("DELETE", PATH + "/" + id, null, header, value).refused(status, type);
        send("DELETE", PATH + "/" + id + "/external_id", null, header, value).refused(status, type);
        client.delete(PATH + "/" + id + "?" + header + "=" + value).refused(status, type);
        client.delete(PATH + "/" + id + "/external_id?" + header + "=" + value).refused(status, type);
    }

    private Client.Answer send(String method, String path, String body, String header, String value) {
        return client.send(client.request(method, path, body)
                .header("Authorization", Client.basic(client.projectId(), client.secret()))
                .header(header, value)
                .build());
    }
}
