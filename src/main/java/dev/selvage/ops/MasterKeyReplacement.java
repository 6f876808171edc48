package dev.selvage.ops;

import dev.selvage.db.Database;
import dev.selvage.projects.MasterKeyCheck;
import dev.selvage.projects.SealedTable;
import dev.selvage.projects.SealedTable.Walk;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Replaces the master key while servers that have both keys run (`docs/keys.md`). The store first names the
/// new key, then each row that depends on the previous key is sealed again or expired. It can be interrupted at
/// any point and run again; finished work is kept.
public final class MasterKeyReplacement {

    /// The time until each server has read which key the store names and has finished its writes with the
    /// previous one.
    static final Duration NOTICED = Duration.ofMillis(5 * MasterKeyCheck.POLL_MILLIS);

    /// The rows of one transaction: few, so that a call that writes hardly waits for it.
    private static final int ROWS = 200;

    private final MasterKeyCheck storeKey;
    private final Database database;
    private final List<SealedTable> tables;

    /// Creates the replacement.
    ///
    /// @param tables all tables with values that depend on the master key
    public MasterKeyReplacement(MasterKeyCheck storeKey, Database database, List<SealedTable> tables) {
        this.storeKey = storeKey;
        this.database = database;
        this.tables = List.copyOf(tables);
    }

    /// All tables with values that depend on the master key.
    public List<SealedTable> tables() {
        return tables;
    }

    /// Replaces the key.
    ///
    /// @param progress receives the progress of a table after each step
    /// @return the result by table, in the order of the run
    /// @throws dev.selvage.base.OperatorException if not both keys are configured
    public Map<String, Walk> run(BiConsumer<String, Walk> progress) {
        storeKey.begin();
        pause(NOTICED.toNanos());
        Map<String, Walk> walks = walk(progress, false);
        storeKey.end();
        return walks;
    }

    /// Returns the result of [#run] without changing anything. The store keeps the key that it names.
    public Map<String, Walk> rehearse(BiConsumer<String, Walk> progress) {
        storeKey.rehearse();
        return walk(progress, true);
    }

    private Map<String, Walk> walk(BiConsumer<String, Walk> progress, boolean rehearsal) {
        Map<String, Walk> walks = new LinkedHashMap<>();
        for (SealedTable table : tables) {
            Walk walk = Walk.BEGIN;
            while (!walk.done()) {
                long begin = System.nanoTime();
                long before = walk.resealed() + walk.ended();
                walk = table.step(database, walk, ROWS, rehearsal);
                progress.accept(table.name(), walk);
                if (walk.resealed() + walk.ended() > before && !rehearsal) {
                    // As long as the step took, so that half of the time is left for calls.
                    pause(System.nanoTime() - begin);
                }
            }
            walks.put(table.name(), walk);
        }
        return walks;
    }

    private static void pause(long nanos) {
        try {
            Thread.sleep(Duration.ofNanos(nanos));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted; run it again", interrupted);
        }
    }
}
