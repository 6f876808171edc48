package dev.selvage.history;

import java.util.List;
import java.util.Set;

/// A call as its client saw it. It contains no secret: sessions and users have names that the clients chose.
///
/// @param number number of the call in the history
/// @param client number of the client
/// @param node   number of the node
/// @param begin  before the first byte was sent, in nanoseconds since the start of the history, by one clock
///         for all clients
/// @param end    when the whole response was read, or the client gave up
record Call(int number, int client, int node, long begin, long end, Action action, Outcome outcome) {

    /// How a call names its session.
    enum By {
        TOKEN,
        JWT,
        ID
    }

    /// The requested change; [#NOTHING] for a call that only reads a session.
    ///
    /// @param minutes the new lifetime from the call on; 0: unchanged
    /// @param claim   the name of a custom claim that no other call writes; empty: none
    /// @param proof   whether a factor is added, which requires a claim
    record Change(int minutes, String claim, boolean proof) {

        static final Change NOTHING = new Change(0, "", false);

        boolean nothing() {
            return equals(NOTHING);
        }
    }

    /// The request.
    sealed interface Action {

        /// Starts a session. Its name is its first claim, so that a list shows it also if the call got no
        /// response.
        record Start(String user, String session, int minutes) implements Action {}

        /// Authenticates a session, with or without a change.
        record Use(String session, By by, Change change) implements Action {}

        record Revoke(String session, By by) implements Action {}

        /// Lists the sessions of a user.
        record Look(String user) implements Action {}
    }

    /// The response.
    sealed interface Outcome {

        /// The session in the response to a start or use.
        ///
        /// @param inJwt the session in the JWT of the response
        record Accepted(Seen seen, Seen inJwt) implements Outcome {}

        /// The response to a revoke.
        record Done() implements Outcome {}

        /// The response to a list.
        record Listed(List<Shown> sessions) implements Outcome {}

        /// The call had no effect, and the response says why.
        record Refused(String errorType) implements Outcome {}

        /// No response, or a fault of the server. The call may have taken effect, or may do so at any later
        /// time.
        record Unanswered(String why) implements Outcome {}
    }

    /// A session as a response shows it.
    ///
    /// @param expiresAt seconds since the start of the history
    /// @param claims    the names of its custom claims
    /// @param factors   the number of factors
    record Seen(long expiresAt, Set<String> claims, int factors) {}

    /// An entry of a list.
    ///
    /// @param session its name; its id if it has none
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
