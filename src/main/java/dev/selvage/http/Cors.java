package dev.selvage.http;

import java.util.Map;

/// The CORS policy of a surface: pages of which other origins may read its responses (WHATWG Fetch, 3.2).
@FunctionalInterface
public interface Cors {

    /// Allows no other origin.
    Cors NONE = request -> Map.of();

    /// The CORS headers of each response to this request, including a preflight; empty if the origin is not
    /// allowed.
    Map<String, String> headers(Request request);
}
