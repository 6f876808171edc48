package dev.selvage.ops;

import dev.selvage.db.Database;

/// Decides whether load balancers should send calls to this server. Thread-safe.
public final class Readiness {

    private final Database database;
    private volatile boolean ready;

    public Readiness(Database database) {
        this.database = database;
    }

    /// The state for a load balancer.
    public enum State {
        /// The server serves all calls.
        READY,
        /// The store accepts no writes. The server still serves calls that only read, and another node has the
        /// same store.
        READ_ONLY,
        /// The store is unreachable, or the server starts or stops.
        UNAVAILABLE
    }

    /// Returns the state; it runs a query in the store.
    public State state() {
        if (!ready || !database.reachable()) {
            return State.UNAVAILABLE;
        }
        return database.refusesWrites() ? State.READ_ONLY : State.READY;
    }

    /// Marks the server as ready.
    public void ready() {
        ready = true;
    }

    /// Marks the server as draining: load balancers should send calls to other servers.
    public void draining() {
        ready = false;
    }
}
