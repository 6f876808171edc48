package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.support.Client;
import dev.selvage.support.WireTest;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A call in the name of a member never runs with the rights of the project.
class MemberSessionWireTest extends WireTest {

    private static final String PATH = "/v1/b2b/organizations";

    @Test
    void exactlyTheCallsOfTheContractTakeAMemberSession() throws IOException {
        Set<String> wanted = new TreeSet<>();
        try (var stream = MemberSessionWireTest.class.getResourceAsStream("/contract/openapi-b2b.json")) {
            Json.mapperInstance().readTree(stream.readAllBytes()).path("paths").properties().forEach(path -> path.getValue().properties()
                    .stream().filter(method -> method.getValue().path("x-member-authorization").asBoolean(false))
                    .forEach(method -> wanted.add(method.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        }
        assertThat(wanted).hasSize(40);
        for (Route route : app.app().routes()) {
            if (route instanceof Endpoint<?, ?> endpoint) {
                assertThat(endpoint.forMembers()).as(route.operation()).isEqualTo(wanted.contains(route.operation()));
            }
        }
        assertThat(app.app().routes().stream().map(Route::operation).collect(Collectors.toSet())).containsAnyElementsOf(wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Stytch-Member-Session", "X-Stytch-Member-SessionJWT", "x-stytch-member-session"})
    void aCallWithAnUnknownMemberSessionDoesNothing(String header) {
        Client b2b = app.b2b();
        String id = b2b.post(PATH, "{'organization_name':'Acme','organization_external_id':'e'}").ok().text("organization.organization_id");
        var before = b2b.get(PATH + "/" + id).ok().at("organization");
        for (String value : new String[] {"DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=", ""}) {
            refused(b2b, "PUT", PATH + "/" + id, "{\"organization_name\":\"New\"}", header, value);
            refused(b2b, "DELETE", PATH + "/" + id, null, header, value);
            refused(b2b, "DELETE", PATH + "/" + id + "/external_id", null, header, value);
            b2b.delete(PATH + "/" + id + "?" + header + "=" + value).refused(404, "session_not_found");
            b2b.delete(PATH + "/" + id + "/external_id?" + header + "=" + value).refused(404, "session_not_found");
        }
        assertThat(b2b.get(PATH + "/" + id).ok().at("organization")).isEqualTo(before);
    }

    private static void refused(Client b2b, String method, String path, String body, String header, String value) {
        b2b.send(b2b.request(method, path, body).header("Authorization", Client.basic(b2b.projectId(), b2b.secret()))
                .header(header, value).build()).refused(404, "session_not_found");
    }
}
