package dev.selvage.search;

import java.util.List;

/// A page of a search.
public record SearchPage<R>(List<R> page, ResultsMetadata metadata) {

    /// The wire's `results_metadata`.
    ///
    /// @param total      how many the whole search finds
    /// @param nextCursor where the next page begins; null at the end
    public record ResultsMetadata(long total, String nextCursor) {}
}
