package dev.selvage.login;

import dev.selvage.db.Database;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.http.Call;
import dev.selvage.http.Endpoint;
import dev.selvage.users.Contacts;
import dev.selvage.users.FactorKind;
import dev.selvage.users.UsersApi.UserAnswer;
import java.util.List;

/// `PUT /v1/users/{user_id}/exchange_primary_factor`. It stands here because it ends sessions, of which users know
/// nothing.
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

    private UserAnswer exchange(Call call, ExchangeRequest request) {
        boolean email = request.emailAddress != null;
        return UserAnswer.of(database.transaction(() -> addresses.exchange(
                call.project(),
                request.userId,
                email ? FactorKind.EMAIL : FactorKind.PHONE,
                email ? request.emailAddress : request.phoneNumber)));
    }
}
