package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Environment;
import dev.selvage.projects.Vertical;
import dev.selvage.support.Client;
import java.util.List;
import org.junit.jupiter.api.Test;

class SandboxWireTest extends MagicLinkTest {

    @Test
    void theSandboxAnswersInTestProjectsAndSendsNothing() {
        String user = "user-test-e3795c81-f849-4167-bfda-e4a6e9c280fd";
        for (String call : List.of("send", "login_or_create", "invite")) {
            assertThat(client.post("/v1/magic_links/email/" + call, "{'email':'sandbox@stytch.com'}")
                            .ok()
                            .text("user_id"))
                    .isEqualTo(user);
        }
        client.post("/v1/magic_links/email/revoke_invite", "{'email':'sandbox@stytch.com'}")
                .ok();
        assertThat(client.post("/v1/passwords/email/reset/start", "{'email':'sandbox@stytch.com'}")
                        .ok()
                        .text("user_id"))
                .isEqualTo(user);
        assertThat(mailbox.messages("sandbox@stytch.com")).isEmpty();
        assertThat(authenticate("DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94=", "")
                        .ok()
                        .text("user_id"))
                .isEqualTo(user);
        authenticate("3pzjQpgksDlGKWEwUq2Up--hCHC_0oamfLHyfspKDFU=", "").refused(401, "unable_to_auth_magic_link");
        authenticate("CprTtwhnRNiMBiUS2jSLcWYrfuO2POeBNdo5HhW6qTM=", "").refused(404, "magic_link_not_found");
        Client live = app.client(Vertical.CONSUMER, Environment.LIVE);
        live.post("/v1/magic_links/authenticate", "{'token':'DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94='}")
                .refused(404, "magic_link_not_found");
        for (String call : List.of(
                "magic_links/email/send",
                "magic_links/email/login_or_create",
                "magic_links/email/invite",
                "magic_links/email/revoke_invite",
                "passwords/email/reset/start")) {
            live.post("/v1/" + call, "{'email':'sandbox@stytch.com'}").refused(400, "invalid_email_sandbox");
        }
    }
}
