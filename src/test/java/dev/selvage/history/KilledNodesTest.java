package dev.selvage.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.history.Call.Action;
import dev.selvage.history.Call.Outcome;
import dev.selvage.history.Cluster.Engine;
import dev.selvage.history.Fault.Kind;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Servers and the database are killed and paused under load: nothing that was answered is lost, and nothing
/// that was revoked comes back. The long form is `bench/history`.
@Tag("process")
class KilledNodesTest {

    private static final int CLIENTS = 16;
    private static final int MINUTES_MAX = 60;
    private static final long SEED = 1;

    @TempDir
    private Path directory;

    @Test
    void onSqliteNothingIsLostAndNothingComesBack() throws Exception {
        holds(
                Engine.SQLITE,
                List.of(
                        new Fault(200, Kind.KILL_NODE, 0, 100),
                        new Fault(50, Kind.PAUSE_NODE, 0, 300),
                        new Fault(150, Kind.KILL_NODE, 0, 0)));
    }

    @Test
    void onPostgresqlNothingIsLostAndNothingComesBack() throws Exception {
        holds(
                Engine.POSTGRESQL,
                Stream.concat(
                                Fault.SHORT_PAUSES.stream(),
                                Stream.of(
                                        new Fault(200, Kind.KILL_NODE, 0, 100),
                                        new Fault(50, Kind.PAUSE_NODE, 1, 300),
                                        new Fault(100, Kind.KILL_DATABASE, 0, 100),
                                        new Fault(50, Kind.PAUSE_DATABASE, 0, 300)))
                        .toList());
    }

    private void holds(Engine engine, List<Fault> faults) throws Exception {
        Run run = Run.make(
                engine,
                directory,
                faults,
                MINUTES_MAX,
                CLIENTS,
                SEED,
                new PrintStream(PrintStream.nullOutputStream()),
                Plant.NONE);
        assertThat(run.violations()).as(run.report()).isEmpty();
        // Each kind of call was made, and what was refused was refused behind a revoke.
        assertThat(run.calls())
                .anyMatch(call -> call.action() instanceof Action.Revoke && call.outcome() instanceof Outcome.Done)
                .anyMatch(call -> call.action() instanceof Action.Use && call.outcome() instanceof Outcome.Refused)
                .anyMatch(call -> call.action() instanceof Action.Look && call.outcome() instanceof Outcome.Listed)
                .anyMatch(call -> call.action() instanceof Action.Use(String session, Call.By by, Call.Change change)
                        && change.minutes() > 0
                        && call.outcome() instanceof Outcome.Accepted)
                .anyMatch(call -> call.action() instanceof Action.Use(String session, Call.By by, Call.Change change)
                        && change.proof()
                        && call.outcome() instanceof Outcome.Accepted)
                .anyMatch(call -> !call.answered());
    }
}
