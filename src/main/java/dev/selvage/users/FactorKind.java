package dev.selvage.users;

import dev.selvage.base.Ids;
import dev.selvage.contacts.Contact;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.error.ErrorType;
import dev.selvage.error.TotpErrors;
import dev.selvage.error.UserErrors;

/// A kind of user factor. The name of the constant is the `kind` of a `user_factors` row.
///
/// The `value` of a row is unique in the project for its kind. It is the email address, the phone number or
/// the address of the wallet. For an OAuth registration it is the provider in lower case, a colon, and the
/// provider's subject: `google:1234`.
public enum FactorKind {
    EMAIL(Ids.EMAIL, true, UserErrors.INVALID_EMAIL_ID, UserErrors.EMAIL_NOT_FOUND),
    /// The contract has no error type for a malformed `phone_id`; `method_id` is its name for an email_id or a
    /// phone_id.
    PHONE(Ids.PHONE, true, UserErrors.INVALID_METHOD_ID, UserErrors.PHONE_NUMBER_NOT_FOUND),
    TOTP(Ids.TOTP, false, TotpErrors.INVALID_TOTP_ID, TotpErrors.TOTP_NOT_FOUND),
    WEBAUTHN(
            Ids.WEBAUTHN,
            false,
            UserErrors.INVALID_WEBAUTHN_REGISTRATION_ID,
            UserErrors.WEBAUTHN_REGISTRATION_NOT_FOUND),
    BIOMETRIC(
            Ids.BIOMETRIC,
            false,
            UserErrors.INVALID_BIOMETRIC_REGISTRATION_ID,
            UserErrors.BIOMETRIC_REGISTRATION_NOT_FOUND),
    OAUTH(
            Ids.OAUTH_USER,
            true,
            UserErrors.INVALID_OAUTH_USER_REGISTRATION_ID,
            UserErrors.OAUTH_USER_REGISTRATION_NOT_FOUND),
    CRYPTO_WALLET(Ids.CRYPTO_WALLET, false, UserErrors.INVALID_CRYPTO_WALLET_ID, UserErrors.CRYPTO_WALLET_NOT_FOUND);

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

    /// The kind of an email address or a phone number.
    public static FactorKind of(Contact contact) {
        return switch (contact) {
            case EmailAddress email -> EMAIL;
            case PhoneNumber number -> PHONE;
        };
    }

    /// The id type of factors of this kind.
    public Ids ids() {
        return ids;
    }

    /// Whether the kind is primary: email, phone number or OAuth registration. A user keeps at least one
    /// primary factor.
    public boolean primary() {
        return primary;
    }

    /// The error type for an id that is malformed for this kind.
    public ErrorType malformed() {
        return malformed;
    }

    /// The error type for a well-formed id that no factor of this kind has.
    public ErrorType unknown() {
        return unknown;
    }
}
