package dev.selvage.http;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// A handler for one method and path.
public sealed interface Route permits Endpoint, RawRoute {

    /// The segments that clients remove from a path before they send it (RFC 3986, 5.2.4).
    Set<String> DOT_SEGMENTS = Set.of(".", "..");

    /// The surface that authenticates the caller, reads the request and writes the response.
    Surface surface();

    /// The method, one of those of the surface.
    String method();

    /// The path. A segment in braces is a parameter. A literal segment has precedence over a parameter.
    String path();

    /// The texts that an id in a path cannot have, by the name of the path parameter: `.` and `..`, which
    /// clients remove, and the literal segments of other routes at the same position.
    static Map<String, Set<String>> reservedValues(Collection<? extends Route> routes) {
        Map<String, Set<String>> fixed = new HashMap<>();
        Map<String, Set<String>> parameters = new HashMap<>();
        for (Route route : routes) {
            String position = "";
            for (String segment : route.path().split("/")) {
                boolean parameter = segment.startsWith("{");
                (parameter ? parameters : fixed)
                        .computeIfAbsent(position, ignored -> new HashSet<>())
                        .add(segment);
                position += "/" + (parameter ? "{}" : segment);
            }
        }
        Map<String, Set<String>> reserved = new HashMap<>();
        parameters.forEach((position, names) -> names.forEach(name -> {
            Set<String> values = reserved.computeIfAbsent(
                    name.substring(1, name.length() - 1), ignored -> new HashSet<>(DOT_SEGMENTS));
            values.addAll(fixed.getOrDefault(position, Set.of()));
        }));
        return reserved;
    }

    /// Whether its calls can be handled on the thread of an event loop ([LoopCalls]): they mostly read. Where
    /// such a call would wait, it throws [dev.selvage.base.WouldBlockException].
    default boolean onLoop() {
        return false;
    }

    /// The name of the route in logs: method and path.
    default String operation() {
        return method() + " " + path();
    }

    /// The group in which operation limits count the call: the first segment after the prefix of the surface.
    /// It is `sessions` for `/v1/b2b/sessions/revoke`.
    default String group() {
        String rest = path().substring(surface().prefix().length());
        return rest.substring(0, (rest + "/").indexOf('/'));
    }
}
