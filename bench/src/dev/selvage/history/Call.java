package dev.selvage.history;

import java.util.List;
import java.util.Set;

/// A call as its client saw it. Nothing in it is secret: sessions and users have names that the clients gave
/// them.
///
/// @param number counts the calls of a history
/// @param client who made it
/// @param node   where
/// @param begin before the first byte was sent: nanoseconds since the history began, by one clock for all
///         clients
/// @param end    when the whole answer had been read, or the client had given up
record Call(int number, int client, int node, long begin, long end, Action action, Outcome outcome) {

    /// How a call names its session.
    enum By {
        TOKEN,
        JWT,
        ID
    }

    /// What is asked to be written; [#NOTHING] where a session is only looked at.
    ///
    /// @param minutes the session then expires so many minutes from the call; 0: as it was
    /// @param claim   the name of a custom claim that no other call writes; empty: none
    /// @param proof   whether a factor is added, which only happens together with a claim
    record Change(int minutes, String claim, boolean proof) {

        static final Change NOTHING = new Change(0, "", false);

        boolean nothing() {
            return equals(NOTHING);
        }
    }

    /// What was asked for.
    sealed interface Action {

        /// A new session. Its name is its first claim, so that it is known again in a list also when nothing
        /// was answered.
        record Start(String user, String session, int minutes) implements Action {}

        /// Authenticate, with a change or without.
        record Use(String session, By by, Change change) implements Action {}

        record Revoke(String session, By by) implements Action {}

        /// The sessions of a user.
        record Look(String user) implements Action {}
    }

    /// What was answered.
    sealed interface Outcome {

        /// The session as it is, to a start or use.
        ///
        /// @param inJwt the same as the JWT of the answer has it
        record Accepted(Seen seen, Seen inJwt) implements Outcome {}

        /// To a revoke.
        record Done() implements Outcome {}

        /// To a look.
        record Listed(List<Shown> sessions) implements Outcome {}

        /// The call did nothing, and says why.
        record Refused(String errorType) implements Outcome {}

        /// No answer, or one that leaves it open (a fault of the server): the call may have happened or may yet
        /// happen, at any time after it began.
        record Unanswered(String why) implements Outcome {}
    }

    /// A session as an answer shows it.
    ///
    /// @param expiresAt seconds since the history began
    /// @param claims    the names of its custom claims
    /// @param factors   how many
    record Seen(long expiresAt, Set<String> claims, int factors) {}

    /// A line of a list.
    ///
    /// @param session its name; its id where it has none
    record Shown(String session, Seen seen) {}

    boolean answered() {
        return !(outcome instanceof Outcome.Unanswered);
    }

    @Override
    public String toString() {
        return "call %d, client %d, node %d, %.3f-%.3f s: %s -> %s"
                .formatted(number, client, node, begin / 1e9, end / 1e9, action, outcome);
    }
}
