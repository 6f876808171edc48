package dev.selvage.http;

import dev.selvage.error.ErrorType;
import java.util.function.Function;

/// A route outside the API's envelope: a redirect, a page for a browser, a health check.
///
/// @param refusal what a refusal looks like; null: as that of a call of the API
public record RawRoute(
        String method,
        String path,
        Access access,
        Function<Request, Response> handler,
        Function<ErrorType, Response> refusal)
        implements Route {

    /// A page that everyone may get.
    public static RawRoute open(String path, Function<Request, Response> handler) {
        return new RawRoute("GET", path, Access.OPEN, handler, null);
    }

    /// A page for people, who come by a link: a refusal is a page as well, never JSON.
    public static RawRoute forPeople(
            String path, Function<Request, Response> handler, Function<ErrorType, Response> refusal) {
        return new RawRoute("GET", path, Access.OPEN, handler, refusal);
    }

    /// A page for the operator.
    public static RawRoute admin(String path, Function<Request, Response> handler) {
        return new RawRoute("GET", path, Access.ADMIN, handler, null);
    }
}
