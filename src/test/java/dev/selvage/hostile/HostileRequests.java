package dev.selvage.hostile;

import dev.selvage.base.Json;
import dev.selvage.support.Contract;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes requests of the contract's operations that are good but for one to three places, and requests whose
/// bytes are damaged. What it makes follows from the random numbers alone.
final class HostileRequests {

    /// In place of a member's value, as JSON: another type, an extreme, or no JSON at all.
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "1e400",
            "-1e400",
            "1e999999999",
            "1e-999999999",
            "2147483648",
            "-9223372036854775809",
            "1".repeat(99),
            "1".repeat(5000),
            "NaN",
            "Infinity",
            "-0.0",
            "01",
            "0x10",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "[{}]",
            "[\"\"]",
            "{\"\":{}}",
            "{\"a\":null}",
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"\\u202e\"",
            "\"\\ufeff\"",
            "\"'; DROP TABLE users; --\"",
            "\"%00\"",
            "\"../../x\"",
            "\"%s%n{0}${x}{{x}}\"",
            "\"<script>\"",
            "\"\\r\\nX: y\"",
            "\"" + "a".repeat(300) + "\"",
            "\"" + "a".repeat(70_000) + "\"",
            "\"" + "a@".repeat(5000) + "\"",
            "\"" + "a.".repeat(5000) + "@" + "b.".repeat(5000) + "c\"",
            "\"" + "\u00e9".repeat(4000) + "\"",
            "\"+" + "1".repeat(5000) + "\"",
            "\"https://" + "a".repeat(5000) + "\"",
            "\"https://x?" + "%".repeat(3000) + "\"",
            "\"" + "-".repeat(5000) + "\"",
            "\"" + "eyJhbGciOiJSUzI1NiJ9.".repeat(200) + "\"",
            "\"eyJhbGciOiJub25lIn0.e30.\"",
            "\"user-test-\"",
            "\"" + "\\\\".repeat(5000) + "\"",
            "\"a\\u0000b\"",
            "\"a\\ud800b\"",
            "{\"a\":\"\\u0000\"}",
            "{\"a\\u0000\":1}",
            "{\"a\":[1e999]}",
            "{\"a\":\"\\ud800\"}",
            "{\"\\udc00\":\"b\"}",
            "[" + "1,".repeat(5000) + "1]",
            "[".repeat(63) + "]".repeat(63),
            "[".repeat(5000) + "]".repeat(5000),
            "{\"a\":".repeat(60) + "1" + "}".repeat(60),
            "{" + "\"a\":1,".repeat(3) + "\"b\":2}",
            "1,\"again\":2",
            "\"\u0001\"",
            "\"",
            "",
            "//x\n1",
            "'x'",
            "\"\\x41\"",
            "1e",
            "tru",
            "\"\u00c3(\"",
            "9".repeat(400) + ".5",
            "1E+2147483648");

    /// Between or in place of bytes of a request.
    private static final List<String> BYTES = List.of(
            "\r\n",
            "\n",
            "\r",
            "\u0000",
            " ",
            "\t",
            ":",
            "\u00ff\u00fe",
            "%",
            "%00",
            "%zz",
            "?",
            "#",
            ";",
            "//",
            "/../",
            "Content-Length: 5\r\n",
            "Content-Length: 0\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip\r\n",
            "Expect: 100-continue\r\n",
            "Connection: close\r\n",
            "Connection: upgrade\r\nUpgrade: h2c\r\n",
            "Content-Encoding: gzip\r\n",
            "Host: y\r\n",
            " folded\r\n",
            "Authorization: Basic !\r\n",
            "X-Stytch-Member-Session: x\r\n",
            "X-Stytch-Member-SessionJWT: a.b.c\r\n",
            "0\r\n\r\n",
            "ffffffff\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "a".repeat(20_000),
            "\u0016\u0003\u0001");

    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE");

    private final RandomGenerator random;
    private final Map<String, String> known;
    private final Map<String, JsonNode> documents;

    /// @param known good values of members by name, `user_id` and the like
    HostileRequests(RandomGenerator random, Map<String, String> known) {
        this.random = random;
        this.known = known;
        this.documents = Map.of("consumer", Contract.json("consumer"), "b2b", Contract.json("b2b"));
    }

    /// A request for an operation, with hostile members, or damaged.
    byte[] next(Contract.Operation operation, String authorization) {
        String request = request(operation, authorization);
        for (int damages = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0; damages > 0; damages--) {
            request = damaged(request);
        }
        return request.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The members of an operation's body, nested ones too, each as the path to it.
    List<List<String>> members(Contract.Operation operation) {
        List<List<String>> paths = new ArrayList<>();
        members(resolved(body(call(operation)), documents.get(operation.product())), operation, List.of(), paths);
        return paths;
    }

    private void members(JsonNode schema, Contract.Operation operation, List<String> above, List<List<String>> paths) {
        schema.path("properties").properties().forEach(member -> {
            List<String> path =
                    Stream.concat(above.stream(), Stream.of(member.getKey())).toList();
            paths.add(path);
            if (path.size() < 4) {
                members(resolved(member.getValue(), documents.get(operation.product())), operation, path, paths);
            }
        });
    }

    /// A good request for an operation but for one member, whose value is this JSON.
    byte[] with(Contract.Operation operation, String authorization, List<String> path, String value) {
        JsonNode document = documents.get(operation.product());
        JsonNode schema = resolved(body(call(operation)), document);
        ObjectNode whole = (ObjectNode) value("", schema, document, 0);
        ObjectNode object = whole;
        for (String name : path.subList(0, path.size() - 1)) {
            schema = resolved(schema.path("properties").path(name), document);
            if (!(object.get(name) instanceof ObjectNode)) {
                object.set(name, value(name, schema, document, 1));
            }
            object = object.get(name) instanceof ObjectNode inner ? inner : object.putObject(name);
        }
        object.put(path.getLast(), "hole-0-");
        return request(operation, authorization, Json.write(whole).replace("\"hole-0-\"", value))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /// A value for a member of an operation's body that has the member's type, in JSON, and in which every text
    /// is this one.
    ///
    /// @param text as it stands between the quotes
    String pumped(Contract.Operation operation, List<String> path, String text) {
        JsonNode document = documents.get(operation.product());
        JsonNode schema = resolved(body(call(operation)), document);
        for (String name : path) {
            schema = resolved(schema.path("properties").path(name), document);
        }
        return pumped(schema, document, text, 0);
    }

    private static String pumped(JsonNode form, JsonNode document, String text, int depth) {
        JsonNode schema = resolved(form, document);
        String type = schema.path("type").isArray()
                ? schema.path("type").path(0).asString("")
                : schema.path("type").asString("");
        return switch (type) {
            case "array" -> "[" + (depth < 6 ? pumped(schema.path("items"), document, text, depth + 1) : "") + "]";
            case "object" ->
                schema.path("properties").isEmpty() || depth == 6
                        ? "{\"" + text + "\":\"" + text + "\"}"
                        : schema.path("properties").properties().stream()
                                .map(member -> "\"" + member.getKey() + "\":"
                                        + pumped(member.getValue(), document, text, depth + 1))
                                .collect(Collectors.joining(",", "{", "}"));
            default -> "\"" + text + "\"";
        };
    }

    private JsonNode call(Contract.Operation operation) {
        return documents
                .get(operation.product())
                .path("paths")
                .path(operation.path())
                .path(operation.method().toLowerCase(Locale.ROOT));
    }

    private static JsonNode body(JsonNode call) {
        return call.at("/requestBody/content/application~1json/schema");
    }

    private String request(Contract.Operation operation, String authorization) {
        JsonNode call = call(operation);
        String request = request(operation, authorization, call.has("requestBody") ? hostileBody(operation) : "");
        return random.nextInt(50) > 0
                ? request
                : METHODS.get(random.nextInt(METHODS.size()))
                        + request.substring(operation.method().length());
    }

    private String request(Contract.Operation operation, String authorization, String json) {
        JsonNode call = call(operation);
        StringBuilder target = new StringBuilder();
        for (String segment : operation.path().substring(1).split("/")) {
            target.append('/')
                    .append(segment.startsWith("{") ? encoded(segment.substring(1, segment.length() - 1)) : segment);
        }
        char separator = '?';
        for (JsonNode parameter : call.path("parameters")) {
            if (parameter.path("in").asString("").equals("query") && random.nextBoolean()) {
                String name = parameter.path("name").asString("");
                target.append(separator).append(name).append('=').append(encoded(name));
                separator = '&';
            }
        }
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return operation.method() + " " + target + " HTTP/1.1\r\nHost: x\r\n" + authorization
                + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n"
                + new String(body, StandardCharsets.ISO_8859_1);
    }

    private String encoded(String name) {
        if (random.nextInt(3) > 0) {
            return URLEncoder.encode(known.getOrDefault(name, "x"), StandardCharsets.UTF_8);
        }
        String value = VALUES.get(random.nextInt(VALUES.size()));
        return URLEncoder.encode(value.length() > 2000 ? value.substring(0, 2000) : value, StandardCharsets.UTF_8);
    }

    /// Mostly what is required alone and one hostile member, of those that the contract knows: the rest is
    /// good, so that it gets as far as it can.
    private String hostileBody(Contract.Operation operation) {
        JsonNode document = documents.get(operation.product());
        JsonNode schema = resolved(body(call(operation)), document);
        if (!(value("", schema, document, 0) instanceof ObjectNode object)) {
            return "{}";
        }
        List<String> values = new ArrayList<>();
        for (int holes = random.nextInt(4) > 0 ? 1 : random.nextInt(4); holes > 0; holes--) {
            punch(object, schema, document, values);
        }
        String text = Json.write(object);
        for (int i = 0; i < values.size(); i++) {
            text = text.replace("\"hole-" + i + "-\"", values.get(i));
        }
        return text;
    }

    /// Puts a hole into a member at any depth, or removes it.
    private void punch(ObjectNode object, JsonNode schema, JsonNode document, List<String> values) {
        List<String> names = new ArrayList<>(schema.path("properties").propertyNames());
        if (names.isEmpty()) {
            names.add("anything");
        }
        String name = names.get(random.nextInt(names.size()));
        JsonNode member = resolved(schema.path("properties").path(name), document);
        if (!object.has(name) && member.path("type").toString().contains("object")) {
            object.set(name, value(name, member, document, 1));
        }
        if (object.get(name) instanceof ObjectNode inner && random.nextInt(3) > 0) {
            punch(inner, member, document, values);
        } else if (random.nextInt(12) == 0) {
            object.remove(name);
        } else {
            object.put(name, "hole-" + values.size() + "-");
            values.add(VALUES.get(random.nextInt(VALUES.size())));
        }
    }

    private static JsonNode resolved(JsonNode schema, JsonNode document) {
        if (schema.has("$ref")) {
            return resolved(document.at(schema.path("$ref").asString("").substring(1)), document);
        }
        for (String choice : List.of("anyOf", "oneOf", "allOf")) {
            if (schema.has(choice)) {
                return resolved(schema.path(choice).path(0), document);
            }
        }
        return schema;
    }

    private JsonNode value(String name, JsonNode form, JsonNode document, int depth) {
        JsonNode schema = resolved(form, document);
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (name.startsWith("email") && random.nextBoolean()) {
            return json.stringNode("new" + random.nextInt(1_000_000) + "@example.com");
        }
        if (known.containsKey(name)) {
            return json.stringNode(known.get(name));
        }
        if (schema.path("enum").size() > 0) {
            return json.stringNode(schema.path("enum").path(0).asString(""));
        }
        String type = schema.path("type").isArray()
                ? schema.path("type").path(0).asString("")
                : schema.path("type").asString("");
        return switch (type) {
            case "object" -> {
                ObjectNode object = json.objectNode();
                if (depth < 6) {
                    // Many members exclude each other.
                    schema.path("properties").properties().stream()
                            .filter(member -> required(schema, member.getKey()) || random.nextInt(10) == 0)
                            .forEach(member -> object.set(
                                    member.getKey(), value(member.getKey(), member.getValue(), document, depth + 1)));
                }
                yield object;
            }
            case "array" -> {
                ArrayNode array = json.arrayNode();
                yield depth < 6 ? array.add(value("", schema.path("items"), document, depth + 1)) : array;
            }
            case "integer", "number" ->
                json.numberNode(Math.max(5, schema.path("minimum").asInt(5)));
            case "boolean" -> json.booleanNode(random.nextBoolean());
            default -> json.stringNode("x");
        };
    }

    private static boolean required(JsonNode schema, String name) {
        for (JsonNode one : schema.path("required")) {
            if (one.asString("").equals(name)) {
                return true;
            }
        }
        return false;
    }

    /// With bytes inserted, replaced, removed or repeated, mostly before the body.
    private String damaged(String request) {
        int head = request.indexOf("\r\n\r\n") + 4;
        int bound = random.nextInt(4) == 0 || head < 4 ? request.length() : head;
        int at = random.nextInt(Math.max(1, bound));
        int line = request.indexOf("\r\n", at) + 2;
        return switch (random.nextInt(6)) {
            case 0 -> request.substring(0, at) + BYTES.get(random.nextInt(BYTES.size())) + request.substring(at);
            case 1 ->
                line < 2
                        ? request
                        : request.substring(0, line)
                                + BYTES.get(random.nextInt(BYTES.size()))
                                + request.substring(line);
            case 2 ->
                request.substring(0, at)
                        + (char) random.nextInt(256)
                        + request.substring(Math.min(at + 1, request.length()));
            case 3 -> request.substring(0, at);
            case 4 ->
                request.substring(0, at) + request.substring(Math.min(request.length(), at + 1 + random.nextInt(10)));
            default -> line < 2 ? request : request.substring(0, line) + request.substring(at);
        };
    }
}
