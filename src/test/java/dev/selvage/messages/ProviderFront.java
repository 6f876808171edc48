package dev.selvage.messages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A provider of text messages, as a real HTTP server that answers as told.
final class ProviderFront implements AutoCloseable {

    /// Takes a message as the common provider does.
    static final Answer CREATED = new Answer(201, "{\"sid\": \"SM1\", \"error_code\": null}");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Answer answer;

    /// What is answered.
    ///
    /// @param hangs when to say no more: `NEVER`, before the head, or before the end of the body
    record Answer(int status, String body, Hangs hangs) {
        enum Hangs {
            NEVER,
            BEFORE_HEAD,
            IN_BODY
        }

        Answer(int status, String body) {
            this(status, body, Hangs.NEVER);
        }
    }

    /// A request that arrived.
    record Seen(String method, String path, String authorization, String contentType, String body) {}

    /// @param port 0 takes a free one
    ProviderFront(int port, Answer answer) throws IOException {
        this.answer = answer;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        Answer given = answer;
        seen.add(new Seen(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("Content-Type"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        try {
            if (given.hangs == Answer.Hangs.BEFORE_HEAD) {
                closed.await();
            }
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(given.status, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(given.body.getBytes(StandardCharsets.UTF_8));
                out.flush();
                if (given.hangs == Answer.Hangs.IN_BODY) {
                    closed.await();
                }
            }
        } catch (InterruptedException | IOException gone) {
            // The caller has hung up, as it must.
        }
    }

    /// Answers so from now on.
    void answer(Answer next) {
        answer = next;
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/2010-04-01/Accounts/AC1/Messages.json");
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
