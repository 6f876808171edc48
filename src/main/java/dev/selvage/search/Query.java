package dev.selvage.search;

import java.util.List;
import java.util.function.Predicate;

/// The filters of a search and how they combine.
///
/// @param any     true if a row must match at least one filter (`OR`), false if it must match all (`AND`)
/// @param filters empty: every row matches
/// @param <F>     the filter type of one kind of search
public record Query<F>(boolean any, List<F> filters) {

    public Query {
        filters = List.copyOf(filters);
    }

    /// Whether narrow filters alone limit the query to few rows: one of them with `AND`, all of them with `OR`.
    ///
    /// @param narrow whether each value of a filter matches at most a few rows
    public boolean narrow(Predicate<F> narrow) {
        return !filters.isEmpty()
                && (any ? filters.stream().allMatch(narrow) : filters.stream().anyMatch(narrow));
    }
}
