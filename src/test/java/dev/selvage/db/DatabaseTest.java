package dev.selvage.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

    @OnBothEngines
    void manyNodesThatStartAtOnceMigrateOnce(Engine engine, @TempDir Path directory) throws Exception {
        String url = engine.newDatabase(directory);
        List<Callable<Database>> starts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            starts.add(() -> Database.open(url));
        }
        try (ExecutorService nodes = Executors.newFixedThreadPool(starts.size())) {
            for (Future<Database> node : nodes.invokeAll(starts)) {
                try (Database database = node.get()) {
                    assertThat(database.reachable()).isTrue();
                }
            }
        }
    }

    @OnBothEngines
    void aDatabaseOfANewerProgramIsRefused(Engine engine, @TempDir Path directory) {
        String url = engine.newDatabase(directory);
        try (Database database = Database.open(url)) {
            database.write("""
                    INSERT INTO schema_history (installed_rank, version, description, type, script, checksum, installed_by,
                                                installed_on, execution_time, success)
                    SELECT 9999, '9999', 'later', 'SQL', 'V9999__later.sql', 1, installed_by, installed_on, 1, success
                    FROM schema_history WHERE version = '1'""").update();
        }
        assertThatThrownBy(() -> Database.open(url))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("newer release");
    }

    @OnBothEngines
    void whatFollowsATransactionRunsOnceWhenItIsDurable(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory))) {
            List<Boolean> seen = new ArrayList<>();
            Thread caller = Thread.currentThread();
            database.transaction(() -> {
                // Reads outside of the transaction, as another caller would.
                database.afterCommit(() -> seen.add(count(database) == 1 && Thread.currentThread() == caller));
                insert(database, "a");
                assertThat(seen).isEmpty();
                return null;
            });
            assertThat(seen).containsExactly(true);
            assertThatThrownBy(() -> database.transaction(() -> {
                        database.afterCommit(() -> seen.add(false));
                        throw new IllegalStateException("refused");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(seen).containsExactly(true);
        }
    }

    @OnBothEngines
    void aTransactionThatFailsLeavesNothing(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory))) {
            assertThatThrownBy(() -> database.transaction(() -> {
                        insert(database, "a");
                        throw new IllegalStateException("refused");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(count(database)).isZero();
        }
    }

    @OnBothEngines
    void aTransactionSeesItsOwnWritesAndOthersDoNotYet(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory));
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            database.transaction(() -> {
                insert(database, "a");
                assertThat(count(database)).isOne();
                try {
                    assertThat(other.submit(() -> count(database)).get()).isZero();
                } catch (Exception failed) {
                    throw new IllegalStateException(failed);
                }
                return null;
            });
            assertThat(count(database)).isOne();
        }
    }

    @OnBothEngines
    void aSecondRowOfAUniqueKeyIsReportedAsDuplicate(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory))) {
            insert(database, "a");
            assertThatThrownBy(() -> insert(database, "a")).isInstanceOf(DuplicateException.class);
            assertThatThrownBy(() ->
                            database.write("INSERT INTO nothing VALUES (1)").update())
                    .isExactlyInstanceOf(DatabaseException.class);
        }
    }

    @OnBothEngines
    void aFailureNamesTheStatementAndNoValue(Engine engine, @TempDir Path directory) {
        try (Database database = Database.open(engine.newStore(directory))) {
            insert(database, "someone@example.com");
            assertThatThrownBy(() -> insert(database, "someone@example.com"))
                    .hasMessageContaining("INSERT INTO counters")
                    .hasStackTraceContaining("INSERT INTO counters")
                    .satisfies(failed -> assertThat(org.assertj.core.util.Throwables.getStackTrace(failed))
                            .doesNotContain("someone@"));
        }
    }

    /// Sixteen callers at once share as many connections as there may be, and none fails.
    @Test
    @Tag("postgresql")
    void itHoldsNoMoreConnectionsThanItMay(@TempDir Path directory) throws Exception {
        for (int connections : new int[] {2, 5}) {
            try (Database database = Database.open(Engine.POSTGRESQL.newStore(directory), connections);
                    ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                assertThat(ofSixteen(callers, database)).hasSize(connections);
            }
        }
    }

    /// Who waits for ten seconds while others use every connection is refused, and the connections stay as they
    /// are.
    @Test
    @Tag("postgresql")
    void aPoolThatIsBusyKeepsItsConnections(@TempDir Path directory) throws Exception {
        try (Database database = Database.open(Engine.POSTGRESQL.newStore(directory), 2);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Set<Integer> before = new HashSet<>();
            int refused = 0;
            for (Future<Integer> answer : callers.invokeAll(using(database, 3, 11))) {
                try {
                    before.add(answer.get());
                } catch (ExecutionException failed) {
                    assertThat(failed).hasCauseInstanceOf(StoreUnavailableException.class);
                    refused++;
                }
            }
            assertThat(refused).isOne();
            assertThat(ofSixteen(callers, database)).isEqualTo(before).hasSize(2);
        }
    }

    /// The processes that sixteen callers at once find behind their connections.
    private static Set<Integer> ofSixteen(ExecutorService callers, Database database) throws Exception {
        Set<Integer> processes = new HashSet<>();
        for (Future<Integer> answer : callers.invokeAll(using(database, 16, 0.2))) {
            processes.add(answer.get());
        }
        return processes;
    }

    /// Callers that use a connection for so many seconds, and say which process of PostgreSQL is behind it.
    private static List<Callable<Integer>> using(Database database, int callers, double seconds) {
        return Collections.nCopies(
                callers, () -> (int) database.read("SELECT pg_backend_pid() FROM pg_sleep(" + seconds + ")")
                        .number());
    }

    @Test
    void anotherEngineIsRefused() {
        assertThatThrownBy(() -> Database.open("jdbc:h2:mem:x")).isInstanceOf(StoreException.class);
    }

    private static void insert(Database database, String target) {
        database.write("INSERT INTO counters (project_id, target, window_start, count) VALUES ('p', :target, 1, 1)")
                .bind("target", target)
                .update();
    }

    private static long count(Database database) {
        return database.read("SELECT COUNT(*) FROM counters").number();
    }
}
