package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import dev.selvage.support.Contract;
import dev.selvage.support.WireTest;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The forms in which languages write the same request: how they spell booleans and empty maps, and in which
/// bytes.
class RequestFormsWireTest extends WireTest {

    private static final List<String> TRUE = List.of("true", "True", "TRUE", "1");
    private static final List<String> FALSE = List.of("false", "False", "FALSE", "0");

    @Test
    void aBooleanOfAQueryMeansTheSameInEverySpelling() {
        Client b2b = app.b2b();
        String path = "/v1/b2b/organizations/"
                + b2b.post("/v1/b2b/organizations", "{'organization_name':'Acme','organization_slug':'acme'}")
                        .ok()
                        .text("organization.organization_id")
                + "/members";
        String id = b2b.post(path, "{'email_address':'ada@example.com'}").ok().text("member.member_id");
        b2b.delete(path + "/" + id).ok();
        String deleted = "/v1/b2b/organizations/members/dangerously_get/" + id + "?include_deleted=";
        TRUE.forEach(spelling -> assertThat(b2b.get(deleted + spelling).ok().text("member.status"))
                .isEqualTo("deleted"));
        FALSE.forEach(spelling -> b2b.get(deleted + spelling).refused(404, "member_not_found"));
    }

    @Test
    @Tag("form")
    void everyBooleanOfAQueryTakesEverySpellingAndNothingElse() {
        Client b2b = app.b2b();
        List<String> taken = new ArrayList<>();
        for (Contract.Operation operation : Contract.all()) {
            for (JsonNode parameter : call(operation).path("parameters")) {
                String query = path(operation) + "?" + parameter.path("name").asString("") + "=";
                Client caller = operation.product().equals("b2b") ? b2b : client;
                if (parameter.at("/schema/type").asString("").equals("boolean") && built(operation)) {
                    taken.add(operation.operationId());
                    TRUE.forEach(spelling ->
                            same(caller.get(query + spelling), caller.get(query + "true"), query + spelling));
                    FALSE.forEach(spelling ->
                            same(caller.get(query + spelling), caller.get(query + "false"), query + spelling));
                    for (String other : List.of("2", "yes", "on", "t", "", "null")) {
                        assertThat(caller.get(query + other)
                                        .refused(400, "bad_request")
                                        .text("error_details.field"))
                                .isEqualTo(parameter.path("name").asString(""));
                    }
                }
            }
        }
        assertThat(taken).isNotEmpty();
    }

    @Test
    @Tag("form")
    void anEmptyArrayIsAnEmptyObjectWhereverTheContractHasAnObject() {
        Client b2b = app.b2b();
        Set<String> seen = new TreeSet<>();
        for (Contract.Operation operation : Contract.all()) {
            JsonNode document = Contract.json(operation.product());
            JsonNode schema = call(operation).at("/requestBody/content/application~1json/schema");
            if (schema.isMissingNode() || !built(operation)) {
                continue;
            }
            for (List<String> member : objects(schema, document, List.of())) {
                Client caller = operation.product().equals("b2b") ? b2b : client;
                Client.Answer object = caller.call(operation.method(), path(operation), body(member, "{}"));
                Client.Answer array = caller.call(operation.method(), path(operation), body(member, "[]"));
                same(array, object, operation.operationId() + " " + member);
                seen.add(String.join(".", member));
            }
        }
        assertThat(seen)
                .contains(
                        "name",
                        "attributes",
                        "session_custom_claims",
                        "trusted_metadata",
                        "untrusted_metadata",
                        "query",
                        "authorization_check",
                        "options",
                        "org_policy",
                        "org_policy.roles.[]",
                        "scrypt_config");
    }

    @Test
    void anArrayInsideOfWhatTheCallerMakesUpStaysOne() {
        String id = client.post(
                        "/v1/users", "{'email':'ada@example.com','trusted_metadata':{'list':[],'map':{}},'name':[]}")
                .ok()
                .text("user_id");
        JsonNode metadata = client.get("/v1/users/" + id).ok().at("trusted_metadata");
        assertThat(metadata.toString()).isEqualTo("{\"list\":[],\"map\":{}}");
        client.put("/v1/users/" + id, "{'name':[1]}").refused(400, "bad_request");
        client.put("/v1/users/" + id, "{'name':[[]]}").refused(400, "bad_request");
        client.put("/v1/users/" + id, "{'trusted_metadata':[1]}").refused(400, "metadata_invalid_format");
    }

    private static void same(Client.Answer one, Client.Answer other, String what) {
        ObjectNode first = (ObjectNode) one.body();
        ObjectNode second = (ObjectNode) other.body();
        assertThat(first.path("error_message")).as(what).isEqualTo(second.path("error_message"));
        assertThat(first.path("error_details")).as(what).isEqualTo(second.path("error_details"));
        assertThat(one.status()).as(what).isEqualTo(other.status());
    }

    private boolean built(Contract.Operation operation) {
        return app.app().routes().stream()
                .anyMatch(route -> route.operation().equals(operation.method() + " " + operation.path()));
    }

    private static JsonNode call(Contract.Operation operation) {
        return Contract.json(operation.product())
                .path("paths")
                .path(operation.path())
                .path(operation.method().toLowerCase(java.util.Locale.ROOT));
    }

    private static String path(Contract.Operation operation) {
        return operation.path().replaceAll("\\{[a-z0-9_]+}", "x");
    }

    /// The paths of all members that hold an object. Filters of searches are no members: the server reads them
    /// by hand.
    private static Set<List<String>> objects(JsonNode form, JsonNode document, List<String> path) {
        JsonNode schema =
                form.has("$ref") ? document.at(form.path("$ref").stringValue().substring(1)) : form;
        Set<List<String>> found = new java.util.LinkedHashSet<>();
        for (String choice : List.of("anyOf", "oneOf", "allOf")) {
            schema.path(choice).forEach(one -> found.addAll(objects(one, document, path)));
        }
        if (!path.isEmpty() && schema.path("type").toString().contains("\"object\"")) {
            found.add(path);
        }
        schema.path("properties").properties().stream()
                .filter(member -> !member.getKey().equals("operands"))
                .forEach(member -> found.addAll(objects(member.getValue(), document, with(path, member.getKey()))));
        if (schema.has("items")) {
            found.addAll(objects(schema.path("items"), document, with(path, "[]")));
        }
        return found;
    }

    private static List<String> with(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    private static String body(List<String> member, String value) {
        String body = value;
        for (String step : member.reversed()) {
            body = step.equals("[]") ? "[" + body + "]" : "{\"" + step + "\":" + body + "}";
        }
        return body;
    }

    private Client.Answer createUser(byte[] body) {
        return client.send(client.request("POST", "/v1/users", null)
                .method("POST", HttpRequest.BodyPublishers.ofByteArray(body))
                .header("Authorization", Client.basic(client.projectId(), client.secret()))
                .build());
    }

    private static byte[] around(String hex) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(
                "{\"email\":\"ada@example.com\",\"trusted_metadata\":{\"a\":\"".getBytes(StandardCharsets.UTF_8));
        body.writeBytes(HexFormat.of().parseHex(hex));
        body.writeBytes("\"}}".getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTF-16",
                "UTF-16LE",
                "UTF-16BE",
                "x-UTF-16LE-BOM",
                "UTF-32",
                "UTF-32LE",
                "UTF-32BE",
                "X-UTF-32LE-BOM",
                "X-UTF-32BE-BOM",
                "IBM037"
            })
    @Tag("form")
    void aBodyInAnotherEncodingIsRefused(String charset) {
        for (String body :
                List.of("{}", "{\"email\":\"ada@example.com\"}", "{\"trusted_metadata\":{\"a\":\"\u00fc\"}}")) {
            createUser(body.getBytes(Charset.forName(charset))).refused(400, "bad_request");
        }
        assertThat(client.post("/v1/users/search", "{}").ok().at("results").size())
                .isZero();
    }

    /// Overlong forms, halves of pairs, beyond Unicode, cut off, bytes that never stand alone, another
    /// encoding.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "c0af",
                "c080",
                "c1bf",
                "e080af",
                "e09fbf",
                "f08080af",
                "f08fbfbf",
                "eda080",
                "edbfbf",
                "eda080edb080",
                "f4908080",
                "f8888080af",
                "fc8080808080",
                "c3",
                "e282",
                "f09f98",
                "80",
                "bf",
                "ff",
                "fe",
                "fc",
                "61c3",
                "c328"
            })
    @Tag("form")
    void aBodyThatIsNoUtf8IsRefused(String hex) {
        createUser(around(hex)).refused(400, "bad_request");
        createUser(around(hex + "efbfbd")).refused(400, "bad_request");
        assertThat(client.post("/v1/users/search", "{}").ok().at("results").size())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbd", "f0908080", "f48fbfbf", "efbbbf"})
    void everyCharacterOfUnicodeComesBack(String hex) {
        String id = createUser(around(hex)).ok().text("user_id");
        String text = new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
        assertThat(client.get("/v1/users/" + id).ok().text("trusted_metadata.a"))
                .isEqualTo(text);
    }

    @Test
    void aByteOrderMarkBeforeABodyIsSkipped() {
        createUser("\uFEFF{\"email\":\"ada@example.com\"}".getBytes(StandardCharsets.UTF_8))
                .ok();
        createUser("\uFEFF".getBytes(StandardCharsets.UTF_8)).refused(400, "invalid_create_user_request");
        createUser("\uFEFF\uFEFF{}".getBytes(StandardCharsets.UTF_8)).refused(400, "bad_request");
    }
}
