package dev.selvage.history;

import dev.selvage.history.Call.Action;
import dev.selvage.history.Call.Outcome;
import dev.selvage.history.Call.Shown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Decides whether a correct server can produce a history: it loses nothing, and never shows a deleted session.
/// The checker knows only the calls, nothing of the server.
///
/// Each session is checked separately ([Orders]). That is sufficient, because the effect of the calls of one
/// session does not depend on another.
final class Checker {

    /// The number of earlier calls of the session in the report of a violation.
    private static final int QUOTED = 12;
    /// A few seconds of search. No correct history so far came near this bound.
    private static final int SITUATIONS_MAX = 20_000;

    private final List<Violation> violations = new ArrayList<>();
    private final List<Call> calls;
    private final int situationsMax;

    private Checker(List<Call> calls, int situationsMax) {
        this.calls = calls;
        this.situationsMax = situationsMax;
    }

    /// The kinds of wrong responses.
    enum Kind {
        /// The response accepts a session that has ended.
        GHOST,
        /// The response does not know an active session.
        LOST,
        /// The session in the response differs from the acknowledged writes.
        WRONG,
        /// The response shows a session that was not started for this user, or shows one twice.
        UNKNOWN_SESSION,
        /// The JWT differs from the response that contains it.
        OTHER_JWT,
        /// A refusal that the calls of this history cannot get.
        REFUSED,
        /// The search has too many orders, so the history is not known to be correct.
        UNDECIDED
    }

    /// A response that a correct server does not give.
    ///
    /// @param because the possible states of the session, and its calls before
    record Violation(Kind kind, Call call, String session, String because) {

        @Override
        public String toString() {
            return kind + " of " + session + ": " + call + "\n    " + because.replace("\n", "\n    ");
        }
    }

    /// All violations of a history; at most one for each session of those that only the order shows.
    static List<Violation> check(List<Call> calls) {
        return check(calls, SITUATIONS_MAX);
    }

    /// As [#check(List)].
    ///
    /// @param situationsMax the bound of the search, see [Orders#firstStuck]
    static List<Violation> check(List<Call> calls, int situationsMax) {
        Checker checker = new Checker(calls, situationsMax);
        Map<String, List<Part>> sessions = checker.bySession();
        checker.checkLists();
        checker.checkJwts();
        sessions.forEach(checker::checkOrder);
        return checker.violations;
    }

    /// The calls of each session that a call tried to start, and each list of its user, which shows the session
    /// or not.
    private Map<String, List<Part>> bySession() {
        Map<String, List<Part>> sessions = new LinkedHashMap<>();
        Map<String, List<String>> ofUser = new LinkedHashMap<>();
        for (Call call : calls) {
            if (call.action() instanceof Action.Start(String user, String session, int minutes)) {
                sessions.put(session, new ArrayList<>(List.of(new Part(call, session, null))));
                ofUser.computeIfAbsent(user, name -> new ArrayList<>()).add(session);
            }
        }
        for (Call call : calls) {
            switch (call.action()) {
                case Action.Start start -> {}
                case Action.Use use -> sessions.get(use.session()).add(new Part(call, use.session(), null));
                case Action.Revoke revoke -> sessions.get(revoke.session()).add(new Part(call, revoke.session(), null));
                case Action.Look look -> {
                    if (call.outcome() instanceof Outcome.Listed(List<Shown> shown)) {
                        Map<String, Call.Seen> lines = shown.stream()
                                .collect(Collectors.toMap(Shown::session, Shown::seen, (one, two) -> one));
                        ofUser.getOrDefault(look.user(), List.of()).forEach(session -> sessions.get(session)
                                .add(new Part(call, session, lines.get(session))));
                    } else if (call.outcome() instanceof Outcome.Refused) {
                        violations.add(new Violation(Kind.REFUSED, call, look.user(), "The user was there before."));
                    }
                }
            }
        }
        return sessions;
    }

    private void checkLists() {
        Map<String, String> users = calls.stream()
                .map(Call::action)
                .filter(Action.Start.class::isInstance)
                .map(Action.Start.class::cast)
                .collect(Collectors.toMap(Action.Start::session, Action.Start::user));
        for (Call call : calls) {
            if (call.action() instanceof Action.Look(String user)
                    && call.outcome() instanceof Outcome.Listed(List<Shown> shown)) {
                Set<String> names = new HashSet<>();
                for (Shown line : shown) {
                    if (!user.equals(users.get(line.session()))) {
                        violations.add(new Violation(
                                Kind.UNKNOWN_SESSION, call, line.session(), "No call started it for this user."));
                    } else if (!names.add(line.session())) {
                        violations.add(
                                new Violation(Kind.UNKNOWN_SESSION, call, line.session(), "It stands there twice."));
                    }
                }
            }
        }
    }

    private void checkJwts() {
        for (Call call : calls) {
            if (call.outcome() instanceof Outcome.Accepted(Call.Seen seen, Call.Seen inJwt) && !seen.equals(inJwt)) {
                violations.add(new Violation(Kind.OTHER_JWT, call, name(call.action()), "The JWT says " + inJwt));
            }
        }
    }

    private static String name(Action action) {
        return switch (action) {
            case Action.Start start -> start.session();
            case Action.Use use -> use.session();
            case Action.Revoke revoke -> revoke.session();
            case Action.Look look -> look.user();
        };
    }

    private void checkOrder(String session, List<Part> parts) {
        boolean neverHeardOf = parts.getFirst().open()
                && parts.stream().allMatch(part -> part.seen().isEmpty());
        if (neverHeardOf) {
            return;
        }
        try {
            Orders.firstStuck(parts, situationsMax)
                    .ifPresent(stuck -> violations.add(violation(session, parts, stuck)));
        } catch (Orders.SearchTooLarge tooMany) {
            violations.add(new Violation(Kind.UNDECIDED, parts.getLast().call(), session, tooMany.getMessage()));
        }
    }

    private static Violation violation(String session, List<Part> parts, Orders.Stuck stuck) {
        Call call = stuck.part().call();
        boolean active = stuck.states().stream().anyMatch(State.Active.class::isInstance);
        boolean shows = stuck.part().seen().isPresent();
        boolean otherRefusal = call.outcome() instanceof Outcome.Refused(String type) && !type.equals(Part.NOT_FOUND);
        Kind kind = otherRefusal ? Kind.REFUSED : !shows ? Kind.LOST : active ? Kind.WRONG : Kind.GHOST;
        return new Violation(
                kind,
                call,
                session,
                "When it ended, the session could only be\n  "
                        + stuck.states().stream()
                                .map(Object::toString)
                                .sorted()
                                .limit(QUOTED)
                                .collect(Collectors.joining("\n  "))
                        + "\nbecause of\n  " + before(parts, stuck.part()));
    }

    /// The calls that may explain the state: those that change the session and began before the end of this
    /// one, in their order.
    private static String before(Collection<Part> parts, Part last) {
        List<Part> changes = parts.stream()
                .filter(part -> part.begin() < last.call().end())
                .filter(part -> switch (part.call().action()) {
                    case Action.Use use -> !use.change().nothing();
                    case Action.Start start -> true;
                    case Action.Revoke revoke -> true;
                    case Action.Look look -> false;
                })
                .toList();
        return changes.stream()
                .skip(Math.max(0, changes.size() - QUOTED))
                .map(part -> part.call().toString())
                .collect(Collectors.joining("\n  "));
    }

    /// The number of calls of each kind with each outcome, which shows whether the history covers enough.
    static Map<String, Long> counts(List<Call> calls) {
        Function<Call, String> kind = call -> switch (call.action()) {
            case Action.Start start -> "start";
            case Action.Use use ->
                use.change().nothing()
                        ? "authenticate"
                        : use.change().proof() ? "add factor" : use.change().minutes() > 0 ? "extend" : "add claims";
            case Action.Revoke revoke -> "revoke";
            case Action.Look look -> "list";
        };
        Function<Call, String> outcome = call -> switch (call.outcome()) {
            case Outcome.Refused(String type) -> type;
            case Outcome.Unanswered unanswered -> "unanswered";
            case Outcome.Accepted accepted -> "ok";
            case Outcome.Done done -> "ok";
            case Outcome.Listed listed -> "ok";
        };
        return new TreeMap<>(calls.stream()
                .collect(Collectors.groupingBy(
                        call -> kind.apply(call) + ", " + outcome.apply(call), Collectors.counting())));
    }
}
