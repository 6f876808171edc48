package dev.selvage.db;

import dev.selvage.base.CallMemory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/// The rows of a statement, one after the other: the one at which it stands. Columns are asked for by name. Not
/// thread-safe.
public final class Row {

    private final ResultSet rows;
    /// By name; null where nobody knows them before.
    private final Map<String, Integer> positions;
    /// Of the call for which it is read; null outside of one.
    private final CallMemory.Share memory = CallMemory.current();
    /// At a row: neither before the first nor behind the last.
    private boolean stands;

    Row(ResultSet rows, Map<String, Integer> positions) {
        this.rows = rows;
        this.positions = positions;
    }

    /// The rows of a statement that Jdbi runs, from where they stand.
    public static Row of(ResultSet rows) {
        return new Row(rows, null);
    }

    /// Runs a query of Jdbi, and answers what `reader` makes of its rows from the beginning. It begins at a
    /// row and goes on behind the last that it has read.
    public static <T> List<T> all(Query query, Select.Reader<T> reader) {
        return query.scanResultSet((results, context) -> {
            try (context;
                    ResultSet rows = results.get()) {
                return of(rows).all(reader);
            }
        });
    }

    private <T> List<T> all(Select.Reader<T> reader) throws SQLException {
        List<T> read = new ArrayList<>();
        next();
        while (stands) {
            read.add(reader.read(this));
        }
        return read;
    }

    /// What `reader` makes of the rows from the first on; empty when there is none.
    public <T> Optional<T> first(Select.Reader<T> reader) throws SQLException {
        return next() ? Optional.of(reader.read(this)) : Optional.empty();
    }

    /// Goes to the next one, at first to the first; false when there is none.
    public boolean next() throws SQLException {
        stands = rows.next();
        return stands;
    }

    /// A text; null where the column is NULL.
    public String text(String column) throws SQLException {
        String text = rows.getString(position(column));
        if (text != null && memory != null) {
            memory.read(text);
        }
        return text;
    }

    /// Bytes; null where the column is NULL.
    public byte[] bytes(String column) throws SQLException {
        return rows.getBytes(position(column));
    }

    /// An integer; 0 where the column is NULL.
    public long number(String column) throws SQLException {
        return rows.getLong(position(column));
    }

    /// A truth value; false where the column is NULL.
    public boolean flag(String column) throws SQLException {
        return rows.getBoolean(position(column));
    }

    private int position(String column) throws SQLException {
        return positions == null ? rows.findColumn(column) : positions.get(column);
    }
}
