package dev.selvage.passwords;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.login.SignedIn;
import dev.selvage.sessions.SessionFields;
import dev.selvage.users.Contacts;
import dev.selvage.users.User;
import dev.selvage.users.Users;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/passwords`: create, authenticate, change, import, judge.
public final class PasswordsApi {

    /// The longest password that any call takes, in UTF-16 units. Hashing does not need it; zxcvbn, old imported formats
    /// and whoever sends a megabyte do.
    public static final int PASSWORD_CHARACTERS_MAX = 256;

    private final Passwords passwords;

    public PasswordsApi(Passwords passwords) {
        this.passwords = passwords;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.post("/v1/passwords", CreateRequest.class, this::create),
                Endpoint.post("/v1/passwords/authenticate", AuthenticateRequest.class, this::authenticate));
    }

    record CreateRequest(String email, String password, Integer sessionDurationMinutes, ObjectNode sessionCustomClaims,
                         JsonNode trustedMetadata, JsonNode untrustedMetadata, User.Name name) {
        CreateRequest {
            email = Contacts.email(email, "email");
            checkPassword(password, "password");
        }

        Users.NewUser user() {
            return new Users.NewUser(email, null, name, trustedMetadata, untrustedMetadata, null, null, false);
        }

        @Override
        public String toString() {
            return "CreateRequest";
        }
    }

    record CreateAnswer(String emailId, @JsonUnwrapped SignedIn signedIn) { }

    private CreateAnswer create(Call call, CreateRequest request) {
        SessionFields session = new SessionFields(null, null, request.sessionDurationMinutes, request.sessionCustomClaims);
        SignedIn signedIn = passwords.create(call.project(), request.user(), request.password, session);
        return new CreateAnswer(signedIn.user().emails().getFirst().emailId(), signedIn);
    }

    record AuthenticateRequest(String email, String password, @JsonUnwrapped SessionFields session) {
        AuthenticateRequest {
            email = Contacts.email(email, "email");
            checkPassword(password, "password");
        }

        @Override
        public String toString() {
            return "AuthenticateRequest";
        }
    }

    record SignedInAnswer(@JsonUnwrapped SignedIn signedIn) { }

    private SignedInAnswer authenticate(Call call, AuthenticateRequest request) {
        return new SignedInAnswer(passwords.authenticate(call.project(), request.email, request.password, request.session));
    }

    /// Refuses what cannot be hashed unambiguously.
    ///
    /// @throws ApiError `bad_request` when it is absent, too long, or no Unicode text
    public static String checkPassword(String password, String field) {
        Check.required(password, field);
        if (password.length() > PASSWORD_CHARACTERS_MAX) {
            throw ApiError.badField(field, "may not be longer than " + PASSWORD_CHARACTERS_MAX + " characters");
        }
        // Half of a surrogate pair has no UTF-8 form: all of them would hash alike.
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(password)) {
            throw ApiError.badField(field, "is not valid Unicode");
        }
        return password;
    }
}
