package dev.selvage.ops;

import dev.selvage.db.Database;

/// Whether load balancers should send calls to this server. Thread-safe.
public final class Readiness {

    private final Database database;
    private volatile boolean ready;

    public Readiness(Database database) {
        this.database = database;
    }

    /// What a load balancer has to know.
    public enum State {
        /// Calls are answered.
        READY,
        /// The store can only be read. Most calls are answered, and another node would have no other store.
        READ_ONLY,
        /// The store does not answer, or the server starts or stops.
        UNAVAILABLE
    }

    /// Asks the store.
    public State state() {
        if (!ready || !database.reachable()) {
            return State.UNAVAILABLE;
        }
        return database.refusesWrites() ? State.READ_ONLY : State.READY;
    }

    /// From now on the server is ready.
    public void ready() {
        ready = true;
    }

    /// From now on a load balancer should send calls elsewhere.
    public void draining() {
        ready = false;
    }
}
