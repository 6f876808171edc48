package dev.selvage.organizations;

import dev.selvage.projects.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A tenant of a B2B project. Members belong to it and sign in by its rules.
///
/// @param id              `organization-<test|live>-<uuid>`
/// @param name            the display name
/// @param slug            its name in URLs; unique in the project
/// @param externalId      the caller's own id, unique in the project; null for none
/// @param settings        its settings
/// @param roles           the roles of its own RBAC policy
/// @param trustedMetadata data that the caller stores with it
/// @param createdAt       milliseconds
/// @param updatedAt       milliseconds
public record Organization(
        String id,
        String name,
        String slug,
        @Nullable String externalId,
        OrganizationSettings settings,
        List<Policy.Role> roles,
        ObjectNode trustedMetadata,
        long createdAt,
        long updatedAt) {

    public Organization {
        roles = List.copyOf(roles);
    }
}
