package dev.selvage.rbac;

import dev.selvage.projects.Project;
import dev.selvage.projects.Settings.Policy;
import java.util.List;

/// The whole RBAC policy of a project: what every project has, and what its operator added.
public final class Policies {

    /// Every user has `stytch_user`; it grants nothing until the project gives it permissions.
    private static final Policy CONSUMER = new Policy(
            List.of(new Policy.Role("stytch_user", "Granted to every user.", List.of())), List.of(), List.of());

    private Policies() {
    }

    /// The predefined parts first. A role of the project's own with a predefined name replaces that one.
    public static Policy of(Project project) {
        Policy own = project.settings().rbac();
        List<Policy.Role> predefined = CONSUMER.roles().stream()
                .filter(role -> own.roles().stream().noneMatch(defined -> defined.roleId().equals(role.roleId())))
                .toList();
        return new Policy(predefined, CONSUMER.resources(), CONSUMER.scopes()).with(own);
    }
}
