package dev.selvage.db;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The values of a statement that is put together from parts: each part binds its values and gets the names to
/// write in their place, so that no value ever becomes SQL. Not thread-safe.
public final class Bindings {

    private final Map<String, Object> values = new HashMap<>();

    /// Keeps a value; answers the parameter that stands for it.
    public String bind(Object value) {
        String name = "v" + values.size();
        values.put(name, value);
        return ":" + name;
    }

    /// Keeps all values; answers the list of their parameters in parentheses, for `IN`.
    public String bindAll(List<String> all) {
        return all.stream().map(this::bind).collect(Collectors.joining(", ", "(", ")"));
    }

    /// The values by the names of their parameters, for [Sql#bind(Map)].
    public Map<String, Object> values() {
        return values;
    }
}
