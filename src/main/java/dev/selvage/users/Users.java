package dev.selvage.users;

import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.base.Times;
import dev.selvage.base.World;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.projects.Project;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The users of consumer projects: who they are, what they can prove, how they are found.
public final class Users {

    /// Letters, digits and `. _ - |`, at most 128. Source: `semantics.md` 2.
    private static final Pattern EXTERNAL_ID = Pattern.compile("[A-Za-z0-9._|-]{1,128}");

    private final UserStore store;
    private final Database database;
    private final World world;

    public Users(Database database, World world) {
        this.store = new UserStore(database);
        this.database = database;
        this.world = world;
    }

    /// What a new user is made of; all but one of email and phone may be null.
    ///
    /// @param pending whether the user stays pending until the first sign-in
    public record NewUser(String email, String phoneNumber, User.Name name, JsonNode trustedMetadata,
                          JsonNode untrustedMetadata, String externalId, List<String> roles, boolean pending) {

        /// A user of whom only an email address is known.
        public static NewUser withEmail(String email, boolean pending) {
            return new NewUser(email, null, null, null, null, null, null, pending);
        }
    }

    /// Makes a user.
    ///
    /// @throws ApiError `duplicate_email`, `duplicate_phone_number`, `duplicate_user_external_id`, and those of metadata
    ///                  and roles
    public User create(Project project, NewUser wanted) {
        ObjectNode trusted = Metadata.merge(Json.object(), wanted.trustedMetadata());
        ObjectNode untrusted = Metadata.merge(Json.object(), wanted.untrustedMetadata());
        String externalId = externalId(wanted.externalId());
        List<String> roles = roles(project, wanted.roles());
        return database.transaction(() -> {
            long now = world.millis();
            List<UserFactor> factors = new ArrayList<>();
            User bare = new User(Ids.USER.next(world, project.environment()),
                    wanted.pending() ? User.Status.PENDING : User.Status.ACTIVE,
                    wanted.name() == null ? User.Name.NONE : wanted.name(), List.of(), null, trusted, untrusted, externalId,
                    roles, null, 0, now);
            Check.that(store.insert(project.id(), bare), ErrorType.DUPLICATE_USER_EXTERNAL_ID);
            if (wanted.email() != null) {
                factors.add(addFactor(project, bare.id(), FactorKind.EMAIL, wanted.email(), null));
            }
            if (wanted.phoneNumber() != null) {
                factors.add(addFactor(project, bare.id(), FactorKind.PHONE, wanted.phoneNumber(), null));
            }
            return UserStore.withFactors(bare, factors);
        });
    }

    /// Adds an unverified email or phone number.
    ///
    /// @param expiresAt when it goes unless it is verified before, in milliseconds; null: never
    /// @throws ApiError `duplicate_email`, `duplicate_phone_number`
    public UserFactor addFactor(Project project, String userId, FactorKind kind, String value, Long expiresAt) {
        boolean email = kind == FactorKind.EMAIL;
        UserFactor factor = new UserFactor((email ? Ids.EMAIL : Ids.PHONE).next(world, project.environment()), kind, value,
                false, Json.object(), world.millis(), expiresAt);
        Check.that(store.insertFactor(project.id(), userId, factor),
                email ? ErrorType.DUPLICATE_EMAIL : ErrorType.DUPLICATE_PHONE_NUMBER);
        return factor;
    }

    /// Records that the user has proven a factor: it is verified, and the user active.
    public void proven(Project project, String userId, String factorId) {
        database.change(handle -> {
            store.verifyFactor(project.id(), factorId);
            store.activate(project.id(), userId);
        });
    }

    /// The user of a Stytch id or an external id.
    ///
    /// @throws ApiError `invalid_user_id` for what can be neither, `…_id_used_in_…_environment`, `user_not_found`
    public User get(Project project, String userId) {
        return find(project, userId).orElseThrow(() -> ApiError.of(ErrorType.USER_NOT_FOUND));
    }

    /// As [#get], empty when there is none.
    public Optional<User> find(Project project, String userId) {
        checkId(project, userId);
        long now = world.millis();
        return Ids.USER.matches(userId)
                ? store.find(project.id(), userId, now)
                : store.findByExternalId(project.id(), userId, now);
    }

    /// The user who has this address, verified or not.
    public Optional<User> findByEmail(Project project, String email) {
        return store.findByFactor(project.id(), FactorKind.EMAIL, email, world.millis());
    }

    /// Refuses a user whom too many failures have locked.
    ///
    /// @throws ApiError `user_lock_limit_reached` with the time until the lock ends
    public void checkNotLocked(User user) {
        if (user.lock() != null) {
            throw ApiError.tooMany(ErrorType.USER_LOCK_LIMIT_REACHED,
                    (user.lock().expiresAt() - world.millis()) / Times.SECOND_MILLIS + 1);
        }
    }

    /// A success: failures are forgotten.
    public void signedIn(Project project, User user) {
        if (user.failedAttempts() > 0) {
            store.clearFailures(project.id(), user.id());
        }
    }

    /// A failure: counted, and the user locked when there are too many in a row. Counted in the store, so that it holds
    /// across nodes.
    public void failed(Project project, User user) {
        long now = world.millis();
        var lock = project.settings().userLock();
        store.countFailure(project.id(), user.id(), lock.threshold(), now, now + lock.minutes() * Times.MINUTE_MILLIS);
    }

    /// Refuses what can be neither an id nor an external id (`open-questions.md` 10, 11).
    public static void checkId(Project project, String userId) {
        Check.that(userId != null && EXTERNAL_ID.matcher(userId).matches(), ErrorType.INVALID_USER_ID);
        if (Ids.USER.claims(userId)) {
            checkId(project, Ids.USER, userId, ErrorType.INVALID_USER_ID);
        }
    }

    /// Refuses what is no id of this kind, or one of the other environment.
    public static void checkId(Project project, Ids kind, String id, ErrorType malformed) {
        Check.that(kind.matches(id), malformed);
        if (!kind.claims(id, project.environment())) {
            throw ApiError.of(switch (project.environment()) {
                case TEST -> ErrorType.LIVE_ID_USED_IN_TEST_ENVIRONMENT;
                case LIVE -> ErrorType.TEST_ID_USED_IN_LIVE_ENVIRONMENT;
            });
        }
    }

    private static String externalId(String given) {
        if (given == null || given.isEmpty()) {
            return null;
        }
        Check.that(EXTERNAL_ID.matcher(given).matches() && !Ids.looksLikeOne(given), ErrorType.INVALID_USER_ID);
        return given;
    }

    private static List<String> roles(Project project, List<String> given) {
        if (given == null) {
            return List.of();
        }
        for (String role : given) {
            boolean known = User.DEFAULT_ROLE.equals(role)
                    || project.settings().rbac().roles().stream().anyMatch(defined -> defined.roleId().equals(role));
            Check.that(known, ErrorType.INVALID_RBAC_ROLE_ID);
        }
        return given.stream().filter(role -> !role.equals(User.DEFAULT_ROLE)).distinct().toList();
    }
}
