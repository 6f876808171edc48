package dev.selvage.projects;

import java.util.ArrayList;
import java.util.List;

/// The RBAC policy in its wire form (`GET /v1/rbac/policy`).
public record Policy(
        @Schema(description = "Sets of permissions that users and members can have.")
        List<Role> roles,

        @Schema(description = "What permissions are about.") List<Resource> resources,

        @Schema(description = "Sets of permissions that OAuth clients can request.")
        List<Scope> scopes) {

    /// The pattern of the ids of roles, resources and scopes, and of the names of actions.
    public static final String ID = "[^\\s\\x00-\\x1f\\x7f]{1,128}";

    /// The fault of a text that does not match [#ID].
    public static final String ID_FORM = "must have 1 to 128 characters and no spaces";

    /// A policy without roles, resources and scopes of the project.
    public static final Policy EMPTY = new Policy(List.of(), List.of(), List.of());

    public Policy {
        roles = roles == null ? List.of() : List.copyOf(roles);
        resources = resources == null ? List.of() : List.copyOf(resources);
        scopes = scopes == null ? List.of() : List.copyOf(scopes);
    }

    /// This policy, followed by the parts of the other.
    public Policy with(Policy other) {
        return new Policy(joined(roles, other.roles), joined(resources, other.resources), joined(scopes, other.scopes));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /// A set of permissions that users and members can have.
    public record Role(
            @Schema(description = "The id.", required = true, pattern = ID, patternMessage = ID_FORM)
            String roleId,

            @Schema(description = "For people.") String description,
            @Schema(description = "What it allows.") List<Permission> permissions) {
        public Role {
            description = description == null ? "" : description;
            permissions = permissions == null ? List.of() : List.copyOf(permissions);
        }
    }

    /// Actions of one resource.
    public record Permission(
            @Schema(description = "The id of a resource.", required = true, pattern = ID, patternMessage = ID_FORM)
            String resourceId,

            @Schema(description = "Actions of the resource, or * alone for all.")
            List<@Schema(description = "The name of an action.", pattern = ID, patternMessage = ID_FORM) String>
                    actions) {
        public Permission {
            actions = actions == null ? List.of() : List.copyOf(actions);
        }
    }

    /// The subject of permissions.
    public record Resource(
            @Schema(description = "The id.", required = true, pattern = ID, patternMessage = ID_FORM)
            String resourceId,

            @Schema(description = "For people.") String description,

            @Schema(description = "What can be done with it.")
            List<@Schema(description = "The name of an action.", pattern = ID, patternMessage = ID_FORM) String>
                    actions) {
        public Resource {
            description = description == null ? "" : description;
            actions = actions == null ? List.of() : List.copyOf(actions);
        }
    }

    /// A set of permissions that OAuth clients can request.
    public record Scope(
            @Schema(description = "The name.", required = true, pattern = ID, patternMessage = ID_FORM)
            String scope,

            @Schema(description = "For people.") String description,
            @Schema(description = "What it allows.") List<Permission> permissions) {
        public Scope {
            description = description == null ? "" : description;
            permissions = permissions == null ? List.of() : List.copyOf(permissions);
        }
    }
}
