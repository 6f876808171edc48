package dev.selvage.login;

import dev.selvage.support.WireTest;
import org.junit.jupiter.api.Test;

/// `POST /v1/sessions/exchange_access_token`, while there are no connected apps.
class ExchangeAccessTokenTest extends WireTest {

    @Test
    void everyTokenIsUnknown() {
        exchange("{'access_token':'eyJhbGciOiJSUzI1NiJ9.e30.AAAA','session_duration_minutes':60}")
                .refused(404, "idp_access_token_not_found");
        exchange("{'access_token':'opaque'}").refused(404, "idp_access_token_not_found");
    }

    @Test
    void fieldsAreCheckedFirst() {
        exchange("{}").refused(400, "bad_request");
        exchange("{'access_token':''}").refused(400, "bad_request");
        exchange("{'access_token':'two words'}").refused(400, "bad_request");
        exchange("{'access_token':'opaque','session_duration_minutes':527041}").refused(400, "invalid_session_duration_minutes");
    }

    private dev.selvage.support.Client.Answer exchange(String body) {
        return client.post("/v1/sessions/exchange_access_token", body);
    }
}
