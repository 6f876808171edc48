package dev.selvage.organizations;

import dev.selvage.base.Json;
import dev.selvage.projects.Project;
import java.util.List;

/// The sandbox organization, which every B2B test project appears to have and no store contains
/// (`semantics.md` 14).
public final class SandboxOrganization {

    public static final String ID = "organization-test-007d9d4a-deac-4a87-ba0a-e6e8afba4d4b";

    private SandboxOrganization() {}

    /// Whether the key is the id of the sandbox organization and the environment of the project has it.
    public static boolean isNamed(Project project, String organizationKey) {
        return ID.equals(organizationKey) && project.settings().sandboxIn(project.environment());
    }

    /// Returns the sandbox organization, with default settings and no roles of its own.
    ///
    /// @param createdAt milliseconds
    public static Organization at(long createdAt) {
        return new Organization(
                ID,
                "Sandbox",
                "sandbox",
                null,
                OrganizationSettings.DEFAULT,
                List.of(),
                Json.object(),
                createdAt,
                createdAt);
    }
}
