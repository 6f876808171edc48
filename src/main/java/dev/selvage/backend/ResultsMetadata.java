package dev.selvage.backend;

import dev.selvage.search.SearchPage;

/// The wire's `results_metadata` of a search.
///
/// @param total      how many the whole search finds
/// @param nextCursor where the next page begins; null at the end
public record ResultsMetadata(long total, String nextCursor) {

    public static ResultsMetadata of(SearchPage<?> page) {
        return new ResultsMetadata(page.total(), page.nextCursor());
    }
}
