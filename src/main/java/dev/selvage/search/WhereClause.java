package dev.selvage.search;

import dev.selvage.db.Bindings;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The SQL of a search that is being put together. Every value is bound; the text is made of the constants of
/// the stores alone.
public final class WhereClause {

    private final Bindings bindings = new Bindings();

    /// Keeps a value; answers the parameter that stands for it.
    public String bind(Object value) {
        return bindings.bind(value);
    }

    /// Keeps all values; answers the list of their parameters in parentheses, for `IN`.
    public String bindAll(List<String> all) {
        return bindings.bindAll(all);
    }

    /// The values by the names of their parameters, for [Sql#bind(Map)].
    public Map<String, Object> values() {
        return bindings.values();
    }

    /// That a column fits a pattern of [Like].
    public String like(String column, String pattern) {
        return column + " LIKE " + bind(pattern) + Like.ESCAPE;
    }

    /// What the filters of a query ask for, to be added to a WHERE; empty when there are none.
    public <F> String and(Query<F> query, Function<F, String> condition) {
        return query.filters().isEmpty()
                ? ""
                : query.filters().stream()
                        .map(condition)
                        .collect(Collectors.joining(query.any() ? " OR " : " AND ", " AND (", ")"));
    }

    /// That a row stands behind the one where a page begins, to be added to a WHERE; empty for the first page.
    ///
    /// @param after null: from the start
    public String andBehind(CursorPosition after, String createdAtColumn, String idColumn) {
        return after == null
                ? ""
                : " AND (%s, %s) < (%s, %s)"
                        .formatted(createdAtColumn, idColumn, bind(after.createdAt()), bind(after.id()));
    }
}
