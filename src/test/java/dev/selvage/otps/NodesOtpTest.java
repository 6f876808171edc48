package dev.selvage.otps;

import dev.selvage.support.Nodes;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/// Three servers over one store: passcodes, and the limits that protect them, are the same at all.
class NodesOtpTest extends OtpWireTest {

    private Nodes nodes;

    @BeforeParameterizedClassInvocation
    void startMore() {
        nodes = Nodes.beside(app, 2);
    }

    @AfterParameterizedClassInvocation
    void stopMore() {
        nodes.close();
    }

    @Test
    void aCodeThatOneNodeSentIsGoodAtAnotherAndThenNowhere() {
        discover(ADDRESS).ok();
        Map<String, String> given = Map.of("email_address", ADDRESS, "code", mailbox.code(ADDRESS));
        nodes.clients(client)
                .getLast()
                .post("/v1/b2b/otps/email/discovery/authenticate", given)
                .ok();
        nodes.clients(client).forEach(node -> node.post("/v1/b2b/otps/email/discovery/authenticate", given)
                .refused(401, "unable_to_auth_otp_code"));
    }

    @Test
    void textsThatOneNodeSentCountAtTheOthers() {
        for (int i = 0; i < 3; i++) {
            nodes.inTurn(client, i)
                    .post("/v1/b2b/otps/sms/send", about(ann, "mfa_phone_number", NUMBER))
                    .ok();
            nodes.clients(client)
                    .forEach(node -> node.post("/v1/b2b/otps/sms/send", about(ann, "mfa_phone_number", NUMBER))
                            .refused(429, "too_many_requests"));
            nextSecond();
        }
    }

    @Test
    void wrongGuessesCountAcrossNodesAndTheLimitHoldsAtAll() {
        for (int i = 0; i < 10; i++) {
            discover(ADDRESS).ok();
            nodes.inTurn(client, i)
                    .post(
                            "/v1/b2b/otps/email/discovery/authenticate",
                            Map.of("email_address", ADDRESS, "code", mailbox.wrongCode(ADDRESS)))
                    .refused(404, "otp_code_not_found");
            nextSecond();
        }
        discover(ADDRESS).ok();
        Map<String, String> right = Map.of("email_address", ADDRESS, "code", mailbox.code(ADDRESS));
        nodes.clients(client).forEach(node -> node.post("/v1/b2b/otps/email/discovery/authenticate", right)
                .refused(429, "too_many_requests"));
    }
}
