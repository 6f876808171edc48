package dev.selvage.support;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Records the statements that the program sends to its store. It replaces the JDBC drivers. Pools that are
/// opened between [#watch] and [#close] stay recorded as long as they exist.
public final class Statements implements AutoCloseable {

    /// `unnest` has the values of a statement group.
    private static final Pattern VERB_AND_TABLE =
            Pattern.compile("(?s)^\\s*(?=(\\w+)).*?\\b(?:FROM|INTO|UPDATE)\\s+(?!unnest\\b)(\\w+)");
    /// Statements that are left out: savepoints, batched access times, the check of the number of sessions
    /// (which runs at random), delivery of messages, and reads of projects and signing keys.
    private static final Pattern APART = Pattern.compile(
            "^(SAVEPOINT|RELEASE|ROLLBACK|SET plan_cache_mode|BEGIN$|COMMIT$)|^UPDATE sessions SET last_accessed_at = \\?"
                    + "|^SELECT s\\.session_id FROM sessions s"
                    + "|^(SELECT|UPDATE|DELETE)\\b[^;]*\\bmessages\\b|FROM (projects|secrets|signing_keys)\\b");

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final List<String> prepared = new CopyOnWriteArrayList<>();
    /// Receives each statement before it is executed; null if nobody listens.
    private volatile Consumer<PreparedStatement> sees;
    private final List<Driver> real;
    private final List<Driver> watching;

    private Statements() {
        real = Collections.list(DriverManager.getDrivers());
        watching =
                real.stream().map(driver -> watched(Driver.class, driver, null)).toList();
    }

    public static Statements watch() {
        Statements statements = new Statements();
        replace(statements.real, statements.watching);
        return statements;
    }

    /// The statements that `work` sends, in order, each as its verb and its first table: `UPDATE sessions`.
    /// Transaction control, background statements and cached reads are left out.
    public List<String> during(Runnable work) {
        sent.clear();
        work.run();
        return sent.stream()
                .filter(sql -> !APART.matcher(sql).find())
                .map(Statements::named)
                .toList();
    }

    /// The texts of the statements that `work` prepares.
    public List<String> prepared(Runnable work) {
        prepared.clear();
        work.run();
        return List.copyOf(prepared);
    }

    /// The EXPLAIN output of each statement that `work` sends to PostgreSQL, with the values of the call. Each
    /// text contains the statement and then its plan. Batches and the statements that [#during] leaves out are
    /// not included.
    public List<String> plans(Runnable work) {
        List<String> plans = new CopyOnWriteArrayList<>();
        sees = prepared -> plans.add(plan(prepared));
        try {
            work.run();
        } finally {
            sees = null;
        }
        return plans;
    }

    private static String plan(PreparedStatement prepared) {
        try (Statement explain = prepared.getConnection().createStatement()) {
            // The statement of the driver prints itself with its values.
            String sql = prepared.toString();
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

    private static String named(String sql) {
        Matcher parts = VERB_AND_TABLE.matcher(sql);
        return parts.find() ? parts.group(1) + " " + parts.group(2) : sql;
    }

    /// Restores the drivers.
    @Override
    public void close() {
        replace(watching, real);
    }

    private static void replace(List<Driver> old, List<Driver> next) {
        try {
            for (Driver driver : old) {
                DriverManager.deregisterDriver(driver);
            }
            for (Driver driver : next) {
                DriverManager.registerDriver(driver);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// A proxy that records the statements that the object and its children execute.
    ///
    /// @param sql the text of a prepared statement; otherwise null
    private <T> T watched(Class<T> type, T target, String sql) {
        return type.cast(Proxy.newProxyInstance(
                Statements.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("execute")) {
                        sent.add(sql != null ? sql : (String) arguments[0]);
                    }
                    Consumer<PreparedStatement> eyes = sees;
                    if (eyes != null
                            && sql != null
                            && method.getName().startsWith("execute")
                            && !method.getName().equals("executeBatch")
                            && !APART.matcher(sql).find()) {
                        eyes.accept((PreparedStatement) target);
                    }
                    if (method.getName().equals("prepareStatement")) {
                        prepared.add((String) arguments[0]);
                    }
                    Object result;
                    try {
                        result = method.invoke(target, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                    return switch (result) {
                        case Connection connection
                        when target instanceof Driver -> watched(Connection.class, connection, null);
                        case PreparedStatement prepared
                        when target instanceof Connection ->
                            watched(PreparedStatement.class, prepared, (String) arguments[0]);
                        case Statement statement
                        when target instanceof Connection -> watched(Statement.class, statement, null);
                        case null, default -> result;
                    };
                }));
    }
}
