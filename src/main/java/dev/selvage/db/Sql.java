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

/// A statement of [Database#read(String)] or [Database#write(String)] with its values. It runs on a connection
/// of its own, or in the transaction that is under way. Not thread-safe.
///
/// Whatever runs it throws a [StoreUnavailableException] when the store cannot be used at the moment, and a
/// [DuplicateException] when a unique index refuses a row. A function that reads rows may be called more than
/// once.
public final class Sql {

    private final Database database;
    private final ParsedSql parsed;
    private final boolean writes;
    private final Map<String, Object> values = new HashMap<>();

    Sql(Database database, ParsedSql parsed, boolean writes) {
        this.database = database;
        this.parsed = parsed;
        this.writes = writes;
    }

    /// Gives the parameter `:name` its value. Each needs one, and no other may be given.
    ///
    /// @param value a text, a [Long], an [Integer], a [Boolean], bytes, or null for NULL
    public Sql bind(String name, Object value) {
        values.put(name, value);
        return this;
    }

    /// As [#bind(String, Object)], for each entry.
    public Sql bind(Map<String, ?> all) {
        values.putAll(all);
        return this;
    }

    /// Returns what `reader` makes of all rows. It begins before the first of them.
    public <T> T query(Function<Row, T> reader) {
        return run(prepared -> {
            parsed.set(prepared, values);
            return parsed.query(prepared, reader);
        });
    }

    /// Returns what `reader` makes of the first row; empty without a row, and when it returns null. It may go
    /// on to further rows.
    public <T> Optional<T> first(Function<Row, T> reader) {
        return query(rows -> rows.next() ? Optional.ofNullable(reader.apply(rows)) : Optional.empty());
    }

    /// Returns what `reader` makes of each row.
    public <T> List<T> all(Function<Row, T> reader) {
        return query(rows -> {
            List<T> read = new ArrayList<>();
            while (rows.next()) {
                read.add(reader.apply(rows));
            }
            return read;
        });
    }

    /// Returns what `reader` makes of each group of rows. It begins at the first row of a group, and moves past
    /// the last by [Row#next].
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

    /// Whether there is a row.
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

    /// Runs a statement without rows. Returns how many rows it changed.
    public int update() {
        return run(prepared -> {
            parsed.set(prepared, values);
            prepared.execute();
            return prepared.getUpdateCount();
        });
    }

    /// Runs the statement once for each item, as one batch in one transaction.
    ///
    /// @param binder binds what differs between the items, the same names for each
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

    /// What is done with a prepared statement.
    interface Run<T> {
        T with(PreparedStatement prepared) throws SQLException;
    }
}
