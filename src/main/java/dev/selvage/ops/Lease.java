package dev.selvage.ops;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import java.util.Optional;

/// A lease, so that one node runs background work for all. A row of `server_state` has its holder and expiry; a
/// conditional update decides between nodes. The lease of a node that dies expires.
///
/// It avoids duplicate work and guarantees nothing: the clocks of nodes differ, and a node can pause between
/// the check and the work. Work under a lease must be correct if two nodes run it at the same time.
public final class Lease {

    /// The lifetime of a lease that is not renewed; longer than the time between two checks of a node.
    static final long LIFETIME_MILLIS = 10 * Times.MINUTE_MILLIS;

    private final Database database;
    private final ClockAndRandom clockAndRandom;
    private final String name;
    private final String holder;
    private Optional<State> acquired = Optional.empty();

    /// Creates a lease for this process.
    ///
    /// @param name the work; processes with the same name compete
    public Lease(String name, Database database, ClockAndRandom clockAndRandom) {
        this.database = database;
        this.clockAndRandom = clockAndRandom;
        this.name = "lease of the " + name;
        this.holder = clockAndRandom.uuid().toString();
    }

    /// The holder and expiry of a lease; the text is the value in the row.
    ///
    /// @param expiresAt milliseconds
    private record State(long expiresAt, String holder) {

        private static State parse(String text) {
            int space = text.indexOf(' ');
            return new State(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
        }

        /// Whether the lease is expired. A lease that expires later than possible was written with a wrong
        /// clock, and counts as expired.
        private boolean isExpired(long now) {
            return expiresAt <= now || expiresAt > now + 2 * LIFETIME_MILLIS;
        }

        @Override
        public String toString() {
            return expiresAt + " " + holder;
        }
    }

    /// Acquires the lease if it is free, renews it if less than half of its lifetime is left, and returns
    /// whether this node has it. Cheap enough for a call before each small piece of work.
    public synchronized boolean acquire() {
        long now = clockAndRandom.millis();
        if (acquired.isPresent()
                && acquired.get().expiresAt - now > LIFETIME_MILLIS / 2
                && !acquired.get().isExpired(now)) {
            return true;
        }
        State renewed = new State(now + LIFETIME_MILLIS, holder);
        acquired = tryAcquire(renewed, now) ? Optional.of(renewed) : Optional.empty();
        return acquired.isPresent();
    }

    /// Releases the lease, so that another node need not wait until it expires. Does nothing if this node does
    /// not have it.
    public synchronized void release() {
        acquired.ifPresent(state -> database.write("DELETE FROM server_state WHERE name = :name AND value = :mine")
                .bind("name", name)
                .bind("mine", state.toString())
                .update());
        acquired = Optional.empty();
    }

    private boolean tryAcquire(State renewed, long now) {
        Optional<String> value = database.read("SELECT value FROM server_state WHERE name = :name")
                .bind("name", name)
                .first(row -> row.text("value"));
        if (value.isEmpty()) {
            return insert(renewed);
        }
        State stored = State.parse(value.get());
        return (stored.holder.equals(holder) || stored.isExpired(now)) && replace(stored, renewed);
    }

    private boolean insert(State renewed) {
        return database.write("INSERT INTO server_state (name, value) VALUES (:name, :next) ON CONFLICT DO NOTHING")
                        .bind("name", name)
                        .bind("next", renewed.toString())
                        .update()
                == 1;
    }

    /// Of nodes that have read the same row, only the first changes it.
    private boolean replace(State stored, State renewed) {
        return database.write("UPDATE server_state SET value = :next WHERE name = :name AND value = :seen")
                        .bind("name", name)
                        .bind("seen", stored.toString())
                        .bind("next", renewed.toString())
                        .update()
                == 1;
    }
}
