package dev.selvage.search;

import dev.selvage.db.Bindings;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Builds the conditions of a search in SQL. Every value is bound. The text consists only of constants of the
/// stores.
public final class WhereClause {

    private final Bindings bindings = new Bindings();

    /// Binds a value and returns its parameter.
    public String bind(Object value) {
        return bindings.bind(value);
    }

    /// Binds all values and returns the list of their parameters in parentheses, for `IN`.
    public String bindAll(List<String> all) {
        return bindings.bindAll(all);
    }

    /// The values by the names of their parameters, for `Sql.bind(Map)`.
    public Map<String, Object> values() {
        return bindings.values();
    }

    /// The condition that a column matches a pattern of [Like].
    public String like(String column, String pattern) {
        return column + " LIKE " + bind(pattern) + Like.ESCAPE;
    }

    /// The conditions of the filters of a query, to append to a `WHERE`; empty if the query has no filters.
    public <F> String and(Query<F> query, Function<F, String> condition) {
        return query.filters().isEmpty()
                ? ""
                : query.filters().stream()
                        .map(condition)
                        .collect(Collectors.joining(query.any() ? " OR " : " AND ", " AND (", ")"));
    }

    /// The condition that a row follows a position in the order newest first, to append to a `WHERE`; empty for
    /// the first page.
    ///
    /// @param after null: from the start
    public String andAfter(CursorPosition after, String createdAtColumn, String idColumn) {
        return after == null
                ? ""
                : " AND (%s, %s) < (%s, %s)"
                        .formatted(createdAtColumn, idColumn, bind(after.createdAt()), bind(after.id()));
    }
}
