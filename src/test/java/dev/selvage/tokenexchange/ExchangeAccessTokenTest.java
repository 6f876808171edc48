package dev.selvage.tokenexchange;

import dev.selvage.support.WireTest;
import org.junit.jupiter.api.Test;

/// `POST /v1/sessions/exchange_access_token` and its B2B twin, while there are no connected apps.
class ExchangeAccessTokenTest extends WireTest {

    @Test
    void everyTokenIsUnknown() {
        exchange(
                "{'access_token':'eyJhbGciOiJSUzI1NiJ9.e30.AAAA','session_duration_minutes':60}",
                404,
                "idp_access_token_not_found");
        exchange("{'access_token':'opaque'}", 404, "idp_access_token_not_found");
    }

    @Test
    void fieldsAreCheckedFirst() {
        exchange("{}", 400, "bad_request");
        exchange("{'access_token':''}", 400, "bad_request");
        exchange("{'access_token':'two words'}", 400, "bad_request");
        exchange(
                "{'access_token':'opaque','session_duration_minutes':527041}", 400, "invalid_session_duration_minutes");
    }

    @Test
    void eachProductHasItsOwnCall() {
        client.post("/v1/b2b/sessions/exchange_access_token", "{'access_token':'opaque'}")
                .refused(400, "invalid_b2b_endpoint");
        app.b2b()
                .post("/v1/sessions/exchange_access_token", "{'access_token':'opaque'}")
                .refused(400, "invalid_consumer_endpoint");
    }

    private void exchange(String body, int status, String errorType) {
        client.post("/v1/sessions/exchange_access_token", body).refused(status, errorType);
        app.b2b().post("/v1/b2b/sessions/exchange_access_token", body).refused(status, errorType);
    }
}
