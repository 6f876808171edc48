package dev.selvage.http;

import java.util.function.Function;

/// A route outside the API's envelope: a redirect, a page for a browser, a health check.
public record Page(String method, String path, Access access, Function<Request, Response> handler) implements Route {

    /// A page that everyone may get.
    public static Page open(String path, Function<Request, Response> handler) {
        return new Page("GET", path, Access.OPEN, handler);
    }

    /// A page for the operator.
    public static Page admin(String path, Function<Request, Response> handler) {
        return new Page("GET", path, Access.ADMIN, handler);
    }
}
