package dev.selvage.passwords;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Times;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.PasswordErrors;
import dev.selvage.error.SessionErrors;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import dev.selvage.projects.Vertical;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.Session;
import dev.selvage.subjects.SubjectStore;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// Checks, sets and replaces the passwords of subjects: users, members and addresses. [Passwords] and
/// [MemberPasswords] end sessions after a change.
///
/// Hashing takes tens of milliseconds, so it happens before any transaction. The transaction then changes the
/// row only if it still contains the checked hash.
public final class StoredPasswords implements AutoCloseable {

    private static final int ATTEMPTS_MAX = 5;

    /// The oldest factor for a reset by session, in milliseconds. Source: `semantics.md` 8.
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

    /// The judgement of a password by the policy of a project.
    ///
    /// @param breachesLookedUp whether the project enables the breach check for new passwords
    /// @param breached         false if not looked up
    public record Judgement(Strength strength, boolean breachesLookedUp, boolean breached) {
        public boolean valid() {
            return strength.valid() && !breached;
        }
    }

    /// Judges a new password.
    ///
    /// @param inputs texts that an attacker would guess first: addresses and names
    public Judgement judge(Project project, String password, List<String> inputs) {
        boolean lookUp = project.settings().passwords().breachCheckOnCreate();
        Strength strength = Strength.of(project.settings().passwords(), password, inputs);
        return new Judgement(strength, lookUp, lookUp && (strength.common() || breached.contains(password)));
    }

    /// Refuses a new password that the policy of the project does not allow.
    ///
    /// @param inputs as of [#judge]
    /// @throws ApiError `weak_password`, `breached_password`
    void check(Project project, String password, List<String> inputs) {
        Judgement judgement = judge(project, password, inputs);
        Check.that(judgement.strength.valid(), PasswordErrors.WEAK_PASSWORD);
        Check.that(!judgement.breached, PasswordErrors.BREACHED_PASSWORD);
    }

    /// Refuses a session without an accepted factor from the last 5 minutes.
    ///
    /// @throws ApiError `session_too_old_to_reset_password`
    void checkFresh(Session session, Predicate<Factor> goodEnough) {
        long oldest = clock.millis() - SESSION_RESET_MILLIS_MAX;
        Check.that(
                session.factors().stream()
                        .anyMatch(factor -> factor.lastAuthenticatedAt() >= oldest && goodEnough.test(factor)),
                SessionErrors.SESSION_TOO_OLD_TO_RESET_PASSWORD);
    }

    /// Hashes a new password. Takes tens of milliseconds, so do not call it inside a transaction.
    String hash(String password) {
        return hasher.hash(password);
    }

    /// Converts a hash of another system to the form that is stored. Refuses a hash that this machine cannot
    /// check in time, because its owner could never sign in.
    ///
    /// @throws ApiError those of [HashImport#read], `password_validation_timeout`
    String imported(HashImport imported) {
        PasswordHash hash = imported.read(hasher.memoryBudgetKib());
        if (!hasher.isAffordable(hash)) {
            throw HashImport.tooCostly(hash);
        }
        return hash.encoded();
    }

    /// Whether the subject has a password.
    boolean has(Project project, String subjectId) {
        return store.find(project.id(), subjectId).isPresent();
    }

    /// Sets the password of a subject, whether or not one exists. An existing one keeps its id, and no longer
    /// requires a reset. Joins a running transaction. Does not end sessions.
    ///
    /// @param hash result of [#hash]
    void put(Project project, String subjectId, String hash) {
        store.put(project.id(), subjectId, nextId(project), hash, clock.millis());
    }

    /// Excludes an organization: the password of the address does not sign in there until it changes. Returns
    /// false if the address has no password.
    boolean exclude(Project project, String subjectId, String organizationId) {
        return store.exclude(project.id(), subjectId, organizationId);
    }

    /// Reverts [#exclude] after a change of the password.
    void deleteExclusions(Project project, String subjectId) {
        store.deleteExclusions(project.id(), subjectId);
    }

    /// Sets the first password of a subject. Returns false if the subject has one.
    boolean insert(Project project, String subjectId, String hash) {
        return store.insert(project.id(), subjectId, nextId(project), hash, clock.millis());
    }

    /// An attempt to use the password of a subject, with the error types of the call.
    ///
    /// @param countedBy   subject that counts wrong passwords and is locked by them; created when first needed
    /// @param wrong       error type for a wrong password
    /// @param none        error type for a subject without a password
    /// @param resetNeeded error type for a correct password that must be reset
    record Attempt(
            String subjectId,
            String countedBy,
            String password,
            ErrorType wrong,
            ErrorType none,
            ErrorType resetNeeded) {

        /// Returns the subject; never the password.
        @Override
        public String toString() {
            return subjectId;
        }
    }

    /// A password whose check has just succeeded.
    final class VerifiedPassword {

        private final Project project;
        private final Attempt attempt;
        private final String hash;

        private VerifiedPassword(Project project, Attempt attempt, String hash) {
            this.project = project;
            this.attempt = attempt;
            this.hash = hash;
        }

        /// Refuses a password that the policy no longer allows. This is checked on each sign-in and not stored,
        /// so a change of the policy or of the breach list takes effect both ways.
        ///
        /// @param inputs as for [#judge]
        /// @throws ApiError the attempt's `resetNeeded`
        void checkStillAllowed(List<String> inputs) {
            Settings.Passwords policy = project.settings().passwords();
            Check.that(
                    !policy.breachCheckOnAuthenticate() || !breached.contains(attempt.password), attempt.resetNeeded);
            Check.that(
                    !policy.checkStrengthOnAuthenticate()
                            || Strength.of(policy, attempt.password, inputs).valid(),
                    attempt.resetNeeded);
        }

        /// The subject that counts wrong passwords.
        String countedBy() {
            return attempt.countedBy;
        }

        /// Returns the hash to store: a new one if the stored one has another algorithm or lower costs and
        /// matches no other password, or else the stored one.
        String upToDateHash() {
            return hasher.isReplaceable(hash, attempt.password) ? hash(attempt.password) : hash;
        }

        /// Replaces the checked hash in the transaction of the sign-in. Even if both hashes are the same, this
        /// locks the row. A concurrent change of the password waits, and then ends the session that starts
        /// here.
        void replaceHash(String newHash) {
            if (!store.replace(project.id(), attempt.subjectId, hash, newHash)) {
                throw new ConcurrentHashChangeException();
            }
        }
    }

    /// Checks a password and calls `then` if it is correct. Retries if another call changed the hash between
    /// the check and [VerifiedPassword#replaceHash]. The new hash can be of another password, which the next
    /// check refuses, or of the same password.
    ///
    /// @throws ApiError `user_lock_limit_reached`, those of the attempt, `password_validation_timeout`, also
    ///                  after 5 tries, and what `then` throws
    <T> T verify(Project project, Attempt attempt, Function<VerifiedPassword, T> then) {
        for (int failures = 0; failures < ATTEMPTS_MAX; failures++) {
            try {
                return then.apply(new VerifiedPassword(project, attempt, matchingHash(project, attempt)));
            } catch (ConcurrentHashChangeException again) {
                // The next round checks against the new hash.
            }
        }
        throw ApiError.of(PasswordErrors.PASSWORD_VALIDATION_TIMEOUT);
    }

    @Override
    public void close() {
        hasher.close();
    }

    /// Returns the stored hash if the password matches and needs no reset.
    private String matchingHash(Project project, Attempt attempt) {
        PasswordStore.Stored stored =
                store.find(project.id(), attempt.subjectId).orElseThrow(() -> ApiError.of(attempt.none));
        boolean separateCounter = !attempt.countedBy.equals(attempt.subjectId);
        if (separateCounter) {
            subjects.checkNotLocked(project, attempt.countedBy);
        } else {
            subjects.checkNotLocked(stored.lock(clock.millis()));
        }
        if (!hasher.matches(stored.hash(), attempt.password)) {
            if (separateCounter) {
                subjects.ensure(project.id(), attempt.countedBy);
            }
            subjects.recordFailure(project, attempt.countedBy);
            throw ApiError.of(attempt.wrong);
        }
        Check.that(!stored.requiresReset(), attempt.resetNeeded);
        return stored.hash();
    }

    private String nextId(Project project) {
        Ids kind = project.vertical() == Vertical.B2B ? Ids.MEMBER_PASSWORD : Ids.PASSWORD;
        return kind.next(clock, project.environment());
    }

    /// Thrown if the stored hash is no longer the checked one.
    private static final class ConcurrentHashChangeException extends RuntimeException {

        private static final long serialVersionUID = 1;

        ConcurrentHashChangeException() {
            super(null, null, false, false);
        }
    }
}
