package dev.selvage.bench;

import dev.selvage.bench.Tables.Rows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

/// Writes all rows in one transaction without a journal, then creates the indexes, then runs SQLite's own
/// checks.
final class SqliteLoader extends Loader {

    /// Large enough for the primary key index of ten million sessions, which cannot be created afterwards.
    private static final int CACHE_KIB = 3 << 20;
    /// A concurrent writer gets its turn between two transactions.
    private static final int ROWS_PER_TRANSACTION = 20_000;

    @Override
    void fill(Connection connection, List<String> names, List<Rows> tables) throws SQLException {
        execute(
                connection,
                List.of(
                        "PRAGMA journal_mode = DELETE",
                        "PRAGMA locking_mode = EXCLUSIVE",
                        "PRAGMA journal_mode = OFF",
                        "PRAGMA synchronous = OFF",
                        "PRAGMA foreign_keys = OFF",
                        "PRAGMA cache_size = -" + CACHE_KIB,
                        "PRAGMA threads = " + Machine.cores()));
        String indexes =
                " FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (" + quoted(names) + ")";
        List<String> drop = texts(connection, "SELECT 'DROP INDEX ' || name" + indexes);
        List<String> create = texts(connection, "SELECT sql" + indexes);
        connection.setAutoCommit(false);
        execute(connection, drop);
        for (Rows rows : tables) {
            insert(connection, rows, Integer.MAX_VALUE);
        }
        execute(connection, create);
        connection.commit();
        connection.setAutoCommit(true);
        check(connection, names);
        execute(connection, List.of("PRAGMA locking_mode = NORMAL", "PRAGMA journal_mode = WAL"));
        sync(texts(connection, "SELECT file FROM pragma_database_list WHERE name = 'main'")
                .getFirst());
    }

    @Override
    void add(Connection connection, Rows rows) throws SQLException {
        execute(
                connection,
                List.of("PRAGMA busy_timeout = 60000", "PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL"));
        connection.setAutoCommit(false);
        insert(connection, rows, ROWS_PER_TRANSACTION);
        connection.commit();
    }

    private static void insert(Connection connection, Rows rows, int perTransaction) throws SQLException {
        int columns = rows.columns().split(",").length;
        String sql = "INSERT INTO " + rows.table() + " (" + rows.columns() + ") VALUES ("
                + String.join(", ", Collections.nCopies(columns, "?")) + ")";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int[] pending = {0};
            chunks(rows, SqliteLoader::values, made -> {
                for (Object[] row : made) {
                    for (int i = 0; i < row.length; i++) {
                        statement.setObject(i + 1, row[i]);
                    }
                    statement.addBatch();
                }
                statement.executeBatch();
                pending[0] += made.length;
                if (pending[0] >= perTransaction) {
                    connection.commit();
                    pending[0] = 0;
                }
            });
        }
    }

    private static Object[][] values(Rows rows, int from, int to) {
        Object[][] values = new Object[to - from][];
        for (int i = from; i < to; i++) {
            values[i - from] = rows.row().apply(i);
        }
        return values;
    }

    private static void check(Connection connection, List<String> names) throws SQLException {
        List<String> said = texts(connection, "PRAGMA quick_check");
        if (!said.equals(List.of("ok"))) {
            throw new IllegalStateException("SQLite says of the filled store: " + said);
        }
        for (String name : names) {
            if (!texts(connection, "SELECT rowid FROM pragma_foreign_key_check('" + name + "') LIMIT 1")
                    .isEmpty()) {
                throw new IllegalStateException("There are rows in " + name + " that belong to nothing");
            }
        }
    }

    /// Flushes the file, so that its data is not written while figures are measured.
    private static void sync(String file) {
        try (FileChannel channel = FileChannel.open(Path.of(file), StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
