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
    static final Duration PROPAGATION = Duration.ofMillis(5 * MasterKeyCheck.POLL_MILLIS);

    /// The rows of one transaction: few, so that a call that writes hardly waits for it.
    private static final int ROWS = 200;

    private final MasterKeyCheck masterKeyCheck;
    private final Database database;
    private final List<SealedTable> tables;

    /// Creates the replacement.
    ///
    /// @param tables all tables with values that depend on the master key
    public MasterKeyReplacement(MasterKeyCheck masterKeyCheck, Database database, List<SealedTable> tables) {
        this.masterKeyCheck = masterKeyCheck;
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
        masterKeyCheck.beginReplacement();
        pause(PROPAGATION.toNanos());
        Map<String, Walk> walks = walk(progress, false);
        masterKeyCheck.endReplacement();
        return walks;
    }

    /// Returns the result of [#run] without changing anything. The store keeps the key that it names.
    public Map<String, Walk> dryRun(BiConsumer<String, Walk> progress) {
        masterKeyCheck.useCurrentKey();
        return walk(progress, true);
    }

    private Map<String, Walk> walk(BiConsumer<String, Walk> progress, boolean dryRun) {
        Map<String, Walk> walks = new LinkedHashMap<>();
        for (SealedTable table : tables) {
            Walk walk = Walk.START;
            while (!walk.done()) {
                long start = System.nanoTime();
                long before = walk.resealed() + walk.deleted();
                walk = table.step(database, walk, ROWS, dryRun);
                progress.accept(table.name(), walk);
                if (walk.resealed() + walk.deleted() > before && !dryRun) {
                    // As long as the step took, so that half of the time is left for calls.
                    pause(System.nanoTime() - start);
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
