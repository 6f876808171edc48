package dev.selvage.totps;

import org.jspecify.annotations.Nullable;

/// The TOTP registration of a subject, without the secret.
///
/// @param id        `totp-<test|live>-<uuid>`; B2B calls it `totp_registration_id`
/// @param verified  whether a code was authenticated; an unverified TOTP proves nothing
/// @param createdAt in milliseconds
/// @param expiresAt expiry of an unverified registration in milliseconds; null once verified
public record Totp(
        String id,
        boolean verified,
        long createdAt,
        @Nullable Long expiresAt) {

    /// Whether the registration is verified, or unverified and not expired.
    boolean usable(long now) {
        return expiresAt == null || expiresAt > now;
    }
}
