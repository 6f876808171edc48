package dev.selvage.tokenexchange;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads the claim `email_verified` of OpenID Connect (Core 1.0, 5.1), in tokens and userinfo responses:
/// whether the issuer has verified that the person owns the address.
final class EmailVerified {

    /// The JSON boolean, and the JSON string that some services send instead.
    private static final Set<String> TRUE = Set.of("true", "\"true\"");

    private EmailVerified() {}

    /// Whether an address counts as verified. A claim that is present must be true; `0`, `no` and null are not.
    ///
    /// @param claim    the JSON text of the claim; empty if it is absent
    /// @param required whether the claim must be present
    static boolean allows(Optional<String> claim, boolean required) {
        return claim.map(value -> TRUE.contains(value.toLowerCase(Locale.ROOT))).orElse(!required);
    }
}
