package dev.selvage.bench;

import dev.selvage.base.Json;
import dev.selvage.bench.Calls.Call;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Keycloak in production mode, optimized for PostgreSQL and one node, with its default memory. One client of a
/// realm starts the sessions, lists and introspects them.
///
/// @param cache directory of downloads
/// @param work  a directory for the realm and the log
record KeycloakPeer(PeerOptions options, String version, Path cache, Path work, Postgres postgres) implements Peer {

    private static final String DATABASE = "keycloak";
    private static final String REALM = "bench";
    private static final String CLIENT = "bench";
    private static final String SECRET = "5f0d4a1c8b7e4f6d9a2b3c4d5e6f7081";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
    private static final String TOKENS = "/realms/" + REALM + "/protocol/openid-connect/token";
    /// Longer than a run. The defaults are minutes.
    private static final int LIFETIME_SECONDS = 36_000;

    @Override
    public String title() {
        return "Keycloak " + version;
    }

    @Override
    public String remarks() {
        return "production mode, local cache, tokens and sessions of ten hours; no measured call hashes a password,"
                + " and a policy of the realm makes the hashes cheap that its sessions need";
    }

    @Override
    public void prepare() throws IOException, InterruptedException, SQLException {
        if (!Files.exists(home())) {
            System.err.println("bench: fetching Keycloak from Maven Central");
            Peer.run(
                    options.root(),
                    Map.of(),
                    List.of(
                            "mvn",
                            "-q",
                            "-B",
                            "dependency:unpack",
                            "-Dartifact=org.keycloak:keycloak-quarkus-dist:" + version + ":zip",
                            "-DoutputDirectory=" + cache));
        }
        Path built = home().resolve("built-for-bench");
        if (!Files.exists(built)) {
            kc("build", "--db=postgres", "--cache=local");
            Files.createFile(built);
        }
        postgres.create(DATABASE);
        Path realm = Files.writeString(work.resolve("realm.json"), Json.write(realm()));
        List<String> command = new ArrayList<>(List.of("import", "--optimized", "--file=" + realm));
        command.addAll(database());
        kc(command.toArray(String[]::new));
    }

    private Path home() {
        return cache.resolve("keycloak-" + version);
    }

    private void kc(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(script());
        command.addAll(List.of(arguments));
        Peer.run(work, environment(), command);
    }

    private List<String> script() {
        return List.of("bash", home().resolve("bin/kc.sh").toString());
    }

    private static Map<String, String> environment() {
        return Map.of("JAVA_HOME", System.getProperty("java.home"));
    }

    private List<String> database() {
        return List.of(
                "--db-url=jdbc:postgresql://localhost:" + postgres.port() + "/" + DATABASE,
                "--db-username=postgres",
                "--db-password=postgres");
    }

    private Map<String, Object> realm() {
        List<Map<String, Object>> users = new ArrayList<>();
        users.add(Map.of(
                "username",
                "service-account-" + CLIENT,
                "enabled",
                true,
                "serviceAccountClientId",
                CLIENT,
                "clientRoles",
                Map.of("realm-management", List.of("view-users"))));
        for (int i = 0; i < options.users(); i++) {
            users.add(Map.of(
                    "id",
                    id(i),
                    "username",
                    "ada" + i,
                    "email",
                    "ada" + i + "@example.com",
                    "emailVerified",
                    true,
                    "firstName",
                    "Ada",
                    "lastName",
                    "Lovelace",
                    "enabled",
                    true,
                    "credentials",
                    List.of(Map.of("type", "password", "value", Dataset.PASSWORD))));
        }
        return Map.of(
                "realm",
                REALM,
                "enabled",
                true,
                "accessTokenLifespan",
                LIFETIME_SECONDS,
                "ssoSessionIdleTimeout",
                LIFETIME_SECONDS,
                "ssoSessionMaxLifespan",
                LIFETIME_SECONDS,
                "passwordPolicy",
                "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)",
                "clients",
                List.of(Map.of(
                        "clientId",
                        CLIENT,
                        "secret",
                        SECRET,
                        "publicClient",
                        false,
                        "standardFlowEnabled",
                        false,
                        "directAccessGrantsEnabled",
                        true,
                        "serviceAccountsEnabled",
                        true,
                        // Only a client in the audience may introspect a token.
                        "protocolMappers",
                        List.of(Map.of(
                                "name",
                                "audience",
                                "protocol",
                                "openid-connect",
                                "protocolMapper",
                                "oidc-audience-mapper",
                                "config",
                                Map.of(
                                        "included.client.audience", CLIENT,
                                        "access.token.claim", "true",
                                        "introspection.token.claim", "true"))))),
                "users",
                users);
    }

    private static String id(int number) {
        return UUID.nameUUIDFromBytes(("ada" + number).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    @Override
    public Started start() throws IOException, InterruptedException {
        int port = Started.freePort();
        List<String> command = new ArrayList<>(script());
        command.addAll(List.of(
                "start",
                "--optimized",
                "--http-enabled=true",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--hostname-strict=false"));
        command.addAll(database());
        return Started.started(
                command,
                environment(),
                work.resolve("keycloak.out"),
                ProcessBuilder.Redirect.DISCARD,
                port,
                "/realms/" + REALM);
    }

    @Override
    public Map<PeerCall, Requests> fill(Started server) throws IOException, InterruptedException {
        List<JsonNode> tokens = Peer.concurrently(
                options.users() * SESSIONS_EACH,
                i -> server.answer(
                        basic(),
                        form(
                                TOKENS,
                                "grant_type=password&username=ada" + i / SESSIONS_EACH + "&password="
                                        + Dataset.PASSWORD.replace(' ', '+'))));
        String token = server.answer(basic(), form(TOKENS, "grant_type=client_credentials"))
                .path("access_token")
                .asString();
        List<Call> lists = IntStream.range(0, options.users())
                .mapToObj(i -> Call.get("/admin/realms/" + REALM + "/users/" + id(i) + "/sessions"))
                .toList();
        List<Call> introspects = tokens.stream()
                .map(each -> form(
                        TOKENS + "/introspect",
                        "token=" + each.path("access_token").asString()))
                .toList();
        List<Call> refreshes = tokens.stream()
                .map(each -> form(
                        TOKENS,
                        "grant_type=refresh_token&refresh_token="
                                + each.path("refresh_token").asString()))
                .toList();
        return Map.of(
                PeerCall.KEYCLOAK_LIST,
                new Requests("Bearer " + token, lists),
                PeerCall.KEYCLOAK_INTROSPECT,
                new Requests(basic(), introspects),
                PeerCall.KEYCLOAK_REFRESH,
                new Requests(basic(), refreshes));
    }

    private static Call form(String path, String body) {
        return new Call("POST", path, body, FORM);
    }

    private static String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
    }
}
