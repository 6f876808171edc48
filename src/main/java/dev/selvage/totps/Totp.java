package dev.selvage.totps;

/// An authenticator app of a subject: what it shares with the server, without the secret.
///
/// @param id        `totp-test-<uuid>`; B2B calls it `totp_registration_id`
/// @param verified  whether a code of it was ever authenticated; until then it proves nothing
/// @param createdAt milliseconds
/// @param expiresAt when an unverified one ends, in milliseconds; null once it is verified
public record Totp(String id, boolean verified, long createdAt, Long expiresAt) {

    /// Whether it is verified, or can still be.
    boolean usable(long now) {
        return expiresAt == null || expiresAt > now;
    }
}
