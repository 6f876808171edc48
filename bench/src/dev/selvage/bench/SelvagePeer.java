package dev.selvage.bench;

import dev.selvage.DataDirectory;
import dev.selvage.bench.Calls.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The packaged Selvage over a database with the users of a peer, which are created by its own API.
///
/// @param data its data directory
record SelvagePeer(PeerOptions options, Path data, Postgres postgres) implements Peer {

    /// Longer than a run.
    private static final int SESSION_MINUTES = 24 * 60;

    private record User(String id, List<String> tokens) {}

    @Override
    public String title() {
        return "Selvage";
    }

    @Override
    public String remarks() {
        return "Argon2id with 19 MiB, 2 passes, 1 lane (default)";
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        // The first start creates the tables and the projects.
        start().close();
    }

    @Override
    public Started start() throws IOException, InterruptedException {
        return Started.selvage(options.root(), data, Store.environment(postgres, Postgres.FILLED));
    }

    @Override
    public Map<PeerCall, Requests> fill(Started server) throws IOException, InterruptedException {
        String authorization = authorization();
        List<User> users = Peer.concurrently(options.users(), i -> user(server, authorization, i));
        Peer.concurrently(
                SIGN_INS,
                i -> server.answer(
                        authorization,
                        Call.post("/v1/passwords", Map.of("email", signInEmail(i), "password", Dataset.PASSWORD))));
        List<Call> checks = users.stream()
                .flatMap(user -> user.tokens.stream())
                .map(token -> Call.post("/v1/sessions/authenticate", Map.of("session_token", token)))
                .toList();
        List<Call> lists = users.stream()
                .map(user -> Call.get("/v1/sessions?user_id=" + user.id))
                .toList();
        List<Call> signIns = IntStream.range(0, SIGN_INS)
                .mapToObj(i -> Call.post(
                        "/v1/passwords/authenticate",
                        Map.of(
                                "email",
                                signInEmail(i),
                                "password",
                                Dataset.PASSWORD,
                                "session_duration_minutes",
                                SESSION_MINUTES)))
                .toList();
        return Map.of(
                PeerCall.SELVAGE_LIST,
                new Requests(authorization, lists),
                PeerCall.SELVAGE_JWT,
                new Requests(authorization, checks),
                PeerCall.SELVAGE_SAME,
                new Requests(authorization, checks.subList(0, 1)),
                PeerCall.SELVAGE_SIGN_IN,
                new Requests(authorization, signIns));
    }

    private static User user(Started server, String authorization, int number)
            throws IOException, InterruptedException {
        String id = server.answer(
                        authorization, Call.post("/v1/users", Map.of("email", "ada" + number + "@example.com")))
                .path("user_id")
                .asString();
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < SESSIONS_EACH; i++) {
            String link = server.answer(authorization, Call.post("/v1/magic_links", Map.of("user_id", id)))
                    .path("token")
                    .asString();
            Call signIn = Call.post(
                    "/v1/magic_links/authenticate", Map.of("token", link, "session_duration_minutes", SESSION_MINUTES));
            tokens.add(
                    server.answer(authorization, signIn).path("session_token").asString());
        }
        return new User(id, tokens);
    }

    private static String signInEmail(int number) {
        return "grace" + number + "@example.com";
    }

    private String authorization() {
        return Store.authorization(
                Store.project(new DataDirectory(data).credentials().orElseThrow(), "consumer"));
    }
}
