package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.WireTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class SeedSessionWireTest extends WireTest {

    private static final String EMAIL = "sandbox@stytch.com";
    private static final String AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            + "Chrome/51.0.2704.103 Safari/537.36";

    /// The documentation's answer of `GET /v1/sessions?user_id=`, without its two trailing commas.
    private static final String SEED = """
            {
            "status_code": 200,
            "request_id": "request-id-test-b05c992f-ebdc-489d-a754-c7e70ba13141",
            "sessions": [
            {
            "attributes": {
            "ip_address": "203.0.113.1",
            "user_agent": "%s"
            },
            "authentication_factors": [
            {
            "delivery_method": "email",
            "email_factor": {
            "email_address": "sandbox@stytch.com",
            "email_id": "email-test-81bf03a8-86e1-4d95-bd44-bb3495224953"
            },
            "last_authenticated_at": "2021-08-09T07:41:52Z",
            "created_at": "2021-08-09T07:41:52Z",
            "updated_at": "2021-08-09T07:41:52Z",
            "type": "magic_link"
            }
            ],
            "custom_claims": {
            "claim1": "value1",
            "claim2": "value2"
            },
            "expires_at": "2021-08-10T07:41:52Z",
            "last_accessed_at": "2021-08-09T07:41:52Z",
            "session_id": "session-test-fe6c042b-6286-479f-8a4f-b046a6c46509",
            "started_at": "2021-08-09T07:41:52Z",
            "user_id": "user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6"
            }
            ]
            }""".formatted(AGENT);

    @Test
    void theSessionOfTheDocumentationIsReproducedFieldByField() {
        // Its address is the sandbox user's, who is not stored.
        app.setting(client, "sandbox", false);
        client.post("/v1/magic_links/email/login_or_create", "{'email':'" + EMAIL + "'}")
                .ok();
        String token = new Mailbox(app, client).token(EMAIL);
        Client.Answer signedIn = client.post("/v1/magic_links/authenticate", """
                {'token':'%s','session_duration_minutes':1440,
                 'attributes':{'ip_address':'203.0.113.1','user_agent':'%s'},
                 'session_custom_claims':{'claim1':'value1','claim2':'value2'}}""".formatted(token, AGENT))
                .ok();

        JsonNode answer = client.get("/v1/sessions?user_id=" + signedIn.text("user_id"))
                .ok()
                .body();

        ObjectNode session = (ObjectNode) answer.at("/sessions/0");
        assertThat(session.at("/user_id")).isEqualTo(signedIn.at("user_id"));
        assertThat(session.at("/session_id")).isEqualTo(signedIn.at("session.session_id"));
        assertThat(session.at("/authentication_factors/0/email_factor/email_id"))
                .isEqualTo(signedIn.at("method_id"));
        // The only member that the example is older than; every SDK needs it (sdk-facts.md 10).
        assertThat(session.remove("roles")).isEqualTo(Json.mapperInstance().readTree("[\"stytch_user\"]"));
        JsonNode seed = Json.mapperInstance().readTree(SEED);
        assertThat(shape(answer)).isEqualTo(shape(seed));
        assertThat(new ArrayList<>(session.propertyNames()))
                .isEqualTo(List.copyOf(seed.at("/sessions/0").propertyNames()));
    }

    /// The answer with each UUID hidden: ids are compared by their prefix, everything else to the letter.
    private static JsonNode shape(JsonNode answer) {
        return Json.mapperInstance()
                .readTree(Json.write(answer)
                        .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "uuid"));
    }
}
