package dev.selvage.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a search.
///
/// @param total      how many the whole search finds
/// @param nextCursor where the next page begins; null at the end
public record SearchPage<R>(
        List<R> page, long total, @Nullable String nextCursor) {}
