package dev.selvage.history;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A proxy in front of a server that has a bug which the server has not.
final class FlawedFront implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String behind;
    private final Flaw flaw;

    /// A call as it came.
    record Asked(String method, String pathAndQuery, String authorization, String body) {

        boolean authenticates() {
            return pathAndQuery.equals("/v1/sessions/authenticate");
        }

        boolean lists() {
            return pathAndQuery.startsWith("/v1/sessions?");
        }

        Asked with(String otherBody) {
            return new Asked(method, pathAndQuery, authorization, otherBody);
        }
    }

    /// What goes back.
    record Answered(int status, String body) {}

    /// The server behind.
    interface Behind {
        Answered ask(Asked asked) throws IOException, InterruptedException;
    }

    /// What the proxy does with a call.
    interface Flaw {
        Answered answer(Asked asked, Behind behind) throws IOException, InterruptedException;
    }

    FlawedFront(String behind, Flaw flaw) throws IOException {
        this.behind = behind;
        this.flaw = flaw;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answered answered = flaw.answer(
                    new Asked(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().toString(),
                            exchange.getRequestHeaders().getFirst("Authorization"),
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)),
                    this::forward);
            byte[] bytes = answered.body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answered.status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Answered forward(Asked asked) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(behind + asked.pathAndQuery))
                        .header("Authorization", asked.authorization)
                        .header("Content-Type", "application/json")
                        .method(
                                asked.method,
                                asked.method.equals("GET")
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(asked.body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Answered(answer.statusCode(), answer.body());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
