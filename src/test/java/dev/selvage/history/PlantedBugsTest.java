package dev.selvage.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.App;
import dev.selvage.DataDirectory.ProjectCredentials;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Json;
import dev.selvage.history.Checker.Kind;
import dev.selvage.history.Checker.Violation;
import dev.selvage.history.FlawedFront.Answered;
import dev.selvage.history.FlawedFront.Flaw;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.TestApp;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// The clients and the checker find bugs that are planted in front of a right server: what the proxy does to
/// calls shows in the verdict.
@Tag("process")
class PlantedBugsTest {

    private static final int CALLS = 1_000;
    private static final int CLIENTS = 8;
    private static final int ONE_IN = 10;
    private static final int ONE_EXTENSION_IN = 3;
    private static final long SECOND_NANOS = 1_000_000_000;

    @TempDir
    private static Path directory;

    private static App app;

    @BeforeAll
    static void startServer() {
        app = App.open(TestApp.config(directory, Engine.SQLITE.newStore(directory)), ClockAndRandom.real());
        app.serve(Optional.empty());
    }

    @AfterAll
    static void stopServer() {
        app.close();
    }

    /// What the checker says when half the calls go through the proxy, as through a second node.
    private static List<Violation> violations(Flaw flaw) throws Exception {
        ProjectCredentials project = app.directory().credentials().orElseThrow().projects().stream()
                .filter(each -> each.vertical().equals("consumer"))
                .findFirst()
                .orElseThrow();
        Recorder recorder = new Recorder();
        try (FlawedFront front = new FlawedFront(app.baseUrl(), flaw);
                Clients clients = new Clients(
                        new Caller(
                                List.of(app.baseUrl(), front.url()),
                                Client.basic(project.projectId(), project.secret()),
                                recorder),
                        1)) {
            clients.begin(CLIENTS);
            clients.runCalls(CALLS);
            clients.stop();
            clients.askForAll();
        }
        return Checker.check(recorder.history());
    }

    /// For a flaw that an authenticate or a list may see first: a verdict on either will do, which of them it
    /// is depends on the threads.
    private static void finds(Kind kind, Flaw flaw) throws Exception {
        finds(kind, action -> true, flaw);
    }

    private static void finds(Kind kind, Predicate<Call.Action> of, Flaw flaw) throws Exception {
        assertThat(violations(flaw))
                .anyMatch(violation ->
                        violation.kind() == kind && of.test(violation.call().action()));
    }

    @Test
    void withoutABugNothingIsFound() throws Exception {
        assertThat(violations((asked, behind) -> behind.ask(asked))).isEmpty();
    }

    /// A session is accepted for a second after it was, whatever became of it.
    @Test
    void aCacheOfOneSecondIsFound() throws Exception {
        record Kept(long at, Answered answered) {}
        Map<String, Kept> cache = new ConcurrentHashMap<>();
        finds(Kind.GHOST, Call.Action.Use.class::isInstance, (asked, behind) -> {
            if (!asked.authenticates()
                    || asked.body().contains("session_duration_minutes")
                    || asked.body().contains("session_custom_claims")) {
                return behind.ask(asked);
            }
            Kept kept = cache.get(asked.body());
            if (kept == null || System.nanoTime() - kept.at > SECOND_NANOS) {
                kept = new Kept(System.nanoTime(), behind.ask(asked));
                cache.put(asked.body(), kept);
            }
            return kept.answered;
        });
    }

    /// One extension in some is answered as if it had been made. A later extension hides it again, so more of
    /// them are lost than of other changes.
    @Test
    void aLostExtensionIsFound() throws Exception {
        AtomicInteger extensions = new AtomicInteger();
        finds(Kind.WRONG, (asked, behind) -> {
            ObjectNode body = asked.authenticates() ? Json.object(asked.body()) : Json.object();
            if (!body.has("session_duration_minutes") || extensions.incrementAndGet() % ONE_EXTENSION_IN != 0) {
                return behind.ask(asked);
            }
            int minutes = body.remove("session_duration_minutes").intValue();
            Answered answered = behind.ask(asked.with(body.toString()));
            return pretending(
                    answered,
                    session -> session.put(
                            "expires_at",
                            Instant.now().plusSeconds(minutes * 60L).toString()));
        });
    }

    /// One change of claims in some is answered before it is made, and made never.
    @Test
    void aLostClaimIsFound() throws Exception {
        AtomicInteger changes = new AtomicInteger();
        finds(Kind.WRONG, (asked, behind) -> {
            ObjectNode body = asked.authenticates() ? Json.object(asked.body()) : Json.object();
            if (!body.has("session_custom_claims") || changes.incrementAndGet() % ONE_IN != 0) {
                return behind.ask(asked);
            }
            ObjectNode claims = (ObjectNode) body.remove("session_custom_claims");
            Answered answered = behind.ask(asked.with(body.toString()));
            return pretending(answered, session -> ((ObjectNode) session.path("custom_claims")).setAll(claims));
        });
    }

    /// A list leaves a session out, now and then.
    @Test
    void aListThatHidesASessionIsFound() throws Exception {
        AtomicInteger lists = new AtomicInteger();
        finds(Kind.LOST, Call.Action.Look.class::isInstance, (asked, behind) -> {
            Answered answered = behind.ask(asked);
            if (!asked.lists() || lists.incrementAndGet() % ONE_IN != 0) {
                return answered;
            }
            ObjectNode body = Json.object(answered.body());
            body.putArray("sessions");
            return new Answered(answered.status(), body.toString());
        });
    }

    /// A list shows what there was when the user was asked for first.
    @Test
    void aListThatShowsAnEndedSessionIsFound() throws Exception {
        Map<String, Answered> kept = new ConcurrentHashMap<>();
        finds(Kind.GHOST, Call.Action.Look.class::isInstance, (asked, behind) -> {
            Answered answered = behind.ask(asked);
            return asked.lists() ? kept.merge(asked.pathAndQuery(), answered, PlantedBugsTest::older) : answered;
        });
    }

    /// A revoke is answered, and made never.
    @Test
    void aLostRevokeIsFound() throws Exception {
        finds(
                Kind.GHOST,
                (asked, behind) -> asked.pathAndQuery().equals("/v1/sessions/revoke")
                        ? new Answered(200, "{\"status_code\":200,\"request_id\":\"\"}")
                        : behind.ask(asked));
    }

    private static Answered older(Answered before, Answered now) {
        return Json.object(before.body()).path("sessions").isEmpty() ? now : before;
    }

    private interface Pretence {
        void change(ObjectNode session);
    }

    /// The same answer with another session in it. Its JWT then says something else, which is found as well.
    private static Answered pretending(Answered answered, Pretence pretence) {
        if (answered.status() != 200) {
            return answered;
        }
        ObjectNode body = Json.object(answered.body());
        pretence.change((ObjectNode) body.path("session"));
        return new Answered(200, body.toString());
    }
}
