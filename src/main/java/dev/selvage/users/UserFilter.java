package dev.selvage.users;

import java.util.List;

/// One condition of a user search, checked and in the form in which the rows are compared.
///
/// A filter on factors holds when the user has at least one such factor, so `email_verified` false finds
/// everyone with an unverified address, whatever else they have.
sealed interface UserFilter {

    /// Whether it holds for at most one user for each of its values.
    default boolean narrow() {
        return switch (this) {
            case HasId _, HasExternalId _, HasFactorId _, HasValue _ -> true;
            case Created _, HasStatus _, NameLike _, ValueLike _, HasVerified _, HasPassword _ -> false;
        };
    }

    /// @param from  created at or after; milliseconds
    /// @param until created before; milliseconds
    record Created(long from, long until) implements UserFilter {}

    record HasStatus(User.Status status) implements UserFilter {}

    record HasId(List<String> userIds) implements UserFilter {}

    record HasExternalId(List<String> externalIds) implements UserFilter {}

    record NameLike(String pattern) implements UserFilter {}

    record HasFactorId(FactorKind kind, List<String> factorIds) implements UserFilter {}

    record HasValue(FactorKind kind, List<String> values) implements UserFilter {}

    /// The value of a factor fits at least one of the patterns.
    record ValueLike(FactorKind kind, List<String> patterns) implements UserFilter {}

    record HasVerified(FactorKind kind, boolean verified) implements UserFilter {}

    record HasPassword(boolean exists) implements UserFilter {}
}
