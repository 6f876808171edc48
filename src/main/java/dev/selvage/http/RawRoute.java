package dev.selvage.http;

import dev.selvage.error.ErrorType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A route that writes its responses itself: a redirect, a page for a browser, a health check.
///
/// @param refusal how a refusal looks; null for the response format of the surface
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

    public static RawRoute get(Surface surface, String path, Function<Request, Response> handler) {
        return new RawRoute(surface, "GET", path, handler, null);
    }

    /// A page for people, who follow a link: a refusal is a page too, never JSON.
    public static RawRoute page(
            Surface surface, String path, Function<Request, Response> handler, Function<ErrorType, Response> refusal) {
        return new RawRoute(surface, "GET", path, handler, refusal);
    }
}
