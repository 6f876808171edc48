package dev.selvage.bench;

import dev.selvage.bench.Calls.Call;
import dev.selvage.bench.PeerCall.Product;
import dev.selvage.bench.PeerTable.Measured;
import dev.selvage.bench.PeerTable.Server;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/// `bench/run peers`: Selvage and servers with the same work, over one PostgreSQL server with a database each.
/// All run at the same time, one of them is under load. It prints the quotients of their figures.
final class Peers {

    private static final Path RELATIVE_CACHE = Path.of("target/bench/peers");
    /// The number of responses of each call that are checked before and after the measurements.
    private static final int CHECKED = 20;
    /// The background work of a start is finished after this time.
    private static final int SETTLE_MILLIS = 3_000;

    private final PeerOptions options;
    private final Path work;
    private final Postgres postgres;
    private final Wrk wrk;
    private final Map<Product, Peer> peers = new EnumMap<>(Product.class);
    private final Map<Product, Started> servers = new EnumMap<>(Product.class);
    private final Map<Product, Server> described = new EnumMap<>(Product.class);
    private final Map<PeerCall, Peer.Requests> requests = new EnumMap<>(PeerCall.class);
    private final Map<PeerCall, List<Measured>> measured = new EnumMap<>(PeerCall.class);

    private Peers(PeerOptions options, Path work, Postgres postgres) {
        this.options = options;
        this.work = work;
        this.postgres = postgres;
        this.wrk = new Wrk(options.root().resolve("bench/load.lua"), options.connections(), options.threads());
    }

    /// The arguments are the root of the repository and the options.
    public static void main(String[] arguments) throws Exception {
        Bench.endChildrenAtExit();
        List<String> given = Arrays.asList(arguments);
        PeerOptions options;
        try {
            options = PeerOptions.parse(Path.of(arguments[0]), given.subList(1, given.size()));
        } catch (IllegalArgumentException misunderstood) {
            System.err.println("bench: " + misunderstood.getMessage());
            System.exit(2);
            return;
        }
        Path work = Files.createTempDirectory(
                Files.createDirectories(options.root().resolve("target/bench")), "peers-run-");
        try (Postgres postgres = Postgres.start(work.resolve("postgresql"))) {
            new Peers(options, work, postgres).run();
        } finally {
            Bench.delete(work);
        }
    }

    private void run() throws IOException, InterruptedException, SQLException {
        peers.put(Product.SELVAGE, new SelvagePeer(options, work.resolve("data"), postgres));
        Path cache = options.root().resolve(RELATIVE_CACHE);
        Properties versions = versions();
        if (options.only().contains(Product.KEYCLOAK)) {
            peers.put(
                    Product.KEYCLOAK,
                    new KeycloakPeer(options, versions.getProperty("keycloak"), cache, work, postgres));
        }
        if (options.only().contains(Product.BETTER_AUTH)) {
            peers.put(
                    Product.BETTER_AUTH,
                    new BetterAuthPeer(
                            options,
                            versions.getProperty("better-auth"),
                            versions.getProperty("pg"),
                            cache,
                            work,
                            postgres));
        }
        try {
            for (Product product : List.copyOf(peers.keySet())) {
                ready(product);
            }
            check();
            for (PeerCall call : requests.keySet()) {
                warmUp(call);
            }
            for (int round = 1; round <= options.rounds(); round++) {
                System.err.println("bench: round " + round + " of " + options.rounds());
                for (PeerCall call : requests.keySet()) {
                    measured.computeIfAbsent(call, _ -> new ArrayList<>()).add(load(call, options.seconds()));
                }
            }
            check();
            servers.forEach((product, server) ->
                    described.computeIfPresent(product, (_, known) -> known.loaded(megabytes(server))));
            System.out.print(new PeerTable(options, postgres.version(), described, measured).text());
        } finally {
            servers.values().forEach(Started::close);
        }
    }

    private Properties versions() throws IOException {
        Properties versions = new Properties();
        try (Reader file = Files.newBufferedReader(options.root().resolve("bench/peers/versions.properties"))) {
            versions.load(file);
        }
        return versions;
    }

    /// Prepares, starts and fills a server. One that fails is left out, except for Selvage.
    private void ready(Product product) throws IOException, InterruptedException, SQLException {
        Peer peer = peers.get(product);
        try {
            System.err.println("bench: preparing " + peer.title());
            peer.prepare();
            start(product, peer);
            System.err.println("bench: filling " + peer.title());
            Map<PeerCall, Peer.Requests> of = peer.fill(servers.get(product));
            for (Map.Entry<PeerCall, Peer.Requests> each : of.entrySet()) {
                Files.write(
                        file(each.getKey()),
                        each.getValue().calls().stream().map(Call::line).toList());
            }
            requests.putAll(of);
        } catch (IOException | SQLException | IllegalStateException failed) {
            if (product == Product.SELVAGE) {
                throw failed;
            }
            System.err.println("bench: " + peer.title() + " is left out. " + failed.getMessage());
            described.remove(product);
            Started started = servers.remove(product);
            if (started != null) {
                started.close();
            }
        }
    }

    private void start(Product product, Peer peer) throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        for (int i = 1; i <= options.starts(); i++) {
            Started started = peer.start();
            seconds.add(started.readyMillis() / 1e3);
            if (i == options.starts()) {
                servers.put(product, started);
            } else {
                started.close();
            }
        }
        Thread.sleep(SETTLE_MILLIS);
        described.put(
                product,
                new Server(peer.title(), peer.remarks(), Samples.of(seconds), megabytes(servers.get(product)), 0));
    }

    private static long megabytes(Started server) {
        return Machine.familyProportionalMegabytes(server.pid());
    }

    private Path file(PeerCall call) {
        return work.resolve(call.name().toLowerCase(Locale.ROOT) + ".requests");
    }

    /// Checks some responses of each call.
    private void check() throws IOException, InterruptedException {
        for (Map.Entry<PeerCall, Peer.Requests> each : requests.entrySet()) {
            List<Call> calls = each.getValue().calls();
            for (Call call : calls.subList(0, Math.min(CHECKED, calls.size()))) {
                var answer = servers.get(each.getKey().product())
                        .answer(each.getValue().authorization(), call);
                if (!each.getKey().isRight(answer)) {
                    throw new IllegalStateException(each.getKey().title() + " returned " + answer);
                }
            }
        }
    }

    /// The calls of a server share its warm-up.
    private void warmUp(PeerCall call) throws IOException, InterruptedException {
        long calls = requests.keySet().stream()
                .filter(each -> each.product() == call.product())
                .count();
        int all = peers.get(call.product()).jvm() ? options.warmUp() : options.warmUp() / 5;
        int seconds = Math.max(1, (int) (all / calls));
        System.err.printf(
                "bench: warming up for %d s: %s, %s%n",
                seconds, peers.get(call.product()).title(), call.title());
        load(call, seconds);
    }

    private Measured load(PeerCall call, int seconds) throws IOException, InterruptedException {
        Usage before = usage(call.product());
        Wrk.Result result = wrk.run(
                servers.get(call.product()).url(),
                file(call),
                requests.get(call).authorization(),
                "",
                seconds);
        return new Measured(result, usage(call.product()).since(before));
    }

    private Usage usage(Product product) {
        Map<Product, Double> of = new HashMap<>();
        servers.forEach((each, server) -> of.put(each, Machine.familyCpuSeconds(server.pid())));
        double loaded = of.remove(product);
        return Usage.soFar(
                loaded,
                Machine.familyCpuSeconds(postgres.pid()),
                of.values().stream().mapToDouble(Double::doubleValue).sum());
    }
}
