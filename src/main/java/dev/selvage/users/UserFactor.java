package dev.selvage.users;

import tools.jackson.databind.node.ObjectNode;

/// One thing of a user's that can be proven: an email address, a phone number, a registration.
///
/// @param id        `email-test-…`, `phone-number-test-…` and so on
/// @param value     unique in the project for its kind: an address, a number
/// @param verified  whether it was proven at least once
/// @param detail    what else is known of it, by kind
/// @param createdAt milliseconds
/// @param expiresAt when it goes unless it is verified before; null: never
public record UserFactor(
        String id,
        FactorKind kind,
        String value,
        boolean verified,
        ObjectNode detail,
        long createdAt,
        Long expiresAt) {}
