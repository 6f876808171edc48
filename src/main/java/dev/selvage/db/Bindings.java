package dev.selvage.db;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The values of a statement that is composed of parts. Each part binds its values and gets the parameter names
/// to write into its SQL, so that a value never becomes SQL. Not thread-safe.
public final class Bindings {

    private final Map<String, Object> values = new HashMap<>();

    /// Adds a value and returns its parameter, such as `:v0`.
    public String bind(Object value) {
        String name = "v" + values.size();
        values.put(name, value);
        return ":" + name;
    }

    /// Adds all values and returns the list of their parameters in parentheses, for `IN`.
    public String bindAll(List<String> all) {
        return all.stream().map(this::bind).collect(Collectors.joining(", ", "(", ")"));
    }

    /// The values by parameter name, for [Sql#bind(Map)].
    public Map<String, Object> values() {
        return values;
    }
}
