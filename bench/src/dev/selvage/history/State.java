package dev.selvage.history;

import dev.selvage.history.Call.Change;
import dev.selvage.history.Call.Seen;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// The correct state of a session after the calls that have happened.
sealed interface State {

    State ABSENT = new Absent();
    State ENDED = new Ended();

    /// Not started.
    record Absent() implements State {}

    /// Accepted by authenticate.
    ///
    /// @param from    earliest second of the history at which it expires; the time that an unanswered call
    ///         wrote is not known better
    /// @param to      latest second at which it expires
    /// @param claims  the names of its claims
    /// @param factors the number of factors
    record Active(long from, long to, Set<String> claims, int factors) implements State {

        Active with(Change change, Expiry expiry) {
            Set<String> all = claims;
            if (!change.claim().isEmpty()) {
                all = new HashSet<>(claims);
                all.add(change.claim());
            }
            return new Active(
                    change.minutes() == 0 ? from : expiry.from,
                    change.minutes() == 0 ? to : expiry.to,
                    all,
                    change.proof() ? factors + 1 : factors);
        }

        /// The state after a response shows the session, which fixes its expiry; empty if the response
        /// contradicts the state.
        Optional<State> shownAs(Seen seen) {
            boolean so = seen.expiresAt() >= from
                    && seen.expiresAt() <= to
                    && seen.claims().equals(claims)
                    && seen.factors() == factors;
            return so ? Optional.of(new Active(seen.expiresAt(), seen.expiresAt(), claims, factors)) : Optional.empty();
        }

        @Override
        public String toString() {
            return "active until " + (from == to ? from : from + ".." + to) + " s, " + factors + " factors, claims "
                    + claims;
        }
    }

    /// Revoked.
    record Ended() implements State {}

    /// The possible expiry of a session to which a call gave a lifetime.
    record Expiry(long from, long to) {

        /// The tolerance for adjustments of the wall clock: the server computes the expiry from a moment of the
        /// call.
        private static final long CLOCK_SECONDS = 2;
        /// The maximum delay after which a call without a response is executed.
        private static final long UNANSWERED_SECONDS_MAX = 3_600;
        private static final long SECOND_NANOS = 1_000_000_000;

        static Expiry of(Call call, int minutes) {
            long begin = call.begin() / SECOND_NANOS;
            long end = call.answered() ? call.end() / SECOND_NANOS : begin + UNANSWERED_SECONDS_MAX;
            return new Expiry(begin + minutes * 60L - CLOCK_SECONDS, end + minutes * 60L + CLOCK_SECONDS);
        }

        boolean holds(long second) {
            return second >= from && second <= to;
        }
    }
}
