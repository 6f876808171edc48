package dev.selvage.bench;

import dev.selvage.DataDirectory;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.Json;
import dev.selvage.base.ShardKey;
import dev.selvage.base.World;
import dev.selvage.bench.Dataset.Group;
import dev.selvage.bench.Options.Engine;
import dev.selvage.db.Database;
import dev.selvage.sessions.ProgramStatements;
import dev.selvage.sessions.ProgramStatements.Statement;
import dev.selvage.sessions.SessionTokens;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One engine with its data, the packaged server over it, and the bare server beside that.
///
/// @param postgres null on SQLite
/// @param database this program's own connections to the store, with the program's settings
record Stage(Engine engine, Path directory, Started server, Started bare, Postgres postgres, Database database, Dataset dataset,
             DataDirectory.Credentials credentials) implements AutoCloseable {

    /// Different requests of an operation at most.
    private static final int REQUESTS_MAX = 100_000;
    /// JWTs are long, and each costs a call to be had.
    private static final int JWTS_MAX = 10_000;
    /// Answers that are looked at before anything is measured.
    private static final int CHECKED = 20;

    /// How to ask for an operation, and how large its answer is.
    ///
    /// @param file       of `load.lua`
    /// @param count      of different requests in it
    /// @param bytes      of the answer's body
    /// @param statement  null where the limit is not the store
    /// @param parameters of the statement, one set for each request
    record Requests(Path file, int count, String authorization, int bytes, Statement statement, List<Map<String, Object>> parameters) { }

    /// A request as `load.lua` reads it.
    private record Request(String method, String path, String body) {

        static Request get(String path) {
            return new Request("GET", path, "");
        }

        static Request authenticate(String product, String member, String value) {
            return new Request("POST", "/v1" + product + "/sessions/authenticate", Json.write(Map.of(member, value)));
        }

        String line() {
            return method + "\t" + path + "\t" + body;
        }
    }

    /// Makes a store by the first start of a server, fills it, and starts the servers that are measured.
    static Stage set(Options options, Engine engine, Path directory, Postgres postgres, Path classes) throws IOException, InterruptedException {
        Path data = directory.resolve("data");
        Map<String, String> environment = postgres == null ? Map.of() : Map.of("SELVAGE_DATABASE_URL", postgres.url());
        Started.selvage(options.root(), data, environment).close();
        DataDirectory files = new DataDirectory(data);
        DataDirectory.Credentials credentials = files.credentials().orElseThrow();
        String url = postgres == null ? files.databaseUrl() : postgres.url();
        Dataset dataset = new Dataset(options.sessions(), project(credentials, "consumer").projectId(), project(credentials, "b2b").projectId(),
                new SessionTokens(files.masterKey(Optional.empty(), World.real())), System.currentTimeMillis());
        try (Database loading = Database.open(postgres == null ? url : url + "&reWriteBatchedInserts=true")) {
            dataset.write(loading);
        }
        Started server = Started.selvage(options.root(), data, environment);
        try {
            Started bare = Started.bare(server, classes, directory.resolve("bare.log"));
            return new Stage(engine, directory, server, bare, postgres, Database.open(url), dataset, credentials);
        } catch (IOException | InterruptedException | RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    private static ProjectCredentials project(DataDirectory.Credentials credentials, String vertical) {
        return credentials.projects().stream().filter(project -> project.vertical().equals(vertical)).findFirst().orElseThrow();
    }

    /// Writes the requests of an operation and checks that they are answered as they should be.
    Requests prepare(Operation operation) throws IOException, InterruptedException {
        String authorization = authorization(operation.product());
        List<Request> requests = switch (operation) {
            case GET_1 -> gets(Group.ONE);
            case GET_5 -> gets(Group.FIVE);
            case GET_50 -> gets(Group.FIFTY);
            case TOKEN_MANY -> authenticates("", Group.ONE, REQUESTS_MAX);
            case TOKEN_SAME -> authenticates("", Group.ONE, 1);
            case JWT -> jwts(authorization);
            case B2B_GET -> Dataset.sample(dataset.subjects(Group.MEMBERS), REQUESTS_MAX, i -> Request.get("/v1/b2b/sessions?organization_id="
                    + dataset.organizationId(i) + "&member_id=" + dataset.subjectId(Group.MEMBERS, i)));
            case B2B_TOKEN -> authenticates("/b2b", Group.MEMBERS, REQUESTS_MAX);
            case JWKS -> List.of(Request.get("/v1/sessions/jwks/" + dataset.consumerProject()));
        };
        int bytes = check(operation, requests, authorization);
        Path file = directory.resolve(operation.name().toLowerCase(java.util.Locale.ROOT) + ".requests");
        Files.write(file, requests.stream().map(Request::line).toList());
        boolean loops = operation.limit(engine) == Operation.Limit.STORE;
        return new Requests(file, requests.size(), authorization, bytes, loops ? statement(operation) : null,
                loops ? parameters(operation) : List.of());
    }

    private String authorization(Operation.Product product) {
        if (product == Operation.Product.OPEN) {
            return "";
        }
        ProjectCredentials project = project(credentials, product == Operation.Product.B2B ? "b2b" : "consumer");
        return "Basic " + Base64.getEncoder().encodeToString((project.projectId() + ":" + project.secret()).getBytes(StandardCharsets.UTF_8));
    }

    private List<Request> gets(Group group) {
        return Dataset.sample(dataset.subjects(group), REQUESTS_MAX, i -> Request.get("/v1/sessions?user_id=" + dataset.subjectId(group, i)));
    }

    private List<Request> authenticates(String product, Group group, int count) {
        return dataset.tokens(group, count).stream().map(token -> Request.authenticate(product, "session_token", token)).toList();
    }

    private List<Request> jwts(String authorization) throws IOException, InterruptedException {
        List<Request> requests = new java.util.ArrayList<>();
        try (HttpClient client = client()) {
            for (Request request : authenticates("", Group.ONE, JWTS_MAX)) {
                requests.add(Request.authenticate("", "session_jwt", answer(client, request, authorization).path("session_jwt").asString()));
            }
        }
        return requests;
    }

    private int check(Operation operation, List<Request> requests, String authorization) throws IOException, InterruptedException {
        String member = operation.product() == Operation.Product.B2B ? "member_session" : "session";
        try (HttpClient client = client()) {
            int bytes = 0;
            for (Request request : requests.subList(0, Math.min(CHECKED, requests.size()))) {
                JsonNode answer = answer(client, request, authorization);
                boolean right = switch (operation) {
                    case GET_1, B2B_GET -> answer.path(member + "s").size() == Group.ONE.each();
                    case GET_5 -> answer.path(member + "s").size() == Group.FIVE.each();
                    case GET_50 -> answer.path(member + "s").size() == Group.FIFTY.each();
                    case TOKEN_MANY, TOKEN_SAME, JWT, B2B_TOKEN ->
                            answer.path(member).isObject() && !answer.path("session_jwt").asString("").isEmpty();
                    case JWKS -> !answer.path("keys").isEmpty();
                };
                if (!right) {
                    throw new IllegalStateException(operation.title() + " was answered with " + answer);
                }
                bytes = Json.bytes(answer).length;
            }
            return bytes;
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private JsonNode answer(HttpClient client, Request request, String authorization) throws IOException, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(server.url(request.path)).header("Content-Type", "application/json");
        if (!authorization.isEmpty()) {
            builder.header("Authorization", authorization);
        }
        builder.method(request.method, request.body.isEmpty() ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(request.body));
        HttpResponse<String> response = client.send(builder.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(request.method + " " + request.path + " was answered with " + response.body());
        }
        return Json.object(response.body());
    }

    private Statement statement(Operation operation) {
        return operation == Operation.B2B_GET
                ? ProgramStatements.ofMember(database, dataset.b2bProject(), dataset.organizationId(0), dataset.subjectId(Group.MEMBERS, 0), dataset.now())
                : ProgramStatements.ofUser(database, dataset.consumerProject(), dataset.subjectId(group(operation), 0), dataset.now());
    }

    private List<Map<String, Object>> parameters(Operation operation) {
        Group group = group(operation);
        return Dataset.sample(dataset.subjects(group), REQUESTS_MAX, i -> group == Group.MEMBERS
                ? Map.of("projectId", dataset.b2bProject(), "organizationKey", dataset.organizationId(i),
                        "memberId", dataset.subjectId(group, i), "shardKey", ShardKey.of(dataset.subjectId(group, i)), "now", dataset.now())
                : Map.of("projectId", dataset.consumerProject(), "userId", dataset.subjectId(group, i), "shardKey",
                        ShardKey.of(dataset.subjectId(group, i)), "now", dataset.now()));
    }

    private static Group group(Operation operation) {
        return switch (operation) {
            case GET_1 -> Group.ONE;
            case GET_5 -> Group.FIVE;
            case GET_50 -> Group.FIFTY;
            case B2B_GET -> Group.MEMBERS;
            case TOKEN_MANY, TOKEN_SAME, JWT, B2B_TOKEN, JWKS -> throw new IllegalArgumentException(operation + " has no statement");
        };
    }

    @Override
    public void close() {
        database.close();
        bare.close();
        server.close();
    }
}
