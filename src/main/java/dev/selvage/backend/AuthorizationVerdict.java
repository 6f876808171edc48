package dev.selvage.backend;

import java.util.List;

/// The result of an authorization check that succeeds. A check that fails is a refusal.
///
/// @param grantingRoles all roles that grant the permission
public record AuthorizationVerdict(boolean authorized, List<String> grantingRoles) {

    public static AuthorizationVerdict granted(List<String> grantingRoles) {
        return new AuthorizationVerdict(true, grantingRoles);
    }
}
