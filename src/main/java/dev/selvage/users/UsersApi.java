package dev.selvage.users;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// `/v1/users`: people and what belongs to them.
public final class UsersApi {

    private final Users users;

    public UsersApi(Users users) {
        this.users = users;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/users", CreateRequest.class, this::create),
                Endpoint.get("/v1/users/{user_id}", GetRequest.class, this::get));
    }

    record CreateRequest(String email, String phoneNumber, User.Name name, Boolean createUserAsPending,
                         JsonNode trustedMetadata, JsonNode untrustedMetadata, String externalId, List<String> roles) {
        CreateRequest {
            Check.that(Check.given(email, phoneNumber) > 0, ErrorType.INVALID_CREATE_USER_REQUEST);
            email = email == null || email.isEmpty() ? null : Contacts.email(email, "email");
            phoneNumber = phoneNumber == null || phoneNumber.isEmpty() ? null : Contacts.phone(phoneNumber, "phone_number");
        }
    }

    record CreateAnswer(String userId, String emailId, String phoneId, String status, UserBody user) { }

    private CreateAnswer create(Call call, CreateRequest request) {
        User user = users.create(call.project(), new Users.NewUser(request.email, request.phoneNumber, request.name,
                request.trustedMetadata, request.untrustedMetadata, request.externalId, request.roles,
                Boolean.TRUE.equals(request.createUserAsPending)));
        return new CreateAnswer(user.id(), firstId(user, FactorKind.EMAIL), firstId(user, FactorKind.PHONE),
                user.status().name().toLowerCase(Locale.ROOT), UserBody.of(user));
    }

    record GetRequest(String userId) { }

    /// The user's members stand at the top level here, and only here (`sdk-facts.md` 3).
    record GetAnswer(@JsonUnwrapped UserBody user) { }

    private GetAnswer get(Call call, GetRequest request) {
        return new GetAnswer(UserBody.of(users.get(call.project(), request.userId)));
    }

    private static String firstId(User user, FactorKind kind) {
        return user.factors(kind).map(UserFactor::id).findFirst().orElse("");
    }
}
