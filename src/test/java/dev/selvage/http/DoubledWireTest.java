package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.members.Membership;
import dev.selvage.support.Client;
import dev.selvage.support.Contract;
import dev.selvage.support.Mailbox;
import dev.selvage.support.MemberWireTest;
import dev.selvage.support.RawHttp;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What decides and is there twice is refused: who looks at the first would otherwise let through what another
/// one is done by.
@Tag("form")
class DoubledWireTest extends MemberWireTest {

    private static final String TOKEN = "X-Stytch-Member-Session";
    private static final String JWT = "X-Stytch-Member-SessionJWT";
    private static final String PATH = "/v1/b2b/organizations";

    private String raw(String line, String... headers) throws IOException {
        return RawHttp.send(
                app.baseUrl(),
                line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        + String.join(
                                "",
                                List.of(headers).stream()
                                        .map(header -> header + "\r\n")
                                        .toList()) + "\r\n");
    }

    private String authorization() {
        return "Authorization: " + Client.basic(client.projectId(), client.secret());
    }

    @Test
    void twoAuthorizationsAreRefusedWhichverIsGood() throws IOException {
        String id = organization("");
        String other = "Authorization: " + Client.basic(client.projectId(), "secret-test-wrong");
        for (String[] both : new String[][] {
            {authorization(), other},
            {other, authorization()},
            {authorization(), authorization()},
            {authorization(), "authorization: Bearer x"},
            {"AUTHORIZATION: ", authorization()},
            {authorization(), authorization(), other}
        }) {
            assertThat(raw("GET " + PATH + "/" + id, both))
                    .startsWith("HTTP/1.1 400")
                    .contains("\"error_type\":\"bad_request\"", "Authorization is given more than once");
        }
        assertThat(raw("GET " + PATH + "/" + id, authorization())).startsWith("HTTP/1.1 200");
        String admin = "Authorization: Bearer " + app.adminToken();
        String inbox = "GET /_selvage/v1/messages?project_id=" + client.projectId();
        assertThat(raw(inbox, admin)).startsWith("HTTP/1.1 200");
        assertThat(raw(inbox, admin, "Authorization: Bearer x")).startsWith("HTTP/1.1 400");
        assertThat(raw(inbox, "Authorization: Bearer x", admin)).startsWith("HTTP/1.1 400");
    }

    @Test
    void twoMemberSessionsAreRefusedInWhateverHeadersTheyStand() throws IOException {
        String id = organization("");
        Membership ann = member(id, "ann@example.com");
        app.app()
                .members()
                .change(client.project(), ann.member().id(), member -> member.withRoles(List.of("stytch_admin")));
        var admin = session(ann);
        var guest = session(member(id, "bob@example.com"));
        String delete = "DELETE " + PATH + "/" + id;
        for (String[] both : new String[][] {
            {TOKEN + ": " + admin.token(), TOKEN + ": " + guest.token()},
            {TOKEN + ": " + guest.token(), TOKEN + ": " + admin.token()},
            {TOKEN + ": " + admin.token(), "x-stytch-member-session: " + guest.token()},
            {JWT + ": " + admin.jwt(), JWT + ": " + guest.jwt()},
            {JWT + ": " + guest.jwt(), JWT + ": " + admin.jwt()},
            {TOKEN + ": " + admin.token(), JWT + ": " + guest.jwt()},
            {TOKEN + ": " + guest.token(), JWT + ": " + admin.jwt()}
        }) {
            assertThat(raw(delete, authorization(), both[0], both[1]))
                    .startsWith("HTTP/1.1 400")
                    .contains("\"error_type\":\"too_many_session_arguments\"");
        }
        assertThat(raw(delete, authorization(), TOKEN + ": " + admin.token(), TOKEN + ": "))
                .startsWith("HTTP/1.1 404")
                .contains("session_not_found");
        assertThat(raw(delete, authorization(), TOKEN + ": " + admin.token(), TOKEN + ": x"))
                .startsWith("HTTP/1.1 400")
                .contains("invalid_session_token");
        client.get(PATH + "/" + id).ok();
        assertThat(raw(delete, authorization(), TOKEN + ": " + admin.token(), JWT + ": " + admin.jwt()))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @CsvSource({"Host: x", "Content-Length: 2", "Transfer-Encoding: chunked"})
    void aHeaderThatFramesARequestStandsThereOnce(String header) throws IOException {
        assertThat(raw("POST /v1/b2b/organizations", authorization(), header, header))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void everyParameterOfEveryQueryStandsThereOnce() {
        int tried = 0;
        for (Contract.Operation operation : Contract.all()) {
            String name = operation.method() + " " + operation.path();
            if (app.app().routes().stream().noneMatch(route -> route.operation().equals(name))) {
                continue;
            }
            JsonNode call = Contract.json(operation.product())
                    .path("paths")
                    .path(operation.path())
                    .path(operation.method().toLowerCase(java.util.Locale.ROOT));
            Client caller = operation.product().equals("b2b") ? client : app.consumer();
            for (JsonNode parameter : call.path("parameters")) {
                if (parameter.path("in").asString("").equals("query")) {
                    String query = "?" + parameter.path("name").asString("") + "=";
                    for (String value : List.of("1", "2")) {
                        String path = operation.path().replaceAll("\\{[a-z0-9_]+}", "x") + query + "1&a=b"
                                + query.replace('?', '&') + value;
                        assertThat(caller.call(operation.method(), path, null)
                                        .refused(400, "bad_request")
                                        .text("error_message"))
                                .isEqualTo("The parameter "
                                        + parameter.path("name").asString("") + " is given more than once.");
                        tried++;
                    }
                }
            }
        }
        assertThat(tried).isGreaterThan(10);
    }

    @Test
    void parametersThatDecideNothingMayBeDoubled() {
        String id = organization("");
        client.get(PATH + "/" + id + "?utm=1&utm=2&organization_id=x&organization_id=y")
                .ok();
    }

    @Test
    void aLinkWithTwoTokensLeadsNowhere() {
        String link =
                app.baseUrl() + "/v1/magic_links/redirect?public_token=" + client.publicToken() + "&token=a&token=b";
        var answer = Mailbox.open("GET", link);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("<h1>This link does not work</h1>");
    }

    @Test
    void everyMemberOfABodyStandsThereOnceAtAnyDepth() {
        for (String body : List.of(
                "{'organization_name':'a','organization_name':'b'}",
                "{'organization_name':'a','organization_name':'a'}",
                "{'trusted_metadata':{'a':1,'a':2}}",
                "{'trusted_metadata':{'a':[{'b':1,'b':1}]}}",
                "{'a':1,'a':1}",
                "{'organization_name':'a','organization\\u005fname':'b'}")) {
            client.post("/v1/b2b/organizations", body).refused(400, "bad_request");
        }
    }
}
