package dev.selvage.db;

import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/// Writes of many rows in small transactions, so that they never hold up a call.
public final class Batches {

    /// Rows of one transaction.
    private static final int ROWS = 500;

    private static final ScopedValue<Boolean> APART = ScopedValue.newInstance();

    private Batches() {
    }

    /// Removes until nothing is left to remove; answers how many rows went.
    ///
    /// @param remove removes at most as many rows as it is told and answers how many it did
    public static int removeAll(IntUnaryOperator remove) {
        int all = 0;
        int removed;
        do {
            removed = apart(() -> remove.applyAsInt(ROWS));
            all += removed;
        } while (removed == ROWS);
        return all;
    }

    /// Runs `work`, whose writes share no commit with those of calls: no call waits until all its rows are written.
    public static <T> T apart(Supplier<T> work) {
        return ScopedValue.where(APART, true).call(work::get);
    }

    /// Whether the caller writes many rows.
    static boolean isApart() {
        return APART.isBound();
    }
}
