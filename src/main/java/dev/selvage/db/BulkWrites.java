package dev.selvage.db;

import java.util.function.Supplier;

/// Writes of many rows, that no call shall wait for.
public final class BulkWrites {

    private static final ScopedValue<Boolean> APART = ScopedValue.newInstance();

    private BulkWrites() {}

    /// Runs `work`, whose writes share no commit with those of calls: no call waits until all its rows are
    /// written.
    public static <T> T separately(Supplier<T> work) {
        return ScopedValue.where(APART, true).call(work::get);
    }

    /// Whether the caller writes many rows.
    static boolean isApart() {
        return APART.isBound();
    }
}
