package dev.selvage.passwords;

import dev.selvage.base.Ids;
import dev.selvage.base.Times;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.login.Login;
import dev.selvage.login.Sandbox;
import dev.selvage.login.SignedIn;
import dev.selvage.projects.Project;
import dev.selvage.projects.Settings;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.SessionFields;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.UserSession;
import dev.selvage.users.FactorKind;
import dev.selvage.users.Subjects;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import dev.selvage.users.Users;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Passwords: what they must be, how they are checked and changed, and what a change does to sessions.
///
/// Hashing takes tens of milliseconds and happens before any transaction. The transaction then changes the row only if it
/// still holds the hash that was checked, and ends sessions in the same breath. Calls about the sandbox user succeed
/// whatever the password, and change nothing (`semantics.md` 14).
public final class Passwords implements AutoCloseable {

    /// Source: `semantics.md` 8.
    private static final long SESSION_RESET_MILLIS_MAX = 5 * Times.MINUTE_MILLIS;

    private static final int ATTEMPTS_MAX = 5;

    private final PasswordStore store;
    private final Hasher hasher;
    private final BreachList breached;
    private final Subjects subjects;
    private final Users users;
    private final Sessions<UserSession> sessions;
    private final Login login;
    private final Sandbox sandbox;
    private final Database database;
    private final World world;

    public Passwords(Hashing costs, BreachList breached, Subjects subjects, Users users, Sessions<UserSession> sessions,
                     Login login, Sandbox sandbox,
                     Database database, World world) {
        this.store = new PasswordStore(database);
        this.hasher = new Hasher(costs, world);
        this.breached = breached;
        this.subjects = subjects;
        this.users = users;
        this.sessions = sessions;
        this.login = login;
        this.sandbox = sandbox;
        this.database = database;
        this.world = world;
    }

    /// Makes a user with a password and signs the user in.
    ///
    /// @throws ApiError `weak_password`, `breached_password`, `duplicate_email` also when that user has no password, and
    ///                  those of [Users#create] and [Login#signIn]
    public SignedIn create(Project project, Users.NewUser wanted, String password, SessionFields session) {
        if (sandbox.owns(project, wanted.email())) {
            return sandbox.signIn(project, session);
        }
        check(project, password, inputs(List.of(wanted.email()), wanted.name()));
        Check.that(users.findByEmail(project, wanted.email()).isEmpty(), ErrorType.DUPLICATE_EMAIL);
        String hash = hash(password);
        return login.signIn(project, session, Attributes.NONE, () -> {
            User user = users.create(project, wanted);
            store(project, user.id(), hash);
            return proof(user);
        });
    }

    /// Signs in by a password. A hash of another kind or lower cost than today's is replaced.
    ///
    /// @throws ApiError `email_not_found`, `no_user_password`, `unauthorized_credentials`, `user_lock_limit_reached`,
    ///                  `reset_password` when the password is right but may not be used any more, and those of
    ///                  [Login#signIn]
    public SignedIn authenticate(Project project, String email, String password, SessionFields session) {
        if (sandbox.owns(project, email)) {
            return sandbox.signIn(project, session);
        }
        User user = withEmail(project, email);
        return retried(() -> {
            String hash = verified(project, user, password, ErrorType.UNAUTHORIZED_CREDENTIALS);
            checkStillGood(project, user, password);
            String newHash = hasher.outdated(hash) ? hash(password) : hash;
            return login.signIn(project, session, Attributes.NONE, () -> {
                replace(project, user, hash, newHash);
                return proof(user);
            });
        });
    }

    /// Changes a password by the one before. Ends every session of the user, also the one that the call names; a new one
    /// starts if it asks for a duration (`semantics.md` 8).
    ///
    /// @throws ApiError `email_not_found`, `no_user_password`, `password_does_not_match`, `user_lock_limit_reached`,
    ///                  `reset_password`, `weak_password`, `breached_password`, and those of [Login#signIn]
    public SignedIn resetByPassword(Project project, String email, String existing, String password, SessionFields session) {
        if (sandbox.owns(project, email)) {
            return sandbox.signIn(project, session);
        }
        User user = withEmail(project, email);
        session.argument().ifPresent(argument -> sessions.find(project, argument));
        check(project, password, inputs(user));
        SessionFields anew = new SessionFields(null, null, session.sessionDurationMinutes(), session.sessionCustomClaims());
        return retried(() -> {
            String hash = verified(project, user, existing, ErrorType.PASSWORD_DOES_NOT_MATCH);
            String newHash = hash(password);
            return login.signIn(project, anew, Attributes.NONE, () -> {
                replace(project, user, hash, newHash);
                sessions.revokeAll(project, user.id(), Sessions.EndReason.PASSWORD_RESET);
                return proof(user);
            });
        });
    }

    /// Sets a password, the first one too, by a session that was authenticated just now. Ends every other session of the
    /// user; this one gains the password as a factor.
    ///
    /// @throws ApiError `no_session_arguments`, `session_not_found`, `session_too_old_to_reset_password`,
    ///                  `weak_password`, `breached_password`, and those of [Login#signIn]
    public SignedIn resetBySession(Project project, String password, SessionFields session) {
        SessionArgument argument = session.argument().orElseThrow(() -> ApiError.of(ErrorType.NO_SESSION_ARGUMENTS));
        UserSession running = sessions.find(project, argument);
        if (SandboxSession.is(running.session())) {
            return sandbox.signIn(project, session);
        }
        long oldest = world.millis() - SESSION_RESET_MILLIS_MAX;
        Check.that(running.session().factors().stream()
                .anyMatch(factor -> allowsReset(factor) && factor.lastAuthenticatedAt() >= oldest),
                ErrorType.SESSION_TOO_OLD_TO_RESET_PASSWORD);
        User user = running.user();
        check(project, password, inputs(user));
        String hash = hash(password);
        return login.signIn(project, session, Attributes.NONE, () -> {
            store(project, user.id(), hash);
            sessions.revokeOthers(project, user.id(), running.session().id(), Sessions.EndReason.PASSWORD_RESET);
            return proof(user);
        });
    }

    /// What [#migrate] did.
    public record Migrated(User user, String emailId, boolean created) { }

    /// Gives a user, who is made if there is none with this address, the password that another system hashed.
    ///
    /// @param wanted what a new user is made of; its phone number is added to one who is there already
    /// @param update what changes of a user who is there already
    /// @throws ApiError `password_already_exists`, `duplicate_phone_number`, those of [HashImport#read],
    ///                  [Users#create] and [Users#update]
    Migrated migrate(Project project, Users.NewUser wanted, Users.Update update, HashImport imported, boolean emailVerified,
                     boolean phoneVerified) {
        if (sandbox.owns(project, wanted.email())) {
            return new Migrated(SandboxSession.user(), SandboxSession.EMAIL_ID, true);
        }
        String hash = imported.read(hasher.memoryBudgetKib()).encoded();
        try {
            return database.transaction(() -> migrated(project, wanted, update, hash, emailVerified, phoneVerified));
        } catch (ApiError refused) {
            // Another call made the user between our look and our insert: then there is one now.
            if (refused.type() != ErrorType.DUPLICATE_EMAIL) {
                throw refused;
            }
            return database.transaction(() -> migrated(project, wanted, update, hash, emailVerified, phoneVerified));
        }
    }

    private Migrated migrated(Project project, Users.NewUser wanted, Users.Update update, String hash, boolean emailVerified,
                              boolean phoneVerified) {
        Optional<User> existing = users.findByEmail(project, wanted.email());
        User user = existing.isPresent() ? users.update(project, existing.get().id(), update) : users.create(project, wanted);
        Check.that(store.insert(project.id(), user.id(), Ids.PASSWORD.next(world, project.environment()), hash, world.millis()),
                ErrorType.PASSWORD_ALREADY_EXISTS);
        String emailId = user.factor(FactorKind.EMAIL, wanted.email()).orElseThrow().id();
        if (emailVerified) {
            users.proven(project, user.id(), emailId);
        }
        if (wanted.phoneNumber() != null) {
            UserFactor phone = user.factor(FactorKind.PHONE, wanted.phoneNumber())
                    .orElseGet(() -> users.addFactor(project, user.id(), FactorKind.PHONE, wanted.phoneNumber(), null));
            if (phoneVerified) {
                users.proven(project, user.id(), phone.id());
            }
        }
        return new Migrated(users.get(project, user.id()), emailId, existing.isEmpty());
    }

    /// What a password is worth in a project.
    ///
    /// @param breachesLookedUp whether the project asks for it and the server has a list
    /// @param breached         false when not looked up
    record Judgement(Strength strength, boolean breachesLookedUp, boolean breached) {
        boolean valid() {
            return strength.valid() && !breached;
        }
    }

    /// Judges a password as a new one is judged.
    Judgement judge(Project project, String password, List<String> inputs) {
        boolean lookUp = project.settings().passwords().breachCheckOnCreate() && breached.present();
        return new Judgement(Strength.of(project.settings().passwords(), password, inputs), lookUp,
                lookUp && breached.contains(password));
    }

    /// Refuses a new password that this project does not allow.
    ///
    /// @param inputs what an attacker would try first: see [#inputs]
    /// @throws ApiError `weak_password`, `breached_password`
    public void check(Project project, String password, List<String> inputs) {
        Judgement judgement = judge(project, password, inputs);
        Check.that(judgement.strength.valid(), ErrorType.WEAK_PASSWORD);
        Check.that(!judgement.breached, ErrorType.BREACHED_PASSWORD);
    }

    /// The hash of a new password, in the form that [#store] takes. Takes tens of milliseconds, so it is not for use inside
    /// a transaction.
    public String hash(String password) {
        return hasher.hash(password);
    }

    /// Sets the password of a user, who may have had one: it keeps its id, and needs no reset any more. Joins the
    /// transaction that is under way; ends no session.
    ///
    /// @param hash made by [#hash]
    public void store(Project project, String userId, String hash) {
        store.put(project.id(), userId, Ids.PASSWORD.next(world, project.environment()), hash, world.millis());
    }

    /// What an attacker would try first for this user: addresses and names.
    public static List<String> inputs(User user) {
        return inputs(user.factors(FactorKind.EMAIL).map(UserFactor::value).toList(), user.name());
    }

    private static List<String> inputs(List<String> emails, User.Name name) {
        User.Name known = name == null ? User.Name.NONE : name;
        return Stream.concat(emails.stream(), Stream.of(known.firstName(), known.middleName(), known.lastName())).toList();
    }

    @Override
    public void close() {
        hasher.close();
    }

    private User withEmail(Project project, String email) {
        return users.findByEmail(project, email).orElseThrow(() -> ApiError.of(ErrorType.EMAIL_NOT_FOUND));
    }

    /// The stored hash, if it is that of the given password and may be used. A wrong one is counted.
    private String verified(Project project, User user, String password, ErrorType refusal) {
        subjects.checkNotLocked(user.lock());
        PasswordStore.Stored stored = store.find(project.id(), user.id())
                .orElseThrow(() -> ApiError.of(ErrorType.NO_USER_PASSWORD));
        if (!hasher.matches(stored.hash(), password)) {
            subjects.failed(project, user.id());
            throw ApiError.of(refusal);
        }
        Check.that(!stored.requiresReset(), ErrorType.RESET_PASSWORD);
        return stored.hash();
    }

    /// Puts a hash in the place of the one that was checked. Also when both are the same, this locks the row: a change of
    /// the password at the same time waits, and then ends the session that begins here.
    private void replace(Project project, User user, String checked, String hash) {
        if (!store.replace(project.id(), user.id(), checked, hash)) {
            throw new HashChanged();
        }
    }

    /// Does it again when another call changed the hash between the check and the transaction. That can be another
    /// password, and then the second check refuses this one, or the same one hashed anew.
    private static SignedIn retried(Supplier<SignedIn> attempt) {
        for (int failures = 0; failures < ATTEMPTS_MAX; failures++) {
            try {
                return attempt.get();
            } catch (HashChanged again) {
                // Checked against the new hash in the next round.
            }
        }
        throw ApiError.of(ErrorType.PASSWORD_VALIDATION_TIMEOUT);
    }

    /// The hash that was checked is not the stored one any more.
    private static final class HashChanged extends RuntimeException {

        private static final long serialVersionUID = 1;

        HashChanged() {
            super(null, null, false, false);
        }
    }

    /// Looked at on each sign-in and not stored, so that a change of the policy or the list takes effect both ways.
    private void checkStillGood(Project project, User user, String password) {
        Settings.Passwords policy = project.settings().passwords();
        Check.that(!policy.breachCheckOnAuthenticate() || !breached.contains(password), ErrorType.RESET_PASSWORD);
        Check.that(!policy.checkStrengthOnAuthenticate() || Strength.of(policy, password, inputs(user)).valid(), ErrorType.RESET_PASSWORD);
    }

    private static boolean allowsReset(Factor factor) {
        return switch (factor.type()) {
            case "password" -> true;
            case "magic_link", "otp" -> factor.deliveryMethod().equals("email");
            default -> false;
        };
    }

    private Login.Proof proof(User user) {
        return new Login.Proof(user.id(), Factor.password(world.millis()));
    }
}
