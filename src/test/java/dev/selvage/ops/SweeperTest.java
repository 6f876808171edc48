package dev.selvage.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.ClockAndRandom;
import dev.selvage.db.Database;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.TestClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/// Two nodes sweep over one store.
@OnBothEngines
class SweeperTest {

    private static final Duration LEASE = Duration.ofMillis(Lease.LIFETIME_MILLIS);

    @Parameter
    private Engine engine;

    private final TestClock clock = new TestClock();
    private final List<String> swept = new ArrayList<>();
    private Database database;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = Database.open(engine.newStore(directory));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void oneNodeSweepsHoweverOftenBothLook() throws InterruptedException {
        try (Sweeper first = node("first");
                Sweeper second = node("second")) {
            for (int i = 0; i < 20; i++) {
                first.sweep();
                second.sweep();
                clock.advance(Duration.ofMillis(Sweeper.INTERVAL_MILLIS));
            }
            assertThat(swept).hasSize(20).containsOnly("first");
        }
    }

    @Test
    void whenItDiesTheOtherTakesOverOnceItsLeaseHasRunOut() throws InterruptedException {
        try (Sweeper first = node("first");
                Sweeper second = node("second")) {
            first.sweep();
            clock.advance(LEASE.minusMillis(1));
            second.sweep();
            assertThat(swept).containsExactly("first");
            clock.advance(Duration.ofMillis(1));
            second.sweep();
            assertThat(swept).containsExactly("first", "second");
        }
    }

    @Test
    void whenItStopsTheOtherTakesOverAtOnce() throws InterruptedException {
        try (Sweeper second = node("second")) {
            try (Sweeper first = node("first")) {
                first.sweep();
                second.sweep();
            }
            second.sweep();
            assertThat(swept).containsExactly("first", "second");
        }
    }

    @Test
    void aSweepGoesOnAsLongAsThereIsMoreAndKeepsItsLease() throws InterruptedException {
        try (Sweeper second = node("second")) {
            IntUnaryOperator long20 = rows -> {
                swept.add("first");
                clock.advance(LEASE.dividedBy(2));
                sweep(second);
                return swept.size() < 20 ? rows : rows - 1;
            };
            try (Sweeper first = new Sweeper(lease(), List.of(long20))) {
                first.sweep();
            }
            assertThat(swept).hasSize(20).containsOnly("first");
        }
    }

    @Test
    void aNodeThatWasHeldUpBeyondItsLeaseStopsBehindTheTransactionThatItIsIn() throws InterruptedException {
        try (Sweeper second = node("second")) {
            IntUnaryOperator slow = rows -> {
                swept.add("first");
                clock.advance(LEASE);
                sweep(second);
                return rows;
            };
            try (Sweeper first = new Sweeper(lease(), List.of(slow, name("first, next table")))) {
                first.sweep();
            }
            assertThat(swept).containsExactly("first", "second");
        }
    }

    @Test
    void aStopWaitsForNoMoreThanTheTransactionThatIsUnderWay() throws Exception {
        Phaser inside = new Phaser(2);
        try (ExecutorService other = Executors.newSingleThreadExecutor();
                Sweeper endless = new Sweeper(lease(), List.of(rows -> {
                    swept.add("endless");
                    inside.arriveAndAwaitAdvance();
                    inside.arriveAndAwaitAdvance();
                    return rows;
                }))) {
            var sweeping = other.submit(() -> {
                endless.sweep();
                return null;
            });
            inside.arriveAndAwaitAdvance();
            endless.close();
            inside.arriveAndAwaitAdvance();
            sweeping.get();
            assertThat(swept).containsExactly("endless");
        }
    }

    @Test
    void aSweepThatFailsIsNoReasonToLeaveOutTheOthers() throws InterruptedException {
        try (Sweeper sweeper = new Sweeper(
                lease(),
                List.of(
                        rows -> {
                            throw new IllegalStateException("no such table");
                        },
                        name("next")))) {
            sweeper.sweep();
            assertThat(swept).containsExactly("next");
        }
    }

    private Sweeper node(String name) {
        return new Sweeper(lease(), List.of(name(name)));
    }

    private IntUnaryOperator name(String name) {
        return rows -> {
            swept.add(name);
            return 0;
        };
    }

    private Lease lease() {
        return new Lease("sweeper", database, new ClockAndRandom(clock, new SecureRandom()));
    }

    private static void sweep(Sweeper sweeper) {
        try {
            sweeper.sweep();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
