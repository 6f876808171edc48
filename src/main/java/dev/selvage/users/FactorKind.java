package dev.selvage.users;

import dev.selvage.base.Ids;
import dev.selvage.error.ErrorType;

/// What a user can prove to hold. Its name is the `kind` of a `user_factors` row.
///
/// What `value` of a row is, unique in the project for its kind: the address, the number, the wallet's address;
/// of an OAuth registration the provider in lower case, a colon, and the provider's subject: `google:1234`.
public enum FactorKind {
    EMAIL(Ids.EMAIL, true, ErrorType.INVALID_EMAIL_ID, ErrorType.EMAIL_NOT_FOUND),
    /// The contract has no type for a malformed `phone_id`; `method_id` is its name for an email_id or a
    /// phone_id.
    PHONE(Ids.PHONE, true, ErrorType.INVALID_METHOD_ID, ErrorType.PHONE_NUMBER_NOT_FOUND),
    TOTP(Ids.TOTP, false, ErrorType.INVALID_TOTP_ID, ErrorType.TOTP_NOT_FOUND),
    WEBAUTHN(
            Ids.WEBAUTHN, false, ErrorType.INVALID_WEBAUTHN_REGISTRATION_ID, ErrorType.WEBAUTHN_REGISTRATION_NOT_FOUND),
    BIOMETRIC(
            Ids.BIOMETRIC,
            false,
            ErrorType.INVALID_BIOMETRIC_REGISTRATION_ID,
            ErrorType.BIOMETRIC_REGISTRATION_NOT_FOUND),
    OAUTH(
            Ids.OAUTH_USER,
            true,
            ErrorType.INVALID_OAUTH_USER_REGISTRATION_ID,
            ErrorType.OAUTH_USER_REGISTRATION_NOT_FOUND),
    CRYPTO_WALLET(Ids.CRYPTO_WALLET, false, ErrorType.INVALID_CRYPTO_WALLET_ID, ErrorType.CRYPTO_WALLET_NOT_FOUND);

    private final Ids ids;
    private final boolean primary;
    private final ErrorType malformed;
    private final ErrorType unknown;

    FactorKind(Ids ids, boolean primary, ErrorType malformed, ErrorType unknown) {
        this.ids = ids;
        this.primary = primary;
        this.malformed = malformed;
        this.unknown = unknown;
    }

    /// The kind of the ids of its factors.
    public Ids ids() {
        return ids;
    }

    /// Whether one of these kinds must be left to a user: an email, a phone number or an OAuth registration.
    public boolean primary() {
        return primary;
    }

    /// The refusal of an id that cannot be one of its ids.
    public ErrorType malformed() {
        return malformed;
    }

    /// The refusal of an id that is no factor of this kind.
    public ErrorType unknown() {
        return unknown;
    }
}
