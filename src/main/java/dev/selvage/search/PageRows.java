package dev.selvage.search;

import dev.selvage.base.CallMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/// One page of rows from the store, newest first.
///
/// @param total number of rows that the whole search finds
/// @param more  whether rows follow this page
public record PageRows<R>(List<R> page, long total, boolean more) {

    /// The most rows that one statement reads, because the PostgreSQL driver keeps all rows of a statement in
    /// memory. One statement is enough for a page of the default length.
    private static final int PART_ROWS_MAX = 128;

    /// Reads a page in parts. If [CallMemory] has no room for a part, all parts are read again.
    ///
    /// @param search   the parsed request
    /// @param total    number of rows that the whole search finds
    /// @param read     reads at most the given number of rows after a position; null: from the start
    /// @param position returns the position of a row
    public static <R> PageRows<R> inParts(
            Search.ParsedSearch<?> search,
            long total,
            BiFunction<CursorPosition, Integer, List<R>> read,
            Function<R, CursorPosition> position) {
        return CallMemory.reading(() -> read(search, total, read, position));
    }

    private static <R> PageRows<R> read(
            Search.ParsedSearch<?> search,
            long total,
            BiFunction<CursorPosition, Integer, List<R>> read,
            Function<R, CursorPosition> position) {
        List<R> rows = new ArrayList<>();
        int rowsNeeded = search.limit() + 1;
        CursorPosition after = search.after();
        boolean more = true;
        while (more && rows.size() < rowsNeeded) {
            int size = Math.min(PART_ROWS_MAX, rowsNeeded - rows.size());
            List<R> part = read.apply(after, size);
            rows.addAll(part);
            more = part.size() == size;
            after = part.isEmpty() ? after : position.apply(part.getLast());
        }
        return of(rows, search.limit(), total);
    }

    /// Creates a page from the rows of one read.
    ///
    /// @param rows the rows of the page and, if more rows follow, at least the next one
    public static <R> PageRows<R> of(List<R> rows, int limit, long total) {
        return new PageRows<>(rows.subList(0, Math.min(limit, rows.size())), total, rows.size() > limit);
    }
}
