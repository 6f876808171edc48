package dev.selvage.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.base.CallLog;
import dev.selvage.error.ApiError;
import dev.selvage.error.RequestErrors;
import dev.selvage.error.UserErrors;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/// Writes of SQLite that share a commit stand and fall as if each had its own.
class GroupCommitTest {

    private static final int WORKS_MAX = 100;
    private static final int CALLERS = 32;
    private static final int CALLS = 40;

    private static Database database;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger commits = new AtomicInteger();
    /// Commits wait for it. The engine asks right before it writes one.
    private volatile CountDownLatch mayCommit = new CountDownLatch(0);
    private final SQLiteCommitListener listener = new SQLiteCommitListener() {
        @Override
        public void onCommit() {
            if (commits.incrementAndGet() > 0) {
                await(mayCommit);
            }
        }

        @Override
        public void onRollback() {
            // Not counted.
        }
    };

    @BeforeAll
    static void open(@TempDir Path directory) {
        database = Database.open("jdbc:sqlite:" + directory.resolve("selvage.db"), new GroupBounds(WORKS_MAX, 60_000));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.write("DELETE FROM counters").update();
        database.write(this::listen);
        commits.set(0);
    }

    @AfterEach
    void end() {
        callers.close();
        database.write(this::deafen);
    }

    @Test
    void whatAWorkSaysOfItsCallIsNotInTheLinesOfTheNext() {
        database.transaction(() -> CallLog.subject("user-test-1"));
        assertThat(database.<Map<String, String>>transaction(MDC::getCopyOfContextMap))
                .isNullOrEmpty();
    }

    @Test
    void writesThatWaitTogetherShareOneCommit() throws Exception {
        assertThat(answers(together(List.of(inserting("a"), inserting("b"), inserting("c")))))
                .containsExactly("done", "done", "done");
        assertThat(targets()).containsExactly("a", "b", "c");
        assertThat(commits).hasValue(1);
    }

    @Test
    void aWriteThatFailsIsUndoneAlone() throws Exception {
        insert("taken");
        assertThat(answers(together(List.of(
                        inserting("a"),
                        refusedAfter("b"),
                        () -> database.transaction(() -> {
                            insert("c");
                            insert("taken");
                            return null;
                        }),
                        inserting("d")))))
                .containsExactly("done", "refused", "duplicate", "done");
        assertThat(targets()).containsExactly("a", "d", "taken");
        assertThat(commits).hasValue(1);
    }

    @Test
    void nothingIsAnsweredBeforeTheCommitOfItsGroup() throws Exception {
        mayCommit = new CountDownLatch(1);
        List<Future<?>> group = together(List.of(
                inserting("a"),
                () -> database.transaction(() -> {
                    // Decided by what another of the group wrote, which nobody else may see yet.
                    throw ApiError.of(count() == 1 ? UserErrors.DUPLICATE_EMAIL : RequestErrors.BAD_REQUEST);
                })));
        await(() -> commits.get() == 1);
        assertThat(group).noneMatch(Future::isDone);
        assertThat(targets()).isEmpty();
        mayCommit.countDown();
        assertThat(answers(group)).containsExactly("done", "refused");
        assertThat(targets()).containsExactly("a");
    }

    @Test
    void aCommitThatFailsFailsAllOfItsGroup() throws Exception {
        List<Future<?>> group = together(List.of(
                inserting("a"),
                refusedAfter("b"),
                () -> database.transaction(() -> {
                    database.write("PRAGMA defer_foreign_keys = ON").update();
                    database.write(
                                    "INSERT INTO subjects (project_id, subject_id, failed_attempts) VALUES ('nobody', 's', 0)")
                            .update();
                })));
        assertThat(answers(group)).allMatch("DatabaseException"::equals);
        assertThat(targets()).isEmpty();
        insert("afterwards");
        assertThat(targets()).containsExactly("afterwards");
    }

    @Test
    void whenAWorkEndsTheTransactionTheOthersRunOnceMore() throws Exception {
        insert("taken");
        String rollsBack =
                "INSERT OR ROLLBACK INTO counters (project_id, target, window_start, count) VALUES ('p', 'taken', 1, 1)";
        AtomicInteger runs = new AtomicInteger();
        List<Future<?>> group = together(List.of(
                () -> database.transaction(() -> {
                    runs.incrementAndGet();
                    insert("a");
                }),
                () -> database.write(rollsBack).update(),
                // It hides what it met: that is noticed, and not taken for success.
                () -> database.transaction(() -> {
                    try {
                        database.write(rollsBack).update();
                    } catch (DatabaseException hidden) {
                        assertThat(hidden).hasMessageContaining("UNIQUE");
                    }
                }),
                inserting("b")));
        assertThat(answers(group)).containsExactly("done", "duplicate", "DatabaseException", "done");
        assertThat(runs).hasValue(2);
        assertThat(targets()).containsExactly("a", "b", "taken");
    }

    @Test
    void aWriteForWhichThereIsNoRoomFailsAloneAndSucceedsWhenThereIsRoomAgain() throws Exception {
        database.write("CREATE TABLE blobs (content BYTEA)").update();
        database.write("PRAGMA max_page_count = "
                        + (database.read("PRAGMA page_count").number() + 4))
                .update();
        Runnable large = () ->
                database.write("INSERT INTO blobs VALUES (zeroblob(4000000))").update();
        assertThat(answers(together(List.of(inserting("a"), large, inserting("b")))))
                .containsExactly("done", "StoreUnavailableException", "done");
        assertThat(targets()).containsExactly("a", "b");
        // The connection is a new one, without the bound.
        large.run();
        assertThat(database.read("SELECT COUNT(*) FROM blobs").number()).isOne();
    }

    @Test
    void aGroupIsBoundedAndWritesOfManyRowsHaveTheirOwn() throws Exception {
        List<Runnable> works = new ArrayList<>();
        for (int i = 0; i < WORKS_MAX + 1; i++) {
            works.add(inserting("a" + i));
        }
        assertThat(answers(together(works))).allMatch("done"::equals);
        assertThat(commits).hasValue(2);
        assertThat(answers(together(List.of(
                        inserting("b"),
                        () -> BulkWrites.separately(() -> {
                            insert("c");
                            return null;
                        }),
                        inserting("d")))))
                .allMatch("done"::equals);
        assertThat(commits).hasValue(3);
    }

    @Test
    void whoIsInterruptedBeforeTheWriteBeganWritesNothing() throws Exception {
        CountDownLatch held = occupyWriter();
        FutureTask<Void> interrupted = new FutureTask<>(inserting("never"), null);
        Thread caller = Thread.ofVirtual().start(interrupted);
        await(() -> database.waitingWrites() == 1);
        caller.interrupt();
        // Its caller has withdrawn it before the writer goes on.
        assertThatThrownBy(interrupted::get).hasCauseInstanceOf(StoreException.class);
        Future<?> later = callers.submit(inserting("afterwards"));
        await(() -> database.waitingWrites() == 2);
        held.countDown();
        later.get();
        assertThat(targets()).containsExactly("afterwards");
    }

    @Test
    void whoIsInterruptedLaterStillLearnsWhatBecameOfIt() throws Exception {
        mayCommit = new CountDownLatch(1);
        AtomicInteger answered = new AtomicInteger();
        Thread caller = Thread.ofVirtual().start(() -> {
            insert("a");
            answered.set(Thread.currentThread().isInterrupted() ? 1 : 2);
        });
        await(() -> commits.get() == 1);
        caller.interrupt();
        await(() -> caller.getState() == Thread.State.TIMED_WAITING || !caller.isAlive());
        assertThat(caller.isAlive()).isTrue();
        mayCommit.countDown();
        caller.join();
        assertThat(answered).hasValue(1);
        assertThat(targets()).containsExactly("a");
    }

    @Test
    void moreThanCanWaitAreTurnedAwayWithNothingDone() throws Exception {
        CountDownLatch held = occupyWriter();
        List<Future<?>> many = new ArrayList<>();
        for (int i = 0; i < GroupCommit.WAITING_MAX; i++) {
            many.add(callers.submit(inserting("a" + i)));
        }
        await(() -> database.waitingWrites() == GroupCommit.WAITING_MAX);
        assertThatThrownBy(() -> insert("over")).isInstanceOf(StoreUnavailableException.class);
        held.countDown();
        assertThat(answers(many)).allMatch("done"::equals);
        assertThat(count()).isEqualTo(GroupCommit.WAITING_MAX);
    }

    @Test
    void aCloseWritesWhatWaitsAndRefusesWhatComesLater(@TempDir Path directory) throws Exception {
        Database other = Database.open("jdbc:sqlite:" + directory.resolve("selvage.db"));
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch holds = new CountDownLatch(1);
        Future<Boolean> first = callers.submit(() -> BulkWrites.separately(() -> other.transaction(() -> {
            holds.countDown();
            return await(held);
        })));
        await(holds);
        Future<Boolean> second = callers.submit(() -> other.transaction(() -> true));
        await(() -> other.waitingWrites() == 1);
        Thread closing = Thread.ofVirtual().start(other::close);
        held.countDown();
        assertThat(first.get()).isTrue();
        assertThat(second.get()).isTrue();
        closing.join();
        assertThatThrownBy(() -> other.transaction(() -> true)).isInstanceOf(StoreUnavailableException.class);
    }

    /// Whatever works do to shared rows, the store holds exactly what was answered with success.
    @Test
    void randomWritesOfManyCallersAddUpToWhatWasAnswered() throws Exception {
        Map<String, AtomicInteger> model = new TreeMap<>();
        for (String target : List.of("a", "b", "c", "d")) {
            insert(target);
            model.put(target, new AtomicInteger(1));
        }
        long seed = System.nanoTime();
        List<Future<?>> threads = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Random random = new Random(seed + i);
            threads.add(callers.submit(() -> {
                for (int call = 0; call < CALLS; call++) {
                    String target = List.copyOf(model.keySet()).get(random.nextInt(model.size()));
                    int amount = 1 + random.nextInt(9);
                    if (add(target, amount, random.nextInt(20))) {
                        model.get(target).addAndGet(amount);
                    }
                }
            }));
        }
        for (Future<?> thread : threads) {
            thread.get();
        }
        Map<String, Integer> stored = new TreeMap<>();
        database.read("SELECT target, count FROM counters")
                .all(row -> stored.put(row.text("target"), row.integer("count")));
        assertThat(stored).as("seed " + seed).hasSameSizeAs(model);
        stored.forEach((target, count) -> assertThat(count)
                .as("%s, seed %s", target, seed)
                .isEqualTo(model.get(target).get()));
        assertThat(commits.get()).isLessThan(CALLERS * CALLS / 2);
    }

    private static int add(int amount, String target) {
        return database.write("UPDATE counters SET count = count + :amount WHERE target = :target")
                .bind("amount", amount)
                .bind("target", target)
                .update();
    }

    /// Adds in one of several ways, some of which fail; answers whether it was done.
    private boolean add(String target, int amount, int way) {

        try {
            return switch (way) {
                case 0 ->
                    database.transaction(() -> {
                        add(amount, target);
                        throw ApiError.of(RequestErrors.BAD_REQUEST);
                    });
                case 1 ->
                    database.transaction(() -> {
                        add(amount, target);
                        return database.write(
                                                "INSERT INTO counters (project_id, target, window_start, count) VALUES ('p', :target, 1, 1)")
                                        .bind("target", target)
                                        .update()
                                == 1;
                    });
                case 2 ->
                    database.transaction(() -> {
                        add(amount, target);
                        return database.write(
                                                "INSERT OR ROLLBACK INTO counters (project_id, target, window_start, count) VALUES ('p', :target, 1, 1)")
                                        .bind("target", target)
                                        .update()
                                == 1;
                    });
                case 3 -> BulkWrites.separately(() -> add(amount, target) == 1);
                case 4 ->
                    database.transaction(() -> {
                        add(amount - 1, target);
                        return add(1, target) == 1;
                    });
                default -> add(amount, target) == 1;
            };
        } catch (ApiError | DatabaseException failed) {
            return false;
        }
    }

    /// Calls that find the writer occupied and then wait together, in this order.
    private List<Future<?>> together(List<Runnable> works) throws InterruptedException {
        CountDownLatch held = occupyWriter();
        List<Future<?>> calls = new ArrayList<>();
        for (Runnable work : works) {
            calls.add(callers.submit(work));
            await(() -> database.waitingWrites() == calls.size());
        }
        held.countDown();
        return calls;
    }

    /// The writer runs a group of one, which changes nothing, until the latch is counted down.
    private CountDownLatch occupyWriter() {
        commits.set(-1);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch holds = new CountDownLatch(1);
        callers.submit(() -> BulkWrites.separately(() -> database.transaction(() -> {
            holds.countDown();
            return await(held);
        })));
        await(holds);
        return held;
    }

    /// In one word each.
    private List<String> answers(List<Future<?>> calls) throws InterruptedException {
        List<String> answers = new ArrayList<>();
        for (Future<?> call : calls) {
            try {
                call.get();
                answers.add("done");
            } catch (ExecutionException failed) {
                RuntimeException cause = (RuntimeException) failed.getCause();
                answers.add(
                        cause instanceof ApiError
                                ? "refused"
                                : cause instanceof DuplicateException
                                        ? "duplicate"
                                        : cause.getClass().getSimpleName());
            }
        }
        return answers;
    }

    private Runnable inserting(String target) {
        return () -> insert(target);
    }

    private Runnable refusedAfter(String target) {
        return () -> database.transaction(() -> {
            insert(target);
            throw ApiError.of(RequestErrors.BAD_REQUEST);
        });
    }

    private void insert(String target) {
        database.write("INSERT INTO counters (project_id, target, window_start, count) VALUES ('p', :target, 1, 1)")
                .bind("target", target)
                .update();
    }

    private List<String> targets() {
        return database.read("SELECT target FROM counters ORDER BY target").all(row -> row.text("target"));
    }

    private long count() {
        return database.read("SELECT COUNT(*) FROM counters").number();
    }

    private Void listen(Connection connection) {
        sqlite(connection).addCommitListener(listener);
        return null;
    }

    private Void deafen(Connection connection) {
        sqlite(connection).removeCommitListener(listener);
        return null;
    }

    private static SQLiteConnection sqlite(Connection connection) {
        try {
            return connection.unwrap(SQLiteConnection.class);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
            return true;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.yield();
        }
    }
}
