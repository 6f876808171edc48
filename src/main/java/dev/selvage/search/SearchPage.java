package dev.selvage.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of search results.
///
/// @param total      number of rows that the whole search finds
/// @param nextCursor the cursor of the next page; null on the last page
public record SearchPage<R>(
        List<R> page, long total, @Nullable String nextCursor) {}
