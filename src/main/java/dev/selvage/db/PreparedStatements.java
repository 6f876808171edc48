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

/// Keeps the statements of SQLite's connections prepared. Its driver does not, and to prepare one of the hot
/// path costs more than to run it. The driver of PostgreSQL keeps them by itself. Thread-safe. See
/// `docs/decisions/prepared-statements.md`.
///
/// They are prepared on the connection itself and not on the pool's face of it, because the pool closes what
/// was opened through it when the connection is given back.
final class PreparedStatements {

    /// Of one connection, the latest used. The program has fewer; searches, whose text follows from what is
    /// asked, come and go.
    static final int KEPT_MAX = 256;

    private final Map<Connection, OfConnection> byConnection = new ConcurrentHashMap<>();

    /// Runs a statement on a connection of the pool.
    <T> T run(Connection connection, ParsedSql sql, Sql.Run<T> run) throws SQLException {
        OfConnection kept = of(connection);
        PreparedStatement prepared = kept.take(sql.driverText());
        T result;
        try {
            result = run.with(prepared);
        } catch (Throwable failed) {
            // It is not kept: the driver itself ends a statement whose failure ended the transaction.
            try (prepared) {
                throw failed;
            }
        }
        kept.giveBack(sql.driverText(), prepared);
        return result;
    }

    private OfConnection of(Connection connection) throws SQLException {
        Connection own = connection.unwrap(Connection.class);
        OfConnection kept = byConnection.get(own);
        return kept != null ? kept : begin(own);
    }

    /// A new connection often comes in the place of one that the pool has closed; the driver has closed what
    /// was prepared there.
    private OfConnection begin(Connection own) throws SQLException {
        for (Connection known : List.copyOf(byConnection.keySet())) {
            if (known.isClosed()) {
                byConnection.remove(known);
            }
        }
        return byConnection.computeIfAbsent(own, OfConnection::new);
    }

    /// How many are kept now, on all connections.
    int kept() {
        return byConnection.values().stream().mapToInt(each -> each.idle.size()).sum();
    }

    /// Those of one connection. It is used by one thread at a time, and what that thread did is seen by the
    /// next, because the connection passes through the pool.
    private static final class OfConnection {
        private final Connection own;
        /// By their text; those used longest ago first.
        private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();

        private OfConnection(Connection own) {
            this.own = own;
        }

        private PreparedStatement take(String sql) throws SQLException {
            // A second of the same text at the same time is another one.
            PreparedStatement kept = idle.remove(sql);
            return kept != null ? kept : own.prepareStatement(sql);
        }

        private void giveBack(String sql, PreparedStatement prepared) throws SQLException {
            if (prepared.isClosed()) {
                return;
            }
            // One that has not come to its end holds a snapshot of the store, and no transaction can end beside
            // it.
            prepared.unwrap(CoreStatement.class).pointer.safeRunConsume(DB::reset);
            prepared.clearBatch();
            prepared.clearParameters();
            PreparedStatement same = idle.put(sql, prepared);
            if (same != null) {
                same.close();
            }
            if (idle.size() > KEPT_MAX) {
                Iterator<PreparedStatement> oldest = idle.values().iterator();
                PreparedStatement last = oldest.next();
                oldest.remove();
                last.close();
            }
        }
    }
}
