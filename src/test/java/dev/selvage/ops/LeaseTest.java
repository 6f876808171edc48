package dev.selvage.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.db.Database;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.Race;
import dev.selvage.support.TestClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {

    private static final Duration LENGTH = Duration.ofMillis(Lease.LIFETIME_MILLIS);

    private final TestClock clock = new TestClock();

    @OnBothEngines
    void ofNodesThatAskAtOnceOneHoldsIt(Engine engine, @TempDir Path directory) throws Exception {
        try (Database database = Database.open(engine.newStore(directory))) {
            List<Lease> nodes = Stream.generate(() -> lease(database)).limit(8).toList();
            for (int round = 0; round < 10; round++) {
                assertThat(Race.atOnce(nodes.size(), node -> nodes.get(node).acquire()))
                        .containsOnlyOnce(true);
                assertThat(nodes.stream().filter(Lease::acquire))
                        .as("the same, asked again")
                        .hasSize(1);
                clock.advance(LENGTH);
            }
        }
    }

    @OnBothEngines
    void itRunsOutUnlessItsHolderAsksAgain(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory))) {
            Lease holder = lease(database);
            Lease other = lease(database);
            for (int i = 0; i < 4; i++) {
                assertThat(holder.acquire()).isTrue();
                clock.advance(LENGTH.dividedBy(2));
                assertThat(holder.acquire()).isTrue();
                clock.advance(LENGTH.dividedBy(2));
                assertThat(other.acquire()).isFalse();
            }
            clock.advance(LENGTH);
            assertThat(other.acquire()).isTrue();
            assertThat(holder.acquire()).as("it was away for too long").isFalse();
        }
    }

    @OnBothEngines
    void whatIsGivenBackIsFreeAtOnce(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory))) {
            Lease holder = lease(database);
            Lease other = lease(database);
            assertThat(holder.acquire()).isTrue();
            other.release();
            assertThat(other.acquire()).as("only the holder gives it back").isFalse();
            holder.release();
            assertThat(other.acquire()).isTrue();
            assertThat(holder.acquire()).isFalse();
        }
    }

    @OnBothEngines
    void leasesOfOtherNamesAreOthers(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory))) {
            assertThat(lease(database).acquire()).isTrue();
            assertThat(new Lease("other work", database, clockAndRandom(clock)).acquire())
                    .isTrue();
        }
    }

    @OnBothEngines
    void aClockThatWasWrongDoesNotHoldItForYears(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory))) {
            TestClock ahead = new TestClock();
            ahead.advance(Duration.ofDays(400));
            assertThat(new Lease("sweeper", database, clockAndRandom(ahead)).acquire())
                    .isTrue();
            assertThat(lease(database).acquire()).isTrue();
        }
    }

    private Lease lease(Database database) {
        return new Lease("sweeper", database, clockAndRandom(clock));
    }

    private static ClockAndRandom clockAndRandom(TestClock clock) {
        return new ClockAndRandom(clock, new SecureRandom());
    }
}
