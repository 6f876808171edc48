package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.accounts.UserAddresses;
import dev.selvage.backend.UsersApi.UserResponse;
import dev.selvage.base.Ids;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.contacts.PhoneNumber;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.UserErrors;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.search.SearchPage;
import dev.selvage.users.FactorKind;
import dev.selvage.users.Names;
import dev.selvage.users.User;
import dev.selvage.users.UserFactor;
import dev.selvage.users.UserSearch;
import dev.selvage.users.Users;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// `/v1/users`: creation, search, update and deletion of users, and their authentication factors.
public final class UsersApi {

    private final Users users;
    private final UserSearch search;
    private final UserAddresses addresses;

    public UsersApi(Users users, UserSearch search, UserAddresses addresses) {
        this.users = users;
        this.search = search;
        this.addresses = addresses;
    }

    public List<Endpoint<?, ?>> endpoints(BackendSurfaces on) {
        return List.of(
                on.consumer().post("/v1/users", CreateRequest.class, this::create),
                on.consumer().post("/v1/users/search", SearchRequest.class, this::search),
                on.consumer()
                        .get("/v1/users/{user_id}", UserRequest.class, this::get)
                        .runOnLoop(),
                on.consumer().put("/v1/users/{user_id}", UpdateRequest.class, this::update),
                on.consumer().delete("/v1/users/{user_id}", UserRequest.class, this::delete),
                on.consumer().delete("/v1/users/{user_id}/external_id", UserRequest.class, this::deleteExternalId),
                on.consumer().get("/v1/users/{user_id}/connected_apps", UserRequest.class, this::connectedApps),
                on.consumer()
                        .post(
                                "/v1/users/{user_id}/connected_apps/{connected_app_id}/revoke",
                                RevokeRequest.class,
                                this::revoke),
                on.consumer()
                        .delete(
                                "/v1/users/emails/{email_id}",
                                Email.class,
                                (context, request) -> delete(context, FactorKind.EMAIL, request.emailId)),
                on.consumer()
                        .delete(
                                "/v1/users/phone_numbers/{phone_id}",
                                Phone.class,
                                (context, request) -> delete(context, FactorKind.PHONE, request.phoneId)),
                on.consumer()
                        .delete(
                                "/v1/users/totps/{totp_id}",
                                Totp.class,
                                (context, request) -> delete(context, FactorKind.TOTP, request.totpId)),
                on.consumer()
                        .delete(
                                "/v1/users/webauthn_registrations/{webauthn_registration_id}",
                                WebAuthn.class,
                                (context, request) ->
                                        delete(context, FactorKind.WEBAUTHN, request.webauthnRegistrationId)),
                on.consumer()
                        .delete(
                                "/v1/users/biometric_registrations/{biometric_registration_id}",
                                Biometric.class,
                                (context, request) ->
                                        delete(context, FactorKind.BIOMETRIC, request.biometricRegistrationId)),
                on.consumer()
                        .delete(
                                "/v1/users/crypto_wallets/{crypto_wallet_id}",
                                Wallet.class,
                                (context, request) ->
                                        delete(context, FactorKind.CRYPTO_WALLET, request.cryptoWalletId)),
                on.consumer()
                        .delete(
                                "/v1/users/oauth/{oauth_user_registration_id}",
                                OAuth.class,
                                (context, request) ->
                                        delete(context, FactorKind.OAUTH, request.oauthUserRegistrationId)),
                on.consumer()
                        .delete(
                                "/v1/users/passwords/{password_id}",
                                Password.class,
                                (context, request) ->
                                        UserResponse.of(users.deletePassword(context.project(), request.passwordId))),
                on.consumer()
                        .put("/v1/users/{user_id}/exchange_primary_factor", ExchangeRequest.class, this::exchange));
    }

    record CreateRequest(
            EmailAddress email,
            PhoneNumber phoneNumber,
            User.Name name,
            Boolean createUserAsPending,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            String externalId,
            List<String> roles) {
        CreateRequest {
            Check.that(email != null || phoneNumber != null, UserErrors.INVALID_CREATE_USER_REQUEST);
        }
    }

    record CreateResponse(String userId, String emailId, String phoneId, String status, UserBody user) {}

    private CreateResponse create(RequestContext context, CreateRequest request) {
        User user = users.create(
                context.project(),
                new Users.NewUser(
                        request.email,
                        request.phoneNumber,
                        request.name,
                        request.trustedMetadata,
                        request.untrustedMetadata,
                        request.externalId,
                        request.roles,
                        Boolean.TRUE.equals(request.createUserAsPending)));
        return new CreateResponse(
                user.id(),
                firstId(user, FactorKind.EMAIL),
                firstId(user, FactorKind.PHONE),
                user.status().name().toLowerCase(Locale.ROOT),
                UserBody.of(user));
    }

    record SearchRequest(String cursor, Integer limit, JsonNode query) {}

    record SearchResponse(List<UserBody> results, ResultsMetadata resultsMetadata) {}

    private SearchResponse search(RequestContext context, SearchRequest request) {
        SearchPage<User> found = search.search(context.project(), request.query, request.limit, request.cursor);
        return new SearchResponse(found.page().stream().map(UserBody::of).toList(), ResultsMetadata.of(found));
    }

    record UserRequest(String userId) {}

    /// The fields of the user are at the top level only in this response (`sdk-facts.md` 3).
    record GetResponse(@JsonUnwrapped UserBody user) {}

    private GetResponse get(RequestContext context, UserRequest request) {
        return new GetResponse(UserBody.of(users.get(context.project(), request.userId)));
    }

    record UpdateRequest(
            String userId,
            Names.Parts name,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            String externalId,
            List<String> roles) {}

    /// Some lists of the user are repeated at the top level (`sdk-facts.md` 3).
    record UpdateResponse(
            String userId,
            List<UserBody.EmailBody> emails,
            List<UserBody.PhoneBody> phoneNumbers,
            List<UserBody.WalletBody> cryptoWallets,
            UserBody user) {}

    private UpdateResponse update(RequestContext context, UpdateRequest request) {
        UserBody user = UserBody.of(users.update(
                context.project(),
                request.userId,
                new Users.Update(
                        request.name,
                        request.trustedMetadata,
                        request.untrustedMetadata,
                        request.externalId,
                        request.roles)));
        return new UpdateResponse(user.userId(), user.emails(), user.phoneNumbers(), user.cryptoWallets(), user);
    }

    record DeleteResponse(String userId) {}

    private DeleteResponse delete(RequestContext context, UserRequest request) {
        return new DeleteResponse(users.delete(context.project(), request.userId));
    }

    /// The response of all calls that change a user, except `update`.
    public record UserResponse(String userId, UserBody user) {

        public static UserResponse of(User user) {
            return new UserResponse(user.id(), UserBody.of(user));
        }
    }

    private UserResponse deleteExternalId(RequestContext context, UserRequest request) {
        return UserResponse.of(users.deleteExternalId(context.project(), request.userId));
    }

    record ConnectedAppsResponse(List<Object> connectedApps) {}

    /// Always empty, because connected apps do not exist yet.
    private ConnectedAppsResponse connectedApps(RequestContext context, UserRequest request) {
        users.get(context.project(), request.userId);
        return new ConnectedAppsResponse(List.of());
    }

    record RevokeRequest(String userId, String connectedAppId) {
        RevokeRequest {
            if (!Ids.CONNECTED_APP.matches(connectedAppId)) {
                throw ApiError.badField("connected_app_id", "format is invalid");
            }
        }
    }

    private EmptyResponse revoke(RequestContext context, RevokeRequest request) {
        users.get(context.project(), request.userId);
        throw ApiError.of(UserErrors.CONNECTED_APP_NOT_FOUND);
    }

    private static String firstId(User user, FactorKind kind) {
        return user.factors(kind).map(UserFactor::id).findFirst().orElse("");
    }

    record Email(String emailId) {}

    record Phone(String phoneId) {}

    record Totp(String totpId) {}

    record WebAuthn(String webauthnRegistrationId) {}

    record Biometric(String biometricRegistrationId) {}

    record Wallet(String cryptoWalletId) {}

    record OAuth(String oauthUserRegistrationId) {}

    record Password(String passwordId) {}

    private UserResponse delete(RequestContext context, FactorKind kind, String factorId) {
        return UserResponse.of(users.deleteFactor(context.project(), kind, factorId));
    }

    record ExchangeRequest(String userId, EmailAddress emailAddress, PhoneNumber phoneNumber) {
        ExchangeRequest {
            Check.that(
                    (emailAddress == null) != (phoneNumber == null), UserErrors.INVALID_EXCHANGE_PRIMARY_FACTOR_FIELDS);
        }
    }

    private UserResponse exchange(RequestContext context, ExchangeRequest request) {
        return UserResponse.of(addresses.exchange(
                context.project(),
                request.userId,
                request.emailAddress != null ? request.emailAddress : request.phoneNumber));
    }
}
