package dev.selvage.db;

import dev.selvage.base.CallMemory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/// The rows of a statement, one after the other: the current one. Columns are named. Not thread-safe.
public final class Row {

    private final ResultSet rows;
    private final ParsedSql sql;
    private final Map<String, Integer> positions;
    /// Of the call for which it is read; null outside of one.
    private final CallMemory.Share memory = CallMemory.current();
    /// Whether there is a current row: neither before the first nor after the last.
    private boolean current;

    Row(ResultSet rows, ParsedSql sql, Map<String, Integer> positions) {
        this.rows = rows;
        this.sql = sql;
        this.positions = positions;
    }

    /// Moves to the next row, at first to the first; false when there is none.
    public boolean next() {
        current = get((all, none) -> all.next(), 0);
        return current;
    }

    boolean isCurrent() {
        return current;
    }

    /// A text; null where the column is NULL.
    public String text(String column) {
        String text = get(ResultSet::getString, position(column));
        if (text != null && memory != null) {
            memory.read(text);
        }
        return text;
    }

    /// Bytes; null where the column is NULL.
    public byte[] bytes(String column) {
        return get(ResultSet::getBytes, position(column));
    }

    /// An integer; 0 where the column is NULL.
    public long number(String column) {
        return get(ResultSet::getLong, position(column));
    }

    /// As [#number], of a column that holds no more than an [Integer] does.
    public int integer(String column) {
        return get(ResultSet::getInt, position(column));
    }

    /// A truth value; false where the column is NULL.
    public boolean flag(String column) {
        return get(ResultSet::getBoolean, position(column));
    }

    /// Whether the column is NULL.
    public boolean isNull(String column) {
        return get(ResultSet::getObject, position(column)) == null;
    }

    /// All columns as the driver returns them, by name.
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        positions.forEach((column, position) -> values.put(column, get(ResultSet::getObject, position)));
        return values;
    }

    /// The integer of the first column.
    long number() {
        return get(ResultSet::getLong, 1);
    }

    private int position(String column) {
        Integer position = positions.get(column);
        if (position == null) {
            throw new IllegalArgumentException("No column " + column + " [" + sql.driverText() + "]");
        }
        return position;
    }

    private <T> T get(Getter<T> getter, int position) {
        try {
            return getter.get(rows, position);
        } catch (SQLException failed) {
            throw new DatabaseException(sql, failed);
        }
    }

    private interface Getter<T> {
        T get(ResultSet rows, int position) throws SQLException;
    }
}
