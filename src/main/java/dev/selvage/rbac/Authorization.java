package dev.selvage.rbac;

import dev.selvage.projects.Policy;
import dev.selvage.projects.Project;
import java.util.List;
import java.util.stream.Stream;

/// The RBAC decision (`semantics.md` 7). A role grants an action if one of its permissions has the same
/// resource and contains the action or `*`. Roles add up. No role denies an action.
public final class Authorization {

    private static final String ANY_ACTION = "*";

    private Authorization() {}

    /// Returns the roles that grant the action, in the order of `roles`.
    public static List<String> granting(Project project, List<String> roles, String resourceId, String action) {
        return granting(project, List.of(), roles, resourceId, action);
    }

    /// As [#granting(Project, List, String, String)], with the roles that an organization defines.
    ///
    /// @param own the roles that the organization defines, in addition to those of the project
    public static List<String> granting(
            Project project, List<Policy.Role> own, List<String> roles, String resourceId, String action) {
        List<Policy.Role> policy = Stream.concat(Policies.of(project).roles().stream(), own.stream())
                .toList();
        return roles.stream()
                .filter(role -> policy.stream()
                        .filter(defined -> defined.roleId().equals(role))
                        .flatMap(defined -> defined.permissions().stream())
                        .anyMatch(permission -> permission.resourceId().equals(resourceId)
                                && (permission.actions().contains(ANY_ACTION)
                                        || permission.actions().contains(action))))
                .toList();
    }
}
