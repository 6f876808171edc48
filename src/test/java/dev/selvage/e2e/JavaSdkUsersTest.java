package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.consumer.api.users.Users;
import com.stytch.java.consumer.models.users.ConnectedAppsRequest;
import com.stytch.java.consumer.models.users.CreateRequest;
import com.stytch.java.consumer.models.users.DeleteBiometricRegistrationRequest;
import com.stytch.java.consumer.models.users.DeleteCryptoWalletRequest;
import com.stytch.java.consumer.models.users.DeleteEmailRequest;
import com.stytch.java.consumer.models.users.DeleteExternalIdRequest;
import com.stytch.java.consumer.models.users.DeleteOAuthRegistrationRequest;
import com.stytch.java.consumer.models.users.DeletePasswordRequest;
import com.stytch.java.consumer.models.users.DeletePhoneNumberRequest;
import com.stytch.java.consumer.models.users.DeleteRequest;
import com.stytch.java.consumer.models.users.DeleteTOTPRequest;
import com.stytch.java.consumer.models.users.DeleteWebAuthnRegistrationRequest;
import com.stytch.java.consumer.models.users.Email;
import com.stytch.java.consumer.models.users.ExchangePrimaryFactorRequest;
import com.stytch.java.consumer.models.users.GetRequest;
import com.stytch.java.consumer.models.users.Name;
import com.stytch.java.consumer.models.users.RevokeRequest;
import com.stytch.java.consumer.models.users.SearchRequest;
import com.stytch.java.consumer.models.users.SearchUsersQuery;
import com.stytch.java.consumer.models.users.SearchUsersQueryOperator;
import com.stytch.java.consumer.models.users.UpdateRequest;
import com.stytch.java.consumer.models.users.User;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// `users` of the Java SDK.
class JavaSdkUsersTest extends JavaSdkConsumerTest {

    private final AtomicInteger phones = new AtomicInteger(1000);
    private Users users;

    @Override
    void areas() {
        users = ledger.area("users", Users.class, client.getUsers());
    }

    @Override
    Set<String> never() {
        // Nobody can connect an app yet.
        return Set.of("users.revoke SUCCEEDS");
    }

    private String phone() {
        return "+1202555" + phones.incrementAndGet();
    }

    private String someone() {
        return ok(users.createCompletable(new CreateRequest(newEmail()))).getUserId();
    }

    private com.stytch.java.consumer.models.users.CreateResponse someoneWithEmailAndPhone() {
        return ok(users.createCompletable(new CreateRequest(newEmail(), null, null, phone())));
    }

    @Test
    void createMakesAUserWithAllThatTheCallNames() {
        String email = newEmail();
        String externalId = "customer-" + phones.incrementAndGet();
        var made = ok(users.createCompletable(new CreateRequest(
                email,
                new Name("Ada", null, "Lovelace"),
                null,
                phone(),
                false,
                Map.of("plan", "pro"),
                Map.of("theme", "dark"),
                externalId,
                List.of("editor"))));
        var found = ok(users.getCompletable(new GetRequest(externalId)));
        assertThat(found.getUserId()).isEqualTo(made.getUserId());
        assertThat(found.getName().getFirstName()).isEqualTo("Ada");
        assertThat(found.getTrustedMetadata()).isEqualTo(Map.of("plan", "pro"));
        assertThat(found.getRoles()).contains("editor");
        refused(users.createCompletable(new CreateRequest(email)), 400, "duplicate_email");
        refused(users.getCompletable(new GetRequest("no such form!")), 400, "invalid_user_id");
        refused(users.getCompletable(new GetRequest(unknown("user"))), 404, "user_not_found");
    }

    @Test
    void searchFindsByEmail() {
        String email = newEmail();
        String userId = ok(users.createCompletable(new CreateRequest(email))).getUserId();
        var answer = ok(users.searchCompletable(new SearchRequest(null, 10L, query("email_address", email))));
        assertThat(answer.getResults()).extracting(User::getUserId).containsExactly(userId);
        assertThat(answer.getResultsMetadata().getNextCursor()).isNull();
        refused(
                users.searchCompletable(new SearchRequest(null, 10L, query("shoe_size", email))),
                400,
                "user_search_filter_name_not_recognized");
    }

    private static SearchUsersQuery query(String filter, String value) {
        return new SearchUsersQuery(
                SearchUsersQueryOperator.AND, List.of(Map.of("filter_name", filter, "filter_value", List.of(value))));
    }

    @Test
    void updateMergesMetadata() {
        String userId = someone();
        ok(users.updateCompletable(new UpdateRequest(userId, null, null, Map.of("a", 1))));
        var updated =
                ok(users.updateCompletable(new UpdateRequest(userId, new Name("Grace"), null, Map.of("b", true))));
        assertThat(updated.getUser().getTrustedMetadata()).containsOnlyKeys("a", "b");
        assertThat(updated.getUser().getName().getFirstName()).isEqualTo("Grace");
        refused(users.updateCompletable(new UpdateRequest(unknown("user"))), 404, "user_not_found");
    }

    @Test
    void exchangePrimaryFactorPutsAnotherInItsPlace() {
        String email = newEmail();
        var answer = ok(users.exchangePrimaryFactorCompletable(new ExchangePrimaryFactorRequest(someone(), email)));
        assertThat(answer.getUser().getEmails()).extracting(Email::getEmail).containsExactly(email);
        refused(
                users.exchangePrimaryFactorCompletable(new ExchangePrimaryFactorRequest(someone())),
                400,
                "invalid_exchange_primary_factor_fields");
    }

    @Test
    void deleteEndsTheUser() {
        String userId = someone();
        ok(users.deleteCompletable(new DeleteRequest(userId)));
        refused(users.deleteCompletable(new DeleteRequest(userId)), 404, "user_not_found");
    }

    @Test
    void emailsAndPhoneNumbersAreDeletedButForTheLast() {
        var one = someoneWithEmailAndPhone();
        assertThat(ok(users.deleteEmailCompletable(new DeleteEmailRequest(one.getEmailId())))
                        .getUser()
                        .getEmails())
                .isEmpty();
        refused(users.deleteEmailCompletable(new DeleteEmailRequest(one.getEmailId())), 404, "email_not_found");
        refused(
                users.deletePhoneNumberCompletable(new DeletePhoneNumberRequest(one.getPhoneId())),
                400,
                "cannot_delete_last_primary_factor");
        var other = someoneWithEmailAndPhone();
        var left = ok(users.deletePhoneNumberCompletable(new DeletePhoneNumberRequest(other.getPhoneId())))
                .getUser();
        assertThat(left.getPhoneNumbers()).isEmpty();
    }

    @Test
    void deletePasswordTakesItAway() {
        var made = ok(client.getPasswords()
                .createCompletable(
                        new com.stytch.java.consumer.models.passwords.CreateRequest(newEmail(), newPassword())));
        String passwordId = made.getUser().getPassword().getPasswordId();
        assertThat(ok(users.deletePasswordCompletable(new DeletePasswordRequest(passwordId)))
                        .getUser()
                        .getPassword())
                .isNull();
        refused(users.deletePasswordCompletable(new DeletePasswordRequest(passwordId)), 404, "password_not_found");
    }

    @Test
    void deleteExternalIdFreesIt() {
        String externalId = "freed-" + phones.incrementAndGet();
        String userId = ok(users.createCompletable(
                        new CreateRequest(newEmail(), null, null, null, null, null, null, externalId)))
                .getUserId();
        ok(users.deleteExternalIdCompletable(new DeleteExternalIdRequest(userId)));
        refused(users.getCompletable(new GetRequest(externalId)), 404, "user_not_found");
        refused(users.deleteExternalIdCompletable(new DeleteExternalIdRequest(unknown("user"))), 404, "user_not_found");
    }

    @Test
    void registrationsAreDeletedOnce() {
        Map<String, String> ids = server.registered();
        var totp = new DeleteTOTPRequest(ids.get("totp_id"));
        assertThat(ok(users.deleteTOTPCompletable(totp)).getUser().getTotps()).isEmpty();
        refused(users.deleteTOTPCompletable(totp), 404, "totp_not_found");
        var webauthn = new DeleteWebAuthnRegistrationRequest(ids.get("webauthn_registration_id"));
        assertThat(ok(users.deleteWebAuthnRegistrationCompletable(webauthn))
                        .getUser()
                        .getWebauthnRegistrations())
                .isEmpty();
        refused(users.deleteWebAuthnRegistrationCompletable(webauthn), 404, "webauthn_registration_not_found");
        var biometric = new DeleteBiometricRegistrationRequest(ids.get("biometric_registration_id"));
        assertThat(ok(users.deleteBiometricRegistrationCompletable(biometric))
                        .getUser()
                        .getBiometricRegistrations())
                .isEmpty();
        refused(users.deleteBiometricRegistrationCompletable(biometric), 404, "biometric_registration_not_found");
        var wallet = new DeleteCryptoWalletRequest(ids.get("crypto_wallet_id"));
        assertThat(ok(users.deleteCryptoWalletCompletable(wallet)).getUser().getCryptoWallets())
                .isEmpty();
        refused(users.deleteCryptoWalletCompletable(wallet), 404, "crypto_wallet_not_found");
        var oauth = new DeleteOAuthRegistrationRequest(ids.get("oauth_user_registration_id"));
        assertThat(ok(users.deleteOAuthRegistrationCompletable(oauth)).getUser().getProviders())
                .isEmpty();
        refused(users.deleteOAuthRegistrationCompletable(oauth), 404, "oauth_user_registration_not_found");
    }

    @Test
    void connectedAppsListsNoneAndRevokeFindsNone() {
        String userId = someone();
        assertThat(ok(users.connectedAppsCompletable(new ConnectedAppsRequest(userId)))
                        .getConnectedApps())
                .isEmpty();
        refused(users.connectedAppsCompletable(new ConnectedAppsRequest(unknown("user"))), 404, "user_not_found");
        refused(
                users.revokeCompletable(new RevokeRequest(userId, unknown("connected-app"))),
                404,
                "connected_app_not_found");
    }
}
