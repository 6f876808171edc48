package dev.selvage.history;

import dev.selvage.history.Call.Action;
import dev.selvage.history.State.Expiry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Searches an order in which the calls of one session can have happened, each at one moment between its begin
/// and its end: linearizability, by the search of Wing and Gong with Lowe's just-in-time rule.
///
/// The calls are processed in time order. The search keeps all possible situations, as pairs of a state and the
/// pending calls that have happened already. When a call ends, it must have happened: the moment before its end
/// is late enough for it and for all calls that had to happen before it. If no situation is left, no order
/// explains the response of this call.
///
/// A call without a response stays pending and need never happen.
final class Orders {

    private final List<Part> underWay = new ArrayList<>();
    private final int waysMax;
    private Set<Way> ways = Set.of(new Way(State.ABSENT, Set.of()));

    private Orders(int waysMax) {
        this.waysMax = waysMax;
    }

    /// A possible situation.
    ///
    /// @param happened the numbers of the pending calls that have happened
    private record Way(State state, Set<Integer> happened) {}

    /// A response that no order explains.
    ///
    /// @param states the possible states of the session before it and after the pending calls
    record Stuck(Part part, Set<State> states) {}

    /// The search exceeded its bound, so it is unknown whether an order exists.
    static final class TooMany extends RuntimeException {
        TooMany(Part part, int waysMax) {
            super("More than " + waysMax + " ways at " + part);
        }
    }

    private record Moment(long at, boolean end, Part part) {}

    /// The first response that no order explains; empty if an order explains all.
    ///
    /// @param waysMax maximum number of situations at the end of a call
    /// @throws TooMany if the search exceeds this bound
    static Optional<Stuck> firstStuck(Collection<Part> parts, int waysMax) {
        List<Moment> moments = new ArrayList<>();
        for (Part part : withEffect(parts)) {
            moments.add(new Moment(part.begin(), false, part));
            if (!part.open()) {
                moments.add(new Moment(part.call().end(), true, part));
            }
        }
        // In the same nanosecond, begins come first: both calls are then pending, and either may have been
        // first.
        moments.sort(Comparator.comparingLong(Moment::at).thenComparing(Moment::end));
        Orders orders = new Orders(waysMax);
        for (Moment moment : moments) {
            if (!moment.end) {
                orders.underWay.add(moment.part);
            } else {
                Optional<Stuck> stuck = orders.ended(moment.part);
                if (stuck.isPresent()) {
                    return stuck;
                }
            }
        }
        return Optional.empty();
    }

    /// Omits calls without a response whose effect is never visible. The verdict does not change: in an order
    /// with such a call, no response shows the session between the call and the end of its effect, so the order
    /// is valid without the call too.
    private static List<Part> withEffect(Collection<Part> parts) {
        Set<String> claims = parts.stream()
                .flatMap(part -> part.seen().stream())
                .flatMap(seen -> seen.claims().stream())
                .collect(Collectors.toSet());
        Set<Long> expiries = parts.stream()
                .flatMap(part -> part.seen().stream())
                .map(Call.Seen::expiresAt)
                .collect(Collectors.toSet());
        return parts.stream()
                .filter(part -> !part.open()
                        || switch (part.call().action()) {
                            case Action.Use(String session, Call.By by, Call.Change change) ->
                                change.claim().isEmpty()
                                        ? change.minutes() > 0
                                                && expiries.stream()
                                                        .anyMatch(Expiry.of(part.call(), change.minutes())::holds)
                                        : claims.contains(change.claim());
                            case Action.Look look -> false;
                            case Action.Start start -> true;
                            case Action.Revoke revoke -> true;
                        })
                .toList();
    }

    private Optional<Stuck> ended(Part part) {
        Set<Way> reached = new HashSet<>();
        Set<Way> looked = new HashSet<>();
        Deque<Way> next = new ArrayDeque<>();
        for (Way way : ways) {
            next.add(settled(way));
        }
        while (!next.isEmpty()) {
            Way way = next.pop();
            if (!looked.add(way)) {
                continue;
            }
            if (looked.size() > waysMax) {
                throw new TooMany(part, waysMax);
            }
            if (way.happened.contains(part.number())) {
                reached.add(without(way, part));
                continue;
            }
            for (Part other : underWay) {
                if (!way.happened.contains(other.number())) {
                    other.after(way.state)
                            .filter(after -> !after.equals(way.state))
                            .ifPresent(after -> next.push(settled(with(way, other, after))));
                }
            }
        }
        underWay.remove(part);
        ways = reached;
        return reached.isEmpty()
                ? Optional.of(new Stuck(part, looked.stream().map(Way::state).collect(Collectors.toSet())))
                : Optional.empty();
    }

    /// The situation after all pending calls that do not change the state have happened, which excludes no
    /// order.
    private Way settled(Way way) {
        Set<Integer> happened = null;
        for (Part part : underWay) {
            if (!part.open()
                    && !way.happened.contains(part.number())
                    && part.after(way.state).filter(way.state::equals).isPresent()) {
                happened = happened == null ? new HashSet<>(way.happened) : happened;
                happened.add(part.number());
            }
        }
        return happened == null ? way : new Way(way.state, happened);
    }

    private static Way with(Way way, Part part, State after) {
        Set<Integer> happened = new HashSet<>(way.happened);
        happened.add(part.number());
        return new Way(after, happened);
    }

    private static Way without(Way way, Part part) {
        Set<Integer> happened = new HashSet<>(way.happened);
        happened.remove(part.number());
        return new Way(way.state, happened);
    }
}
