package dev.selvage.support;

import dev.selvage.db.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;

/// What EXPLAIN says of each statement that a call sends, with the very values of the call. Not for batches.
public final class Plans {

    private Plans() {
    }

    /// The plans, each one text, in the order of the statements.
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
        String sql = context.getParsedSql().getSql();
        try (PreparedStatement explain = context.getConnection().prepareStatement("EXPLAIN (COSTS OFF) " + sql)) {
            List<String> names = context.getParsedSql().getParameters().getParameterNames();
            for (int i = 0; i < names.size(); i++) {
                Argument argument = context.getBinding().findForName(names.get(i), context).orElseThrow();
                argument.apply(i + 1, explain, context);
            }
            return sql + "\n" + lines(explain);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    private static String lines(PreparedStatement explain) throws SQLException {
        StringBuilder lines = new StringBuilder();
        try (ResultSet rows = explain.executeQuery()) {
            while (rows.next()) {
                lines.append(rows.getString(1)).append('\n');
            }
        }
        return lines.toString();
    }
}
