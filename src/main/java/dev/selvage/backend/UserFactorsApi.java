package dev.selvage.backend;

import dev.selvage.backend.UsersApi.UserResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.users.FactorKind;
import dev.selvage.users.Users;
import java.util.List;

/// `DELETE /v1/users/…/{id}`: takes one thing from its user, by that thing's own id. Each answers with the user
/// as it is afterwards.
public final class UserFactorsApi {

    private final Users users;

    public UserFactorsApi(Users users) {
        this.users = users;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.delete(
                        "/v1/users/emails/{email_id}",
                        Email.class,
                        (call, request) -> delete(call, FactorKind.EMAIL, request.emailId)),
                Endpoint.delete(
                        "/v1/users/phone_numbers/{phone_id}",
                        Phone.class,
                        (call, request) -> delete(call, FactorKind.PHONE, request.phoneId)),
                Endpoint.delete(
                        "/v1/users/totps/{totp_id}",
                        Totp.class,
                        (call, request) -> delete(call, FactorKind.TOTP, request.totpId)),
                Endpoint.delete(
                        "/v1/users/webauthn_registrations/{webauthn_registration_id}",
                        WebAuthn.class,
                        (call, request) -> delete(call, FactorKind.WEBAUTHN, request.webauthnRegistrationId)),
                Endpoint.delete(
                        "/v1/users/biometric_registrations/{biometric_registration_id}",
                        Biometric.class,
                        (call, request) -> delete(call, FactorKind.BIOMETRIC, request.biometricRegistrationId)),
                Endpoint.delete(
                        "/v1/users/crypto_wallets/{crypto_wallet_id}",
                        Wallet.class,
                        (call, request) -> delete(call, FactorKind.CRYPTO_WALLET, request.cryptoWalletId)),
                Endpoint.delete(
                        "/v1/users/oauth/{oauth_user_registration_id}",
                        OAuth.class,
                        (call, request) -> delete(call, FactorKind.OAUTH, request.oauthUserRegistrationId)),
                Endpoint.delete(
                        "/v1/users/passwords/{password_id}",
                        Password.class,
                        (call, request) -> UserResponse.of(users.deletePassword(call.project(), request.passwordId))));
    }

    record Email(String emailId) {}

    record Phone(String phoneId) {}

    record Totp(String totpId) {}

    record WebAuthn(String webauthnRegistrationId) {}

    record Biometric(String biometricRegistrationId) {}

    record Wallet(String cryptoWalletId) {}

    record OAuth(String oauthUserRegistrationId) {}

    record Password(String passwordId) {}

    private UserResponse delete(RequestContext call, FactorKind kind, String factorId) {
        return UserResponse.of(users.deleteFactor(call.project(), kind, factorId));
    }
}
