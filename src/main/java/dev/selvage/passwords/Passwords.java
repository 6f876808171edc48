package dev.selvage.passwords;

import dev.selvage.Config;
import dev.selvage.base.Ids;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.login.Login;
import dev.selvage.login.SignedIn;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.SessionFields;
import dev.selvage.users.User;
import dev.selvage.users.Users;
import java.util.List;

/// Passwords: what they must be, how they are checked and changed, and what a change does to sessions.
public final class Passwords implements AutoCloseable {

    private final PasswordStore store;
    private final Hasher hasher;
    private final Users users;
    private final Login login;
    private final World world;

    public Passwords(Config.Hashing costs, Users users, Login login, Database database, World world) {
        this.store = new PasswordStore(database);
        this.hasher = new Hasher(costs, world);
        this.users = users;
        this.login = login;
        this.world = world;
    }

    /// Makes a user with a password and signs the user in.
    ///
    /// @throws ApiError `weak_password`, `duplicate_email`, and those of [Users#create] and [Login#signIn]
    public SignedIn create(Project project, Users.NewUser wanted, String password, SessionFields session) {
        check(project, password, inputs(wanted.email(), wanted.name()));
        Check.that(users.findByEmail(project, wanted.email()).isEmpty(), ErrorType.DUPLICATE_EMAIL);
        String hash = hash(password);
        return login.signIn(project, session, Attributes.NONE, () -> {
            User user = users.create(project, wanted);
            store.insert(project.id(), user.id(), Ids.PASSWORD.next(world, project.environment()), hash, world.millis());
            return new Login.Proof(user.id(), Factor.password(world.millis()));
        });
    }

    /// Signs in by a password.
    ///
    /// @throws ApiError `email_not_found`, `no_user_password`, `unauthorized_credentials`, `reset_password`,
    ///                  `user_lock_limit_reached`, and those of [Login#signIn]
    public SignedIn authenticate(Project project, String email, String password, SessionFields session) {
        User user = users.findByEmail(project, email).orElseThrow(() -> ApiError.of(ErrorType.EMAIL_NOT_FOUND));
        String hash = verify(project, user, password, ErrorType.UNAUTHORIZED_CREDENTIALS).hash();
        String newHash = hasher.outdated(hash) ? hash(password) : hash;
        return login.signIn(project, session, Attributes.NONE, () -> {
            // Also locks the row, so that a reset at the same time ends the session that begins here.
            Check.that(store.replace(project.id(), user.id(), hash, newHash), ErrorType.UNAUTHORIZED_CREDENTIALS);
            return new Login.Proof(user.id(), Factor.password(world.millis()));
        });
    }

    /// Refuses a password that this project does not allow.
    ///
    /// @param inputs what an attacker would try first: the address, the name; may hold nulls
    /// @throws ApiError `weak_password`
    public void check(Project project, String password, List<String> inputs) {
        Check.that(Strength.of(project.settings().passwords(), password, inputs).valid(), ErrorType.WEAK_PASSWORD);
    }

    /// The hash of a new password, in the form that [#store] takes. Takes tens of milliseconds; not for use inside a
    /// transaction.
    public String hash(String password) {
        return hasher.hash(password);
    }

    /// Sets the password of a user, who may have had one: it keeps its id and needs no reset any more. Ends no session.
    public void store(Project project, String userId, String hash) {
        store.put(project.id(), userId, Ids.PASSWORD.next(world, project.environment()), hash, world.millis());
    }

    /// Lets the user's password, if there is one, sign nobody in until it is reset. Ends no session.
    public void requireReset(Project project, String userId) {
        store.requireReset(project.id(), userId);
    }

    /// What an attacker would try first for this user.
    public static List<String> inputs(String email, User.Name name) {
        return name == null ? List.of(email) : List.of(email, name.firstName(), name.middleName(), name.lastName());
    }

    @Override
    public void close() {
        hasher.close();
    }

    /// The stored password, if the given one is it and may be used.
    private PasswordStore.Stored verify(Project project, User user, String password, ErrorType refusal) {
        users.checkNotLocked(user);
        PasswordStore.Stored stored = store.find(project.id(), user.id())
                .orElseThrow(() -> ApiError.of(ErrorType.NO_USER_PASSWORD));
        if (!hasher.matches(stored.hash(), password)) {
            users.failed(project, user);
            throw ApiError.of(refusal);
        }
        Check.that(!stored.requiresReset(), ErrorType.RESET_PASSWORD);
        return stored;
    }
}
