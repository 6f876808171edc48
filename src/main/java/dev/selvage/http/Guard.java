package dev.selvage.http;

/// A condition that an endpoint declares and that runs before its handler. It can refuse the call, narrow the
/// rights of the caller, or respond in place of the handler.
///
/// @param <Q> the request record of the endpoint
/// @param <A> the response record of the endpoint
@FunctionalInterface
public interface Guard<Q, A> {

    /// Responds itself, or calls `next` and returns its response.
    ///
    /// @param next the rest of the call: the guards that were declared after this one, then the handler
    /// @throws dev.selvage.error.ApiError if the call is refused
    A handle(RequestContext context, Q request, Endpoint.Handler<Q, A> next);
}
