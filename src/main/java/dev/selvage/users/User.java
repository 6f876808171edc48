package dev.selvage.users;

import dev.selvage.contacts.Contact;
import dev.selvage.subjects.SubjectStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A user of a consumer project.
///
/// @param id        `user-<test|live>-<uuid>`
/// @param factors   in the order in which they were added
/// @param password  null for none
/// @param roles     explicit roles; every user also has [#DEFAULT_ROLE]
/// @param failures  failed attempts to sign in since the last success
/// @param createdAt milliseconds
public record User(
        String id,
        Status status,
        Profile profile,
        List<UserFactor> factors,
        @Nullable Password password,
        List<String> roles,
        SubjectStore.Failures failures,
        long createdAt) {

    /// The role that every user has (`semantics.md` 7).
    public static final String DEFAULT_ROLE = "stytch_user";

    /// The status of a user. A user that is created as pending becomes active at the first sign-in.
    public enum Status {
        PENDING,
        ACTIVE
    }

    /// The data of the application about the user.
    ///
    /// @param externalId        the application's own id, usable wherever `user_id` is; null if not set
    /// @param trustedMetadata   written by the backend only
    /// @param untrustedMetadata may also be written by a frontend
    public record Profile(
            Name name, @Nullable String externalId, ObjectNode trustedMetadata, ObjectNode untrustedMetadata) {}

    /// The name of a user in three parts. A part that is not known is empty.
    public record Name(String firstName, String middleName, String lastName) {

        public static final Name NONE = new Name("", "", "");

        public Name {
            firstName = firstName == null ? "" : firstName;
            middleName = middleName == null ? "" : middleName;
            lastName = lastName == null ? "" : lastName;
        }

        /// The known parts, separated by a space.
        public String full() {
            return Stream.of(firstName, middleName, lastName)
                    .filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(" "));
        }
    }

    /// The id and state of a password, without its hash.
    public record Password(String id, boolean requiresReset) {}

    /// The name; parts that are not known are empty.
    public Name name() {
        return profile.name();
    }

    /// The application's own id; null if not set.
    public @Nullable String externalId() {
        return profile.externalId();
    }

    /// Returns the user with these factors.
    public User withFactors(List<UserFactor> factors) {
        return new User(id, status, profile, List.copyOf(factors), password, roles, failures, createdAt);
    }

    User withProfile(Profile profile) {
        return new User(id, status, profile, factors, password, roles, failures, createdAt);
    }

    User withRoles(List<String> roles) {
        return new User(id, status, profile, factors, password, roles, failures, createdAt);
    }

    /// The default role and the explicit roles.
    public List<String> allRoles() {
        return withDefaultRole(roles);
    }

    /// Returns the default role and these explicit roles.
    public static List<String> withDefaultRole(List<String> explicit) {
        return Stream.concat(Stream.of(DEFAULT_ROLE), explicit.stream().filter(role -> !role.equals(DEFAULT_ROLE)))
                .toList();
    }

    /// The factors of this kind.
    public Stream<UserFactor> factors(FactorKind kind) {
        return factors.stream().filter(factor -> factor.kind() == kind);
    }

    /// The emails, phone numbers and OAuth registrations.
    public List<UserFactor> primaryFactors() {
        return factors.stream().filter(factor -> factor.kind().primary()).toList();
    }

    /// The factor of this kind and value.
    public Optional<UserFactor> factor(FactorKind kind, String value) {
        return factors(kind).filter(factor -> factor.value().equals(value)).findFirst();
    }

    /// The factor of this email address or phone number.
    public Optional<UserFactor> factor(Contact contact) {
        return factor(FactorKind.of(contact), contact.value());
    }

    /// The factor with this id.
    public Optional<UserFactor> factor(String factorId) {
        return factors.stream().filter(factor -> factor.id().equals(factorId)).findFirst();
    }
}
