package dev.selvage.http;

import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// An HTTP request, independent of the web server.
///
/// @param method   upper case
/// @param path     as sent, percent-encoded, without the query
/// @param pathValues the values of the path parameters, decoded
/// @param query    decoded; each name with all its values
/// @param headers  returns all values of a header, ignoring the case of its name; one value for each time it
///         was sent
/// @param body     reads the body once, at most [Server#BODY_BYTES_MAX] bytes
/// @param remote   IP address of the peer: the client, or a proxy in front of the server
public record Request(
        String method,
        String path,
        Map<String, String> pathValues,
        Map<String, List<String>> query,
        Function<String, List<String>> headers,
        BodyReader body,
        String remote) {

    /// The same request with the path parameters of its route.
    Request withPathValues(Map<String, String> values) {
        return new Request(method, path, values, query, headers, body, remote);
    }

    /// The value of a header.
    ///
    /// @throws ApiError `bad_request` if it was sent more than once: a proxy or filter in front may have
    ///         checked another value
    public Optional<String> header(String name) {
        return single(headers.apply(name), "The header ", name);
    }

    /// All values of a header, for callers that handle repeated headers.
    public List<String> headerValues(String name) {
        return headers.apply(name);
    }

    /// The value of a query parameter.
    ///
    /// @throws ApiError `bad_request` if it was sent more than once
    public Optional<String> queryValue(String name) {
        return single(query.getOrDefault(name, List.of()), "The parameter ", name);
    }

    static Optional<String> single(List<String> values, String kind, String name) {
        if (values.size() > 1) {
            throw ApiError.of(RequestErrors.BAD_REQUEST, kind + name + " is given more than once.");
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /// Reads the body of a request.
    public interface BodyReader {

        /// All bytes of the body; empty if the request has none.
        ///
        /// @throws ApiError `bad_request` if the body is too large, incomplete or malformed
        byte[] read();
    }
}
