package dev.selvage.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.history.Call.Action;
import dev.selvage.history.Call.By;
import dev.selvage.history.Call.Change;
import dev.selvage.history.Call.Outcome;
import dev.selvage.history.Call.Seen;
import dev.selvage.history.Call.Shown;
import dev.selvage.history.Checker.Kind;
import dev.selvage.history.Checker.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Histories written by hand, right ones and wrong ones, and what the checker says of them. Their times are
/// seconds.
class CheckerTest {

    private static final long SECOND = 1_000_000_000;
    private static final Outcome NOT_FOUND = new Outcome.Refused("session_not_found");
    private static final Outcome NONE = new Outcome.Unanswered("killed");
    private static final int MINUTES = 120;
    private static final int LONGER = 240;
    private static final int LONGEST = 360;

    private final List<Call> calls = new ArrayList<>();

    private void call(int begin, int end, Action action, Outcome outcome) {
        calls.add(new Call(calls.size() + 1, 1, 0, begin * SECOND, end * SECOND, action, outcome));
    }

    /// The session `s` of the user `u`, acknowledged before second 1.
    private void started() {
        call(0, 1, new Action.Start("u", "s", MINUTES), accepted(seen(0, MINUTES, "s")));
    }

    private static Action use() {
        return new Action.Use("s", By.TOKEN, Change.NOTHING);
    }

    private static Action claim(String claim) {
        return new Action.Use("s", By.TOKEN, new Change(0, claim, false));
    }

    private static Action extend(int minutes) {
        return new Action.Use("s", By.TOKEN, new Change(minutes, "", false));
    }

    private static Action revoke() {
        return new Action.Revoke("s", By.TOKEN);
    }

    private static Action look() {
        return new Action.Look("u");
    }

    private static Seen seen(int writtenAt, int minutes, String... claims) {
        return new Seen(writtenAt + minutes * 60L, Set.of(claims), 1);
    }

    private static Outcome accepted(Seen seen) {
        return new Outcome.Accepted(seen, seen);
    }

    private static Outcome listed(Seen... shown) {
        return new Outcome.Listed(
                List.of(shown).stream().map(seen -> new Shown("s", seen)).toList());
    }

    private void right() {
        assertThat(Checker.check(calls)).isEmpty();
    }

    private void wrong(Kind kind, int number) {
        List<Violation> found = Checker.check(calls);
        assertThat(found).singleElement().satisfies(violation -> {
            assertThat(violation.kind()).isEqualTo(kind);
            assertThat(violation.call().number()).as(violation.toString()).isEqualTo(number);
        });
    }

    @Test
    void aLifeInOrderIsRight() {
        started();
        call(2, 3, claim("a"), accepted(seen(0, MINUTES, "s", "a")));
        call(4, 5, extend(LONGER), accepted(seen(4, LONGER, "s", "a")));
        call(6, 7, look(), listed(seen(4, LONGER, "s", "a")));
        call(8, 9, revoke(), new Outcome.Done());
        call(10, 11, use(), NOT_FOUND);
        call(12, 13, look(), listed());
        call(14, 15, revoke(), new Outcome.Done());
        right();
    }

    @Test
    void whatBeganAfterARevokeWasAnsweredMustBeRefused() {
        started();
        call(2, 3, revoke(), new Outcome.Done());
        call(4, 5, use(), accepted(seen(0, MINUTES, "s")));
        wrong(Kind.GHOST, 3);
    }

    @Test
    void whatBeganBeforeARevokeWasAnsweredMayBeAcceptedOrRefused() {
        started();
        call(2, 6, revoke(), new Outcome.Done());
        call(3, 9, use(), accepted(seen(0, MINUTES, "s")));
        call(4, 5, use(), NOT_FOUND);
        right();
    }

    @Test
    void onceItWasRefusedItStaysRefused() {
        started();
        call(2, 9, revoke(), new Outcome.Done());
        call(3, 4, use(), NOT_FOUND);
        call(5, 6, use(), accepted(seen(0, MINUTES, "s")));
        wrong(Kind.GHOST, 4);
    }

    @Test
    void anUnansweredRevokeMayHappenAtAnyTimeLaterOrNever() {
        started();
        call(2, 3, revoke(), NONE);
        call(4, 5, use(), accepted(seen(0, MINUTES, "s")));
        right();
        call(6, 7, use(), NOT_FOUND);
        right();
        call(8, 9, use(), accepted(seen(0, MINUTES, "s")));
        wrong(Kind.GHOST, 5);
    }

    @Test
    void anUnansweredCallCannotHappenBeforeItBegins() {
        started();
        call(2, 3, use(), NOT_FOUND);
        call(4, 5, revoke(), NONE);
        wrong(Kind.LOST, 2);
    }

    @Test
    void anAcknowledgedSessionMustBeThere() {
        started();
        call(2, 3, use(), NOT_FOUND);
        wrong(Kind.LOST, 2);
    }

    @Test
    void aRevokeOfAnAcknowledgedSessionCannotBeRefused() {
        started();
        call(2, 3, revoke(), NOT_FOUND);
        wrong(Kind.LOST, 2);
    }

    @Test
    void anAcknowledgedClaimMustBeThereEverAfter() {
        started();
        call(2, 3, claim("a"), accepted(seen(0, MINUTES, "s", "a")));
        call(4, 5, claim("b"), accepted(seen(0, MINUTES, "s", "b")));
        wrong(Kind.WRONG, 3);
    }

    @Test
    void claimsAtOnceMergeInAnyOrder() {
        started();
        call(2, 9, claim("a"), accepted(seen(0, MINUTES, "s", "a", "b")));
        call(3, 8, claim("b"), accepted(seen(0, MINUTES, "s", "b")));
        right();
    }

    @Test
    void claimsAtOnceCannotBothMissTheOther() {
        started();
        call(2, 9, claim("a"), accepted(seen(0, MINUTES, "s", "a")));
        call(3, 8, claim("b"), accepted(seen(0, MINUTES, "s", "b")));
        wrong(Kind.WRONG, 2);
    }

    @Test
    void anUnansweredClaimMayShowOrNotButDoesNotGoAgain() {
        started();
        call(2, 3, claim("a"), NONE);
        call(4, 5, use(), accepted(seen(0, MINUTES, "s")));
        call(6, 7, use(), accepted(seen(0, MINUTES, "s", "a")));
        right();
        call(8, 9, use(), accepted(seen(0, MINUTES, "s")));
        wrong(Kind.WRONG, 5);
    }

    @Test
    void anAcknowledgedExtensionMustShow() {
        started();
        call(2, 3, extend(LONGER), accepted(seen(2, LONGER, "s")));
        call(4, 5, use(), accepted(seen(0, MINUTES, "s")));
        wrong(Kind.WRONG, 3);
    }

    @Test
    void ofExtensionsAtOnceOneIsLastForEverybody() {
        started();
        call(2, 9, extend(LONGER), accepted(seen(3, LONGER, "s")));
        call(3, 8, extend(LONGEST), accepted(seen(3, LONGEST, "s")));
        call(10, 11, use(), accepted(seen(3, LONGER, "s")));
        right();
        call(12, 13, use(), accepted(seen(3, LONGEST, "s")));
        wrong(Kind.WRONG, 5);
    }

    @Test
    void anUnansweredExtensionMayShowLate() {
        started();
        call(2, 3, extend(LONGER), NONE);
        call(4, 5, extend(LONGEST), accepted(seen(4, LONGEST, "s")));
        call(6, 7, use(), accepted(seen(5, LONGER, "s")));
        call(8, 9, use(), accepted(seen(5, LONGER, "s")));
        right();
        call(10, 11, use(), accepted(seen(6, LONGER, "s")));
        wrong(Kind.WRONG, 6);
    }

    @Test
    void anExpiryThatNoCallAskedForIsWrong() {
        started();
        call(2, 3, extend(LONGER), accepted(seen(2, LONGEST, "s")));
        wrong(Kind.WRONG, 2);
    }

    @Test
    void aProofAddsAFactor() {
        started();
        call(
                2,
                3,
                new Action.Use("s", By.TOKEN, new Change(0, "a", true)),
                accepted(new Seen(MINUTES * 60, Set.of("s", "a"), 2)));
        call(4, 5, use(), accepted(new Seen(MINUTES * 60, Set.of("s", "a"), 2)));
        right();
        call(6, 7, use(), accepted(new Seen(MINUTES * 60, Set.of("s", "a"), 1)));
        wrong(Kind.WRONG, 4);
    }

    @Test
    void aListMustShowWhatIsActive() {
        started();
        call(2, 3, look(), listed());
        wrong(Kind.LOST, 2);
    }

    @Test
    void aListMustNotShowWhatHasEnded() {
        started();
        call(2, 3, revoke(), new Outcome.Done());
        call(4, 5, look(), listed(seen(0, MINUTES, "s")));
        wrong(Kind.GHOST, 3);
    }

    @Test
    void aListMustShowASessionAsItIs() {
        started();
        call(2, 3, claim("a"), accepted(seen(0, MINUTES, "s", "a")));
        call(4, 5, look(), listed(seen(0, MINUTES, "s")));
        wrong(Kind.WRONG, 3);
    }

    @Test
    void aListDuringAStartMayShowTheSessionOrNot() {
        call(0, 5, new Action.Start("u", "s", MINUTES), accepted(seen(0, MINUTES, "s")));
        call(1, 2, look(), listed());
        call(3, 4, look(), listed(seen(0, MINUTES, "s")));
        right();
    }

    @Test
    void anUnansweredStartMayShowInListsUntilTheEnd() {
        call(0, 1, new Action.Start("u", "s", MINUTES), NONE);
        call(2, 3, look(), listed());
        right();
        call(4, 5, look(), listed(seen(1, MINUTES, "s")));
        right();
        call(6, 7, look(), listed());
        wrong(Kind.LOST, 4);
    }

    @Test
    void aListShowsNothingThatNobodyStartedAndNothingTwice() {
        started();
        call(2, 3, look(), listed(seen(0, MINUTES, "s"), seen(0, MINUTES, "s")));
        wrong(Kind.UNKNOWN_SESSION, 2);
        calls.removeLast();
        call(
                2,
                3,
                look(),
                new Outcome.Listed(List.of(
                        new Shown("s", seen(0, MINUTES, "s")), new Shown("session-test-1", seen(0, MINUTES, "s")))));
        wrong(Kind.UNKNOWN_SESSION, 2);
    }

    @Test
    void aListShowsNobodyElsesSession() {
        started();
        call(2, 3, new Action.Look("other"), listed(seen(0, MINUTES, "s")));
        wrong(Kind.UNKNOWN_SESSION, 2);
    }

    @Test
    void theJwtMustSayWhatTheAnswerSays() {
        started();
        call(2, 3, extend(LONGER), new Outcome.Accepted(seen(2, LONGER, "s"), seen(0, MINUTES, "s")));
        wrong(Kind.OTHER_JWT, 2);
    }

    @Test
    void anActiveSessionIsRefusedForNoReason() {
        started();
        call(2, 3, use(), new Outcome.Refused("unable_to_parse_session_jwt"));
        wrong(Kind.REFUSED, 2);
        calls.removeLast();
        call(2, 3, look(), new Outcome.Refused("user_not_found"));
        wrong(Kind.REFUSED, 2);
    }

    /// Each of them could have happened at any time since: what shows nowhere must not be tried out in every
    /// order.
    @Test
    void hundredsOfUnansweredCallsAreNoTrouble() {
        started();
        for (int i = 0; i < 300; i++) {
            call(2, 3, claim("lost-" + i), NONE);
            call(2, 3, extend(LONGER + MINUTES * i), NONE);
        }
        IntStream.range(4, 200).forEach(at -> call(at, at + 1, use(), accepted(seen(0, MINUTES, "s"))));
        right();
        call(300, 301, use(), accepted(seen(9, LONGER, "s", "lost-7")));
        right();
        call(302, 303, use(), accepted(seen(9, LONGER, "s", "lost-8")));
        wrong(Kind.WRONG, calls.size());
    }

    @Test
    void whereTooManyOrdersArePossibleNothingIsTakenForRight() {
        started();
        for (int i = 0; i < 20; i++) {
            call(2, 3, claim("c" + i), NONE);
        }
        call(
                4,
                5,
                use(),
                accepted(new Seen(
                        MINUTES * 60,
                        IntStream.range(-1, 20)
                                .mapToObj(i -> i < 0 ? "s" : "c" + i)
                                .collect(Collectors.toSet()),
                        1)));
        assertThat(Checker.check(calls, 1_000)).singleElement().satisfies(violation -> assertThat(violation.kind())
                .isEqualTo(Kind.UNDECIDED));
    }
}
