package dev.selvage.rbac;

import dev.selvage.projects.Project;
import dev.selvage.projects.Settings.Policy;
import java.util.List;

/// The RBAC decision (`semantics.md` 7): a role grants when one of its permissions has the same resource and holds the
/// action or `*`. Roles add up; there is no deny.
public final class Authorization {

    private static final String ANY_ACTION = "*";

    private Authorization() {
    }

    /// Those of `roles` that grant the action, in their order.
    public static List<String> granting(Project project, List<String> roles, String resourceId, String action) {
        Policy policy = Policies.of(project);
        return roles.stream()
                .filter(role -> policy.roles().stream()
                        .filter(defined -> defined.roleId().equals(role))
                        .flatMap(defined -> defined.permissions().stream())
                        .anyMatch(permission -> permission.resourceId().equals(resourceId)
                                && (permission.actions().contains(ANY_ACTION) || permission.actions().contains(action))))
                .toList();
    }
}
