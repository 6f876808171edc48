package dev.selvage.users;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A factor of a user: an email address, a phone number or a registration.
///
/// @param id        `email-<test|live>-…`, `phone-number-<test|live>-…` and so on
/// @param value     unique in the project for its kind: an address, a number
/// @param verified  whether it was verified at least once
/// @param detail    further data, by kind
/// @param createdAt milliseconds
/// @param expiresAt when it expires unless it is verified before, in milliseconds; null for never
public record UserFactor(
        String id,
        FactorKind kind,
        String value,
        boolean verified,
        ObjectNode detail,
        long createdAt,
        @Nullable Long expiresAt) {}
