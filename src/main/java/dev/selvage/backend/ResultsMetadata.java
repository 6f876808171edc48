package dev.selvage.backend;

import dev.selvage.search.SearchPage;
import org.jspecify.annotations.Nullable;

/// The `results_metadata` of a search response.
///
/// @param total      number of rows that the whole search finds
/// @param nextCursor the cursor of the next page; null on the last page
public record ResultsMetadata(long total, @Nullable String nextCursor) {

    public static ResultsMetadata of(SearchPage<?> page) {
        return new ResultsMetadata(page.total(), page.nextCursor());
    }
}
