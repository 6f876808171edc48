package dev.selvage.rbac;

import dev.selvage.projects.Project;
import dev.selvage.projects.Settings.Policy;
import dev.selvage.projects.Vertical;
import java.util.List;

/// The whole RBAC policy of a project: what every project has, and what its operator added.
public final class Policies {

    /// Every user has `stytch_user`; it grants nothing until the project gives it permissions.
    private static final Policy CONSUMER = new Policy(
            List.of(new Policy.Role("stytch_user", "Granted to every user.", List.of())), List.of(), List.of());

    /// Every member has `stytch_member`; who creates an organization has `stytch_admin`.
    private static final Policy B2B = new Policy(
            List.of(new Policy.Role("stytch_member", "Granted to every member.", List.of()),
                    new Policy.Role("stytch_admin", "Granted to the creator of an organization.", List.of())),
            List.of(), List.of());

    private Policies() {
    }

    /// What every project of this kind has.
    public static Policy predefined(Vertical vertical) {
        return switch (vertical) {
            case CONSUMER -> CONSUMER;
            case B2B -> B2B;
        };
    }

    /// The predefined parts first. A role of the project's own with a predefined name replaces that one.
    public static Policy of(Project project) {
        Policy own = project.settings().rbac();
        Policy given = predefined(project.vertical());
        List<Policy.Role> predefined = given.roles().stream()
                .filter(role -> own.roles().stream().noneMatch(defined -> defined.roleId().equals(role.roleId())))
                .toList();
        return new Policy(predefined, given.resources(), given.scopes()).with(own);
    }
}
