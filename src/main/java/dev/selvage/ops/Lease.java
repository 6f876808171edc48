package dev.selvage.ops;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import java.util.Optional;

/// A right that at most one node has, for work that one node should do for all. A row of `server_state` says
/// who holds it and until when; one conditional update decides between nodes. A holder that dies leaves a lease
/// that runs out.
///
/// It spares work and guards nothing: clocks of nodes differ, and a node can be held up between its look and
/// its work. What is done under a lease must be right when two do it at once.
public final class Lease {

    /// How long it lasts when it is not prolonged. Longer than a node needs between two looks at it.
    static final long LENGTH_MILLIS = 10 * Times.MINUTE_MILLIS;

    private final Database database;
    private final ClockAndRandom clockAndRandom;
    private final String name;
    private final String holder;
    private Optional<State> mine = Optional.empty();

    /// @param name what the right is for; all nodes that give the same compete
    public Lease(String name, Database database, ClockAndRandom clockAndRandom) {
        this.database = database;
        this.clockAndRandom = clockAndRandom;
        this.name = "lease of the " + name;
        this.holder = clockAndRandom.uuid().toString();
    }

    /// Who holds a lease until when, in milliseconds; its text is what the row holds.
    private record State(long until, String holder) {

        private static State parse(String text) {
            int space = text.indexOf(' ');
            return new State(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
        }

        /// One that ends later than a lease can was made by a clock that was wrong, and must not hold for as
        /// long.
        private boolean over(long now) {
            return until <= now || until > now + 2 * LENGTH_MILLIS;
        }

        @Override
        public String toString() {
            return until + " " + holder;
        }
    }

    /// Takes it when nobody has it, prolongs it when less than half of it is left, and answers whether this
    /// node has it. Cheap enough to be asked before each small piece of work.
    public synchronized boolean hold() {
        long now = clockAndRandom.millis();
        if (mine.isPresent()
                && mine.get().until - now > LENGTH_MILLIS / 2
                && !mine.get().over(now)) {
            return true;
        }
        State next = new State(now + LENGTH_MILLIS, holder);
        mine = become(next, now) ? Optional.of(next) : Optional.empty();
        return mine.isPresent();
    }

    /// Gives it back, so that another node need not wait until it runs out. Nothing when this node does not
    /// have it.
    public synchronized void release() {
        mine.ifPresent(state -> database.write("DELETE FROM server_state WHERE name = :name AND value = :mine")
                .bind("name", name)
                .bind("mine", state.toString())
                .update());
        mine = Optional.empty();
    }

    private boolean become(State next, long now) {
        Optional<String> value = database.read("SELECT value FROM server_state WHERE name = :name")
                .bind("name", name)
                .first(row -> row.text("value"));
        if (value.isEmpty()) {
            return insert(next);
        }
        State seen = State.parse(value.get());
        return (seen.holder.equals(holder) || seen.over(now)) && replace(seen, next);
    }

    private boolean insert(State next) {
        return database.write("INSERT INTO server_state (name, value) VALUES (:name, :next) ON CONFLICT DO NOTHING")
                        .bind("name", name)
                        .bind("next", next.toString())
                        .update()
                == 1;
    }

    /// Of nodes that saw the same row, the first changes it, and the others find it changed.
    private boolean replace(State seen, State next) {
        return database.write("UPDATE server_state SET value = :next WHERE name = :name AND value = :seen")
                        .bind("name", name)
                        .bind("seen", seen.toString())
                        .bind("next", next.toString())
                        .update()
                == 1;
    }
}
