package dev.selvage.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/// Caches prepared statements of SQLite's connections. The driver has no cache, and preparing a statement of
/// the hot path costs more than running it. The driver of PostgreSQL has its own cache. Thread-safe. See
/// `docs/decisions/prepared-statements.md`.
///
/// Statements are prepared on the driver's connection and not on the wrapper of the pool, because the pool
/// closes the statements of its wrapper when a connection is returned.
final class PreparedStatements {

    /// The most cached statements of one connection; the least recently used is closed. The program has fewer
    /// statements, but the texts of searches vary with their filters.
    static final int CACHED_MAX = 256;

    private final Map<Connection, ConnectionCache> byConnection = new ConcurrentHashMap<>();

    /// Runs a statement on a connection of the pool.
    <T> T run(Connection connection, ParsedSql sql, Sql.Run<T> run) throws SQLException {
        ConnectionCache cache = cacheOf(connection);
        PreparedStatement prepared = cache.take(sql.driverText());
        T result;
        try {
            result = run.with(prepared);
        } catch (Throwable failed) {
            // Not cached: the driver itself closes a statement whose failure rolled back the transaction.
            try (prepared) {
                throw failed;
            }
        }
        cache.release(sql.driverText(), prepared);
        return result;
    }

    private ConnectionCache cacheOf(Connection connection) throws SQLException {
        Connection driverConnection = connection.unwrap(Connection.class);
        ConnectionCache cache = byConnection.get(driverConnection);
        return cache != null ? cache : add(driverConnection);
    }

    /// Adds a connection and removes closed ones, which a new connection often replaces. The driver has closed
    /// their statements.
    private ConnectionCache add(Connection driverConnection) throws SQLException {
        for (Connection known : List.copyOf(byConnection.keySet())) {
            if (known.isClosed()) {
                byConnection.remove(known);
            }
        }
        return byConnection.computeIfAbsent(driverConnection, ConnectionCache::new);
    }

    /// The number of cached statements of all connections.
    int cached() {
        return byConnection.values().stream().mapToInt(each -> each.idle.size()).sum();
    }

    /// The statements of one connection. One thread uses it at a time, and the pool hands it to the next thread
    /// with a happens-before edge.
    private static final class ConnectionCache {
        private final Connection driverConnection;
        /// By text; the least recently used first.
        private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();

        private ConnectionCache(Connection driverConnection) {
            this.driverConnection = driverConnection;
        }

        private PreparedStatement take(String sql) throws SQLException {
            // A statement that is in use is not in the map, so the same text at the same time is prepared
            // again.
            PreparedStatement cached = idle.remove(sql);
            return cached != null ? cached : driverConnection.prepareStatement(sql);
        }

        private void release(String sql, PreparedStatement prepared) throws SQLException {
            if (prepared.isClosed()) {
                return;
            }
            // A statement that is not reset keeps a snapshot of the store open, and no transaction can end
            // while it does.
            prepared.unwrap(CoreStatement.class).pointer.safeRunConsume(DB::reset);
            prepared.clearBatch();
            prepared.clearParameters();
            PreparedStatement duplicate = idle.put(sql, prepared);
            if (duplicate != null) {
                duplicate.close();
            }
            if (idle.size() > CACHED_MAX) {
                Iterator<PreparedStatement> oldest = idle.values().iterator();
                PreparedStatement leastRecentlyUsed = oldest.next();
                oldest.remove();
                leastRecentlyUsed.close();
            }
        }
    }
}
