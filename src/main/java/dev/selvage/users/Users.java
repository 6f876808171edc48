package dev.selvage.users;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Ids;
import dev.selvage.base.Json;
import dev.selvage.contacts.Contact;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.PasswordErrors;
import dev.selvage.error.RbacErrors;
import dev.selvage.error.UserErrors;
import dev.selvage.projects.Policy;
import dev.selvage.projects.Project;
import dev.selvage.rbac.Policies;
import dev.selvage.subjects.SubjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The users of consumer projects: creation, changes, factors and lookup.
public final class Users {

    /// How many email addresses of one user may wait for verification.
    private static final int WAITING_EMAILS_MAX = 5;

    private final UserStore store;
    private final SubjectStore subjects;
    private final PathIds pathIds;
    private final Database database;
    private final ClockAndRandom clock;

    public Users(SubjectStore subjects, PathIds pathIds, Database database, ClockAndRandom clock) {
        this.store = new UserStore(database, subjects);
        this.subjects = subjects;
        this.pathIds = pathIds;
        this.database = database;
        this.clock = clock;
    }

    /// The data of a new user. Every reference may be null; [#create] does not require an email or a phone
    /// number.
    ///
    /// @param pending whether the user stays pending until the first sign-in
    public record NewUser(
            @Nullable EmailAddress email,
            @Nullable PhoneNumber phoneNumber,
            User.@Nullable Name name,
            @Nullable JsonNode trustedMetadata,
            @Nullable JsonNode untrustedMetadata,
            @Nullable String externalId,
            @Nullable List<String> roles,
            boolean pending) {

        /// Returns the data of a user with an email address only.
        public static NewUser withEmail(EmailAddress email, boolean pending) {
            return new NewUser(email, null, null, null, null, null, null, pending);
        }
    }

    /// A change of a user; null keeps the current value. As everywhere in this API, null and absent mean the
    /// same (`open-questions.md` 14). Only [#deleteExternalId] removes an external id.
    ///
    /// @param roles all explicit roles after the change; an empty list removes all
    public record Update(
            Names.@Nullable Parts name,
            @Nullable JsonNode trustedMetadata,
            @Nullable JsonNode untrustedMetadata,
            @Nullable String externalId,
            @Nullable List<String> roles) {}

    /// Creates a user.
    ///
    /// @throws ApiError `duplicate_email`, `duplicate_phone_number`, `duplicate_user_external_id`, and those
    ///                  of names, metadata and roles
    public User create(Project project, NewUser wanted) {
        User.Name name = wanted.name() == null ? User.Name.NONE : Names.check(wanted.name());
        ObjectNode trusted = Metadata.merge(Json.object(), wanted.trustedMetadata());
        ObjectNode untrusted = Metadata.merge(Json.object(), wanted.untrustedMetadata());
        Optional<String> externalId = parseExternalId(wanted.externalId());
        pathIds.check(externalId, null, "external_id", UserErrors.INVALID_USER_ID);
        List<String> roles = roles(project, wanted.roles());
        return database.transaction(() -> {
            long now = clock.millis();
            List<UserFactor> factors = new ArrayList<>();
            User bare = new User(
                    Ids.USER.next(clock, project.environment()),
                    wanted.pending() ? User.Status.PENDING : User.Status.ACTIVE,
                    new User.Profile(name, externalId.orElse(null), trusted, untrusted),
                    List.of(),
                    null,
                    roles,
                    SubjectStore.Failures.NONE,
                    now);
            Check.that(store.insert(project.id(), bare), UserErrors.DUPLICATE_USER_EXTERNAL_ID);
            if (wanted.email() != null) {
                factors.add(addFactor(project, bare.id(), wanted.email(), null));
            }
            if (wanted.phoneNumber() != null) {
                factors.add(addFactor(project, bare.id(), wanted.phoneNumber(), null));
            }
            return bare.withFactors(factors);
        });
    }

    /// Changes a user. The user is locked, so that each of several concurrent changes merges into the result
    /// of the one before.
    ///
    /// @throws ApiError `user_not_found`, `duplicate_user_external_id`, and those of names, metadata and roles
    public User update(Project project, String userId, Update update) {
        Optional<String> externalId = parseExternalId(update.externalId());
        List<String> roles = update.roles() == null ? null : roles(project, update.roles());
        return database.transaction(() -> {
            User before = locked(project, userId);
            pathIds.check(externalId, before.externalId(), "external_id", UserErrors.INVALID_USER_ID);
            User.Profile profile = before.profile();
            User after = before.withProfile(new User.Profile(
                            update.name() == null
                                    ? profile.name()
                                    : update.name().over(profile.name()),
                            externalId.orElse(profile.externalId()),
                            Metadata.merge(profile.trustedMetadata(), update.trustedMetadata()),
                            Metadata.merge(profile.untrustedMetadata(), update.untrustedMetadata())))
                    .withRoles(roles == null ? before.roles() : roles);
            Check.that(
                    store.changeExternalId(project.id(), after.id(), before.externalId(), after.externalId()),
                    UserErrors.DUPLICATE_USER_EXTERNAL_ID);
            store.update(project.id(), after);
            return after;
        });
    }

    /// Deletes the external id of a user, if there is one. It can be used again at once.
    ///
    /// @throws ApiError `user_not_found`
    public User deleteExternalId(Project project, String userId) {
        return database.transaction(() -> {
            User before = locked(project, userId);
            User.Profile profile = before.profile();
            User after = before.withProfile(
                    new User.Profile(profile.name(), null, profile.trustedMetadata(), profile.untrustedMetadata()));
            store.changeExternalId(project.id(), after.id(), before.externalId(), null);
            store.update(project.id(), after);
            return after;
        });
    }

    /// Deletes a user and all dependent data: sessions, factors, password, links. Returns the Stytch id.
    ///
    /// @throws ApiError `user_not_found`
    public String delete(Project project, String userId) {
        String id = get(project, userId).id();
        return database.transaction(() -> {
            Check.that(subjects.delete(project.id(), id), UserErrors.USER_NOT_FOUND);
            store.forgetAll(project.id(), id);
            return id;
        });
    }

    /// Deletes a factor. Sessions that were started with it are kept (`open-questions.md` 20).
    ///
    /// A user keeps at least one email, phone number or OAuth registration. A factor that expires unless it is
    /// verified does not count. The user is locked, so that two concurrent calls cannot delete the last two.
    ///
    /// @throws ApiError `invalid_…_id`, `…_not_found`, `cannot_delete_last_primary_factor`
    public User deleteFactor(Project project, FactorKind kind, String factorId) {
        project.checkId(kind.ids(), factorId, kind.malformed());
        return database.transaction(() -> {
            String ownerId = store.ownerOf(project.id(), kind, factorId).orElseThrow(() -> ApiError.of(kind.unknown()));
            Check.that(subjects.lockRow(project.id(), ownerId), kind.unknown());
            User owner =
                    store.find(project.id(), ownerId, clock.millis()).orElseThrow(() -> ApiError.of(kind.unknown()));
            Check.that(owner.factor(factorId).isPresent(), kind.unknown());
            Check.that(
                    !kind.primary()
                            || owner.primaryFactors().stream()
                                    .anyMatch(other -> !other.id().equals(factorId) && other.expiresAt() == null),
                    UserErrors.CANNOT_DELETE_LAST_PRIMARY_FACTOR);
            store.deleteFactor(project.id(), ownerId, owner.factor(factorId).orElseThrow());
            return owner.withFactors(owner.factors().stream()
                    .filter(factor -> !factor.id().equals(factorId))
                    .toList());
        });
    }

    /// Deletes a password. Sessions that were started with it are kept.
    ///
    /// @throws ApiError `invalid_password_id`, `password_not_found`
    public User deletePassword(Project project, String passwordId) {
        project.checkId(Ids.PASSWORD, passwordId, PasswordErrors.INVALID_PASSWORD_ID);
        return database.transaction(() -> store.deletePassword(project.id(), passwordId)
                .flatMap(userId -> store.find(project.id(), userId, clock.millis()))
                .orElseThrow(() -> ApiError.of(PasswordErrors.PASSWORD_NOT_FOUND)));
    }

    /// Replaces the only primary factor of a user with an unverified email or phone number. The kind may
    /// change, but an OAuth registration cannot be replaced. Password, TOTP and other registrations do not
    /// count.
    ///
    /// @throws ApiError `user_not_found`, `invalid_exchange_primary_factor_user`, `duplicate_email`,
    ///                  `duplicate_phone_number`, `duplicate_email_for_user`,
    ///                  `duplicate_phone_number_for_user`
    public User exchangePrimaryFactor(Project project, String userId, Contact contact) {
        return database.transaction(() -> {
            User user = locked(project, userId);
            List<UserFactor> primary = user.primaryFactors();
            Check.that(
                    primary.size() == 1 && primary.getFirst().kind() != FactorKind.OAUTH,
                    UserErrors.INVALID_EXCHANGE_PRIMARY_FACTOR_USER);
            Check.that(
                    user.factor(contact).isEmpty(),
                    contact instanceof EmailAddress
                            ? UserErrors.DUPLICATE_EMAIL_FOR_USER
                            : UserErrors.DUPLICATE_PHONE_NUMBER_FOR_USER);
            store.deleteFactor(project.id(), user.id(), primary.getFirst());
            List<UserFactor> factors = new ArrayList<>(user.factors());
            factors.remove(primary.getFirst());
            factors.add(addFactor(project, user.id(), contact, null));
            return user.withFactors(factors);
        });
    }

    /// The number of users in the project.
    public long count(Project project) {
        return store.count(project.id());
    }

    /// Adds an unverified email or phone number.
    ///
    /// @param expiresAt when it expires unless it is verified before, in milliseconds; null for never
    /// @throws ApiError `duplicate_email`, `duplicate_phone_number`
    public UserFactor addFactor(Project project, String userId, Contact contact, @Nullable Long expiresAt) {
        FactorKind kind = FactorKind.of(contact);
        UserFactor factor = new UserFactor(
                kind.ids().next(clock, project.environment()),
                kind,
                contact.value(),
                false,
                Json.object(),
                clock.millis(),
                expiresAt);
        Check.that(
                store.insertFactor(project.id(), userId, factor),
                kind == FactorKind.EMAIL ? UserErrors.DUPLICATE_EMAIL : UserErrors.DUPLICATE_PHONE_NUMBER);
        return factor;
    }

    /// Adds an unverified email address that expires at `expiresAt` unless it is verified before. If the
    /// address already waits for verification, only its time changes.
    ///
    /// @param expiresAt milliseconds
    /// @throws ApiError `duplicate_email`, `too_many_unverified_factors`
    public UserFactor addEmailUntil(Project project, String userId, EmailAddress email, long expiresAt) {
        return database.transaction(() -> {
            boolean waits =
                    store.prolong(project.id(), userId, FactorKind.EMAIL, email.value(), expiresAt, clock.millis());
            User user = get(project, userId);
            if (waits) {
                return user.factor(email).orElseThrow();
            }
            Check.that(
                    user.factors(FactorKind.EMAIL)
                                    .filter(factor -> factor.expiresAt() != null)
                                    .count()
                            < WAITING_EMAILS_MAX,
                    UserErrors.TOO_MANY_UNVERIFIED_FACTORS);
            return addFactor(project, userId, email, expiresAt);
        });
    }

    /// Deletes other email addresses of a user that has now verified this one. The caller has locked the user.
    /// Deleted are the addresses that wait for verification, and the verified ones: another person may have
    /// verified them in the meantime. Returns whether a verified address was deleted.
    public boolean keepEmail(Project project, User user, String emailId) {
        List<UserFactor> others = user.factors(FactorKind.EMAIL)
                .filter(other -> !other.id().equals(emailId) && (other.verified() || other.expiresAt() != null))
                .toList();
        others.forEach(other -> store.deleteFactor(project.id(), user.id(), other));
        return others.stream().anyMatch(UserFactor::verified);
    }

    /// Sets a pending user to active after a proof that is not a factor.
    public void activate(Project project, String userId) {
        store.activate(project.id(), userId);
    }

    /// Records that the user has verified a factor. The factor becomes verified and the user active.
    public void proven(Project project, String userId, String factorId) {
        database.transaction(() -> {
            store.verifyFactor(project.id(), userId, factorId);
            store.activate(project.id(), userId);
        });
    }

    /// Returns the user with a Stytch id or an external id.
    ///
    /// @throws ApiError `invalid_user_id` for a text that can be neither, `…_id_used_in_…_environment`,
    ///                  `user_not_found`
    public User get(Project project, String userId) {
        return find(project, userId).orElseThrow(() -> ApiError.of(UserErrors.USER_NOT_FOUND));
    }

    /// As [#get]; empty if the user does not exist.
    public Optional<User> find(Project project, String userId) {
        checkId(project, userId);
        long now = clock.millis();
        return Ids.USER.matches(userId)
                ? store.find(project.id(), userId, now)
                : store.findByExternalId(project.id(), userId, now);
    }

    /// The user with this email address, verified or not; empty while the address waits for verification.
    public Optional<User> findByEmail(Project project, EmailAddress email) {
        return store.findByFactor(project.id(), FactorKind.EMAIL, email.value(), clock.millis());
    }

    /// Records a successful sign-in: resets the failures and sets a pending user to active. Returns the user;
    /// its status is the new one.
    public User signedIn(Project project, User user) {
        if (user.failures().count() > 0) {
            subjects.recordSuccess(project.id(), user.id());
        }
        if (user.status() == User.Status.ACTIVE) {
            return user;
        }
        store.activate(project.id(), user.id());
        return get(project, user.id());
    }

    /// Refuses a text that can be neither an id nor an external id, and an id of the other environment. A text
    /// that only begins like an id is treated as an external id that no user has (`open-questions.md` 10, 11).
    public static void checkId(Project project, String userId) {
        Check.that(Ids.isKey(userId), UserErrors.INVALID_USER_ID);
        if (Ids.USER.matches(userId)) {
            project.checkId(Ids.USER, userId, UserErrors.INVALID_USER_ID);
        }
    }

    /// Locks a user until the current transaction ends, and returns it.
    ///
    /// @throws ApiError those of [#get]
    public User locked(Project project, String userId) {
        checkId(project, userId);
        String id = Ids.USER.matches(userId) ? userId : get(project, userId).id();
        Check.that(subjects.lockRow(project.id(), id), UserErrors.USER_NOT_FOUND);
        return store.find(project.id(), id, clock.millis()).orElseThrow(() -> ApiError.of(UserErrors.USER_NOT_FOUND));
    }

    private static Optional<String> parseExternalId(@Nullable String given) {
        if (!Check.isGiven(given)) {
            return Optional.empty();
        }
        Check.that(Ids.isExternal(given), UserErrors.INVALID_USER_ID);
        return Optional.of(given);
    }

    private static List<String> roles(Project project, @Nullable List<String> given) {
        if (given == null) {
            return List.of();
        }
        Policies.checkBounds(given);
        for (String role : given) {
            boolean known = User.DEFAULT_ROLE.equals(role)
                    || project.settings().rbac().roles().stream()
                            .anyMatch(defined -> defined.roleId().equals(role));
            if (!known) {
                throw ApiError.bySetting(
                        RbacErrors.INVALID_RBAC_ROLE_ID,
                        role,
                        Stream.concat(
                                        Stream.of(User.DEFAULT_ROLE),
                                        project.settings().rbac().roles().stream()
                                                .map(Policy.Role::roleId))
                                .distinct()
                                .toList());
            }
        }
        return given.stream()
                .filter(role -> !role.equals(User.DEFAULT_ROLE))
                .distinct()
                .toList();
    }
}
