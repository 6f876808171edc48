package dev.selvage.login;

import dev.selvage.base.Outgoing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/// A GET to a service outside that the project's settings name.
final class OutgoingGet {

    /// From connecting to the last byte (`open-questions.md` 33).
    static final Duration TIME_MAX = Duration.ofSeconds(5);
    /// A longer body is a failure.
    static final int BODY_BYTES_MAX = 256 << 10;

    private final Outgoing outgoing = new Outgoing(TIME_MAX, BODY_BYTES_MAX);

    /// @param body decoded as UTF-8
    record Answer(int status, String contentType, String body) { }

    /// Asks `url`.
    ///
    /// @param bearer for the `Authorization` header: visible ASCII
    /// @throws IOException when there is no answer within the bounds
    Answer get(URI url, Optional<String> bearer) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).header("Accept", "application/json");
        bearer.ifPresent(token -> request.header("Authorization", "Bearer " + token));
        Outgoing.Answer answer = outgoing.send(request);
        String body = answer.body().orElseThrow(() -> new IOException("no whole body within the bounds"));
        return new Answer(answer.status(), answer.contentType(), body);
    }
}
