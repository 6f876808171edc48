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

/// Puts another master key in the place of the one before, while servers that have both run (`docs/keys.md`).
/// The store first names the new key, then every row that rests on the one before is written anew or ended. It
/// can be cut off at any point and run again: what is done is done.
public final class MasterKeyReplacement {

    /// Until each server has looked which key the store names, and what it was writing then is written.
    static final Duration NOTICED = Duration.ofMillis(5 * MasterKeyCheck.LOOKS_MILLIS);

    /// Rows of one transaction: few enough that a call that writes hardly waits for it.
    private static final int ROWS = 200;

    private final MasterKeyCheck storeKey;
    private final Database database;
    private final List<SealedTable> tables;

    /// @param tables all that rests on the master key
    public MasterKeyReplacement(MasterKeyCheck storeKey, Database database, List<SealedTable> tables) {
        this.storeKey = storeKey;
        this.database = database;
        this.tables = List.copyOf(tables);
    }

    /// All that rests on the master key.
    public List<SealedTable> tables() {
        return tables;
    }

    /// Replaces the key.
    ///
    /// @param progress told after each step how far a table has come
    /// @return by table, in the order in which they were gone over
    /// @throws dev.selvage.base.OperatorException when this program was not given both keys
    public Map<String, Walk> run(BiConsumer<String, Walk> progress) {
        storeKey.begin();
        pause(NOTICED.toNanos());
        Map<String, Walk> walks = walk(progress, false);
        storeKey.end();
        return walks;
    }

    /// What [#run] would do, without doing it. The store goes on to name the key that it names.
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
                    // As long as the step took, so that half of the time is left to calls.
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
