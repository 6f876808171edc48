package dev.selvage;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.db.Database;
import dev.selvage.ops.Lease;
import dev.selvage.ops.MasterKeyReplacement;
import dev.selvage.ops.Sweeper;
import dev.selvage.projects.MasterKeyCheck;
import java.util.List;

/// The background work: sweeps, the delivery of messages, and the check of the master key.
final class Background implements AutoCloseable {

    private final Engines engines;
    private final MasterKeyCheck masterKeyCheck;
    private final MasterKeyReplacement masterKeyReplacement;
    private final Sweeper sweeper;
    private final ClockAndRandom clock;

    Background(Engines engines, MasterKeyCheck masterKeyCheck, Database database, ClockAndRandom clock) {
        this.engines = engines;
        this.masterKeyCheck = masterKeyCheck;
        this.clock = clock;
        // Keys are first, so that they do not wait for the deletion of many sessions.
        sweeper = new Sweeper(
                new Lease("sweeper", database, clock),
                List.of(
                        rows -> engines.keys.rotateDue(engines.projects),
                        rows -> engines.keys.sweep(),
                        engines.sessions::sweep,
                        engines.targetLimits::sweep,
                        engines.outbox::sweep,
                        engines.links::sweep,
                        engines.intermediates::sweep,
                        engines.totps::sweep,
                        engines.codes::sweep,
                        engines.trustedTokens::sweep));
        masterKeyReplacement = new MasterKeyReplacement(
                masterKeyCheck,
                database,
                List.of(
                        engines.keys.sealedTable(),
                        engines.totps.sealedTable(),
                        engines.recoveryCodes.sealedTable(),
                        engines.codes.sealedTable(),
                        engines.outbox.sealedTable(),
                        engines.sessions.sealedTable()));
    }

    MasterKeyReplacement masterKeyReplacement() {
        return masterKeyReplacement;
    }

    void start() {
        sweeper.start();
        masterKeyCheck.start();
        engines.delivery.start(engines.outbox, engines.projects, clock);
    }

    @Override
    public void close() {
        sweeper.close();
        masterKeyCheck.close();
        engines.delivery.close();
    }
}
