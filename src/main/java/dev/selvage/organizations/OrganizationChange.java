package dev.selvage.organizations;

import tools.jackson.databind.JsonNode;

/// The requested values of an organization. Null and empty texts keep the current value.
///
/// @param trustedMetadata merged into the current metadata
public record OrganizationChange(
        String name, String slug, String externalId, JsonNode trustedMetadata, SettingsChange settings) {}
