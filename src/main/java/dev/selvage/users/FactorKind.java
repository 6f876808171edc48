package dev.selvage.users;

/// What a user can prove to hold. Its name is the `kind` of a `user_factors` row.
public enum FactorKind { EMAIL, PHONE, TOTP, WEBAUTHN, BIOMETRIC, OAUTH, CRYPTO_WALLET }
