package dev.selvage.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.history.Checker.Kind;
import dev.selvage.history.Checker.Violation;
import dev.selvage.history.Cluster.Engine;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The clients and the checker find bugs that are planted in the classes that let calls share a statement, a
/// transaction or a commit. The bugs of groups show only in groups of several calls, so these tests also show
/// that the calls of the clients run in such groups. `KilledNodesTest` runs the same clients without a bug.
@Tag("process")
class PlantedGroupBugsTest {

    private static final int CALLS = 800;
    private static final int MINUTES_MAX = 60;
    private static final int CLIENTS = 16;
    private static final long SEED = 1;
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "selvage", "db");
    private static final String PAUSE = "java.util.concurrent.locks.LockSupport.parkNanos(30_000_000);";

    private static final String ANSWER = "answer(rows, new ArrayList<>(keys.values()));";
    private static final String COMPLETE = "group.forEach(job -> job.complete(job.failure));";
    private static final String SHARED = "a statement of several calls";
    private static final int SHARED_MIN = 10;

    @TempDir
    private Path directory;

    /// A text of a class, which occurs once, and the text that takes its place.
    private record Edit(String before, String after) {}

    @Test
    void onPostgresqlCallsShareStatementsAndNothingIsFound() throws Exception {
        assertThat(violations(Engine.POSTGRESQL, "StatementGroups", new Edit(ANSWER, """
                                if (keys.size() > 1) {
                                    System.out.println("%s");
                                }
                                """.formatted(SHARED) + ANSWER)))
                .isEmpty();
        assertThat(Files.readAllLines(directory.resolve("node-0.log")).stream()
                        .filter(SHARED::equals)
                        .count())
                .isGreaterThan(SHARED_MIN);
    }

    /// A list of sessions gets the rows of the values at another position of its group.
    @Test
    void onPostgresqlRowsOfAnotherCallerAreFound() throws Exception {
        assertThat(violations(Engine.POSTGRESQL, "StatementGroups", new Edit("int key = rows.getInt(1) - 1;", """
                                int key = grouped.driverText().contains("LEFT JOIN sessions")
                                        ? keys.size() - rows.getInt(1)
                                        : rows.getInt(1) - 1;
                                """)))
                .isNotEmpty();
    }

    /// The reads of a thread use a transaction that has begun up to 30 ms before.
    @Test
    void onPostgresqlAReadThatBeginsBeforeItsCallIsFound() throws Exception {
        assertThat(violations(
                        Engine.POSTGRESQL,
                        "StatementGroups",
                        new Edit("    /// The calls of one text.", """
                                private final ThreadLocal<Connection> old = new ThreadLocal<>();
                                private final ThreadLocal<Long> since = ThreadLocal.withInitial(() -> 0L);

                                private Connection old() throws SQLException {
                                    if (old.get() == null) {
                                        old.set(source.getConnection());
                                        old.get().setAutoCommit(false);
                                        old.get().setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                                    }
                                    if (System.nanoTime() - since.get() > 30_000_000) {
                                        old.get().rollback();
                                        since.set(System.nanoTime());
                                    }
                                    return old.get();
                                }

                                /// The calls of one text."""),
                        new Edit("try (Connection connection = source.getConnection();", """
                                Connection connection = null;
                                try {
                                    connection = old();
                                } catch (SQLException failed) {
                                    throw new IllegalStateException(failed);
                                }
                                try (""")))
                .isNotEmpty();
    }

    /// PostgreSQL answers a commit that is in its memory only, so that only a kill shows the loss, of about a
    /// second. With a longer loss the project of the clients is lost, too.
    @Test
    void onPostgresqlACommitThatAKillLosesIsFound() throws Exception {
        Plant plant = new Plant(
                Optional.empty(),
                Map.of("synchronous_commit", "off", "wal_writer_delay", "1s", "wal_writer_flush_after", "100MB"));
        assertThat(violations(Engine.POSTGRESQL, List.of(new Fault(CALLS, Fault.Kind.KILL_DATABASE, 0, 0)), plant))
                .isNotEmpty();
    }

    /// Updates of a group get each other's numbers of changed rows.
    @Test
    void onSqliteTheResultOfAnotherCallerIsFound() throws Exception {
        assertThat(violations(Engine.SQLITE, "GroupCommit", new Edit(COMPLETE, """
                                List<Job<?>> updates = group.stream().filter(job -> job.result instanceof Integer).toList();
                                List<?> results = updates.stream().map(job -> job.result).toList();
                                for (int i = 0; i < updates.size(); i++) {
                                    @SuppressWarnings("unchecked")
                                    Job<Object> update = (Job<Object>) updates.get(i);
                                    update.result = results.get((i + 1) % updates.size());
                                }
                                """ + COMPLETE)))
                .isNotEmpty();
    }

    /// Reads use a transaction that has begun up to 30 ms before.
    @Test
    void onSqliteAReadThatBeginsBeforeItsCallIsFound() throws Exception {
        assertThat(violations(
                        Engine.SQLITE,
                        "Database",
                        new Edit("    <T> T run(ParsedSql sql, boolean writes, Sql.Run<T> run) {", """
                                private @Nullable Connection old;
                                private long since;

                                private synchronized <T> T late(Function<Connection, T> work) {
                                    try {
                                        if (old == null || System.nanoTime() - since > 30_000_000) {
                                            if (old != null) {
                                                old.close();
                                            }
                                            old = readers.getConnection();
                                            old.setAutoCommit(false);
                                            since = System.nanoTime();
                                        }
                                        return work.apply(old);
                                    } catch (SQLException failed) {
                                        throw new IllegalStateException(failed);
                                    }
                                }

                                <T> T run(ParsedSql sql, boolean writes, Sql.Run<T> run) {"""),
                        new Edit("return writes ? write(work) : read(work);", """
                                boolean joins = CONNECTION.isBound() && !SNAPSHOT.isBound();
                                return writes
                                        ? write(work)
                                        : joins || !sql.driverText().contains("sessions") ? read(work) : late(work);
                                """)))
                .isNotEmpty();
    }

    @Test
    void onSqliteAnUpdateThatIsAnsweredBeforeItsCommitIsFound() throws Exception {
        assertThat(violations(
                        Engine.SQLITE,
                        "GroupCommit",
                        new Edit("                // Of the driver's two ways to commit,", """
                                group.stream()
                                        .filter(job -> job.result instanceof Integer)
                                        .forEach(job -> job.complete(job.failure));
                                %s
                                // Of the driver's two ways to commit,""".formatted(PAUSE))))
                .anyMatch(violation -> violation.kind() == Kind.GHOST);
    }

    private List<Violation> violations(Engine engine, String name, Edit... edits) throws Exception {
        List<Fault> faults = new ArrayList<>();
        if (engine == Engine.POSTGRESQL) {
            faults.addAll(Fault.SHORT_PAUSES);
        }
        faults.add(new Fault(CALLS, Fault.Kind.KILL_NODE, 0, 0));
        return violations(engine, faults, new Plant(Optional.of(compiled(name, edits)), Map.of()));
    }

    private List<Violation> violations(Engine engine, List<Fault> faults, Plant plant) throws Exception {
        Run run = Run.make(
                engine,
                directory,
                faults,
                MINUTES_MAX,
                CLIENTS,
                SEED,
                new PrintStream(PrintStream.nullOutputStream()),
                plant);
        return run.violations();
    }

    /// The class with its edits, compiled into a directory.
    private Path compiled(String name, Edit... edits) throws Exception {
        String text = Files.readString(SOURCES.resolve(name + ".java"));
        for (Edit edit : edits) {
            assertThat(text).containsOnlyOnce(edit.before);
            text = text.replace(edit.before, edit.after);
        }
        String source = text;
        SimpleJavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///dev/selvage/db/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        Path classes = Files.createDirectories(directory.resolve("planted"));
        StringWriter messages = new StringWriter();
        JavaCompiler.CompilationTask task = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        messages,
                        null,
                        null,
                        List.of(
                                "-proc:none",
                                "-implicit:none",
                                "-d",
                                classes.toString(),
                                "-cp",
                                System.getProperty("java.class.path")),
                        null,
                        List.of(file));
        assertThat(task.call()).as(messages.toString()).isTrue();
        return classes;
    }
}
