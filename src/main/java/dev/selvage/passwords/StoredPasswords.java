package dev.selvage.passwords;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Vertical;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.Session;
import dev.selvage.subjects.SubjectStore;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// The passwords of subjects, be they users, members or addresses: what a new one must be, how one is checked,
/// how it changes. What follows for sessions is said by [Passwords] and [MemberPasswords].
///
/// Hashing takes tens of milliseconds and happens before any transaction. The transaction then changes the row
/// only if it still holds the hash that was checked.
public final class StoredPasswords implements AutoCloseable {

    private static final int ATTEMPTS_MAX = 5;

    /// Source: `semantics.md` 8.
    private static final long SESSION_RESET_MILLIS_MAX = 5 * Times.MINUTE_MILLIS;

    private final PasswordStore store;
    private final Hasher hasher;
    private final BreachList breached;
    private final SubjectStore subjects;
    private final ClockAndRandom clock;

    public StoredPasswords(
            Hashing costs, BreachList breached, SubjectStore subjects, Database database, ClockAndRandom clock) {
        this.store = new PasswordStore(database);
        this.hasher = new Hasher(costs, clock);
        this.breached = breached;
        this.subjects = subjects;
        this.clock = clock;
    }

    /// What a password is worth in a project.
    ///
    /// @param breachesLookedUp whether the project asks for it
    /// @param breached         false when not looked up
    public record Judgement(Strength strength, boolean breachesLookedUp, boolean breached) {
        public boolean valid() {
            return strength.valid() && !breached;
        }
    }

    /// Judges a password as a new one is judged.
    ///
    /// @param inputs what an attacker would try first: addresses and names
    public Judgement judge(Project project, String password, List<String> inputs) {
        boolean lookUp = project.settings().passwords().breachCheckOnCreate();
        Strength strength = Strength.of(project.settings().passwords(), password, inputs);
        return new Judgement(strength, lookUp, lookUp && (strength.common() || breached.contains(password)));
    }

    /// Refuses a new password that this project does not allow.
    ///
    /// @param inputs as of [#judge]
    /// @throws ApiError `weak_password`, `breached_password`
    void check(Project project, String password, List<String> inputs) {
        Judgement judgement = judge(project, password, inputs);
        Check.that(judgement.strength.valid(), ErrorType.WEAK_PASSWORD);
        Check.that(!judgement.breached, ErrorType.BREACHED_PASSWORD);
    }

    /// Refuses to set a password by a session in which nothing that is good enough was proven just now.
    ///
    /// @throws ApiError `session_too_old_to_reset_password`
    void checkFresh(Session session, Predicate<Factor> goodEnough) {
        long oldest = clock.millis() - SESSION_RESET_MILLIS_MAX;
        Check.that(
                session.factors().stream()
                        .anyMatch(factor -> factor.lastAuthenticatedAt() >= oldest && goodEnough.test(factor)),
                ErrorType.SESSION_TOO_OLD_TO_RESET_PASSWORD);
    }

    /// The hash of a new password. Takes tens of milliseconds, so it is not for use inside a transaction.
    String hash(String password) {
        return hasher.hash(password);
    }

    /// The hash that another system made, in the form that is stored. One that this machine cannot check in
    /// time is refused: its owner could never sign in.
    ///
    /// @throws ApiError those of [HashImport#read], `password_validation_timeout`
    String imported(HashImport imported) {
        PasswordHash hash = imported.read(hasher.memoryBudgetKib());
        if (!hasher.affordable(hash)) {
            throw HashImport.tooCostly(hash);
        }
        return hash.encoded();
    }

    /// Whether the subject has a password.
    boolean has(Project project, String subjectId) {
        return store.find(project.id(), subjectId).isPresent();
    }

    /// Sets the password of a subject, which may have had one: it keeps its id, and needs no reset any more.
    /// Joins the transaction that is under way; ends no session.
    ///
    /// @param hash made by [#hash]
    void put(Project project, String subjectId, String hash) {
        store.put(project.id(), subjectId, nextId(project), hash, clock.millis());
    }

    /// From now on the password of an address signs nobody in to this organization, until the address has
    /// another one. Answers false when it has none.
    boolean exclude(Project project, String subjectId, String organizationId) {
        return store.exclude(project.id(), subjectId, organizationId);
    }

    /// Ends what [#exclude] began, behind a change of the password.
    void readmit(Project project, String subjectId) {
        store.readmit(project.id(), subjectId);
    }

    /// Gives a subject its first password; false when it has one.
    boolean insert(Project project, String subjectId, String hash) {
        return store.insert(project.id(), subjectId, nextId(project), hash, clock.millis());
    }

    /// A password that somebody gives for that of a subject, and how the call refuses it.
    ///
    /// @param countedBy the subject that counts wrong ones, and is locked by them; made when it is first needed
    /// @param wrong       when it is another one
    /// @param none        when the subject has none
    /// @param resetNeeded when it is right and must be reset
    record Guess(
            String subjectId,
            String countedBy,
            String password,
            ErrorType wrong,
            ErrorType none,
            ErrorType resetNeeded) {

        /// Without the password.
        @Override
        public String toString() {
            return subjectId;
        }
    }

    /// A password that was right a moment ago.
    final class Checked {

        private final Project project;
        private final Guess guess;
        private final String hash;

        private Checked(Project project, Guess guess, String hash) {
            this.project = project;
            this.guess = guess;
            this.hash = hash;
        }

        /// Refuses one that may not be used any more. Looked at on each sign-in and not stored, so that a
        /// change of the policy or the list takes effect both ways.
        ///
        /// @param inputs as of [#judge]
        /// @throws ApiError the guess's `resetNeeded`
        void checkStillGood(List<String> inputs) {
            Settings.Passwords policy = project.settings().passwords();
            Check.that(!policy.breachCheckOnAuthenticate() || !breached.contains(guess.password), guess.resetNeeded);
            Check.that(
                    !policy.checkStrengthOnAuthenticate()
                            || Strength.of(policy, guess.password, inputs).valid(),
                    guess.resetNeeded);
        }

        /// The subject that counts wrong ones.
        String countedBy() {
            return guess.countedBy;
        }

        /// Its hash as it would be made today: another one when the stored one is of another kind or lower
        /// cost, and when nothing but this password has the stored one.
        String renewed() {
            return hasher.replaceable(hash, guess.password) ? hash(guess.password) : hash;
        }

        /// Puts a hash in the place of the one that was checked, in the transaction of what follows. Also when
        /// both are the same, this locks the row: a change of the password at the same time waits, and then
        /// ends the session that begins here.
        void replaceBy(String newHash) {
            if (!store.replace(project.id(), guess.subjectId, hash, newHash)) {
                throw new HashChanged();
            }
        }
    }

    /// Checks a password and goes on when it is right. Does it again when another call changed the hash between
    /// the check and [Checked#replaceBy]. That can be another password, and then the second check refuses this
    /// one, or the same one hashed anew.
    ///
    /// @throws ApiError `user_lock_limit_reached`, those of the guess, `password_validation_timeout`, and what
    ///         `then` throws
    <T> T checked(Project project, Guess guess, Function<Checked, T> then) {
        for (int failures = 0; failures < ATTEMPTS_MAX; failures++) {
            try {
                return then.apply(new Checked(project, guess, verified(project, guess)));
            } catch (HashChanged again) {
                // Checked against the new hash in the next round.
            }
        }
        throw ApiError.of(ErrorType.PASSWORD_VALIDATION_TIMEOUT);
    }

    @Override
    public void close() {
        hasher.close();
    }

    /// The stored hash, if it is that of the given password and may be used.
    private String verified(Project project, Guess guess) {
        PasswordStore.Stored stored =
                store.find(project.id(), guess.subjectId).orElseThrow(() -> ApiError.of(guess.none));
        boolean apart = !guess.countedBy.equals(guess.subjectId);
        if (apart) {
            subjects.checkNotLocked(project, guess.countedBy);
        } else {
            subjects.checkNotLocked(stored.lock(clock.millis()));
        }
        if (!hasher.matches(stored.hash(), guess.password)) {
            if (apart) {
                subjects.ensure(project.id(), guess.countedBy);
            }
            subjects.failed(project, guess.countedBy);
            throw ApiError.of(guess.wrong);
        }
        Check.that(!stored.requiresReset(), guess.resetNeeded);
        return stored.hash();
    }

    private String nextId(Project project) {
        Ids kind = project.vertical() == Vertical.B2B ? Ids.MEMBER_PASSWORD : Ids.PASSWORD;
        return kind.next(clock, project.environment());
    }

    /// The hash that was checked is not the stored one any more.
    private static final class HashChanged extends RuntimeException {

        private static final long serialVersionUID = 1;

        HashChanged() {
            super(null, null, false, false);
        }
    }
}
