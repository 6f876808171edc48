package dev.selvage.http;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// The rules for one kind of caller: how it is authenticated, how requests are read and how responses are
/// written. Every route belongs to one surface. [Pipeline] runs the steps of a call and asks the surface in
/// each.
///
/// @param prefix the start of the paths of its routes. A request that matches no route gets a response in the
///         format of the surface with the longest matching prefix
/// @param methods the methods that its routes may have, without `HEAD` and `OPTIONS`, which the pipeline
///         handles
public record Surface(
        String prefix,
        Authenticator authenticator,
        BodyFormat bodyFormat,
        ResponseFormat responseFormat,
        Cors cors,
        Set<String> methods) {

    /// The same surface with another authenticator.
    public Surface calledBy(Authenticator other) {
        return new Surface(prefix, other, bodyFormat, responseFormat, cors, methods);
    }

    /// The same surface with another prefix.
    public Surface at(String other) {
        return new Surface(other, authenticator, bodyFormat, responseFormat, cors, methods);
    }

    /// An endpoint for `GET`. All parameters of these methods are as in [Endpoint].
    ///
    /// @throws IllegalArgumentException if the path or the method does not belong to this surface
    public <Q, A> Endpoint<Q, A> get(String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return endpoint("GET", path, request, handler);
    }

    /// As [#get], for `POST`.
    public <Q, A> Endpoint<Q, A> post(String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return endpoint("POST", path, request, handler);
    }

    /// As [#get], for `PUT`.
    public <Q, A> Endpoint<Q, A> put(String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return endpoint("PUT", path, request, handler);
    }

    /// As [#get], for `PATCH`.
    public <Q, A> Endpoint<Q, A> patch(String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return endpoint("PATCH", path, request, handler);
    }

    /// As [#get], for `DELETE`.
    public <Q, A> Endpoint<Q, A> delete(String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return endpoint("DELETE", path, request, handler);
    }

    private <Q, A> Endpoint<Q, A> endpoint(
            String method, String path, Class<Q> request, Endpoint.Handler<Q, A> handler) {
        return new Endpoint<>(this, method, path, request, handler, Map.of(), List.of(), false);
    }

    /// Checks that a route belongs to this surface.
    ///
    /// @throws IllegalArgumentException if the path or the method does not
    void check(String method, String path) {
        if (!path.startsWith(prefix) || !methods.contains(method)) {
            throw new IllegalArgumentException(method + " " + path + " does not belong to the surface " + prefix);
        }
    }
}
