package dev.selvage.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One call of an API as a value: method and path, surface, request record, guards and handler. [Pipeline] runs
/// the steps that all calls share, so that no endpoint can omit one. [Surface] creates endpoints.
///
/// @param request the record that path, query and body are read into; its compact constructor checks the fields
/// @param handler maps the checked request to the response record
/// @param headers additional headers of a successful response
/// @param guards the guards of the call, in the order in which they run
/// @param onLoop see [Route#onLoop]
/// @param <Q> the request record
/// @param <A> the response record
public record Endpoint<Q, A>(
        Surface surface,
        String method,
        String path,
        Class<Q> request,
        Handler<Q, A> handler,
        Map<String, String> headers,
        List<Guard<Q, A>> guards,
        boolean onLoop)
        implements Route {

    public Endpoint {
        surface.check(method, path);
    }

    /// The work of a call.
    @FunctionalInterface
    public interface Handler<Q, A> {
        A handle(RequestContext context, Q request);
    }

    /// The same endpoint with one additional header on successful responses. It replaces an earlier one.
    public Endpoint<Q, A> header(String name, String value) {
        return new Endpoint<>(surface, method, path, request, handler, Map.of(name, value), guards, onLoop);
    }

    /// The same endpoint, handled on the thread of an event loop.
    public Endpoint<Q, A> runOnLoop() {
        return new Endpoint<>(surface, method, path, request, handler, headers, guards, true);
    }

    /// The same endpoint with one more guard, which runs after the present ones.
    public Endpoint<Q, A> guardedBy(Guard<Q, A> guard) {
        List<Guard<Q, A>> all = new ArrayList<>(guards);
        all.add(guard);
        return new Endpoint<>(surface, method, path, request, handler, headers, List.copyOf(all), onLoop);
    }

    /// Runs the guards, and the handler if they let the call pass.
    A handle(RequestContext context, Q checked) {
        Handler<Q, A> guarded = handler;
        for (Guard<Q, A> guard : guards.reversed()) {
            Handler<Q, A> next = guarded;
            guarded = (inner, request) -> guard.handle(inner, request, next);
        }
        return guarded.handle(context, checked);
    }
}
