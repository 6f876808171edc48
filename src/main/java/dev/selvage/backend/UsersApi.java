package dev.selvage.backend;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.base.Ids;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.EmptyResponse;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.search.SearchPage;
import dev.selvage.users.Contacts;
import dev.selvage.users.FactorKind;
import dev.selvage.users.Names;
import dev.selvage.users.User;
import dev.selvage.users.UserBody;
import dev.selvage.users.UserFactor;
import dev.selvage.users.UserSearch;
import dev.selvage.users.Users;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// `/v1/users`: people. What belongs to them is taken away in [UserFactorsApi], and exchanged in `login`.
///
/// `attributes` (IP address and user agent of the person behind the call) is accepted and not used: nothing
/// here begins a session that could show it.
public final class UsersApi {

    private final Users users;
    private final UserSearch search;

    public UsersApi(Users users, UserSearch search) {
        this.users = users;
        this.search = search;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/users", CreateRequest.class, this::create),
                Endpoint.post("/v1/users/search", SearchRequest.class, this::search),
                Endpoint.get("/v1/users/{user_id}", UserRequest.class, this::get),
                Endpoint.put("/v1/users/{user_id}", UpdateRequest.class, this::update),
                Endpoint.delete("/v1/users/{user_id}", UserRequest.class, this::delete),
                Endpoint.delete("/v1/users/{user_id}/external_id", UserRequest.class, this::deleteExternalId),
                Endpoint.get("/v1/users/{user_id}/connected_apps", UserRequest.class, this::connectedApps),
                Endpoint.post(
                        "/v1/users/{user_id}/connected_apps/{connected_app_id}/revoke",
                        RevokeRequest.class,
                        this::revoke));
    }

    record CreateRequest(
            String email,
            String phoneNumber,
            User.Name name,
            Boolean createUserAsPending,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            String externalId,
            List<String> roles) {
        CreateRequest {
            Check.that(Check.given(email, phoneNumber) > 0, ErrorType.INVALID_CREATE_USER_REQUEST);
            email = Contacts.emailOrNull(email, "email");
            phoneNumber = Contacts.phoneOrNull(phoneNumber, "phone_number");
        }
    }

    record CreateResponse(String userId, String emailId, String phoneId, String status, UserBody user) {}

    private CreateResponse create(RequestContext call, CreateRequest request) {
        User user = users.create(
                call.project(),
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

    record SearchResponse(List<UserBody> results, SearchPage.ResultsMetadata resultsMetadata) {}

    private SearchResponse search(RequestContext call, SearchRequest request) {
        SearchPage<User> found = search.search(call.project(), request.query, request.limit, request.cursor);
        return new SearchResponse(found.page().stream().map(UserBody::of).toList(), found.metadata());
    }

    record UserRequest(String userId) {}

    /// The user's members stand at the top level here, and only here (`sdk-facts.md` 3).
    record GetResponse(@JsonUnwrapped UserBody user) {}

    private GetResponse get(RequestContext call, UserRequest request) {
        return new GetResponse(UserBody.of(users.get(call.project(), request.userId)));
    }

    record UpdateRequest(
            String userId,
            Names.Parts name,
            JsonNode trustedMetadata,
            JsonNode untrustedMetadata,
            String externalId,
            List<String> roles) {}

    /// Some lists of the user stand at the top level as well (`sdk-facts.md` 3).
    record UpdateResponse(
            String userId,
            List<UserBody.EmailBody> emails,
            List<UserBody.PhoneBody> phoneNumbers,
            List<UserBody.WalletBody> cryptoWallets,
            UserBody user) {}

    private UpdateResponse update(RequestContext call, UpdateRequest request) {
        UserBody user = UserBody.of(users.update(
                call.project(),
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

    private DeleteResponse delete(RequestContext call, UserRequest request) {
        return new DeleteResponse(users.delete(call.project(), request.userId));
    }

    /// The answer of every call that changes a user but `update`.
    public record UserResponse(String userId, UserBody user) {

        public static UserResponse of(User user) {
            return new UserResponse(user.id(), UserBody.of(user));
        }
    }

    private UserResponse deleteExternalId(RequestContext call, UserRequest request) {
        return UserResponse.of(users.deleteExternalId(call.project(), request.userId));
    }

    record ConnectedAppsResponse(List<Object> connectedApps) {}

    /// There are no connected apps yet, so nobody has allowed one anything.
    private ConnectedAppsResponse connectedApps(RequestContext call, UserRequest request) {
        users.get(call.project(), request.userId);
        return new ConnectedAppsResponse(List.of());
    }

    record RevokeRequest(String userId, String connectedAppId) {
        RevokeRequest {
            if (!Ids.CONNECTED_APP.matches(connectedAppId)) {
                throw ApiError.badField("connected_app_id", "format is invalid");
            }
        }
    }

    private EmptyResponse revoke(RequestContext call, RevokeRequest request) {
        users.get(call.project(), request.userId);
        throw ApiError.of(ErrorType.CONNECTED_APP_NOT_FOUND);
    }

    private static String firstId(User user, FactorKind kind) {
        return user.factors(kind).map(UserFactor::id).findFirst().orElse("");
    }
}
