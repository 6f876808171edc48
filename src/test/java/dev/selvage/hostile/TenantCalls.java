package dev.selvage.hostile;

import dev.selvage.support.Contract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Makes calls as the people of one organization can: with their sessions, and with names and ids of their own
/// and of another organization. What it makes follows from the random numbers alone.
final class TenantCalls {

    /// Calls that a server makes for whoever stands before the browser: the organization is the caller's own,
    /// or, with a session, any. Guesses at passcodes are not among them: they count for the address wherever
    /// they are made (`limits.md`).
    private static final Map<String, List<String>> SIGN_INS = Map.ofEntries(
            Map.entry("/v1/b2b/sessions/authenticate", List.of("session_token")),
            Map.entry("/v1/b2b/sessions/exchange", List.of("session_token", "organization_id")),
            Map.entry("/v1/b2b/discovery/organizations", List.of("session_token")),
            Map.entry(
                    "/v1/b2b/discovery/intermediate_sessions/exchange",
                    List.of("intermediate_session_token", "organization_id")),
            Map.entry("/v1/b2b/discovery/organizations/create", List.of("intermediate_session_token")),
            Map.entry("/v1/b2b/passwords/session/reset", List.of("session_token", "organization_id", "password")),
            Map.entry(
                    "/v1/b2b/passwords/existing_password/reset",
                    List.of("own", "email_address", "existing_password", "new_password")),
            Map.entry("/v1/b2b/passwords/authenticate", List.of("own", "email_address", "password")),
            Map.entry("/v1/b2b/passwords/email/reset/start", List.of("own", "email_address")),
            Map.entry("/v1/b2b/magic_links/email/login_or_signup", List.of("own", "email_address")),
            Map.entry("/v1/b2b/otps/email/login_or_signup", List.of("own", "email_address")),
            Map.entry("/v1/b2b/otps/sms/send", List.of("own", "member_id", "mfa_phone_number", "session_token")),
            Map.entry("/v1/b2b/totp", List.of("own", "member_id", "session_token")));

    /// Those that reach what organizations share come more often.
    private static final List<String> REACHING = List.of(
            "/v1/b2b/passwords/email/require_reset",
            "/v1/b2b/sessions/revoke",
            "/v1/b2b/organizations/{organization_id}",
            "/v1/b2b/organizations/{organization_id}/members",
            "/v1/b2b/organizations/{organization_id}/members/{member_id}/start_email_update");

    private static final List<String> SEARCHES = List.of(
            "{\"operator\":\"OR\",\"operands\":[]}",
            "{\"operator\":\"OR\",\"operands\":[{\"filter_name\":\"member_email_fuzzy\",\"filter_value\":\"corp\"}]}",
            "{\"operator\":\"OR\",\"operands\":[{\"filter_name\":\"statuses\",\"filter_value\":[\"active\",\"deleted\",\"pending\"]}]}",
            "{\"operator\":\"OR\",\"operands\":[{\"filter_name\":\"organization_slug_fuzzy\",\"filter_value\":\"northern\"}]}",
            "{\"operator\":\"OR\",\"operands\":[{\"filter_name\":\"organization_id\",\"filter_value\":\"northern-ext\"}]}");

    private final RandomGenerator random;
    private final JsonNode contract = Contract.json("b2b");
    private final List<Contract.Operation> withMemberSession;
    private final Map<String, List<String>> own = new HashMap<>();
    private final Map<String, List<String>> others = new HashMap<>();

    /// A call.
    ///
    /// @param ofMember whether a member's session comes along in a header
    /// @param body     as JSON; null for none
    /// @param times    how often it is made
    record Call(String operation, String method, String path, boolean ofMember, String body, int times) {
        @Override
        public String toString() {
            return "\n" + times + " times " + method + " " + path + " " + (ofMember ? "as member " : "") + body;
        }
    }

    /// @param served whether the server has a route for an operation
    TenantCalls(RandomGenerator random, Predicate<Contract.Operation> served) {
        this.random = random;
        this.withMemberSession = Contract.all().stream()
                .filter(operation -> operation.product().equals("b2b"))
                .filter(operation ->
                        contract(operation).path("x-member-authorization").asBoolean(false))
                .filter(served)
                .toList();
    }

    /// The calls that take a member's session.
    Set<String> operations() {
        return Set.copyOf(withMemberSession.stream()
                .map(operation -> operation.method() + " " + operation.path())
                .toList());
    }

    /// Adds a value of a kind, such as `member_id`, of the caller's organization or of the other.
    void knows(boolean ofOwn, String kind, String... values) {
        (ofOwn ? own : others)
                .computeIfAbsent(kind, ignored -> new ArrayList<>())
                .addAll(List.of(values));
    }

    Call next() {
        if (random.nextInt(4) == 0) {
            List<String> paths = SIGN_INS.keySet().stream().sorted().toList();
            String path = paths.get(random.nextInt(paths.size()));
            return new Call(
                    "POST " + path,
                    "POST",
                    path,
                    false,
                    signIn(path),
                    path.contains("password") && random.nextBoolean() ? 11 : 1);
        }
        Contract.Operation operation = one(
                random.nextInt(3) > 0
                        ? withMemberSession
                        : withMemberSession.stream()
                                .filter(each -> REACHING.contains(each.path()))
                                .toList());
        // Nothing follows on the deletion of the organization.
        if (operation.method().equals("DELETE")
                && operation.path().endsWith("/{organization_id}")
                && random.nextInt(4) > 0) {
            return next();
        }
        StringBuilder path = new StringBuilder();
        for (String segment : operation.path().substring(1).split("/")) {
            path.append('/')
                    .append(segment.startsWith("{") ? value(segment.substring(1, segment.length() - 1)) : segment);
        }
        JsonNode schema = contract(operation).at("/requestBody/content/application~1json/schema");
        return new Call(
                operation.method() + " " + operation.path(),
                operation.method(),
                path.toString(),
                true,
                schema.isMissingNode() ? null : body(operation.path(), resolved(schema)),
                1);
    }

    /// Where the holder of a session can go.
    Call listed(String argument, String token) {
        String path = "/v1/b2b/discovery/organizations";
        return new Call("POST " + path, "POST", path, false, written(Map.of(argument, quoted(token))), 1);
    }

    private JsonNode contract(Contract.Operation operation) {
        return contract.path("paths")
                .path(operation.path())
                .path(operation.method().toLowerCase(Locale.ROOT));
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? contract.at(schema.path("$ref").asString("").substring(1)) : schema;
    }

    /// Some members of the schema; an update of few fields passes more often.
    private String body(String path, JsonNode schema) {
        Map<String, String> members = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asString("")));
        if (path.endsWith("require_reset")) {
            required.add("organization_id");
        }
        int odds = 2 + random.nextInt(8);
        schema.path("properties").properties().forEach(member -> {
            if (required.contains(member.getKey()) || random.nextInt(odds) == 0) {
                members.put(member.getKey(), json(member.getKey(), resolved(member.getValue())));
            }
        });
        return written(members);
    }

    private String signIn(String path) {
        Map<String, String> members = new LinkedHashMap<>();
        for (String name : SIGN_INS.get(path)) {
            if (name.equals("own")) {
                members.put("organization_id", quoted(one(own.get("organization_id"))));
            } else if (name.equals("member_id") || name.equals("session_token") || random.nextInt(8) > 0) {
                members.put(name, json(name, contract.path("none")));
            }
        }
        return written(members);
    }

    private String json(String name, JsonNode schema) {
        String type = schema.path("type").isArray()
                ? schema.path("type").path(0).asString("")
                : schema.path("type").asString("");
        List<String> choices = new ArrayList<>();
        schema.path("enum").forEach(choice -> choices.add(choice.asString("")));
        if (!choices.isEmpty()) {
            return quoted(one(choices));
        }
        return switch (name) {
            case "organization_ids" ->
                "[" + quoted(value("organization_id"))
                        + (random.nextInt(3) > 0 ? "" : "," + quoted(value("organization_id"))) + "]";
            case "roles" -> one(List.of("[\"stytch_admin\"]", "[]", "[\"stytch_member\"]"));
            case "query" -> one(SEARCHES);
            case "trusted_metadata", "allowed_oauth_tenants" -> "{}";
            case "untrusted_metadata" -> "{\"k\":" + random.nextInt(9) + "}";
            case "email_allowed_domains", "claimed_email_domains" ->
                one(List.of("[\"corp.example\"]", "[\"north.example\"]", "[]"));
            case "email_jit_provisioning", "email_invites", "auth_methods", "mfa_methods", "sso_jit_provisioning" ->
                one(List.of("\"ALL_ALLOWED\"", "\"RESTRICTED\"", "\"NOT_ALLOWED\""));
            case "allowed_auth_methods" -> "[\"magic_link\",\"password\",\"email_otp\"]";
            case "allowed_mfa_methods" -> "[\"totp\",\"sms_otp\"]";
            case "mfa_policy" -> one(List.of("\"OPTIONAL\"", "\"REQUIRED_FOR_ALL\""));
            case "delivery_method" -> one(List.of("\"EMAIL_OTP\"", "\"EMAIL_MAGIC_LINK\""));
            case "rbac_email_implicit_role_assignments" ->
                "[{\"domain\":\"corp.example\",\"role_id\":\"stytch_admin\"}]";
            default ->
                switch (type) {
                    case "boolean" -> Boolean.toString(random.nextBoolean());
                    case "integer", "number" -> Integer.toString(5 + random.nextInt(50));
                    case "array" -> "[]";
                    case "object" -> "{}";
                    default -> quoted(value(name));
                };
        };
    }

    /// A text for a parameter or member of this name.
    private String value(String name) {
        String kind =
                switch (name) {
                    case "invited_by_member_id" -> "member_id";
                    case "new_password", "existing_password" -> "password";
                    default -> name;
                };
        return switch (kind) {
            case "locale" -> "en";
            case "email_address" -> random.nextInt(4) == 0 ? "new" + random.nextInt(50) + "@corp.example" : known(kind);
            case "name", "organization_name" -> "Mallory " + random.nextInt(100);
            case "organization_slug", "organization_external_id", "external_id" ->
                random.nextBoolean() && others.containsKey(kind)
                        ? one(others.get(kind))
                        : "taken-" + random.nextInt(20);
            case "organization_logo_url" -> "https://example.com/logo";
            case "password" -> "mallory guesses " + random.nextInt(1_000_000) + " times";
            case "default_mfa_method" -> one(List.of("sms_otp", "totp"));
            default -> known(kind);
        };
    }

    private String known(String kind) {
        List<String> mine = own.getOrDefault(kind, List.of());
        List<String> theirs = others.getOrDefault(kind, List.of());
        List<String> pool = theirs.isEmpty() || !mine.isEmpty() && random.nextInt(4) > 0 ? mine : theirs;
        return pool.isEmpty() ? "" : one(pool);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private static String written(Map<String, String> members) {
        return members.entrySet().stream()
                .map(each -> quoted(each.getKey()) + ":" + each.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
