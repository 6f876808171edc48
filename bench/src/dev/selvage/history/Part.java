package dev.selvage.history;

import dev.selvage.history.Call.Action;
import dev.selvage.history.Call.Change;
import dev.selvage.history.Call.Outcome;
import dev.selvage.history.Call.Seen;
import dev.selvage.history.State.Active;
import dev.selvage.history.State.Expiry;
import java.util.Optional;
import java.util.Set;

/// The effect of a call on one session. A list concerns each session of its user: it shows it or not.
///
/// @param shown for a list: the session in the list; null if it is absent, and for other calls
record Part(Call call, String session, Seen shown) {

    /// The only permitted refusal: the session has ended or never existed.
    static final String NOT_FOUND = "session_not_found";

    int number() {
        return call.number();
    }

    long begin() {
        return call.begin();
    }

    /// Whether the call may never happen, because it got no response.
    boolean open() {
        return !call.answered();
    }

    /// The session after the call; empty if the call cannot have this outcome in this state.
    Optional<State> after(State before) {
        return switch (call.action()) {
            case Action.Start(String user, String name, int minutes) ->
                before == State.ABSENT
                        ? answered(new Active(0, 0, Set.of(), 1)
                                .with(new Change(minutes, name, false), Expiry.of(call, minutes)))
                        : Optional.empty();
            case Action.Use use -> used(before, use.change());
            case Action.Revoke revoke -> revoked(before);
            case Action.Look look -> looked(before);
        };
    }

    private Optional<State> used(State before, Change change) {
        if (before instanceof Active active) {
            return answered(active.with(change, Expiry.of(call, change.minutes())));
        }
        return before == State.ENDED && call.outcome() instanceof Outcome.Refused(String type) && type.equals(NOT_FOUND)
                ? Optional.of(before)
                : Optional.empty();
    }

    private Optional<State> answered(Active after) {
        return switch (call.outcome()) {
            case Outcome.Accepted accepted -> after.shownAs(accepted.seen());
            case Outcome.Unanswered open -> Optional.of(after);
            case Outcome.Done done -> Optional.empty();
            case Outcome.Listed listed -> Optional.empty();
            case Outcome.Refused refused -> Optional.empty();
        };
    }

    /// A session can be revoked twice.
    private Optional<State> revoked(State before) {
        return before == State.ABSENT || call.outcome() instanceof Outcome.Refused
                ? Optional.empty()
                : Optional.of(State.ENDED);
    }

    private Optional<State> looked(State before) {
        if (before instanceof Active active) {
            return shown == null ? Optional.empty() : active.shownAs(shown);
        }
        return shown == null ? Optional.of(before) : Optional.empty();
    }

    /// The session in the response, if the response shows it.
    Optional<Seen> seen() {
        return call.outcome() instanceof Outcome.Accepted(Seen seen, Seen inJwt)
                ? Optional.of(seen)
                : Optional.ofNullable(shown);
    }
}
