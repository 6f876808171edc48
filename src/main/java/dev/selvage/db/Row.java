package dev.selvage.db;

import dev.selvage.base.CallMemory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A cursor over the rows of a statement; it reads the columns of the current row by name. Not thread-safe.
public final class Row {

    private static final int WHOLE = -1;

    private final ResultSet rows;
    private final ParsedSql sql;
    private final Map<String, Integer> positions;
    /// The memory account of the current call; null outside of a call.
    private final CallMemory.@Nullable Share memory;
    /// The position of the next row in a result that has the rows of several reads, from 1.
    private int at;
    /// The position after the last row of this read; [#WHOLE] if the result has the rows of one read.
    private final int end;
    /// Whether the cursor is on a row: false before the first and after the last.
    private boolean current;

    Row(ResultSet rows, ParsedSql sql, Map<String, Integer> positions) {
        this(rows, sql, positions, 0, WHOLE, CallMemory.current());
    }

    /// A part of a result that can be scrolled.
    ///
    /// @param first the position of the first row, from 1; 0 for no rows
    /// @param end   the position after the last row
    Row(
            ResultSet rows,
            ParsedSql sql,
            Map<String, Integer> positions,
            int first,
            int end,
            CallMemory.@Nullable Share memory) {
        this.rows = rows;
        this.sql = sql;
        this.positions = positions;
        this.at = first;
        this.end = end;
        this.memory = memory;
    }

    /// Moves to the next row, at first to the first. Returns false if no row is left.
    public boolean next() {
        current = end == WHOLE ? get((all, none) -> all.next(), 0) : at < end && get(ResultSet::absolute, at++);
        return current;
    }

    boolean isCurrent() {
        return current;
    }

    /// Returns the text of a column that cannot be NULL here.
    public String text(String column) {
        return present(textOrNull(column), column);
    }

    /// Returns a text; null for NULL.
    public @Nullable String textOrNull(String column) {
        String text = get(ResultSet::getString, position(column));
        if (text != null && memory != null) {
            memory.read(text);
        }
        return text;
    }

    /// Returns the bytes of a column that cannot be NULL here.
    public byte[] bytes(String column) {
        return present(bytesOrNull(column), column);
    }

    /// Returns bytes; null for NULL.
    public byte @Nullable [] bytesOrNull(String column) {
        byte[] bytes = get(ResultSet::getBytes, position(column));
        if (bytes != null && memory != null) {
            memory.read(bytes);
        }
        return bytes;
    }

    private <T> T present(@Nullable T value, String column) {
        if (value == null) {
            throw new IllegalStateException("NULL in column " + column + " [" + sql.driverText() + "]");
        }
        return value;
    }

    /// Returns an integer; 0 for NULL.
    public long number(String column) {
        return get(ResultSet::getLong, position(column));
    }

    /// As [#number], for a column whose values fit into an `int`.
    public int integer(String column) {
        return get(ResultSet::getInt, position(column));
    }

    /// Returns a boolean; false for NULL.
    public boolean flag(String column) {
        return get(ResultSet::getBoolean, position(column));
    }

    /// Whether the column is NULL.
    public boolean isNull(String column) {
        return get(ResultSet::getObject, position(column)) == null;
    }

    /// Returns the columns that are not NULL by name, with the types of the driver.
    public Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        positions.forEach((column, position) -> {
            Object value = get(ResultSet::getObject, position);
            if (value != null) {
                values.put(column, value);
            }
        });
        return values;
    }

    /// Returns the integer in the first column.
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

    private <T extends @Nullable Object> T get(Getter<T> getter, int position) {
        try {
            return getter.get(rows, position);
        } catch (SQLException failed) {
            throw new DatabaseException(sql, failed);
        }
    }

    private interface Getter<T extends @Nullable Object> {
        T get(ResultSet rows, int position) throws SQLException;
    }
}
