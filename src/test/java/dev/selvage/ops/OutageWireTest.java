package dev.selvage.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Mailbox;
import dev.selvage.support.WireTest;
import org.junit.jupiter.api.Test;

/// What a server answers whose store is gone.
class OutageWireTest extends WireTest {

    private static final String LIST = "/v1/sessions?user_id=user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6";

    @Test
    void itIsAliveButNotReadyAndACallIsTheFaultOfTheSeed() {
        client.get(LIST).refused(404, "user_not_found");
        assertThat(status("/readyz")).isEqualTo(200);

        app.app().database().close();

        assertThat(status("/healthz")).isEqualTo(200);
        assertThat(status("/readyz")).isEqualTo(503);
        var fault = client.get(LIST).refused(500, "internal_server_error");
        assertThat(fault.text("error_message"))
                .isEqualTo("Oops, something seems to have gone wrong, please reach out to "
                        + "support@stytch.com to let us know what went wrong.");
        assertThat(fault.text("error_url")).isEqualTo("https://stytch.com/docs/api/errors/500");
        assertThat(fault.body().propertyNames())
                .containsExactly("status_code", "request_id", "error_type", "error_message", "error_url");

        for (String page : new String[] {"/v1/magic_links/redirect", "/v1/passwords/redirect"}) {
            var answer = Mailbox.open(
                    "GET", app.baseUrl() + page + "?public_token=" + client.publicToken() + "&token=" + "A".repeat(44));
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
            assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
            assertThat(answer.body()).contains("<h1>This did not work</h1>").doesNotContain("{\"");
        }
    }

    private int status(String path) {
        return client.send(client.request("GET", path, null).build()).status();
    }
}
