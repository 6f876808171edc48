package dev.selvage.rbac;

import dev.selvage.projects.Project;
import dev.selvage.projects.Settings.Policy;
import java.util.List;
import java.util.stream.Stream;

/// The RBAC decision (`semantics.md` 7): a role grants when one of its permissions has the same resource and
/// holds the action or `*`. Roles add up; there is no deny.
public final class Authorization {

    private static final String ANY_ACTION = "*";

    private Authorization() {}

    /// Those of `roles` that grant the action, in their order.
    public static List<String> granting(Project project, List<String> roles, String resourceId, String action) {
        return granting(project, List.of(), roles, resourceId, action);
    }

    /// As [#granting(Project, List, String, String)], in an organization with roles of its own.
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
