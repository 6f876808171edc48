package dev.selvage.base;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Sends HTTP requests to external services. Time and size are bounded. Redirects are not followed, so that the
/// secrets of a request reach no other host. Thread-safe.
public final class OutboundHttp {

    private final Duration timeMax;
    private final int bodyBytesMax;
    /// Created by the first request: it reads all certificates that the machine trusts, and few servers send
    /// requests.
    private final AtomicReference<@Nullable HttpClient> client = new AtomicReference<>();

    /// Creates a client.
    ///
    /// @param timeMax      the longest time from connecting to the last byte
    /// @param bodyBytesMax the longest body of a response
    public OutboundHttp(Duration timeMax, int bodyBytesMax) {
        this.timeMax = timeMax;
        this.bodyBytesMax = bodyBytesMax;
    }

    private HttpClient client() {
        HttpClient existing = client.get();
        if (existing != null) {
            return existing;
        }
        HttpClient created = HttpClient.newBuilder()
                .connectTimeout(timeMax)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        // Of two clients that are created concurrently, the garbage collector closes the other.
        HttpClient other = client.compareAndExchange(null, created);
        return other == null ? created : other;
    }

    /// A response.
    ///
    /// @param body decoded as UTF-8; empty if the whole body did not arrive within the bounds
    public record Response(int status, String contentType, Optional<String> body) {}

    /// Sends a request, with the time limit of this client.
    ///
    /// @throws IOException if no status arrives in time
    public Response send(HttpRequest.Builder request) throws IOException {
        request.timeout(timeMax).setHeader("User-Agent", "Selvage");
        AtomicReference<ResponseInfo> head = new AtomicReference<>();
        BodyHandler<byte[]> bounded = BodyHandlers.limiting(BodyHandlers.ofByteArray(), bodyBytesMax);
        // The timeout of the request ends with the header; a slow body is cut off here.
        CompletableFuture<HttpResponse<byte[]>> pending = client().sendAsync(request.build(), info -> {
            head.set(info);
            return bounded.apply(info);
        });
        try {
            byte[] body = pending.get(timeMax.toMillis(), TimeUnit.MILLISECONDS).body();
            return response(head.get(), Optional.of(new String(body, StandardCharsets.UTF_8)));
        } catch (ExecutionException failed) {
            return withoutBody(head.get(), new IOException(failed.getCause()));
        } catch (TimeoutException slow) {
            return withoutBody(head.get(), new IOException("no response within " + timeMax, slow));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        } finally {
            pending.cancel(true);
        }
    }

    private static Response withoutBody(ResponseInfo head, IOException failed) throws IOException {
        if (head == null) {
            throw failed;
        }
        return response(head, Optional.empty());
    }

    private static Response response(ResponseInfo head, Optional<String> body) {
        return new Response(
                head.statusCode(), head.headers().firstValue("Content-Type").orElse(""), body);
    }
}
