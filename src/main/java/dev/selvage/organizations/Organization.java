package dev.selvage.organizations;

import dev.selvage.projects.Settings.Policy;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// A tenant of a B2B project: members belong to it and sign in by its rules.
///
/// @param id              `organization-<test|live>-<uuid>`
/// @param name            for people
/// @param slug            names it in URLs; unique in the project
/// @param externalId      the caller's own id of it, unique in the project; null when there is none
/// @param settings        what it chose
/// @param roles           the roles of its own RBAC policy
/// @param trustedMetadata what the caller keeps with it
/// @param createdAt       milliseconds
/// @param updatedAt       milliseconds
public record Organization(
        String id,
        String name,
        String slug,
        String externalId,
        OrganizationSettings settings,
        List<Policy.Role> roles,
        ObjectNode trustedMetadata,
        long createdAt,
        long updatedAt) {

    public Organization {
        roles = List.copyOf(roles);
    }
}
