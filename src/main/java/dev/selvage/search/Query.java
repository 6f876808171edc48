package dev.selvage.search;

import java.util.List;
import java.util.function.Predicate;

/// What a search asks for.
///
/// @param any     whether one filter is enough (`OR`) or all must hold (`AND`)
/// @param filters none: everything
/// @param <F>     the filters of one kind of search
public record Query<F>(boolean any, List<F> filters) {

    public Query {
        filters = List.copyOf(filters);
    }

    /// Whether it holds for few rows, because filters that do so decide.
    ///
    /// @param narrow tells a filter that holds for at most one row, or a few, for each of its values
    public boolean narrow(Predicate<F> narrow) {
        return !filters.isEmpty()
                && (any ? filters.stream().allMatch(narrow) : filters.stream().anyMatch(narrow));
    }
}
