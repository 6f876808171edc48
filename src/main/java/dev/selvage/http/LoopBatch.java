package dev.selvage.http;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// The calls of one event loop that run on its thread. A loop first reads all sockets that are ready and then
/// runs its tasks, so a batch has the calls of all requests that arrived meanwhile. Only that thread uses it.
final class LoopBatch {

    /// The most calls of a batch.
    static final int CALLS_MAX = 64;
    /// The time after which a batch begins no further call, in nanoseconds. The first response waits for the
    /// last call of its batch.
    private static final long NANOS_MAX = 500_000;

    private final EventExecutor loop;
    private final LoopCalls calls;
    private final Queue<Connection> waiting = new ArrayDeque<>();
    private boolean scheduled;

    LoopBatch(EventExecutor loop, LoopCalls calls) {
        this.loop = loop;
        this.calls = calls;
    }

    /// Adds the call of a connection to the next batch. The connection then responds.
    void add(Connection connection) {
        waiting.add(connection);
        schedule();
    }

    private void schedule() {
        if (!scheduled && !waiting.isEmpty()) {
            scheduled = true;
            loop.execute(this::run);
        }
    }

    private void run() {
        scheduled = false;
        List<Connection> batch = new ArrayList<>(waiting.size());
        long begin = System.nanoTime();
        try {
            calls.run(() -> {
                while (!waiting.isEmpty() && batch.size() < CALLS_MAX && System.nanoTime() - begin < NANOS_MAX) {
                    batch.add(waiting.remove());
                    batch.getLast().callOnLoop();
                }
            });
        } catch (RuntimeException notBegun) {
            // Each call runs on a thread of its own, which responds with the error.
            if (batch.isEmpty()) {
                batch.addAll(waiting);
                waiting.clear();
            }
        }
        batch.forEach(Connection::respondFromLoop);
        schedule();
    }
}
