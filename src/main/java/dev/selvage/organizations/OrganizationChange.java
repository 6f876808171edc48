package dev.selvage.organizations;

import tools.jackson.databind.JsonNode;

/// What an organization shall be. Null and empty texts leave what is there.
///
/// @param trustedMetadata merged into what is there
public record OrganizationChange(
        String name, String slug, String externalId, JsonNode trustedMetadata, SettingsChange settings) {}
