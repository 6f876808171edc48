package dev.selvage.login;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A GET to a service outside that the project's settings name: bounded in time and size, and never redirected, so that a
/// bearer token reaches nobody else.
final class OutgoingGet {

    /// From connecting to the last byte (`open-questions.md` 33).
    static final Duration TIME_MAX = Duration.ofSeconds(5);
    /// A longer body is a failure.
    static final int BODY_BYTES_MAX = 256 << 10;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(TIME_MAX)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /// @param body decoded as UTF-8
    record Answer(int status, String contentType, String body) { }

    /// Asks `url`.
    ///
    /// @param bearer for the `Authorization` header: visible ASCII
    /// @throws IOException when there is no answer within the bounds
    Answer get(URI url, Optional<String> bearer) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(TIME_MAX)
                .header("Accept", "application/json")
                .header("User-Agent", "Selvage");
        bearer.ifPresent(token -> request.header("Authorization", "Bearer " + token));
        // The request's own timeout ends with the headers; a body that drips is cut off here.
        CompletableFuture<HttpResponse<byte[]>> pending =
                client.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), BODY_BYTES_MAX));
        try {
            HttpResponse<byte[]> response = pending.get(TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.headers().firstValue("Content-Type").orElse(""),
                    new String(response.body(), StandardCharsets.UTF_8));
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        } catch (TimeoutException slow) {
            throw new IOException("no answer within " + TIME_MAX, slow);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        } finally {
            pending.cancel(true);
        }
    }
}
