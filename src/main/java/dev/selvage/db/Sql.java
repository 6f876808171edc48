package dev.selvage.db;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A statement of [Database#read(String)] or [Database#write(String)] with its values. It runs on its own
/// connection, or in the current transaction. Not thread-safe.
///
/// Each method that runs it throws a [StoreUnavailableException] if the store cannot be used at the moment, and
/// a [DuplicateException] if a unique index refuses a row. A function that reads rows may be called more than
/// once.
public final class Sql {

    private final Database database;
    private final ParsedSql parsed;
    private final boolean writes;
    private final Map<String, @Nullable Object> values = new HashMap<>();
    private boolean grouped;

    Sql(Database database, ParsedSql parsed, boolean writes) {
        this.database = database;
        this.parsed = parsed;
        this.writes = writes;
    }

    /// Sets the value of the parameter `:name`. Each parameter needs a value, and a name without a parameter
    /// fails.
    ///
    /// @param value a text, a [Long], an [Integer], a [Boolean], a `byte[]`, or null for NULL
    public Sql bind(String name, @Nullable Object value) {
        values.put(name, value);
        return this;
    }

    /// As [#bind(String, Object)], for each entry.
    public Sql bind(Map<String, ? extends @Nullable Object> all) {
        values.putAll(all);
        return this;
    }

    /// Lets the call share a statement with other calls of the same text that wait at the same time
    /// ([StatementGroups]). The text is a SELECT without ORDER BY. No value is null. A reader may run on
    /// another thread.
    public Sql grouped() {
        grouped = true;
        return this;
    }

    /// Returns the result of `reader`, which starts before the first row and reads all rows.
    public <T> T query(Function<Row, T> reader) {
        return grouped ? database.runInGroup(parsed, values, reader, () -> queryAlone(reader)) : queryAlone(reader);
    }

    private <T> T queryAlone(Function<Row, T> reader) {
        return run(prepared -> {
            parsed.set(prepared, values);
            return parsed.query(prepared, reader);
        });
    }

    /// Returns the result of `reader` for the first row; empty without a row, or if it returns null. The reader
    /// may advance to further rows.
    public <T> Optional<T> first(Function<Row, ? extends @Nullable T> reader) {
        return query(rows -> rows.next() ? Optional.ofNullable(reader.apply(rows)) : Optional.empty());
    }

    /// Returns the results of `reader` for each row.
    public <T> List<T> all(Function<Row, T> reader) {
        return query(rows -> {
            List<T> read = new ArrayList<>();
            while (rows.next()) {
                read.add(reader.apply(rows));
            }
            return read;
        });
    }

    /// Returns the results of `reader` for each group of rows. The reader starts on the first row of a group
    /// and must advance past the last with [Row#next].
    public <T> List<T> groups(Function<Row, T> reader) {
        return query(rows -> {
            List<T> read = new ArrayList<>();
            rows.next();
            while (rows.isCurrent()) {
                read.add(reader.apply(rows));
            }
            return read;
        });
    }

    /// Whether the statement returns a row.
    public boolean exists() {
        return query(Row::next);
    }

    /// Returns the number in the first column of the only row.
    public long number() {
        return query(rows -> {
            rows.next();
            return rows.number();
        });
    }

    /// Runs a statement without result rows. Returns the number of changed rows.
    public int update() {
        return run(prepared -> {
            parsed.set(prepared, values);
            prepared.execute();
            return prepared.getUpdateCount();
        });
    }

    /// Runs the statement once for each item, as one batch in one transaction.
    ///
    /// @param binder binds the values that differ between the items, with the same names for each
    public <V> void batch(Collection<V> items, BiConsumer<Sql, V> binder) {
        if (items.isEmpty()) {
            return;
        }
        run(prepared -> {
            for (V item : items) {
                binder.accept(this, item);
                parsed.set(prepared, values);
                prepared.addBatch();
            }
            return prepared.executeBatch();
        });
    }

    private <T> T run(Run<T> run) {
        return database.run(parsed, writes, run);
    }

    /// A use of a prepared statement.
    interface Run<T> {
        T with(PreparedStatement prepared) throws SQLException;
    }
}
