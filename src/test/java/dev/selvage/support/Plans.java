package dev.selvage.support;

import dev.selvage.db.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;

/// What EXPLAIN says of each statement that a call sends to PostgreSQL, with the very values of the call. Not of batches.
public final class Plans {

    private Plans() {
    }

    /// The statements and their plans, each one text, in their order.
    ///
    /// @param call runs in a transaction
    public static List<String> of(Database database, Runnable call) {
        List<String> plans = new ArrayList<>();
        SqlLogger watch = new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                plans.add(explain(context));
            }
        };
        database.transaction(() -> {
            database.change(handle -> handle.getConfig(SqlStatements.class).setSqlLogger(watch));
            call.run();
            return null;
        });
        return plans;
    }

    private static String explain(StatementContext context) {
        try (Statement explain = context.getConnection().createStatement()) {
            // The driver's own statement shows itself with its values in place.
            String sql = context.getStatement().unwrap(PreparedStatement.class).toString();
            StringBuilder lines = new StringBuilder(sql).append('\n');
            try (ResultSet rows = explain.executeQuery("EXPLAIN (COSTS OFF) " + sql)) {
                while (rows.next()) {
                    lines.append(rows.getString(1)).append('\n');
                }
            }
            return lines.toString();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
