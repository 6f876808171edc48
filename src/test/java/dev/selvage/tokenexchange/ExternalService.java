package dev.selvage.tokenexchange;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// A service outside, as a real HTTP server: an identity provider with a userinfo endpoint and a key set.
public final class ExternalService implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    private record Answer(int status, String body, Map<String, String> headers, boolean hangs) {}

    /// A request that arrived.
    public record Seen(String path, String authorization) {}

    public ExternalService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            seen.add(new Seen(
                    exchange.getRequestURI().getPath(),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
            Answer answer =
                    answers.getOrDefault(exchange.getRequestURI().getPath(), new Answer(404, "", Map.of(), false));
            answer.headers.forEach(
                    (name, value) -> exchange.getResponseHeaders().add(name, value));
            byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
                out.flush();
                if (answer.hangs) {
                    closed.await();
                }
            } catch (InterruptedException | IOException gone) {
                // The server has hung up, as it must.
            }
        });
        server.start();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /// Answers a path from now on; double quotes may be written as single ones.
    public void answer(String path, int status, String body) {
        answers.put(path, new Answer(status, body.replace('\'', '"'), Map.of(), false));
    }

    public void redirect(String path, String to) {
        answers.put(path, new Answer(302, "", Map.of("Location", to), false));
    }

    /// Sends the head and a part of the body, and never the rest.
    public void hang(String path) {
        answers.put(path, new Answer(200, "{", Map.of(), true));
    }

    public List<Seen> seen(String path) {
        return seen.stream().filter(request -> request.path.equals(path)).toList();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
