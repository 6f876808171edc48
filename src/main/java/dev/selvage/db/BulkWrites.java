package dev.selvage.db;

import java.util.function.Supplier;

/// Marks writes of many rows, for which no call waits.
public final class BulkWrites {

    private static final ScopedValue<Boolean> SEPARATE = ScopedValue.newInstance();

    private BulkWrites() {}

    /// Runs `work` so that its writes share no commit with those of calls. No call then waits until all its
    /// rows are written.
    public static <T> T separately(Supplier<T> work) {
        return ScopedValue.where(SEPARATE, true).call(work::get);
    }

    /// Whether the caller runs inside of [#separately].
    static boolean isSeparate() {
        return SEPARATE.isBound();
    }
}
