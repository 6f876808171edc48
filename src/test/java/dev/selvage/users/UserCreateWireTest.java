package dev.selvage.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Environment;
import dev.selvage.base.Json;
import dev.selvage.projects.Policy;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Client;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserCreateWireTest extends UserWireTest {

    private static final String UNKNOWN = "user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6";

    @Test
    void aUserIsShownWithEveryMemberThatTheSdksNeed() {
        var made = client.post("/v1/users", """
                {'email': 'Ada@Example.com', 'phone_number': '+14155550123', 'external_id': 'ada|1',
                 'name': {'first_name': 'Ada', 'last_name': 'Lovelace'},
                 'trusted_metadata': {'plan': 'pro'}, 'untrusted_metadata': {'theme': 'dark'}}""").ok();
        String user = """
                {"user_id": "%s",
                 "name": {"first_name": "Ada", "middle_name": "", "last_name": "Lovelace"},
                 "emails": [{"email_id": "%s", "email": "ada@example.com", "verified": false}],
                 "phone_numbers": [{"phone_id": "%s", "phone_number": "+14155550123", "verified": false}],
                 "webauthn_registrations": [], "providers": [], "totps": [], "crypto_wallets": [],
                 "biometric_registrations": [], "status": "active", "created_at": "2021-08-09T07:41:52Z",
                 "password": null, "trusted_metadata": {"plan": "pro"}, "untrusted_metadata": {"theme": "dark"},
                 "external_id": "ada|1", "is_locked": false, "lock_created_at": null, "lock_expires_at": null,
                 "roles": ["stytch_user"]}""".formatted(made.text("user_id"), made.text("email_id"), made.text("phone_id"));
        assertThat(made.at("user")).isEqualTo(Json.object(user));
        assertThat(made.text("status")).isEqualTo("active");
        var got = Json.object(Json.write(get(made.text("user_id")).body()));
        got.remove(List.of("status_code", "request_id"));
        assertThat(got).as("users.get has the user at the top level").isEqualTo(Json.object(user));
    }

    @Test
    void everyKindOfFactorIsShownAsTheContractSays() {
        String userId = user("{'email':'a@example.com'}");
        factor(
                userId,
                FactorKind.WEBAUTHN,
                "key-1",
                true,
                "{'domain':'example.com','user_agent':'Firefox','authenticator_type':'platform','name':'Laptop'}",
                null);
        factor(userId, FactorKind.WEBAUTHN, "key-2", false);
        factor(
                userId,
                FactorKind.OAUTH,
                "google:1",
                true,
                "{'provider_type':'Google','provider_subject':'1','profile_picture_url':'','locale':'en'}",
                null);
        String totp = factor(userId, FactorKind.TOTP, "t", true);
        String wallet = factor(
                userId,
                FactorKind.CRYPTO_WALLET,
                "0xA",
                true,
                "{'crypto_wallet_address':'0xA','crypto_wallet_type':'ethereum'}",
                null);
        factor(userId, FactorKind.BIOMETRIC, "b", false);
        String password = password(userId);
        var user = get(userId);
        assertThat(user.text("webauthn_registrations.0.domain") + user.text("webauthn_registrations.1.domain"))
                .isEqualTo("example.com");
        assertThat(user.text("providers.0.provider_subject")).isEqualTo("1");
        assertThat(user.text("totps.0.totp_id")).isEqualTo(totp);
        assertThat(user.text("crypto_wallets.0.crypto_wallet_id")).isEqualTo(wallet);
        assertThat(user.at("biometric_registrations.0.verified").booleanValue()).isFalse();
        assertThat(user.text("password.password_id")).isEqualTo(password);
    }

    @Test
    void idsOfWhatIsNotGivenAreEmptyTexts() {
        assertThat(client.post("/v1/users", "{'email':'a@example.com'}").ok().text("phone_id"))
                .isEmpty();
        assertThat(client.post("/v1/users", "{'phone_number':'+14155550123','email':''}")
                        .ok()
                        .text("email_id"))
                .isEmpty();
    }

    @Test
    void aUserIsPendingOnlyWhenAskedFor() {
        assertThat(client.post("/v1/users", "{'email':'a@example.com','create_user_as_pending':true}")
                        .ok()
                        .text("user.status"))
                .isEqualTo("pending");
        assertThat(client.post("/v1/users", "{'email':'b@example.com','create_user_as_pending':false}")
                        .ok()
                        .text("status"))
                .isEqualTo("active");
    }

    @Test
    void aUserNeedsAnEmailOrAPhoneNumber() {
        client.post("/v1/users", "{}").refused(400, "invalid_create_user_request");
        client.post("/v1/users", "{'email':'','phone_number':null,'external_id':'x'}")
                .refused(400, "invalid_create_user_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a@b", "@example.com", "a b@example.com", "a@example.com,b@example.com", "a..b@example.com"
            })
    void aMalformedEmailIsRefused(String email) {
        client.post("/v1/users", Map.of("email", email)).refused(400, "invalid_email");
    }

    @ParameterizedTest
    @ValueSource(strings = {"14155550123", "+0123456789", "+1 415 555 0123", "+1415", "+1234567890123456"})
    void aMalformedPhoneNumberIsRefused(String number) {
        client.post("/v1/users", Map.of("phone_number", number)).refused(400, "invalid_phone_number");
    }

    @Test
    void anEmailBelongsToOneUserWhateverItsCase() {
        user("{'email':'a@example.com'}");
        client.post("/v1/users", "{'email':'A@EXAMPLE.com'}").refused(400, "duplicate_email");
    }

    @Test
    void aPhoneNumberBelongsToOneUser() {
        user("{'phone_number':'+14155550123'}");
        client.post("/v1/users", "{'phone_number':'+14155550123'}").refused(400, "duplicate_phone_number");
        client.post("/v1/users", "{'email':'b@example.com','phone_number':'+14155550123'}")
                .refused(400, "duplicate_phone_number");
        user("{'email':'b@example.com'}");
    }

    @Test
    void projectsDoNotShareUsers() {
        String userId = user("{'email':'a@example.com','external_id':'a'}");
        Client other = app.consumer();
        other.get("/v1/users/" + userId).refused(404, "user_not_found");
        other.get("/v1/users/a").refused(404, "user_not_found");
        other.delete("/v1/users/" + userId).refused(404, "user_not_found");
        other.post("/v1/users", "{'email':'a@example.com','external_id':'a'}").ok();
    }

    @Test
    void anExternalIdBelongsToOneUserAndStandsForItsId() {
        String userId = user("{'email':'a@example.com','external_id':'crm|42'}");
        assertThat(get("crm%7C42").text("user_id")).isEqualTo(userId);
        client.post("/v1/users", "{'email':'b@example.com','external_id':'crm|42'}")
                .refused(400, "duplicate_user_external_id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a/b",
                "ä",
                "user-test-1",
                "email-live-x",
                "session-test-fe6c042b-6286-479f-8a4f-b046a6c46509",
                UNKNOWN
            })
    void anExternalIdHasItsOwnCharactersAndLooksLikeNoStytchId(String externalId) {
        client.post("/v1/users", Map.of("email", "a@example.com", "external_id", externalId))
                .refused(400, "invalid_user_id");
    }

    @Test
    void anExternalIdHasAtMost128Characters() {
        user("{'email':'a@example.com','external_id':'" + "x".repeat(128) + "'}");
        client.post("/v1/users", Map.of("email", "b@example.com", "external_id", "x".repeat(129)))
                .refused(400, "invalid_user_id");
    }

    @Test
    void metadataHasLimits() {
        client.post("/v1/users", "{'email':'a@example.com','trusted_metadata':[1]}")
                .refused(400, "metadata_invalid_format");
        client.post("/v1/users", "{'email':'a@example.com','untrusted_metadata':'x'}")
                .refused(400, "metadata_invalid_format");
        client.post("/v1/users", Map.of("email", "a@example.com", "trusted_metadata", keys(21)))
                .refused(400, "metadata_too_many_keys");
        client.post(
                        "/v1/users",
                        Map.of(
                                "email",
                                "a@example.com",
                                "trusted_metadata",
                                keys(20),
                                "untrusted_metadata",
                                Map.of("k", "x".repeat(4096 - 8))))
                .ok();
        client.post(
                        "/v1/users",
                        Map.of("email", "b@example.com", "untrusted_metadata", Map.of("k", "x".repeat(4096 - 7))))
                .refused(400, "metadata_too_large");
    }

    @Test
    void rolesAreThoseOfTheProject() {
        app.setting(client, "rbac.roles", List.of(new Policy.Role("editor", "", List.of())));
        var made = client.post("/v1/users", "{'email':'a@example.com','roles':['editor','stytch_user','editor']}")
                .ok();
        assertThat(made.at("user.roles")).isEqualTo(Json.mapperInstance().readTree("[\"stytch_user\",\"editor\"]"));
        client.post("/v1/users", "{'email':'b@example.com','roles':['owner']}").refused(400, "invalid_rbac_role_id");
        client.post("/v1/users", "{'email':'b@example.com','roles':[null]}").refused(400, "invalid_rbac_role_id");
        client.post("/v1/users", Map.of("email", "b@example.com", "roles", Collections.nCopies(101, "editor")))
                .refused(400, "too_many_roles");
        client.post("/v1/users", "{'email':'b@example.com','roles':'editor'}").refused(400, "bad_request");
    }

    @Test
    void aNameHasLimits() {
        client.post("/v1/users", Map.of("email", "a@example.com", "name", Map.of("first_name", "A\u200Bda")))
                .refused(400, "forbidden_character_zero_width_space");
        client.post("/v1/users", Map.of("email", "a@example.com", "name", Map.of("last_name", "x".repeat(129))))
                .refused(400, "bad_request");
        client.post("/v1/users", Map.of("email", "a@example.com", "name", Map.of("last_name", "a\nb")))
                .refused(400, "bad_request");
        client.post(
                        "/v1/users",
                        Map.of(
                                "email",
                                "a@example.com",
                                "name",
                                Map.of("first_name", "x".repeat(128), "last_name", "Ölçer 👩‍💻")))
                .ok();
    }

    @Test
    void whatIsNoTextIsRefusedAndNotStored() {
        client.post("/v1/users", "{'email':'a@example.com','name':{'first_name':'\\u0000'}}")
                .refused(400, "bad_request");
        client.post("/v1/users", "{'email':'a@example.com','trusted_metadata':{'k':['\\ud800']}}")
                .refused(400, "bad_request");
        client.post("/v1/users", "{'email':'a@example.com','trusted_metadata':{'\\ud800x':1}}")
                .refused(400, "bad_request");
    }

    @Test
    void attributesAreNotChecked() {
        user("{'email':'a@example.com','attributes':{'ip_address':'nowhere','user_agent':'x'}}");
    }

    @Test
    void anIdThatCanBeNoneIsRefusedAndAnUnknownOneNotFound() {
        client.get("/v1/users/" + UNKNOWN).refused(404, "user_not_found");
        client.get("/v1/users/nobody").refused(404, "user_not_found");
        client.get("/v1/users/user-test-1").refused(404, "user_not_found");
        client.get("/v1/users/a%20b").refused(400, "invalid_user_id");
        client.get("/v1/users/" + UNKNOWN.replace("test", "live")).refused(400, "live_id_used_in_test_environment");
        app.client(Vertical.CONSUMER, Environment.LIVE)
                .get("/v1/users/" + UNKNOWN)
                .refused(400, "test_id_used_in_live_environment");
    }

    @Test
    void aB2bProjectHasNoUsers() {
        app.b2b().post("/v1/users", "{'email':'a@example.com'}").refused(400, "invalid_consumer_endpoint");
    }

    private static Map<String, Object> keys(int count) {
        Map<String, Object> keys = new HashMap<>();
        for (int i = 0; i < count; i++) {
            keys.put("k" + i, i);
        }
        return keys;
    }
}
