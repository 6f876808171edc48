package dev.selvage.backend;

import java.util.List;

/// The response to an authorization check that is granted.
///
/// @param grantingRoles every role that grants it
public record AuthorizationVerdict(boolean authorized, List<String> grantingRoles) {

    public static AuthorizationVerdict granted(List<String> grantingRoles) {
        return new AuthorizationVerdict(true, grantingRoles);
    }
}
