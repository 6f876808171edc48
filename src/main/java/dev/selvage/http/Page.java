package dev.selvage.http;

import dev.selvage.error.ErrorType;
import java.util.function.Function;

/// A route outside the API's envelope: a redirect, a page for a browser, a health check.
///
/// @param refusal what a refusal looks like; null: as that of a call of the API
public record Page(
        String method,
        String path,
        Access access,
        Function<Request, Response> handler,
        Function<ErrorType, Response> refusal)
        implements Route {

    /// A page that everyone may get.
    public static Page open(String path, Function<Request, Response> handler) {
        return new Page("GET", path, Access.OPEN, handler, null);
    }

    /// A page for people, who come by a link: a refusal is a page as well, never JSON.
    public static Page forPeople(
            String path, Function<Request, Response> handler, Function<ErrorType, Response> refusal) {
        return new Page("GET", path, Access.OPEN, handler, refusal);
    }

    /// A page for the operator.
    public static Page admin(String path, Function<Request, Response> handler) {
        return new Page("GET", path, Access.ADMIN, handler, null);
    }
}
