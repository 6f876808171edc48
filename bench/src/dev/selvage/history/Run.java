package dev.selvage.history;

import dev.selvage.history.Checker.Violation;
import dev.selvage.history.Cluster.Engine;
import dev.selvage.history.Recorder.NotSent;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// One history: a cluster, clients, faults, and the verdict.
///
/// @param calls      the recorded calls
/// @param notSent    number of calls that reached no server
/// @param faults     the faults that happened
/// @param violations empty if the history is correct
record Run(List<Call> calls, long notSent, List<Fault> faults, List<Violation> violations) {

    private static final int CALM_CALLS = 200;

    /// Creates a history of a new store in an empty directory, which keeps logs, calls and violations.
    ///
    /// @param planned the faults; those after `minutes` are omitted
    /// @param seed    determines the random choices of clients
    /// @param say     receives a line for each fault
    /// @param plant   the bug of the cluster, if it has one
    static Run make(
            Engine engine,
            Path directory,
            List<Fault> planned,
            int minutes,
            int clients,
            long seed,
            PrintStream say,
            Plant plant)
            throws IOException, InterruptedException, SQLException, ExecutionException, NotSent {
        try (Cluster cluster = Cluster.start(engine, directory, plant)) {
            List<Fault> faults = new ArrayList<>();
            Recorder recorder = new Recorder();
            try (Clients callers = new Clients(new Caller(cluster.urls(), cluster.authorization(), recorder), seed)) {
                callers.begin(clients);
                long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
                for (Fault fault : planned) {
                    if (System.nanoTime() > deadline) {
                        break;
                    }
                    faults.add(fault);
                    say.println(faults.size() + " of " + planned.size() + ": " + fault);
                    fault.happen(cluster, callers);
                }
                callers.runCalls(CALM_CALLS);
                callers.stop();
                callers.askForAll();
            }
            Run run = new Run(recorder.history(), recorder.notSent(), faults, Checker.check(recorder.history()));
            Files.write(
                    directory.resolve("calls.txt"),
                    run.calls.stream().map(Call::toString).toList());
            Files.write(
                    directory.resolve("violations.txt"),
                    run.violations.stream().map(Violation::toString).toList());
            return run;
        }
    }

    /// The text of the report.
    String report() {
        StringBuilder text = new StringBuilder();
        Fault.counts(faults).forEach((kind, count) -> text.append("%-40s %d%n".formatted(kind, count)));
        Checker.counts(calls).forEach((kind, count) -> text.append("%-40s %d%n".formatted(kind, count)));
        text.append("%-40s %d%n".formatted("not sent, for want of a server", notSent));
        text.append("%-40s %d%n".formatted("all calls", calls.size()));
        text.append("%-40s %d%n".formatted("violations", violations.size()));
        violations.forEach(violation -> text.append(violation).append('\n'));
        return text.toString();
    }
}
