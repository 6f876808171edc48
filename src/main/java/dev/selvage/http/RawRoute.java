package dev.selvage.http;

import dev.selvage.error.ErrorType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A route that writes its responses itself: a redirect, a page for a browser, a health check.
///
/// @param refusal creates the response of a refusal; null for the response format of the surface
public record RawRoute(
        Surface surface,
        String method,
        String path,
        Function<Request, Response> handler,
        @Nullable Function<ErrorType, Response> refusal)
        implements Route {

    public RawRoute {
        surface.check(method, path);
    }

    /// A `GET` route whose refusals have the response format of the surface.
    public static RawRoute get(Surface surface, String path, Function<Request, Response> handler) {
        return new RawRoute(surface, "GET", path, handler, null);
    }

    /// A `GET` route that a browser opens. Its refusals are pages too, never JSON.
    public static RawRoute page(
            Surface surface, String path, Function<Request, Response> handler, Function<ErrorType, Response> refusal) {
        return new RawRoute(surface, "GET", path, handler, refusal);
    }
}
