package dev.selvage.http;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Something that answers at a method and a path.
public sealed interface Route permits Endpoint, RawRoute {

    /// Segments that every client folds away before it sends a path (RFC 3986 5.2.4).
    Set<String> FOLDED = Set.of(".", "..");

    /// Who calls it, and how it is heard and answered.
    Surface surface();

    /// One of the methods of its surface.
    String method();

    /// The path; a segment in braces is a parameter. A literal segment wins over a parameter.
    String path();

    /// What cannot stand in a path for an id, by the name of the parameter: `.` and `..`, which clients fold
    /// away, and the fixed segments that other routes have in its place.
    static Map<String, Set<String>> takenInPlaceOf(Collection<? extends Route> routes) {
        Map<String, Set<String>> fixed = new HashMap<>();
        Map<String, Set<String>> parameters = new HashMap<>();
        for (Route route : routes) {
            String place = "";
            for (String segment : route.path().split("/")) {
                boolean parameter = segment.startsWith("{");
                (parameter ? parameters : fixed)
                        .computeIfAbsent(place, ignored -> new HashSet<>())
                        .add(segment);
                place += "/" + (parameter ? "{}" : segment);
            }
        }
        Map<String, Set<String>> taken = new HashMap<>();
        parameters.forEach((place, names) -> names.forEach(name -> {
            Set<String> words =
                    taken.computeIfAbsent(name.substring(1, name.length() - 1), ignored -> new HashSet<>(FOLDED));
            words.addAll(fixed.getOrDefault(place, Set.of()));
        }));
        return taken;
    }

    /// Its name in logs and metrics.
    default String operation() {
        return method() + " " + path();
    }

    /// The group by which calls are limited: the first segment after the prefix of the surface, `sessions` for
    /// `/v1/b2b/sessions/revoke`.
    default String group() {
        String rest = path().substring(surface().prefix().length());
        return rest.substring(0, (rest + "/").indexOf('/'));
    }
}
