package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.projects.Settings.RateLimits.Limit;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Race;
import dev.selvage.support.TestApp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class B2bMagicLinkRacesTest extends B2bMagicLinkTest {

    private static final int CALLS = 12;

    @BeforeEach
    void liftTheLimitOfMessages() {
        app.setting(client, "rate_limits.targets", Map.of("email_send", new Limit(1_000, 1)));
    }

    @Test
    void ofManyCallsWithOneTokenOnTwoNodesOneSucceeds() throws Exception {
        String id = organization(OPEN);
        String token = token(id, EMAIL);
        try (TestApp second = TestApp.start(app.config(), app.clock())) {
            List<Answer> answers = Race.atOnce(CALLS, call -> (call % 2 == 0 ? client : client.at(second))
                    .post("/v1/b2b/magic_links/authenticate", "{'magic_links_token':'" + token + "'}"));
            oneSucceeds(answers);
        }
        assertThat(sessionsOf(stored(id, EMAIL)).ok().at("member_sessions")).hasSize(1);
    }

    @Test
    void ofManyCallsWithOneDiscoveryTokenOneSucceeds() throws Exception {
        sendDiscovery(EMAIL, "").ok();
        String token = mailbox.token(EMAIL);
        oneSucceeds(Race.atOnce(CALLS, call -> discover(token, "")));
    }

    @Test
    void manySignUpsAtOnceMakeOneMember() throws Exception {
        String id = organization(OPEN);
        List<Answer> answers = Race.atOnce(CALLS, call -> client.post(
                        "/v1/b2b/magic_links/email/login_or_signup",
                        "{'organization_id':'" + id + "','email_address':'" + EMAIL + "'}")
                .ok());
        assertThat(answers.stream().map(answer -> answer.text("member_id")).distinct())
                .hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.at("member_created").booleanValue()))
                .hasSize(1);
        assertThat(mailbox.messages(EMAIL)).hasSize(CALLS);
    }

    @Test
    void manyInvitesAndSignUpsAtOnceMakeOneMember() throws Exception {
        String id = organization(OPEN);
        List<Answer> answers = Race.atOnce(CALLS, call -> client.post(
                        "/v1/b2b/magic_links/email/" + (call % 2 == 0 ? "invite" : "login_or_signup"),
                        "{'organization_id':'" + id + "','email_address':'" + EMAIL + "'}")
                .ok());
        assertThat(answers.stream().map(answer -> answer.text("member_id")).distinct())
                .hasSize(1);
        assertThat(stored(id, EMAIL).member().status().wireValue()).isEqualTo("invited");
    }

    private static void oneSucceeds(List<Answer> answers) {
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream()
                .filter(answer -> answer.status() != 200)
                .forEach(answer -> answer.refused(401, "unable_to_auth_magic_link"));
    }
}
