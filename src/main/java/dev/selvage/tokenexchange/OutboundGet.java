package dev.selvage.tokenexchange;

import dev.selvage.base.OutboundHttp;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Sends GET requests to external services that the settings of a project name.
public final class OutboundGet {

    /// The longest time from connecting to the last byte (`open-questions.md` 33).
    static final Duration TIME_MAX = Duration.ofSeconds(5);
    /// The longest body; a longer one is a failure.
    static final int BODY_BYTES_MAX = 256 << 10;

    /// A bearer token of an external service: visible ASCII, so that it fits into a header.
    private static final Pattern BEARER = Pattern.compile("[\\x21-\\x7e]{1,16384}");

    private final OutboundHttp http = new OutboundHttp(TIME_MAX, BODY_BYTES_MAX);

    /// A response.
    ///
    /// @param body decoded as UTF-8
    record Response(int status, String contentType, String body) {}

    /// Refuses a malformed bearer token.
    ///
    /// @param field the field of the request, for the message
    /// @throws ApiError `bad_request` with the name of the field
    public static void checkBearer(String token, String field) {
        Check.required(token, field);
        if (!BEARER.matcher(token).matches()) {
            throw ApiError.badField(field, "is malformed");
        }
    }

    /// Sends a GET request.
    ///
    /// @param bearer a token that [#checkBearer] has accepted, for the `Authorization` header; empty for none
    /// @throws IOException if no response arrives within the bounds
    Response get(URI url, Optional<String> bearer) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).header("Accept", "application/json");
        bearer.ifPresent(token -> request.header("Authorization", "Bearer " + token));
        OutboundHttp.Response response = http.send(request);
        String body = response.body().orElseThrow(() -> new IOException("no whole body within the bounds"));
        return new Response(response.status(), response.contentType(), body);
    }
}
