package dev.selvage.users;

import java.util.List;

/// A condition of a user search, checked, with values in the form that the rows are compared in.
///
/// A filter on factors is true if the user has at least one such factor. `email_verified` false therefore
/// finds every user with an unverified address, even if the user also has verified ones.
sealed interface UserFilter {

    /// Whether the filter is true for at most one user per value.
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

    /// The value of a factor matches at least one of the patterns.
    record ValueLike(FactorKind kind, List<String> patterns) implements UserFilter {}

    record HasVerified(FactorKind kind, boolean verified) implements UserFilter {}

    record HasPassword(boolean exists) implements UserFilter {}
}
