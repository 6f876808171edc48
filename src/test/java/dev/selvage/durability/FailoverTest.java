package dev.selvage.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.MasterKeys;
import dev.selvage.bench.Promises;
import dev.selvage.bench.StandbyPair;
import dev.selvage.support.Nodes;
import dev.selvage.support.TestApp;
import dev.selvage.support.TestClock;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PostgreSQL with a synchronous standby: the primary is killed while clients write, and the standby takes its
/// place. The long form, which says how long it took, is `bench/run failover`.
@Tag("process")
class FailoverTest {

    private static final int CLIENTS = 8;
    private static final int SESSIONS = 40;

    @Test
    void theServersGoOnByThemselvesAndNothingThatWasAnsweredIsLost(@TempDir Path directory) throws Exception {
        String masterKey = Base64.getEncoder().encodeToString(new byte[MasterKeys.KEY_BYTES]);
        TestClock clock = new TestClock();
        try (StandbyPair store = StandbyPair.start(directory);
                TestApp first = TestApp.start(Nodes.config(store.url(), masterKey), clock);
                TestApp second = TestApp.start(Nodes.config(store.url(), masterKey), clock)) {
            Promises promises = new Promises(
                    first.app()
                            .directory()
                            .credentials()
                            .orElseThrow()
                            .projects()
                            .getFirst(),
                    List.of(first.baseUrl(), second.baseUrl()));
            promises.during(CLIENTS, () -> {
                promises.awaitMade(SESSIONS);
                store.killPrimary();
                store.promote();
                promises.awaitWrites();
                promises.awaitMade(promises.made() + SESSIONS);
            });
            assertThat(promises.broken()).isEmpty();
            assertThat(promises.counts())
                    .containsKeys(Promises.Known.STARTED, Promises.Known.CLAIMED, Promises.Known.REVOKED);
        }
    }
}
