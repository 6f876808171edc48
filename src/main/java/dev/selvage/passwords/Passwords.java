package dev.selvage.passwords;

import dev.selvage.accounts.PriorAccess;
import dev.selvage.accounts.UserAddresses;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.PasswordErrors;
import dev.selvage.error.ProjectErrors;
import dev.selvage.error.SessionErrors;
import dev.selvage.error.UserErrors;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.UserSession;
import dev.selvage.signin.Proof;
import dev.selvage.signin.Sandbox;
import dev.selvage.signin.UserSignIn;
import dev.selvage.signin.UserSignInRequest;
import dev.selvage.signin.UserSignedIn;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.users.FactorKind;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import dev.selvage.users.Users;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The passwords of users. A change of a password ends sessions in the same transaction. Calls about the
/// sandbox user succeed with any password and change nothing (`semantics.md` 14).
public final class Passwords {

    private final StoredPasswords stored;
    private final SubjectStore subjects;
    private final Users users;
    private final UserSignIn signIn;
    private final UserAddresses addresses;
    private final PriorAccess priorAccess;
    private final Sandbox sandbox;
    private final Database database;
    private final ClockAndRandom clock;

    public Passwords(
            StoredPasswords stored,
            SubjectStore subjects,
            Users users,
            UserSignIn signIn,
            UserAddresses addresses,
            PriorAccess priorAccess,
            Sandbox sandbox,
            Database database,
            ClockAndRandom clock) {
        this.stored = stored;
        this.subjects = subjects;
        this.users = users;
        this.signIn = signIn;
        this.addresses = addresses;
        this.priorAccess = priorAccess;
        this.sandbox = sandbox;
        this.database = database;
        this.clock = clock;
    }

    /// Creates a user with a password and signs the user in.
    ///
    /// @throws ApiError `weak_password`, `breached_password`, `duplicate_email` even if the existing user has
    ///                  no password, and those of [Users#create] and [UserSignIn#signIn]
    public UserSignedIn create(Project project, Users.NewUser newUser, String password, UserSignInRequest request) {
        EmailAddress email = Objects.requireNonNull(newUser.email());
        stored.check(project, password, inputs(List.of(email.value()), newUser.name()));
        Check.that(users.findByEmail(project, email).isEmpty(), UserErrors.DUPLICATE_EMAIL);
        String hash = stored.hash(password);
        return signIn.signIn(project, request, () -> {
                    User user = users.create(project, newUser);
                    stored.put(project, user.id(), hash);
                    return proof(user);
                })
                .outcome();
    }

    /// Signs in with a password. Replaces a hash of another algorithm or of lower cost.
    ///
    /// @throws ApiError `email_not_found`, `no_user_password`, `unauthorized_credentials`,
    ///                  `user_lock_limit_reached`, `reset_password` if the password is correct but must be
    ///                  reset, and those of [UserSignIn#signIn]
    public UserSignedIn authenticate(Project project, EmailAddress email, String password, UserSignInRequest request) {
        User user = withEmail(project, email);
        return stored.verify(project, attempt(user, password, ProjectErrors.UNAUTHORIZED_CREDENTIALS), checked -> {
            checked.checkStillAllowed(inputs(user));
            String hash = checked.upToDateHash();
            return signIn.signIn(project, request, () -> {
                        checked.replaceHash(hash);
                        return proof(user);
                    })
                    .outcome();
        });
    }

    /// Changes a password with the existing one. Older sessions, links and codes of the user end
    /// ([PriorAccess#revokeAtPasswordReset]), including the session in the request. A new session starts if the
    /// request contains a duration (`semantics.md` 8).
    ///
    /// @throws ApiError `email_not_found`, `no_user_password`, `password_does_not_match`,
    ///                  `user_lock_limit_reached`, `reset_password`, `weak_password`, `breached_password`, and
    ///                  those of [UserSignIn#signIn]
    public UserSignedIn resetByPassword(
            Project project, EmailAddress email, String existing, String password, UserSignInRequest request) {
        User user = withEmail(project, email);
        stored.check(project, password, inputs(user));
        return stored.verify(project, attempt(user, existing, PasswordErrors.PASSWORD_DOES_NOT_MATCH), checked -> {
            String hash = stored.hash(password);
            return signIn.signIn(project, request.withoutSession(), () -> {
                        checked.replaceHash(hash);
                        priorAccess.revokeAtPasswordReset(project, user.id(), PriorAccess.KeptSessions.NONE);
                        return proof(user);
                    })
                    .outcome();
        });
    }

    /// Sets a first or new password with a session that was authenticated in the last 5 minutes. Other older
    /// sessions, links and codes of the user end ([PriorAccess#revokeAtPasswordReset]). This session gets the
    /// password as a factor.
    ///
    /// @throws ApiError `no_session_arguments`, `session_too_old_to_reset_password`, `weak_password`,
    ///                  `breached_password`, and those of [UserSignIn#signIn]
    public UserSignedIn resetBySession(Project project, String password, UserSignInRequest request) {
        UserSession running = request.running().orElseThrow(() -> ApiError.of(SessionErrors.NO_SESSION_ARGUMENTS));
        // No SandboxGuard: the session that the request resolved tells whether it is the sandbox, and a guard
        // would read it a second time.
        if (SandboxSession.is(running.session())) {
            return sandbox.signIn(project, request);
        }
        stored.checkFresh(running.session(), factor -> factor.kind().allowsPasswordReset());
        User user = running.user();
        stored.check(project, password, inputs(user));
        String hash = stored.hash(password);
        return signIn.signIn(project, request, () -> {
                    stored.put(project, user.id(), hash);
                    priorAccess.revokeAtPasswordReset(
                            project,
                            user.id(),
                            PriorAccess.KeptSessions.session(running.session().id()));
                    return proof(user);
                })
                .outcome();
    }

    /// The result of [#migrate].
    ///
    /// @param created whether the user is new
    public record Migrated(User user, String emailId, boolean created) {}

    /// Imports a password hash from another system for a user. Creates the user if none has this address.
    ///
    /// @param newUser the data of a new user; an existing user gets its phone number
    /// @param update the changes of an existing user
    /// @throws ApiError `password_already_exists`, `duplicate_phone_number`, those of [HashImport#read],
    ///                  [Users#create] and [Users#update]
    public Migrated migrate(
            Project project,
            Users.NewUser newUser,
            Users.Update update,
            HashImport imported,
            boolean emailVerified,
            boolean phoneVerified) {
        String hash = stored.imported(imported);
        return database.transaction(
                UserErrors.DUPLICATE_EMAIL,
                () -> migrated(project, newUser, update, hash, emailVerified, phoneVerified));
    }

    private Migrated migrated(
            Project project,
            Users.NewUser newUser,
            Users.Update update,
            String hash,
            boolean emailVerified,
            boolean phoneVerified) {
        EmailAddress email = Objects.requireNonNull(newUser.email());
        Optional<User> existing = users.findByEmail(project, email);
        User user = existing.isPresent()
                ? users.update(project, existing.get().id(), update)
                : users.create(project, newUser);
        String emailId = user.factor(email).orElseThrow().id();
        if (emailVerified) {
            addresses.prove(project, user, emailId, PriorAccess.KeptSessions.NONE);
        }
        Check.that(stored.insert(project, user.id(), hash), PasswordErrors.PASSWORD_ALREADY_EXISTS);
        PhoneNumber number = newUser.phoneNumber();
        if (number != null) {
            UserFactor phone = user.factor(number).orElseGet(() -> users.addFactor(project, user.id(), number, null));
            if (phoneVerified) {
                users.proven(project, user.id(), phone.id());
            }
        }
        return new Migrated(users.get(project, user.id()), emailId, existing.isEmpty());
    }

    /// Returns the texts that an attacker would guess first for this user: addresses and names.
    public static List<String> inputs(User user) {
        return inputs(user.factors(FactorKind.EMAIL).map(UserFactor::value).toList(), user.name());
    }

    private static List<String> inputs(List<String> emails, User.@Nullable Name name) {
        User.Name known = name == null ? User.Name.NONE : name;
        return Stream.concat(emails.stream(), Stream.of(known.firstName(), known.middleName(), known.lastName()))
                .toList();
    }

    private User withEmail(Project project, EmailAddress email) {
        return users.findByEmail(project, email).orElseThrow(() -> ApiError.of(UserErrors.EMAIL_NOT_FOUND));
    }

    /// @throws ApiError `user_lock_limit_reached`
    private StoredPasswords.Attempt attempt(User user, String password, ErrorType wrong) {
        subjects.checkNotLocked(user.failures().lock());
        return new StoredPasswords.Attempt(
                user.id(), user.id(), password, wrong, UserErrors.NO_USER_PASSWORD, PasswordErrors.RESET_PASSWORD);
    }

    private Proof<Factor> proof(User user) {
        return Proof.of(user.id(), Factor.password(clock.millis()));
    }
}
