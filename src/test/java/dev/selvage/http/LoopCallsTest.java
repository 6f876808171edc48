package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.WouldBlockException;
import dev.selvage.limits.OperationLimits;
import dev.selvage.support.RawHttp;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/// Calls on the thread of an event loop: in batches, and on a virtual thread where they would wait.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoopCallsTest {

    private static final Surface SURFACE =
            new Surface("/", Authenticator.ANYONE, BodyFormat.NONE, SurfaceTest.OAUTH, Cors.NONE, Set.of("GET"));
    private static final ThreadLocal<Integer> IN_BATCH = ThreadLocal.withInitial(() -> 0);

    private final AtomicInteger largest = new AtomicInteger();
    private final ThreadLocal<Integer> calls = ThreadLocal.withInitial(() -> 0);
    private Server server;

    record Query(String id) {}

    record Where(String id, boolean virtual, int inBatch) {}

    private static Where where(String id) {
        return new Where(id, Thread.currentThread().isVirtual(), IN_BATCH.get());
    }

    private void batch(Runnable batch) {
        IN_BATCH.set(1);
        calls.set(0);
        batch.run();
        IN_BATCH.set(0);
        largest.accumulateAndGet(calls.get(), Math::max);
    }

    private void start(LoopCalls loopCalls) {
        List<Route> routes = List.of(
                SURFACE.get("/loop/{id}", Query.class, (context, query) -> {
                            calls.set(calls.get() + 1);
                            return where(query.id);
                        })
                        .runOnLoop(),
                SURFACE.get("/waits/{id}", Query.class, (context, query) -> {
                            if (!Thread.currentThread().isVirtual()) {
                                throw WouldBlockException.INSTANCE;
                            }
                            return where(query.id);
                        })
                        .runOnLoop(),
                SURFACE.get("/other/{id}", Query.class, (context, query) -> where(query.id)));
        server = Server.start(
                "127.0.0.1",
                0,
                Optional.empty(),
                ConnectionLimits.DEFAULT,
                new Pipeline(routes, new OperationLimits(), ClockAndRandom.real()),
                Optional.ofNullable(loopCalls));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String get(String... paths) throws IOException {
        StringBuilder requests = new StringBuilder();
        for (String path : paths) {
            requests.append("GET ").append(path).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        return RawHttp.send(
                "http://127.0.0.1:" + server.port(),
                requests.toString().replaceFirst("(?s)(.*)Host: x", "$1Connection: close\r\nHost: x"));
    }

    @Test
    void aRouteDecidesWhereItsCallsRun() throws IOException {
        start(this::batch);
        assertThat(get("/loop/a")).endsWith("{\"id\":\"a\",\"virtual\":false,\"in_batch\":1}");
        assertThat(get("/other/a")).endsWith("{\"id\":\"a\",\"virtual\":true,\"in_batch\":0}");
    }

    @Test
    void withoutAStoreThatAllowsItEachCallHasAThread() throws IOException {
        start(null);
        assertThat(get("/loop/a")).endsWith("{\"id\":\"a\",\"virtual\":true,\"in_batch\":0}");
    }

    @Test
    void aBatchThatCannotBeginLeavesEachCallItsThread() throws IOException {
        start(batch -> {
            throw new IllegalStateException("no transaction");
        });
        assertThat(get("/loop/a")).endsWith("{\"id\":\"a\",\"virtual\":true,\"in_batch\":0}");
    }

    @Test
    void aCallThatWouldWaitIsHandledOnAVirtualThreadAndLoggedOnce() throws IOException {
        Logger calls = (Logger) LoggerFactory.getLogger("selvage.calls");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        calls.setLevel(Level.INFO);
        calls.addAppender(log);
        try {
            start(this::batch);
            assertThat(get("/waits/a")).endsWith("{\"id\":\"a\",\"virtual\":true,\"in_batch\":0}");
            assertThat(log.list).hasSize(1);
        } finally {
            calls.detachAppender(log);
            calls.setLevel(null);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrderWhereverTheyRun() throws IOException {
        start(this::batch);
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            paths.add(List.of("/loop/", "/waits/", "/other/").get(i % 3) + i);
        }
        String answers = get(paths.toArray(String[]::new));
        int at = -1;
        for (int i = 0; i < 50; i++) {
            int next = answers.indexOf("{\"id\":\"" + i + "\"");
            assertThat(next).as("answer " + i).isGreaterThan(at);
            at = next;
        }
    }

    @Test
    void aBatchIsBounded() throws IOException {
        start(this::batch);
        int count = 3 * LoopBatch.CALLS_MAX;
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new Socket("127.0.0.1", server.port()));
            }
            byte[] request = "GET /loop/a HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            for (int round = 0; round < 10; round++) {
                for (Socket socket : sockets) {
                    socket.getOutputStream().write(request);
                }
                for (Socket socket : sockets) {
                    String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
                    assertThat(answer).isEqualTo("HTTP/1.1 200");
                    while (socket.getInputStream().read() != '}') {
                        // The rest of the answer.
                    }
                }
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertThat(largest.get()).isBetween(1, LoopBatch.CALLS_MAX);
    }
}
