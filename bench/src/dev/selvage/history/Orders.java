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
    private final int situationsMax;
    private Set<Situation> situations = Set.of(new Situation(State.ABSENT, Set.of()));

    private Orders(int situationsMax) {
        this.situationsMax = situationsMax;
    }

    /// A possible situation.
    ///
    /// @param happened the numbers of the pending calls that have happened
    private record Situation(State state, Set<Integer> happened) {}

    /// A response that no order explains.
    ///
    /// @param states the possible states of the session before it and after the pending calls
    record Stuck(Part part, Set<State> states) {}

    /// The search exceeded its bound, so it is unknown whether an order exists.
    static final class SearchTooLarge extends RuntimeException {
        SearchTooLarge(Part part, int situationsMax) {
            super("More than " + situationsMax + " situations at " + part);
        }
    }

    private record Moment(long at, boolean end, Part part) {}

    /// The first response that no order explains; empty if an order explains all.
    ///
    /// @param situationsMax maximum number of situations at the end of a call
    /// @throws SearchTooLarge if the search exceeds this bound
    static Optional<Stuck> firstStuck(Collection<Part> parts, int situationsMax) {
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
        Orders orders = new Orders(situationsMax);
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
        Set<Situation> reached = new HashSet<>();
        Set<Situation> looked = new HashSet<>();
        Deque<Situation> next = new ArrayDeque<>();
        for (Situation situation : situations) {
            next.add(settled(situation));
        }
        while (!next.isEmpty()) {
            Situation situation = next.pop();
            if (!looked.add(situation)) {
                continue;
            }
            if (looked.size() > situationsMax) {
                throw new SearchTooLarge(part, situationsMax);
            }
            if (situation.happened.contains(part.number())) {
                reached.add(without(situation, part));
                continue;
            }
            for (Part other : underWay) {
                if (!situation.happened.contains(other.number())) {
                    other.after(situation.state)
                            .filter(after -> !after.equals(situation.state))
                            .ifPresent(after -> next.push(settled(with(situation, other, after))));
                }
            }
        }
        underWay.remove(part);
        situations = reached;
        return reached.isEmpty()
                ? Optional.of(
                        new Stuck(part, looked.stream().map(Situation::state).collect(Collectors.toSet())))
                : Optional.empty();
    }

    /// The situation after all pending calls that do not change the state have happened, which excludes no
    /// order.
    private Situation settled(Situation situation) {
        Set<Integer> happened = null;
        for (Part part : underWay) {
            if (!part.open()
                    && !situation.happened.contains(part.number())
                    && part.after(situation.state)
                            .filter(situation.state::equals)
                            .isPresent()) {
                happened = happened == null ? new HashSet<>(situation.happened) : happened;
                happened.add(part.number());
            }
        }
        return happened == null ? situation : new Situation(situation.state, happened);
    }

    private static Situation with(Situation situation, Part part, State after) {
        Set<Integer> happened = new HashSet<>(situation.happened);
        happened.add(part.number());
        return new Situation(after, happened);
    }

    private static Situation without(Situation situation, Part part) {
        Set<Integer> happened = new HashSet<>(situation.happened);
        happened.remove(part.number());
        return new Situation(situation.state, happened);
    }
}
