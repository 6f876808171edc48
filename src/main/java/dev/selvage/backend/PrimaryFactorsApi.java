package dev.selvage.backend;

import dev.selvage.accounts.UserAddresses;
import dev.selvage.backend.UsersApi.UserResponse;
import dev.selvage.db.Database;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Endpoint;
import dev.selvage.http.RequestContext;
import dev.selvage.users.Contacts;
import dev.selvage.users.FactorKind;
import java.util.List;

/// `PUT /v1/users/{user_id}/exchange_primary_factor`. It stands here because it ends sessions, of which users
/// know nothing.
public final class PrimaryFactorsApi {

    private final UserAddresses addresses;
    private final Database database;

    public PrimaryFactorsApi(UserAddresses addresses, Database database) {
        this.addresses = addresses;
        this.database = database;
    }

    public List<Endpoint<?, ?>> endpoints() {
        return List.of(
                Endpoint.put("/v1/users/{user_id}/exchange_primary_factor", ExchangeRequest.class, this::exchange));
    }

    record ExchangeRequest(String userId, String emailAddress, String phoneNumber) {
        ExchangeRequest {
            Check.that(Check.given(emailAddress, phoneNumber) == 1, ErrorType.INVALID_EXCHANGE_PRIMARY_FACTOR_FIELDS);
            emailAddress = Contacts.emailOrNull(emailAddress, "email_address");
            phoneNumber = Contacts.phoneOrNull(phoneNumber, "phone_number");
        }
    }

    private UserResponse exchange(RequestContext call, ExchangeRequest request) {
        boolean email = request.emailAddress != null;
        return UserResponse.of(database.transaction(() -> addresses.exchange(
                call.project(),
                request.userId,
                email ? FactorKind.EMAIL : FactorKind.PHONE,
                email ? request.emailAddress : request.phoneNumber)));
    }
}
