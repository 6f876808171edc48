package dev.selvage.bench;

import dev.selvage.bench.Stage.Requests;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Measures the resident memory of the server after minutes of mixed load. Earlier load of the same server adds
/// to it.
final class LoadMemory {

    private static final double MB_MAX = 400;
    /// The duration for which the goal is defined.
    private static final int GOAL_MINUTES = 10;
    /// The maximum time of one operation before the next one.
    private static final int SECONDS_MAX = 5;
    private static final List<Operation> MIX = List.of(
            Operation.TOKEN_MANY,
            Operation.GET_5,
            Operation.MAGIC_LINK,
            Operation.EXTENSION,
            Operation.B2B_TOKEN,
            Operation.PASSWORD,
            Operation.REVOKE);

    private final Options options;
    private final Measuring measuring;

    LoadMemory(Options options, Measuring measuring) {
        this.options = options;
        this.measuring = measuring;
    }

    Row measure(Stage stage) throws IOException, InterruptedException {
        Map<Operation, Requests> requests = new EnumMap<>(Operation.class);
        for (Operation operation : MIX) {
            requests.put(operation, stage.prepare(operation));
        }
        Map<Operation, Long> failed = new EnumMap<>(Operation.class);
        double done = 0;
        double wanted = Math.max(1, options.loadMinutes() * 60);
        for (int turn = 0; done < wanted; turn++) {
            Operation operation = MIX.get(turn % MIX.size());
            int seconds = operation.once() ? 1 : Math.min(SECONDS_MAX, Math.max(1, (int) wanted / MIX.size()));
            long errors = measuring
                    .load(stage, operation, requests.get(operation), seconds)
                    .result()
                    .errors();
            if (errors > 0) {
                failed.merge(operation, errors, Long::sum);
            }
            if (operation.once()) {
                // Restored at once, because the next operations also use what it revoked or used.
                stage.restore(operation);
            }
            done += seconds;
        }
        if (!failed.isEmpty()) {
            throw new IllegalStateException("Calls failed under the mixed load: " + failed);
        }
        long pid = stage.server().pid();
        return Starts.memory(
                stage.store(),
                "memory after " + options.loadMinutes() + " minutes of mixed load",
                options.connections(),
                List.of((double) Machine.residentMegabytes(pid)),
                List.of((double) Machine.proportionalMegabytes(pid)),
                options.loadMinutes() == GOAL_MINUTES ? MB_MAX : null);
    }
}
