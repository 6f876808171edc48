package dev.selvage.http;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// One kind of caller: how it is recognised, how its requests are read and its responses written. Every route
/// belongs to
/// one surface. [Pipeline] keeps the order of the steps and asks the surface in each.
///
/// @param prefix the start of the paths of its routes; a request that matches no route is answered in the
///         format of the surface with the longest prefix
/// @param methods the methods that its routes may have, without `HEAD` and `OPTIONS`, which the pipeline
///         answers
public record Surface(
        String prefix,
        Authenticator authenticator,
        BodyFormat bodyFormat,
        ResponseFormat responseFormat,
        Cors cors,
        Set<String> methods) {

    /// The same surface for other callers.
    public Surface calledBy(Authenticator other) {
        return new Surface(prefix, other, bodyFormat, responseFormat, cors, methods);
    }

    /// The same surface under another prefix.
    public Surface at(String other) {
        return new Surface(other, authenticator, bodyFormat, responseFormat, cors, methods);
    }

    public <Q, A> Endpoint<Q, A> get(String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return endpoint("GET", path, request, handler);
    }

    public <Q, A> Endpoint<Q, A> post(String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return endpoint("POST", path, request, handler);
    }

    public <Q, A> Endpoint<Q, A> put(String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return endpoint("PUT", path, request, handler);
    }

    public <Q, A> Endpoint<Q, A> patch(String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return endpoint("PATCH", path, request, handler);
    }

    public <Q, A> Endpoint<Q, A> delete(String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return endpoint("DELETE", path, request, handler);
    }

    /// @throws IllegalArgumentException when the path or the method is not one of this surface
    private <Q, A> Endpoint<Q, A> endpoint(
            String method, String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return new Endpoint<>(this, method, path, request, handler, Map.of(), List.of());
    }

    /// @throws IllegalArgumentException when the path or the method is not one of this surface
    void check(String method, String path) {
        if (!path.startsWith(prefix) || !methods.contains(method)) {
            throw new IllegalArgumentException(method + " " + path + " is no route of the surface " + prefix);
        }
    }
}
