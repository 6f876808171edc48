package dev.selvage.search;

import java.util.List;

/// What the store found: one page, newest first.
///
/// @param total how many the whole search finds
/// @param more  whether there are others behind these
public record Rows<R>(List<R> page, long total, boolean more) {

    /// @param found the rows of the page and, when there are more, the one behind them
    public static <R> Rows<R> of(List<R> found, int limit, long total) {
        return new Rows<>(found.subList(0, Math.min(limit, found.size())), total, found.size() > limit);
    }
}
