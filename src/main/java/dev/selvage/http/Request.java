package dev.selvage.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// An HTTP request without the web server around it.
///
/// @param method   upper case
/// @param path     as sent, still percent-encoded, without the query
/// @param pathValues the values of the route's parameters, decoded
/// @param query    decoded; each name with all its values
/// @param headers  looks up a header, whatever its case
/// @param body     reads the body once, at most [Server#BODY_BYTES_MAX] bytes
public record Request(String method, String path, Map<String, String> pathValues, Map<String, List<String>> query,
                      Function<String, Optional<String>> headers, BodyReader body) {

    /// The same request with the parameters that its route found in the path.
    Request withPathValues(Map<String, String> values) {
        return new Request(method, path, values, query, headers, body);
    }

    public Optional<String> header(String name) {
        return headers.apply(name);
    }

    /// The first value of a query parameter.
    public Optional<String> queryValue(String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /// Reads a body.
    public interface BodyReader {

        /// All bytes of the body; empty when there is none.
        byte[] read();
    }
}
