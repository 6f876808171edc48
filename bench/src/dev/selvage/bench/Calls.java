package dev.selvage.bench;

import dev.selvage.base.Json;
import dev.selvage.base.ShardKey;
import dev.selvage.bench.Dataset.Group;
import dev.selvage.sessions.ProgramStatements;
import dev.selvage.users.ProgramUserStatements;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;

/// The requests of each operation, the check of their responses, and the statement of an operation whose limit
/// is the store.
///
/// @param max maximum number of different requests of an operation
record Calls(Dataset dataset, int max) {

    /// JWTs are long, and each requires a call to create it.
    private static final int JWTS_MAX = 10_000;
    /// The lifetime of sessions that a call starts. They expire before all sessions of the dataset.
    private static final int NEW_MINUTES = 60;
    /// An extension keeps the lifetime of a session like that of the others.
    private static final int EXTENDED_MINUTES = 365 * 24 * 60;

    /// A request as `load.lua` reads it.
    ///
    /// @param body   empty for none
    /// @param header a header of this request only, as `Name: value`; empty for none
    record Call(String method, String path, String body, String header) {

        static Call get(String path) {
            return new Call("GET", path, "", "");
        }

        static Call post(String path, Map<String, ?> body) {
            return new Call("POST", path, Json.write(body), "");
        }

        /// The same request with a header.
        Call with(String header) {
            return new Call(method, path, body, header);
        }

        String line() {
            return String.join("\t", method, path, body, header);
        }
    }

    /// The requests of an operation.
    ///
    /// @param answer calls the server for values that the requests need
    List<Call> of(Operation operation, Answer answer) {
        return switch (operation) {
            case GET_1, GET_5, GET_50 ->
                sample(
                        dataset.subjects(group(operation)),
                        i -> Call.get("/v1/sessions?user_id=" + dataset.subjectId(group(operation), i)));
            case TOKEN_MANY -> authenticates(Group.ONE, max, Map.of());
            case TOKEN_SAME -> authenticates(Group.ONE, 1, Map.of());
            case JWT ->
                authenticates(Group.ONE, Math.min(max, JWTS_MAX), Map.of()).stream()
                        .map(call -> Call.post(
                                call.path,
                                Map.of(
                                        "session_jwt",
                                        answer.to(Operation.Product.CONSUMER, call)
                                                .path("session_jwt")
                                                .asString())))
                        .toList();
            case EXTENSION -> authenticates(Group.ONE, max, Map.of("session_duration_minutes", EXTENDED_MINUTES));
            case CLAIMS ->
                authenticates(Group.FIVE, max, Map.of("session_custom_claims", Map.of("plan", "pro", "seats", 5)));
            case REVOKE ->
                dataset.tokens(Group.ONE, max).stream()
                        .map(token -> Call.post("/v1/sessions/revoke", Map.of("session_token", token)))
                        .toList();
            case MAGIC_LINK, MAGIC_LINK_64 ->
                sample(
                        dataset.links(),
                        i -> Call.post(
                                "/v1/magic_links/authenticate",
                                Map.of("token", dataset.linkToken(i), "session_duration_minutes", NEW_MINUTES)));
            case PASSWORD ->
                sample(
                        dataset.subjects(Group.FIVE),
                        i -> Call.post(
                                "/v1/passwords/authenticate",
                                Map.of(
                                        "email",
                                        dataset.email(Group.FIVE, i),
                                        "password",
                                        Dataset.PASSWORD,
                                        "session_duration_minutes",
                                        NEW_MINUTES)));
            case USER_GET ->
                sample(dataset.subjects(Group.ONE), i -> Call.get("/v1/users/" + dataset.subjectId(Group.ONE, i)));
            case B2B_GET ->
                sample(
                        dataset.subjects(Group.MEMBERS),
                        i -> Call.get("/v1/b2b/sessions?organization_id=" + dataset.organizationId(i) + "&member_id="
                                + dataset.subjectId(Group.MEMBERS, i)));
            case B2B_TOKEN -> authenticates(Group.MEMBERS, max, Map.of());
            case B2B_EXCHANGE ->
                dataset.ofSessions(
                        Group.MEMBERS,
                        max,
                        slot -> Call.post(
                                "/v1/b2b/sessions/exchange",
                                Map.of(
                                        "organization_id",
                                        dataset.organizationId(
                                                dataset.pair(dataset.slot(slot).subject())),
                                        "session_token",
                                        dataset.token(slot),
                                        "session_duration_minutes",
                                        NEW_MINUTES)));
            case B2B_OTP ->
                sample(
                        dataset.codes(),
                        i -> Call.post(
                                "/v1/b2b/otps/email/authenticate",
                                Map.of(
                                        "organization_id",
                                        dataset.organizationId(i),
                                        "email_address",
                                        dataset.email(Group.MEMBERS, i),
                                        "code",
                                        Dataset.CODE,
                                        "session_duration_minutes",
                                        NEW_MINUTES)));
            case JWKS -> List.of(Call.get("/v1/sessions/jwks/" + dataset.consumerProject()));
        };
    }

    /// The successful response of a server to a call.
    interface Answer {
        JsonNode to(Operation.Product product, Call call);
    }

    private <T> List<T> sample(int all, IntFunction<T> each) {
        return Dataset.sample(all, max, each);
    }

    private List<Call> authenticates(Group group, int count, Map<String, ?> more) {
        String path = group == Group.MEMBERS ? "/v1/b2b/sessions/authenticate" : "/v1/sessions/authenticate";
        return dataset.tokens(group, count).stream()
                .map(token -> {
                    Map<String, Object> body = new HashMap<>(more);
                    body.put("session_token", token);
                    return Call.post(path, body);
                })
                .toList();
    }

    /// Whether a response is the expected one for the operation.
    static boolean right(Operation operation, JsonNode answer) {
        return switch (operation) {
            case GET_1, GET_5, GET_50 ->
                answer.path("sessions").size() == group(operation).each();
            case B2B_GET ->
                answer.path("member_sessions").size() == group(operation).each();
            case TOKEN_MANY, TOKEN_SAME, JWT, EXTENSION, MAGIC_LINK, MAGIC_LINK_64, PASSWORD ->
                issued(answer, "session");
            case CLAIMS ->
                issued(answer, "session")
                        && answer.at("/session/custom_claims/plan").asString("").equals("pro");
            case B2B_TOKEN, B2B_EXCHANGE, B2B_OTP -> issued(answer, "member_session");
            case USER_GET -> answer.path("emails").size() == 1;
            case REVOKE -> answer.path("status_code").asInt() == 200;
            case JWKS -> !answer.path("keys").isEmpty();
        };
    }

    private static boolean issued(JsonNode answer, String member) {
        return answer.path(member).isObject()
                && !answer.path("session_jwt").asString("").isEmpty();
    }

    /// The statement of a reading operation.
    static String statement(Operation operation) {
        return switch (operation) {
            case B2B_GET -> ProgramStatements.OF_MEMBER;
            case USER_GET -> ProgramUserStatements.OF_ID;
            default -> ProgramStatements.OF_USER;
        };
    }

    /// The parameters of the statement by name, one set for each request.
    List<Map<String, Object>> parameters(Operation operation) {
        Group group = group(operation);
        return sample(dataset.subjects(group), i -> {
            String subjectId = dataset.subjectId(group, i);
            return group == Group.MEMBERS
                    ? Map.of(
                            "projectId",
                            dataset.b2bProject(),
                            "organizationKey",
                            dataset.organizationId(i),
                            "shardKey",
                            ShardKey.of(subjectId),
                            "memberId",
                            subjectId,
                            "now",
                            dataset.now())
                    : Map.of(
                            "projectId",
                            dataset.consumerProject(),
                            "shardKey",
                            ShardKey.of(subjectId),
                            "userId",
                            subjectId,
                            "now",
                            dataset.now());
        });
    }

    private static Group group(Operation operation) {
        return switch (operation) {
            case GET_1, USER_GET -> Group.ONE;
            case GET_5 -> Group.FIVE;
            case GET_50 -> Group.FIFTY;
            case B2B_GET -> Group.MEMBERS;
            case TOKEN_MANY,
                    TOKEN_SAME,
                    JWT,
                    EXTENSION,
                    CLAIMS,
                    REVOKE,
                    MAGIC_LINK,
                    MAGIC_LINK_64,
                    PASSWORD,
                    B2B_TOKEN,
                    B2B_EXCHANGE,
                    B2B_OTP,
                    JWKS -> throw new IllegalArgumentException(operation + " has no statement");
        };
    }
}
