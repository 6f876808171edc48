package dev.selvage.http;

import dev.selvage.base.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// An HTTP answer without the web server around it. No cache keeps it, unless its headers say otherwise: most
/// answers hold what is for the caller alone.
public record Response(int status, String contentType, byte[] body, Map<String, String> headers) {

    public static final String JSON = "application/json";
    public static final String HTML = "text/html; charset=utf-8";

    /// An answer whose body is written as JSON as it is, without the API's envelope.
    public static Response json(int status, Object body) {
        return new Response(status, JSON, Json.bytes(body), Map.of());
    }

    /// A page for a person.
    public static Response html(int status, String page) {
        return new Response(status, HTML, page.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /// A redirect that tells the next site nothing about this one.
    public static Response redirect(String location) {
        return new Response(302, HTML, new byte[0], Map.of("Location", location, "Referrer-Policy", "no-referrer"));
    }

    /// The same response with more headers.
    public Response with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Response(status, contentType, body, all);
    }
}
