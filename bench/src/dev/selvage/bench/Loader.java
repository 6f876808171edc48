package dev.selvage.bench;

import dev.selvage.bench.Tables.Rows;
import dev.selvage.db.Dialect;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Writes the rows of a dataset in bulk, without the program. One thread per core creates the rows, and one
/// thread writes them in their order.
abstract class Loader {

    private static final int ROWS_PER_CHUNK = 5_000;
    /// The maximum number of chunks that wait for the writer.
    private static final int CHUNKS_MAX = 8;

    /// Fills a store that no program has open. The tables must be empty. Indexes are created afterwards, and
    /// the store is crash-safe only at the end.
    static void fill(String jdbcUrl, List<Rows> tables) throws SQLException {
        List<String> names = tables.stream().map(Rows::table).distinct().toList();
        try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
            for (String name : names) {
                if (!texts(connection, "SELECT 1 FROM " + name + " LIMIT 1").isEmpty()) {
                    throw new IllegalStateException("The store is to be filled, and " + name + " has rows already");
                }
            }
            of(jdbcUrl).fill(connection, names, tables);
        }
    }

    /// Adds rows to a store in use, as a program does: with all indexes, durable when it returns.
    static void add(String jdbcUrl, Rows rows) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
            of(jdbcUrl).add(connection, rows);
        }
    }

    private static Loader of(String jdbcUrl) {
        return switch (Dialect.of(jdbcUrl)) {
            case SQLITE -> new SqliteLoader();
            case POSTGRESQL -> new PostgresLoader();
        };
    }

    abstract void fill(Connection connection, List<String> names, List<Rows> tables) throws SQLException;

    abstract void add(Connection connection, Rows rows) throws SQLException;

    /// Converts a chunk of rows. Several threads call it at the same time.
    interface Maker<T> {
        T of(Rows rows, int from, int to);
    }

    /// Receives the converted chunks in their order.
    interface Taker<T> {
        void take(T made) throws SQLException;
    }

    static <T> void chunks(Rows rows, Maker<T> maker, Taker<T> taker) throws SQLException {
        Deque<Future<T>> ahead = new ArrayDeque<>();
        try (ExecutorService makers = Executors.newFixedThreadPool(Machine.cores())) {
            for (int begin = 0; begin < rows.count() || !ahead.isEmpty(); ) {
                while (begin < rows.count() && ahead.size() < CHUNKS_MAX) {
                    int from = begin;
                    int to = Math.min(rows.count(), begin + ROWS_PER_CHUNK);
                    ahead.add(makers.submit(() -> maker.of(rows, from, to)));
                    begin = to;
                }
                taker.take(ahead.remove().get());
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /// The first column of the result of a query.
    static List<String> texts(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    /// `'a', 'b'`.
    static String quoted(List<String> names) {
        return "'" + String.join("', '", names) + "'";
    }
}
