package dev.selvage.magiclinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.projects.Settings.RateLimits.Limit;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.TestApp;
import dev.selvage.support.WireTest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MagicLinkRacesTest extends WireTest {

    private static final int CALLS = 16;
    private static final String EMAIL = "ada@example.com";

    @BeforeEach
    void liftTheLimitOfMessages() {
        app.setting(client, "rate_limits.targets", Map.of("email_send", new Limit(1_000, 1)));
    }

    @Test
    void ofManyCallsWithOneTokenOnTwoNodesOneSucceeds() {
        try (TestApp second = TestApp.start(app.config(), app.clock())) {
            for (int round = 0; round < 3; round++) {
                String email = "user" + round + "@example.com";
                client.post("/v1/magic_links/email/login_or_create", "{'email':'" + email + "'}")
                        .ok();
                String body =
                        "{\"token\":\"" + new Mailbox(app, client).token(email) + "\",\"session_duration_minutes\":60}";
                List<Client.Answer> answers = atOnce(call -> call % 2 == 0
                        ? client.post("/v1/magic_links/authenticate", body)
                        : client.send(on(second, "/v1/magic_links/authenticate", body)));
                assertOneSucceeded(answers, 401, "unable_to_auth_magic_link");
                String userId = app.app()
                        .users()
                        .findByEmail(client.project(), new EmailAddress(email))
                        .orElseThrow()
                        .id();
                assertThat(client.get("/v1/sessions?user_id=" + userId).ok().at("sessions"))
                        .hasSize(1);
            }
        }
    }

    @Test
    void ofManyCallsThatSetAPasswordByOneTokenOneSucceeds() {
        client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok();
        client.post("/v1/passwords/email/reset/start", "{'email':'" + EMAIL + "'}")
                .ok();
        String token = new Mailbox(app, client).token(EMAIL);
        List<Client.Answer> answers = atOnce(call -> client.post(
                "/v1/passwords/email/reset",
                Map.of("token", token, "password", "an entirely different sentence " + call)));
        assertOneSucceeded(answers, 401, "unable_to_auth_password_reset_token");
        int winner = answers.indexOf(answers.stream()
                .filter(answer -> answer.status() == 200)
                .findFirst()
                .orElseThrow());
        client.post(
                        "/v1/passwords/authenticate",
                        Map.of("email", EMAIL, "password", "an entirely different sentence " + winner))
                .ok();
    }

    @Test
    void ofManyCallsForOneNewAddressOneMakesTheUser() {
        List<Client.Answer> answers =
                atOnce(call -> client.post("/v1/magic_links/email/login_or_create", "{'email':'" + EMAIL + "'}"));
        assertThat(answers).allMatch(answer -> answer.status() == 200);
        assertThat(answers)
                .filteredOn(answer -> answer.at("user_created").booleanValue())
                .hasSize(1);
        assertThat(answers.stream().map(answer -> answer.text("user_id")).distinct())
                .hasSize(1);
        assertThat(new Mailbox(app, client).messages(EMAIL)).hasSize(CALLS);
    }

    @Test
    void manyCallsThatAddOneAddressAgreeOnIt() {
        String userId =
                client.post("/v1/users", "{'email':'" + EMAIL + "'}").ok().text("user_id");
        List<Client.Answer> answers = atOnce(call ->
                client.post("/v1/magic_links/email/send", "{'email':'other@example.com','user_id':'" + userId + "'}"));
        assertThat(answers).allMatch(answer -> answer.status() == 200);
        assertThat(answers.stream().map(answer -> answer.text("email_id")).distinct())
                .hasSize(1);
    }

    private HttpRequest on(TestApp node, String path, String body) {
        return HttpRequest.newBuilder(URI.create(node.baseUrl() + path))
                .header("Authorization", Client.basic(client.projectId(), client.secret()))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static void assertOneSucceeded(List<Client.Answer> answers, int status, String errorType) {
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        answers.stream().filter(answer -> answer.status() != 200).forEach(answer -> answer.refused(status, errorType));
    }

    /// A call, by its number.
    private interface Numbered {
        Client.Answer call(int number);
    }

    private static List<Client.Answer> atOnce(Numbered work) {
        try (ExecutorService threads = Executors.newFixedThreadPool(CALLS)) {
            List<Callable<Client.Answer>> calls = new ArrayList<>();
            for (int number = 0; number < CALLS; number++) {
                int mine = number;
                calls.add(() -> work.call(mine));
            }
            List<Client.Answer> answers = new ArrayList<>();
            for (Future<Client.Answer> done : threads.invokeAll(calls)) {
                answers.add(done.get());
            }
            return Collections.unmodifiableList(answers);
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
