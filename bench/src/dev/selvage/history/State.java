package dev.selvage.history;

import dev.selvage.history.Call.Change;
import dev.selvage.history.Call.Seen;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A session as it should be: what the calls that have happened made of it, one after the other.
sealed interface State {

    State ABSENT = new Absent();
    State ENDED = new Ended();

    /// Not started yet.
    record Absent() implements State {}

    /// Accepted by authenticate.
    ///
    /// @param from it expires at this second of the history or later; what an unanswered call wrote is not
    ///         known better
    /// @param to      and at this one or sooner
    /// @param claims  the names of its claims
    /// @param factors how many
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

        /// The same, if an answer can show it so: then it is known when it expires.
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

    /// When a session can expire that a call gave so many minutes.
    record Expiry(long from, long to) {

        /// The server counts from some moment of the call, by the clock of the wall, which may be set a little
        /// meanwhile.
        private static final long CLOCK_SECONDS = 2;
        /// An unanswered call counts from when it is carried out: not later than this after it began.
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
