package dev.selvage.db;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilderFactory;
import org.jdbi.v3.core.statement.StatementContext;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/// Keeps the statements of SQLite's connections prepared. Its driver does not, and to prepare one of the hot
/// path costs more than to run it. The driver of PostgreSQL keeps them by itself. Thread-safe. See
/// `docs/decisions/prepared-statements.md`.
///
/// They are prepared on the connection itself and not on the pool's face of it, because the pool closes what
/// was opened through it when the connection is given back.
final class PreparedStatements implements StatementBuilderFactory {

    /// Of one connection, the latest used. The program has fewer; searches, whose text follows from what is
    /// asked, come and go.
    static final int KEPT_MAX = 256;

    private final Map<Connection, OfConnection> byConnection = new ConcurrentHashMap<>();

    @Override
    public StatementBuilder createStatementBuilder(Connection connection) {
        try {
            return of(connection);
        } catch (SQLException failed) {
            throw new StoreException("The pool does not give its connection away", failed);
        }
    }

    /// Runs a statement on a connection of the pool.
    <T> T run(Connection connection, Select select, Map<String, ?> values, Select.Reader<T> reader)
            throws SQLException {
        OfConnection kept = of(connection);
        PreparedStatement prepared = kept.take(select.sql());
        try {
            return select.run(prepared, values, reader);
        } finally {
            kept.giveBack(prepared);
        }
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
    private static final class OfConnection implements StatementBuilder {
        private final Connection own;
        /// By their text; those used longest ago first.
        private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();
        /// The texts of those in use.
        private final IdentityHashMap<Statement, String> used = new IdentityHashMap<>();

        private OfConnection(Connection own) {
            this.own = own;
        }

        @Override
        public Statement create(Connection connection, StatementContext context) throws SQLException {
            return own.createStatement();
        }

        @Override
        public PreparedStatement create(Connection connection, String sql, StatementContext context)
                throws SQLException {
            return take(sql);
        }

        private PreparedStatement take(String sql) throws SQLException {
            // A second of the same text at the same time is another one.
            PreparedStatement kept = idle.remove(sql);
            PreparedStatement prepared = kept != null ? kept : own.prepareStatement(sql);
            used.put(prepared, sql);
            return prepared;
        }

        @Override
        public CallableStatement createCall(Connection connection, String sql, StatementContext context)
                throws SQLException {
            return own.prepareCall(sql);
        }

        /// Called once for each that [#create] made; its rows have been read, or nobody wants them.
        @Override
        public void close(Connection connection, String template, Statement statement) throws SQLException {
            giveBack(statement);
        }

        private void giveBack(Statement statement) throws SQLException {
            String sql = used.remove(statement);
            if (sql == null || statement.isClosed()) {
                statement.close();
                return;
            }
            PreparedStatement prepared = (PreparedStatement) statement;
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
