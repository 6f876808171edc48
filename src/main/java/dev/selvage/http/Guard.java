package dev.selvage.http;

/// A condition that an endpoint declares in front of its handler: it refuses the call, narrows the rights of
/// the caller,
/// or answers in place of the handler.
///
/// @param <Q> the request record of the endpoint
/// @param <A> the response record of the endpoint
@FunctionalInterface
public interface Guard<Q, A> {

    /// @param next the rest of the call: the guards that were declared after this one, then the handler
    /// @throws dev.selvage.error.ApiError when the call is refused
    A handle(RequestContext context, Q request, Endpoint.Handler<Q, A> next);
}
