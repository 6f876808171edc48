package dev.selvage.db;

import java.util.function.IntUnaryOperator;

/// Removal of many rows in small transactions, so that it never holds up a call.
public final class Batches {

    /// Rows of one transaction.
    private static final int ROWS = 500;

    private Batches() {
    }

    /// Removes until nothing is left to remove; answers how many rows went.
    ///
    /// @param remove removes at most as many rows as it is told and answers how many it did
    public static int removeAll(IntUnaryOperator remove) {
        int all = 0;
        int removed;
        do {
            removed = remove.applyAsInt(ROWS);
            all += removed;
        } while (removed == ROWS);
        return all;
    }
}
