package dev.selvage.bench;

import dev.selvage.DataDirectory;
import dev.selvage.base.MasterKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// `bench/run failover [ROUNDS]`: packaged servers with PostgreSQL and a synchronous standby. In each round the
/// primary is killed while clients write, and the standby is promoted. It reports how long the servers took to
/// write again, and whether an acknowledged write is missing; then the exit code is 1.
final class Failover {

    private static final int ROUNDS = 5;
    private static final int SERVERS = 2;
    private static final int CLIENTS = 16;
    /// The number of sessions before the kill. Each round adds some, so that the kill happens at another
    /// moment.
    private static final int SESSIONS = 300;
    private static final int SESSIONS_MORE = 37;

    private Failover() {}

    /// The arguments are the root of the repository and the number of rounds.
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]);
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ROUNDS;
        System.out.println(
                "round  answered before  killed ms  promoted ms  first write ms, by server  calls failed  broken promises");
        int broken = 0;
        for (int round = 1; round <= rounds; round++) {
            broken += round(root, round);
        }
        System.exit(broken == 0 ? 0 : 1);
    }

    private static int round(Path root, int round) throws Exception {
        Path directory = Files.createTempDirectory(Files.createDirectories(root.resolve("target/bench")), "failover-");
        String masterKey = Base64.getEncoder().encodeToString(new byte[MasterKeys.KEY_BYTES]);
        List<Started> servers = new ArrayList<>();
        try (StandbyPair store = StandbyPair.start(directory)) {
            for (int i = 0; i < SERVERS; i++) {
                Path data =
                        Files.createDirectories(directory.resolve("node" + i)).resolve("data");
                servers.add(Started.selvage(
                        root, data, Map.of("SELVAGE_DATABASE_URL", store.url(), "SELVAGE_MASTER_KEY", masterKey)));
            }
            Promises promises = new Promises(
                    new DataDirectory(directory.resolve("node0/data"))
                            .credentials()
                            .orElseThrow()
                            .projects()
                            .getFirst(),
                    servers.stream().map(Started::url).toList());
            promises.during(CLIENTS, () -> {
                promises.awaitMade(SESSIONS + SESSIONS_MORE * round);
                int before = promises.made();
                long killing = System.nanoTime();
                store.killPrimary();
                long killed = millisSince(killing);
                store.promote();
                long promoted = millisSince(killing);
                List<Long> writing = promises.awaitWrites().stream()
                        .map(millis -> promoted + millis)
                        .toList();
                System.out.printf("%5d  %15d  %9d  %11d  %-25s", round, before, killed, promoted, writing);
                promises.awaitMade(promises.made() + SESSIONS);
            });
            List<String> broken = promises.broken();
            System.out.printf("  %12d  %15d  %s%n", promises.failed(), broken.size(), promises.counts());
            broken.forEach(System.out::println);
            return broken.size();
        } finally {
            servers.forEach(Started::close);
        }
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
