package dev.selvage.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

/// The rows of a statement, one after the other: the one at which it stands. Columns are asked for by name. Not thread-safe.
public final class Row {

    private final ResultSet rows;
    /// By name; null where nobody knows them before.
    private final Map<String, Integer> positions;
    private boolean stands;

    Row(ResultSet rows, Map<String, Integer> positions) {
        this.rows = rows;
        this.positions = positions;
    }

    /// The rows of a statement that Jdbi runs, from where they stand.
    public static Row of(ResultSet rows) {
        return new Row(rows, null);
    }

    /// Goes to the next one, at first to the first; false when there is none.
    public boolean next() throws SQLException {
        stands = rows.next();
        return stands;
    }

    /// Whether it stands at one: false before the first and behind the last.
    public boolean stands() {
        return stands;
    }

    /// A text; null where the column is NULL.
    public String text(String column) throws SQLException {
        return rows.getString(position(column));
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
