package dev.selvage.history;

import dev.selvage.history.Cluster.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A fault.
///
/// @param afterCalls  the number of calls with a response between the recovery from the previous fault and this
///         one
/// @param kind        the kind of fault
/// @param node        the node, for a fault of one node
/// @param lastsMillis the time until a paused process continues, or a killed one is started again
record Fault(int afterCalls, Kind kind, int node, int lastsMillis) {

    private static final int AFTER_CALLS_MIN = 30;
    private static final int AFTER_CALLS_MAX = 400;
    private static final int PAUSE_MILLIS_MAX = 1_500;
    private static final int DOWN_MILLIS_MAX = 400;

    /// Pauses of the database that are so short that calls wait for it and then share a statement. Without them
    /// few calls wait at the same time, because a node needs more time for a call than the database.
    static final List<Fault> SHORT_PAUSES = Collections.nCopies(20, new Fault(10, Kind.PAUSE_DATABASE, 0, 30));

    /// The kinds of faults.
    enum Kind {
        KILL_NODE,
        KILL_ALL_NODES,
        KILL_DATABASE,
        KILL_EVERYTHING,
        PAUSE_NODE,
        PAUSE_DATABASE;

        boolean kills() {
            return this != PAUSE_NODE && this != PAUSE_DATABASE;
        }
    }

    /// A number of kills, with pauses between them. The same seed gives the same plan.
    static List<Fault> plan(Engine engine, int kills, long seed) {
        Random random = new Random(seed);
        List<Kind> possible = engine == Engine.SQLITE
                ? List.of(Kind.KILL_NODE, Kind.KILL_NODE, Kind.PAUSE_NODE)
                : List.of(
                        Kind.KILL_NODE,
                        Kind.KILL_NODE,
                        Kind.KILL_NODE,
                        Kind.KILL_ALL_NODES,
                        Kind.KILL_DATABASE,
                        Kind.KILL_DATABASE,
                        Kind.KILL_EVERYTHING,
                        Kind.PAUSE_NODE,
                        Kind.PAUSE_NODE,
                        Kind.PAUSE_DATABASE);
        List<Fault> plan = new ArrayList<>();
        int left = kills;
        while (left > 0) {
            Kind kind = possible.get(random.nextInt(possible.size()));
            plan.add(new Fault(
                    random.nextInt(AFTER_CALLS_MIN, AFTER_CALLS_MAX),
                    kind,
                    random.nextInt(2),
                    random.nextInt(kind.kills() ? DOWN_MILLIS_MAX : PAUSE_MILLIS_MAX)));
            left -= kind.kills() ? 1 : 0;
        }
        return plan;
    }

    /// The number of faults of each kind.
    static Map<Kind, Long> counts(List<Fault> faults) {
        return new TreeMap<>(faults.stream().collect(Collectors.groupingBy(Fault::kind, Collectors.counting())));
    }

    /// Executes the fault while clients call, and waits until all nodes are ready again without intervention.
    void happen(Cluster cluster, Clients clients) throws IOException, InterruptedException {
        clients.runCalls(afterCalls);
        List<Node> struck =
                switch (kind) {
                    case KILL_NODE, PAUSE_NODE ->
                        List.of(cluster.nodes().get(node % cluster.nodes().size()));
                    case KILL_ALL_NODES, KILL_EVERYTHING -> cluster.nodes();
                    case KILL_DATABASE, PAUSE_DATABASE -> List.of();
                };
        boolean database = Stream.of(Kind.KILL_DATABASE, Kind.KILL_EVERYTHING, Kind.PAUSE_DATABASE)
                .anyMatch(kind::equals);
        if (kind.kills()) {
            kill(cluster, struck, database, clients);
        } else {
            pause(cluster, struck, database, clients);
        }
        cluster.awaitReady();
    }

    private void kill(Cluster cluster, List<Node> struck, boolean database, Clients clients)
            throws IOException, InterruptedException {
        for (Node each : struck) {
            each.kill();
        }
        List<String> command = database ? cluster.store().kill() : List.of();
        clients.runMillis(lastsMillis);
        if (database) {
            cluster.store().restart(command);
        }
        for (Node each : struck) {
            each.start();
        }
    }

    /// Pauses and resumes processes. None stays paused if an exception occurs.
    private void pause(Cluster cluster, List<Node> struck, boolean database, Clients clients)
            throws IOException, InterruptedException {
        try {
            for (Node each : struck) {
                each.pause();
            }
            if (database) {
                cluster.store().pause();
            }
            clients.runMillis(lastsMillis);
        } finally {
            if (database) {
                cluster.store().resume();
            }
            for (Node each : struck) {
                each.resume();
            }
        }
    }
}
