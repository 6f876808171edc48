package dev.selvage.http;

import dev.selvage.base.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// An HTTP response, independent of the web server. It is sent with `Cache-Control: no-store` unless its
/// headers set another value, because most responses are for the caller only.
public record Response(int status, String contentType, byte[] body, Map<String, String> headers) {

    public static final String JSON = "application/json";
    public static final String HTML = "text/html; charset=utf-8";

    /// @throws IllegalArgumentException if a header holds a control character, which would end it
    public Response {
        for (String value : headers.values()) {
            if (!isOneLine(value)) {
                throw new IllegalArgumentException("A header with a control character");
            }
        }
    }

    private static boolean isOneLine(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// A response with a JSON body without the envelope of the API.
    public static Response json(int status, Object body) {
        return new Response(status, JSON, Json.bytes(body), Map.of());
    }

    /// An HTML page.
    public static Response html(int status, String page) {
        return new Response(status, HTML, page.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /// A 302 redirect without a referrer.
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
