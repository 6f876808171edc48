package dev.selvage.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.limits.OperationLimits;
import dev.selvage.support.RawHttp;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionsTest {

    @Test
    void aStopEndsIdleConnectionsAndWaitsForCalls() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Surface surface =
                new Surface("/", Authenticator.ANYONE, BodyFormat.NONE, SurfaceTest.OAUTH, Cors.NONE, Set.of("GET"));
        RawRoute slow = RawRoute.get(surface, "/slow", request -> {
            begun.countDown();
            try {
                over.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            return Response.json(200, Map.of("slow", true));
        });
        Server server = Server.start(
                "127.0.0.1",
                0,
                Optional.empty(),
                ConnectionLimits.DEFAULT,
                new Pipeline(List.of(slow), new OperationLimits(), ClockAndRandom.real()),
                Optional.empty());
        int port = server.port();
        String url = "http://127.0.0.1:" + port;
        try (Socket idle = new Socket("127.0.0.1", port)) {
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(
                    () -> answer(url, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"), Thread::startVirtualThread);
            begun.await();
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close, Thread::startVirtualThread);
            assertThat(idle.getInputStream().read()).as("the idle connection").isEqualTo(-1);
            untilRefused(port);
            assertThat(stopped).isNotDone();
            over.countDown();
            assertThat(answer.join())
                    .startsWith("HTTP/1.1 200")
                    .contains("Connection: close")
                    .endsWith("{\"slow\":true}");
            stopped.join();
        }
    }

    /// Returns as soon as no connection is accepted any more.
    private static void untilRefused(int port) throws IOException {
        try {
            while (true) {
                new Socket("127.0.0.1", port).close();
            }
        } catch (ConnectException refused) {
            // As it should be.
        }
    }

    private static String answer(String url, String request) {
        try {
            return RawHttp.send(url, request);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
