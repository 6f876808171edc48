package dev.selvage.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds the route of a path in a tree of segments. A literal segment has precedence over a parameter.
///
/// Paths are matched as sent, and each segment is decoded afterwards, so that an id with an encoded slash stays
/// one segment (`sdk-facts.md` 2). Repeated slashes count as one, because the JWKS client of Go sends `//v1/…`
/// (`sdk-facts.md` 1).
final class Routes {

    private final Node root = new Node();

    /// Creates the tree.
    ///
    /// @throws IllegalArgumentException if two routes have the same method and path
    Routes(Collection<? extends Route> routes) {
        for (Route route : routes) {
            add(route);
        }
    }

    /// The routes of a path by method, and the decoded path parameters in their order.
    record Match(Map<String, Route> methods, Map<String, String> values) {}

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private final TreeMap<String, Route> methods = new TreeMap<>();
        private @Nullable Node parameter;
        /// The segments of the path of the routes of this node.
        private String[] template = {};
    }

    /// The routes of a path; empty if there are none. A route that has the method has precedence:
    /// `GET /v1/users/search` is a request for the user with the external id `search`, although another route
    /// has that path with another method.
    Optional<Match> find(String method, String path) {
        String[] segments = segments(path);
        Match match = find(root, segments, 1, node -> node.methods.containsKey(method));
        return Optional.ofNullable(match != null ? match : find(root, segments, 1, node -> !node.methods.isEmpty()));
    }

    /// The methods of a path, including `HEAD` and `OPTIONS` (RFC 9110, 9.3.2 and 9.3.7); empty if no route
    /// matches.
    Set<String> methods(String path) {
        Set<String> methods = new TreeSet<>();
        find(root, segments(path), 1, node -> {
            methods.addAll(node.methods.keySet());
            return false;
        });
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        if (!methods.isEmpty()) {
            methods.add("OPTIONS");
        }
        return methods;
    }

    private static String[] segments(String path) {
        return (path.contains("//") ? path.replaceAll("/+", "/") : path).split("/", -1);
    }

    private static @Nullable Match find(Node node, String[] segments, int index, Predicate<Node> wanted) {
        if (index == segments.length) {
            return wanted.test(node) ? match(node, segments) : null;
        }
        String segment = segments[index];
        Node literal = node.literals.get(segment);
        if (literal != null) {
            Match match = find(literal, segments, index + 1, wanted);
            if (match != null) {
                return match;
            }
        }
        return node.parameter == null || segment.isEmpty() ? null : find(node.parameter, segments, index + 1, wanted);
    }

    private static Match match(Node node, String[] segments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 1; i < node.template.length; i++) {
            if (node.template[i].startsWith("{")) {
                values.put(name(node.template[i]), decode(segments[i]));
            }
        }
        return new Match(node.methods, values);
    }

    private void add(Route route) {
        Node node = root;
        String[] segments = route.path().split("/");
        for (int i = 1; i < segments.length; i++) {
            if (segments[i].startsWith("{")) {
                node.parameter = node.parameter == null ? new Node() : node.parameter;
                node = node.parameter;
            } else {
                node = node.literals.computeIfAbsent(segments[i], ignored -> new Node());
            }
        }
        if (node.methods.put(route.method(), route) != null) {
            throw new IllegalArgumentException("Two routes have the method and path " + route.operation());
        }
        node.template = node.methods.firstEntry().getValue().path().split("/");
    }

    private static String name(String segment) {
        return segment.substring(1, segment.length() - 1);
    }

    private static String decode(String segment) {
        try {
            // In a path, a plus sign is not an encoded space.
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return segment;
        }
    }
}
