package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.signin.Proof;
import dev.selvage.signin.UserSignIn;
import dev.selvage.signin.UserSignInRequest;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.TestApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/// Many calls at once for one session: on PostgreSQL at two nodes, on SQLite at one. Each answer is also
/// checked against the contract, so that a 500 fails.
class SessionRaceTest extends SessionTest {

    private static final int THREADS = 6;
    private static final int ROUNDS = 5;

    private TestApp second;

    @BeforeParameterizedClassInvocation
    void startSecondNode() {
        second = engine == Engine.POSTGRESQL ? TestApp.start(app.config(), app.clock()) : app;
    }

    @AfterParameterizedClassInvocation
    void stopSecondNode() {
        if (second != app) {
            second.close();
        }
    }

    @Test
    void whatBeginsAfterARevokeWasAnsweredIsRefusedByEveryNode() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Sessions.Issued<UserSession> issued = start(60);
            AtomicLong revokedAt = new AtomicLong(Long.MAX_VALUE);
            CountDownLatch busy = new CountDownLatch(THREADS * 2);
            List<Callable<Void>> calls = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Client node = node(thread);
                String body = body(issued, thread);
                calls.add(() -> {
                    for (boolean after = false; !after; ) {
                        long begin = System.nanoTime();
                        after = begin > revokedAt.get();
                        Client.Answer answer = node.post("/v1/sessions/authenticate", body);
                        busy.countDown();
                        if (after || answer.status() != 200) {
                            answer.refused(404, "session_not_found");
                        }
                    }
                    return null;
                });
            }
            calls.add(() -> {
                busy.await();
                client.post("/v1/sessions/revoke", "{'session_token':'" + issued.token() + "'}")
                        .ok();
                revokedAt.set(System.nanoTime());
                return null;
            });
            atOnce(calls);
            assertThat(list().at("sessions")).isEmpty();
        }
    }

    @Test
    void claimsMergedAtOnceAllStay() throws Exception {
        Sessions.Issued<UserSession> issued = start(60);
        int merges = 8;
        atOnce(IntStream.range(0, THREADS)
                .<Callable<Void>>mapToObj(thread -> () -> {
                    for (int i = 0; i < merges; i++) {
                        node(thread)
                                .post(
                                        "/v1/sessions/authenticate",
                                        "{'session_token':'" + issued.token() + "','session_custom_claims':{'t" + thread
                                                + "':{'k" + i + "':1}}}")
                                .ok();
                    }
                    return null;
                })
                .toList());
        Client.Answer answer = authenticate(issued).ok();
        assertThat(answer.at("session.custom_claims")).hasSize(THREADS);
        answer.at("session.custom_claims").forEach(claims -> assertThat(claims).hasSize(merges));
    }

    @Test
    void factorsClaimsAndExtensionsAtOnceLoseNothing() throws Exception {
        Sessions.Issued<UserSession> issued = start(60);
        advance(Duration.ofSeconds(1));
        List<Callable<Void>> calls = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            TestApp node = thread % 2 == 0 ? app : second;
            Client caller = node(thread);
            String id = "e-" + thread;
            calls.add(() -> {
                UserSignIn login = new UserSignIn(
                        node.app().subjects(),
                        node.app().users(),
                        node.app().sessions(),
                        node.app().database());
                login.signIn(
                        client.project(),
                        UserSignInRequest.resolve(
                                client.project(),
                                node.app().sessions(),
                                SessionArgument.of(issued.token(), null),
                                null,
                                null,
                                Attributes.NONE),
                        () -> Proof.of(
                                userId,
                                Factor.embeddableMagicLink(id, node.clock().millis())));
                return null;
            });
            calls.add(() -> {
                caller.post(
                                "/v1/sessions/authenticate",
                                "{'session_token':'" + issued.token() + "','session_custom_claims':{'" + id + "':1}}")
                        .ok();
                return null;
            });
            calls.add(() -> {
                caller.post(
                                "/v1/sessions/authenticate",
                                "{'session_token':'" + issued.token() + "','session_duration_minutes':120}")
                        .ok();
                return null;
            });
        }
        atOnce(calls);
        Client.Answer answer = authenticate(issued).ok();
        assertThat(answer.at("session.authentication_factors")).hasSize(1 + THREADS);
        assertThat(answer.at("session.custom_claims")).hasSize(THREADS);
        assertThat(answer.text("session.expires_at")).isEqualTo(inSeconds(7200));
    }

    @Test
    void manyRevokesOfOneSessionAllSucceed() throws Exception {
        Sessions.Issued<UserSession> issued = start(60);
        atOnce(IntStream.range(0, THREADS)
                .<Callable<Void>>mapToObj(thread -> () -> {
                    node(thread)
                            .post(
                                    "/v1/sessions/revoke",
                                    "{'session_id':'" + issued.session().id() + "'}")
                            .ok();
                    return null;
                })
                .toList());
        authenticate(issued).refused(404, "session_not_found");
    }

    @Test
    void nodesThatNeedTheFirstKeyOrRotateAtOnceMakeOneKey() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            client = app.consumer();
            atOnce(IntStream.range(0, THREADS)
                    .<Callable<Void>>mapToObj(thread -> () -> {
                        app(thread).app().keys().current(client.project());
                        return null;
                    })
                    .toList());
            assertThat(jwks(app)).hasSize(1).isEqualTo(jwks(second));
            atOnce(IntStream.range(0, THREADS)
                    .<Callable<Void>>mapToObj(thread -> () -> {
                        app(thread).app().keys().rotate(client.project());
                        return null;
                    })
                    .toList());
            assertThat(client.get("/v1/sessions/jwks/" + client.projectId())
                            .ok()
                            .at("keys"))
                    .hasSize(2);
            assertThat(app.app()
                            .database()
                            .read("SELECT COUNT(*) FROM signing_keys WHERE project_id = :p")
                            .bind("p", client.projectId())
                            .number())
                    .isEqualTo(2);
        }
    }

    @Test
    void aNodeWhoseClockIsBehindMovesNoTimeOfAccessBack() {
        Sessions.Issued<UserSession> issued = start(60);
        advance(Duration.ofSeconds(10));
        authenticate(issued, "'session_custom_claims':{'a':1}").ok();
        advance(Duration.ofSeconds(-5));
        node(1).post(
                        "/v1/sessions/authenticate",
                        "{'session_token':'" + issued.token() + "','session_custom_claims':{'b':1}}")
                .ok();
        assertThat(list().text("sessions.0.last_accessed_at")).isEqualTo(inSeconds(5));
        advance(Duration.ofSeconds(5));
    }

    private List<String> jwks(TestApp node) {
        List<String> kids = new ArrayList<>();
        client.at(node)
                .get("/v1/sessions/jwks/" + client.projectId())
                .ok()
                .at("keys")
                .forEach(key -> kids.add(key.path("kid").stringValue()));
        return kids;
    }

    private TestApp app(int thread) {
        return thread % 2 == 0 ? app : second;
    }

    private Client node(int thread) {
        return client.at(app(thread));
    }

    /// Every way to ask for the session, so that each is refused afterwards.
    private static String body(Sessions.Issued<UserSession> issued, int thread) {
        return "{"
                + switch (thread % 3) {
                    case 0 -> "'session_token':'" + issued.token() + "'";
                    case 1 -> "'session_jwt':'" + issued.jwt() + "','session_duration_minutes':60";
                    default -> "'session_token':'" + issued.token() + "','session_custom_claims':{'k':" + thread + "}";
                }
                + "}";
    }

    private static void atOnce(List<Callable<Void>> calls) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> call : threads.invokeAll(calls)) {
                call.get();
            }
        }
    }
}
