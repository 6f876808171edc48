package dev.selvage.bench;

import dev.selvage.bench.Calls.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// better-auth on Node with its PostgreSQL adapter; `bench/peers/better-auth.mjs` is the server.
final class BetterAuthPeer implements Peer {

    private static final String DATABASE = "better_auth";

    private final PeerOptions options;
    private final String version;
    private final String driverVersion;
    private final Path home;
    private final Path work;
    private final Postgres postgres;
    /// The cookie of each session, those of a user next to each other.
    private List<String> cookies = List.of();

    /// @param driverVersion of the package `pg`
    /// @param cache         directory of downloads
    /// @param work          a directory for the log
    BetterAuthPeer(
            PeerOptions options, String version, String driverVersion, Path cache, Path work, Postgres postgres) {
        this.options = options;
        this.version = version;
        this.driverVersion = driverVersion;
        this.home = cache.resolve("better-auth-" + version + "-pg-" + driverVersion);
        this.work = work;
        this.postgres = postgres;
    }

    @Override
    public String title() {
        return "better-auth " + version;
    }

    @Override
    public String remarks() {
        return "one process per core, no limit of calls; scrypt with N 16384, r 16, p 1 (default)";
    }

    @Override
    public boolean jvm() {
        return false;
    }

    @Override
    public void prepare() throws IOException, InterruptedException, SQLException {
        if (!Files.exists(home.resolve("node_modules/better-auth"))) {
            System.err.println("bench: fetching better-auth from npm");
            Files.createDirectories(home);
            Peer.run(
                    home,
                    Map.of(),
                    List.of(
                            "npm",
                            "install",
                            "--prefix",
                            ".",
                            "--no-package-lock",
                            "--ignore-scripts",
                            "--no-audit",
                            "--no-fund",
                            "--legacy-peer-deps",
                            "better-auth@" + version,
                            "pg@" + driverVersion));
        }
        Files.copy(
                options.root().resolve("bench/peers/better-auth.mjs"), script(), StandardCopyOption.REPLACE_EXISTING);
        postgres.create(DATABASE);
        String out = Peer.run(
                home,
                Map.of(),
                List.of(
                        "node",
                        script().toString(),
                        "fill",
                        url(),
                        Integer.toString(options.users()),
                        Integer.toString(SESSIONS_EACH),
                        Dataset.PASSWORD,
                        Integer.toString(SIGN_INS)));
        cookies = out.lines()
                .filter(line -> line.startsWith("better-auth.session_token="))
                .toList();
    }

    private Path script() {
        return home.resolve("better-auth.mjs");
    }

    private String url() {
        return "postgresql://postgres@localhost:" + postgres.port() + "/" + DATABASE;
    }

    @Override
    public Started start() throws IOException, InterruptedException {
        int port = Started.freePort();
        return Started.started(
                List.of("node", script().toString(), "serve", url(), Integer.toString(port)),
                Map.of("NODE_ENV", "production"),
                work.resolve("better-auth.out"),
                ProcessBuilder.Redirect.DISCARD,
                port,
                "/api/auth/ok");
    }

    @Override
    public Map<PeerCall, Requests> fill(Started server) {
        List<Call> lists = new ArrayList<>();
        for (int i = 0; i < options.users(); i++) {
            lists.add(Call.get("/api/auth/list-sessions").with("Cookie: " + cookies.get(i * SESSIONS_EACH)));
        }
        List<Call> gets = cookies.stream()
                .map(cookie -> Call.get("/api/auth/get-session").with("Cookie: " + cookie))
                .toList();
        List<Call> signIns = IntStream.range(options.users(), options.users() + SIGN_INS)
                .mapToObj(i -> Call.post(
                        "/api/auth/sign-in/email",
                        Map.of("email", "ada" + i + "@example.com", "password", Dataset.PASSWORD)))
                .toList();
        return Map.of(
                PeerCall.BETTER_AUTH_LIST,
                new Requests("", lists),
                PeerCall.BETTER_AUTH_GET,
                new Requests("", gets),
                PeerCall.BETTER_AUTH_SIGN_IN,
                new Requests("", signIns));
    }
}
