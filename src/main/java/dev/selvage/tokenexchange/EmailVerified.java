package dev.selvage.tokenexchange;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The claim `email_verified` of OpenID Connect (Core 1.0, 5.1), in tokens and in answers of userinfo
/// endpoints: whether whoever makes the claim has seen that the person holds the address.
final class EmailVerified {

    /// The boolean in JSON, and the text that some services write instead.
    private static final Set<String> TRUE = Set.of("true", "\"true\"");

    private EmailVerified() {}

    /// Whether an address counts as proven. The claim must be true where it is there: `0`, `no` and null are no
    /// "yes".
    ///
    /// @param claim    as it is written in JSON; empty when there is none
    /// @param required whether it must be there
    static boolean allows(Optional<String> claim, boolean required) {
        return claim.map(value -> TRUE.contains(value.toLowerCase(Locale.ROOT))).orElse(!required);
    }
}
