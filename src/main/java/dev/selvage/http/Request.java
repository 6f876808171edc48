package dev.selvage.http;

import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
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
/// @param headers  all values of a header, whatever its case; one for each time that it was sent
/// @param body     reads the body once, at most [Server#BODY_BYTES_MAX] bytes
/// @param remote   the IP address at the other end of the connection: the caller's, or that of a proxy in front
public record Request(
        String method,
        String path,
        Map<String, String> pathValues,
        Map<String, List<String>> query,
        Function<String, List<String>> headers,
        BodyReader body,
        String remote) {

    /// The same request with the parameters that its route found in the path.
    Request withPathValues(Map<String, String> values) {
        return new Request(method, path, values, query, headers, body, remote);
    }

    /// The value of a header.
    ///
    /// @throws ApiError `bad_request` when it was sent several times: a proxy or filter in front may have
    ///         looked at another one
    public Optional<String> header(String name) {
        return single(headers.apply(name), "The header ", name);
    }

    /// All values of a header, for those who decide themselves what several of them mean.
    public List<String> headerValues(String name) {
        return headers.apply(name);
    }

    /// The value of a query parameter.
    ///
    /// @throws ApiError as [#header]
    public Optional<String> queryValue(String name) {
        return single(query.getOrDefault(name, List.of()), "The parameter ", name);
    }

    static Optional<String> single(List<String> values, String kind, String name) {
        if (values.size() > 1) {
            throw ApiError.of(ErrorType.BAD_REQUEST, kind + name + " is given more than once.");
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /// Reads a body.
    public interface BodyReader {

        /// All bytes of the body; empty when there is none.
        byte[] read();
    }
}
