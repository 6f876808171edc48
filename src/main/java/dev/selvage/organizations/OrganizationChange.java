package dev.selvage.organizations;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The requested values of an organization. Null and empty texts keep the current value.
///
/// @param trustedMetadata merged into the current metadata
public record OrganizationChange(
        @Nullable String name,
        @Nullable String slug,
        @Nullable String externalId,
        @Nullable JsonNode trustedMetadata,
        SettingsChange settings) {}
