package dev.selvage.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.Config;
import dev.selvage.http.ConnectionLimits;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.RawHttp;
import dev.selvage.support.TestApp;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients that hold on to connections: whoever keeps the server waiting is cut off, and everybody else is
/// served.
@Tag("process")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileClientsTest {

    private static final String HEALTH = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(200);

    private TestApp app;

    private void start(int open, Duration idle, Duration request, Duration answer) {
        app = TestApp.start(
                Engine.SQLITE,
                config -> with(config, new ConnectionLimits(OptionalInt.of(open), idle, request, answer)));
    }

    private static Config with(Config config, ConnectionLimits limits) {
        return new Config(
                config.dataDirectory(),
                config.host(),
                config.port(),
                config.databaseUrl(),
                config.databaseConnections(),
                config.tls(),
                config.publicUrl(),
                config.errorUrlTemplate(),
                config.masterKey(),
                config.smtp(),
                config.sms(),
                config.breachList(),
                config.hashing(),
                limits);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", URI.create(app.baseUrl()).getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /// All that comes until the server ends the connection, in order or by a reset; fails when it does not.
    private static String untilTheEnd(Socket socket) throws IOException {
        StringBuilder all = new StringBuilder();
        try {
            InputStream stream = socket.getInputStream();
            byte[] buffer = new byte[8192];
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                all.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return all.toString();
    }

    private void othersAreServed() throws IOException {
        assertThat(RawHttp.send(app.baseUrl(), "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void aConnectionOnWhichNothingIsSaidIsEnded() throws IOException {
        start(100, NEVER, SOON, NEVER);
        try (Socket socket = connect()) {
            assertThat(untilTheEnd(socket)).isEmpty();
        }
        othersAreServed();
    }

    @Test
    void headersThatTrickleEndTheConnectionHoweverOftenAByteComes() throws IOException {
        start(100, NEVER, SOON, NEVER);
        Socket socket = connect();
        send(socket, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        try (socket) {
            Thread dripping = Thread.startVirtualThread(() -> dripQuietly(socket));
            untilTheEnd(socket);
            dripping.interrupt();
        }
        othersAreServed();
    }

    private static void dripQuietly(Socket socket) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            for (int sent = 0; sent < 10_000 && !Thread.currentThread().isInterrupted(); sent++) {
                send(socket, "a");
                // The pace of a slow client, which no clock of the test decides.
                never.await(20, TimeUnit.MILLISECONDS);
            }
        } catch (IOException | InterruptedException cutOff) {
            // As it should be.
        }
    }

    @Test
    void aBodyThatTricklesEndsTheConnectionAndChangesNothing() throws IOException {
        start(100, NEVER, SOON, NEVER);
        Client client = app.consumer();
        try (Socket socket = connect()) {
            send(
                    socket,
                    "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nAuthorization: "
                            + Client.basic(client.projectId(), client.secret())
                            + "\r\n\r\n{\"email\":\"ada@example.com\"");
            Thread dripping = Thread.startVirtualThread(() -> dripQuietly(socket));
            untilTheEnd(socket);
            dripping.interrupt();
        }
        assertThat(client.post("/v1/users/search", "{}").ok().at("results").size())
                .isZero();
    }

    @Test
    void aConnectionThatIsIdleAfterAnAnswerIsEnded() throws IOException {
        start(100, SOON, NEVER, NEVER);
        try (Socket socket = connect()) {
            send(socket, HEALTH);
            assertThat(untilTheEnd(socket)).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aClientThatDoesNotReadItsAnswersIsCutOff() throws IOException {
        start(100, NEVER, NEVER, SOON);
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(1024);
            socket.connect(
                    new InetSocketAddress("127.0.0.1", URI.create(app.baseUrl()).getPort()));
            String many = HEALTH.repeat(1000);
            boolean cutOff = false;
            for (int sent = 0; sent < 10_000 && !cutOff; sent++) {
                try {
                    send(socket, many);
                } catch (SocketException ended) {
                    cutOff = true;
                }
            }
            assertThat(cutOff).isTrue();
        }
        othersAreServed();
    }

    @Test
    void oneConnectionMoreEndsTheOneThatWaitedLongest() throws IOException {
        start(16, NEVER, NEVER, NEVER);
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                idle.add(connect());
                send(idle.getLast(), i % 2 == 0 ? HEALTH : "GET /healthz HTTP/1.1\r\nX-Half: ");
                if (i == 0) {
                    assertThat(idle.getFirst().getInputStream().read())
                            .as("its answer has begun to come")
                            .isEqualTo('H');
                }
            }
            othersAreServed();
            assertThat(untilTheEnd(idle.getFirst())).as("the first of all").startsWith("TTP/1.1 200");
            send(idle.get(199), "x\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(untilTheEnd(idle.get(199))).as("the last").startsWith("HTTP/1.1 200");
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void tlsOnAPlainPortIsAnsweredAtOnce() throws IOException {
        start(100, NEVER, NEVER, NEVER);
        try (Socket socket = connect()) {
            send(socket, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000");
            assertThat(untilTheEnd(socket))
                    .startsWith("HTTP/1.1 400")
                    .contains("\"error_type\":\"bad_request\"", "\"request_id\"");
        }
    }

    @Test
    void aRequestThatAwaitsLeaveForItsBodyIsTheLastAfterARefusal() throws IOException {
        start(100, NEVER, NEVER, NEVER);
        try (Socket socket = connect()) {
            send(
                    socket,
                    "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: 37\r\nExpect: 100-continue\r\n\r\n"
                            + HEALTH);
            assertThat(untilTheEnd(socket)).startsWith("HTTP/1.1 401").doesNotContain("HTTP/1.1 200");
        }
    }

    @Test
    void aBodyThatNobodyReadsIsNotReadWithoutEnd() throws IOException {
        start(100, NEVER, NEVER, NEVER);
        try (Socket socket = connect()) {
            send(socket, "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775807\r\n\r\n");
            assertThat(untilTheEnd(socket)).startsWith("HTTP/1.1 400").contains("larger than");
        }
        Socket endless = connect();
        send(endless, "POST /v1/users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        try (endless) {
            assertThat(writable(endless, "1".repeat(1 << 16), 1000))
                    .as("of a line that never ends")
                    .isFalse();
        }
    }

    /// Whether the server takes the text so many times.
    private static boolean writable(Socket socket, String text, int times) throws IOException {
        try {
            for (int i = 0; i < times; i++) {
                send(socket, text);
            }
            return true;
        } catch (SocketException ended) {
            return false;
        }
    }

    @Test
    void brokenChunksAreAnsweredWithoutWaitingForMore() throws IOException {
        start(100, NEVER, NEVER, NEVER);
        Client client = app.consumer();
        for (String size : List.of("7fffffff", "fffffffff", "", "zz")) {
            try (Socket socket = connect()) {
                send(
                        socket,
                        "POST /v1/users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nAuthorization: "
                                + Client.basic(client.projectId(), client.secret()) + "\r\n\r\n" + size + "\r\n{}");
                assertThat(untilTheEnd(socket))
                        .as(size)
                        .startsWith("HTTP/1.1 400")
                        .contains("\"error_type\":\"bad_request\"");
            }
        }
    }

    @Test
    void aClientThatIsRefusedWhileItStillSendsReadsTheRefusal() throws IOException {
        start(100, NEVER, NEVER, NEVER);
        for (int i = 0; i < 20; i++) {
            String answer = RawHttp.send(
                    app.baseUrl(),
                    "POST /v1/users HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n" + "x".repeat(4_000_000));
            assertThat(answer).startsWith("HTTP/1.1 400").contains("larger than");
        }
    }
}
