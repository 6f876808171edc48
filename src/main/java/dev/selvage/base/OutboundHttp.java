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

/// HTTP calls to services outside: bounded in time and size, and never redirected, so that a secret in a call
/// reaches nobody else. Thread-safe.
public final class OutboundHttp {

    private final Duration timeMax;
    private final int bodyBytesMax;
    /// Made by the first call: it reads all certificates that this machine trusts, and few servers ever call
    /// out.
    private final AtomicReference<@Nullable HttpClient> client = new AtomicReference<>();

    /// @param timeMax      from connecting to the last byte
    /// @param bodyBytesMax how much of an answer's body is read
    public OutboundHttp(Duration timeMax, int bodyBytesMax) {
        this.timeMax = timeMax;
        this.bodyBytesMax = bodyBytesMax;
    }

    private HttpClient client() {
        HttpClient known = client.get();
        if (known != null) {
            return known;
        }
        HttpClient made = HttpClient.newBuilder()
                .connectTimeout(timeMax)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        // Of two that are made at once, the other is closed with its last reference.
        HttpClient other = client.compareAndExchange(null, made);
        return other == null ? made : other;
    }

    /// @param body decoded as UTF-8; empty when the status came, but not the whole body within the bounds
    public record Response(int status, String contentType, Optional<String> body) {}

    /// Sends a request; the time limit is added here.
    ///
    /// @throws IOException when no status comes within the time
    public Response send(HttpRequest.Builder request) throws IOException {
        request.timeout(timeMax).setHeader("User-Agent", "Selvage");
        AtomicReference<ResponseInfo> head = new AtomicReference<>();
        BodyHandler<byte[]> bounded = BodyHandlers.limiting(BodyHandlers.ofByteArray(), bodyBytesMax);
        // The request's own timeout ends with the head; a body that drips is cut off here.
        CompletableFuture<HttpResponse<byte[]>> pending = client().sendAsync(request.build(), info -> {
            head.set(info);
            return bounded.apply(info);
        });
        try {
            byte[] body = pending.get(timeMax.toMillis(), TimeUnit.MILLISECONDS).body();
            return answer(head.get(), Optional.of(new String(body, StandardCharsets.UTF_8)));
        } catch (ExecutionException failed) {
            return withoutBody(head.get(), new IOException(failed.getCause()));
        } catch (TimeoutException slow) {
            return withoutBody(head.get(), new IOException("no answer within " + timeMax, slow));
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
        return answer(head, Optional.empty());
    }

    private static Response answer(ResponseInfo head, Optional<String> body) {
        return new Response(
                head.statusCode(), head.headers().firstValue("Content-Type").orElse(""), body);
    }
}
