package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.selvage.base.Times;
import dev.selvage.subjects.SubjectStore;
import dev.selvage.users.FactorKind;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The User object. Fields that the SDKs require are never null (`sdk-facts.md` 10).
public record UserBody(
        String userId,
        NameBody name,
        List<EmailBody> emails,
        List<PhoneBody> phoneNumbers,
        List<WebAuthnBody> webauthnRegistrations,
        List<ProviderBody> providers,
        List<TotpBody> totps,
        List<WalletBody> cryptoWallets,
        List<BiometricBody> biometricRegistrations,
        String status,
        String createdAt,
        @Nullable PasswordBody password,
        ObjectNode trustedMetadata,
        ObjectNode untrustedMetadata,
        @Nullable String externalId,
        boolean isLocked,
        @Nullable String lockCreatedAt,
        @Nullable String lockExpiresAt,
        List<String> roles) {

    public record NameBody(String firstName, String middleName, String lastName) {}

    public record EmailBody(String emailId, String email, boolean verified) {}

    public record PhoneBody(String phoneId, String phoneNumber, boolean verified) {}

    public record WebAuthnBody(
            String webauthnRegistrationId,
            String domain,
            String userAgent,
            boolean verified,
            String authenticatorType,
            String name) {}

    public record ProviderBody(
            String providerType,
            String providerSubject,
            String profilePictureUrl,
            String locale,
            String oauthUserRegistrationId) {}

    public record TotpBody(String totpId, boolean verified) {}

    public record WalletBody(
            String cryptoWalletId, String cryptoWalletAddress, String cryptoWalletType, boolean verified) {}

    public record BiometricBody(String biometricRegistrationId, boolean verified) {}

    public record PasswordBody(
            String passwordId,
            @JsonProperty("requires_reset") boolean requiresReset) {}

    /// Creates the object of a user.
    public static UserBody of(User user) {
        SubjectStore.Lock lock = user.failures().lock();
        return new UserBody(
                user.id(),
                new NameBody(
                        user.name().firstName(),
                        user.name().middleName(),
                        user.name().lastName()),
                user.factors(FactorKind.EMAIL).map(UserBody::email).toList(),
                user.factors(FactorKind.PHONE).map(UserBody::phone).toList(),
                user.factors(FactorKind.WEBAUTHN).map(UserBody::webauthn).toList(),
                user.factors(FactorKind.OAUTH).map(UserBody::provider).toList(),
                user.factors(FactorKind.TOTP)
                        .map(totp -> new TotpBody(totp.id(), totp.verified()))
                        .toList(),
                user.factors(FactorKind.CRYPTO_WALLET).map(UserBody::wallet).toList(),
                user.factors(FactorKind.BIOMETRIC)
                        .map(key -> new BiometricBody(key.id(), key.verified()))
                        .toList(),
                user.status().name().toLowerCase(java.util.Locale.ROOT),
                Times.rfc3339(user.createdAt()),
                user.password() == null
                        ? null
                        : new PasswordBody(user.password().id(), user.password().requiresReset()),
                user.profile().trustedMetadata(),
                user.profile().untrustedMetadata(),
                user.externalId(),
                lock != null,
                lock == null ? null : Times.rfc3339(lock.createdAt()),
                lock == null ? null : Times.rfc3339(lock.expiresAt()),
                user.allRoles());
    }

    private static EmailBody email(UserFactor factor) {
        return new EmailBody(factor.id(), factor.value(), factor.verified());
    }

    private static PhoneBody phone(UserFactor factor) {
        return new PhoneBody(factor.id(), factor.value(), factor.verified());
    }

    private static WebAuthnBody webauthn(UserFactor factor) {
        return new WebAuthnBody(
                factor.id(),
                text(factor, "domain"),
                text(factor, "user_agent"),
                factor.verified(),
                text(factor, "authenticator_type"),
                text(factor, "name"));
    }

    private static ProviderBody provider(UserFactor factor) {
        return new ProviderBody(
                text(factor, "provider_type"),
                text(factor, "provider_subject"),
                text(factor, "profile_picture_url"),
                text(factor, "locale"),
                factor.id());
    }

    private static WalletBody wallet(UserFactor factor) {
        return new WalletBody(
                factor.id(),
                text(factor, "crypto_wallet_address"),
                text(factor, "crypto_wallet_type"),
                factor.verified());
    }

    private static String text(UserFactor factor, String member) {
        return factor.detail().path(member).asString("");
    }
}
