package dev.selvage.search;

import dev.selvage.base.CallMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/// What the store found: one page, newest first.
///
/// @param total how many the whole search finds
/// @param more  whether there are others behind these
public record PageRows<R>(List<R> page, long total, boolean more) {

    /// So many rows are read by one statement: the driver of PostgreSQL keeps all rows of a statement in
    /// memory. One is enough for a page of the usual length.
    private static final int PART = 128;

    /// Reads a page in parts; all of them again when there is no room for one.
    ///
    /// @param asked    what is asked for
    /// @param read     reads at most so many rows from behind a position, which is null for the start
    /// @param position where a row stands
    public static <R> PageRows<R> inParts(
            Search.ParsedSearch<?> asked,
            long total,
            BiFunction<CursorPosition, Integer, List<R>> read,
            Function<R, CursorPosition> position) {
        return CallMemory.reading(() -> read(asked, total, read, position));
    }

    private static <R> PageRows<R> read(
            Search.ParsedSearch<?> asked,
            long total,
            BiFunction<CursorPosition, Integer, List<R>> read,
            Function<R, CursorPosition> position) {
        List<R> found = new ArrayList<>();
        int wanted = asked.limit() + 1;
        CursorPosition after = asked.after();
        boolean more = true;
        while (more && found.size() < wanted) {
            int size = Math.min(PART, wanted - found.size());
            List<R> part = read.apply(after, size);
            found.addAll(part);
            more = part.size() == size;
            after = part.isEmpty() ? after : position.apply(part.getLast());
        }
        return of(found, asked.limit(), total);
    }

    /// @param found the rows of the page and, when there are more, the one behind them
    public static <R> PageRows<R> of(List<R> found, int limit, long total) {
        return new PageRows<>(found.subList(0, Math.min(limit, found.size())), total, found.size() > limit);
    }
}
