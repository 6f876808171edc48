package dev.selvage.http;

import java.util.Map;

/// Which pages of other origins may read the responses of a surface (WHATWG Fetch, 3.2).
@FunctionalInterface
public interface Cors {

    /// No page of another origin.
    Cors NONE = request -> Map.of();

    /// The headers that go with every response to this request, a preflight included; empty when the origin is
    /// not allowed.
    Map<String, String> headers(Request request);
}
