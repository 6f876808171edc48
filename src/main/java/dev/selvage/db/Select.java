package dev.selvage.db;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A statement that the calls made most often read by: its text is looked at once and not in each call, and it
/// runs past Jdbi (`docs/decisions/prepared-statements.md`). Everything else goes through Jdbi. Thread-safe;
/// keep it in a constant.
public final class Select {

    private static final Pattern PARAMETER = Pattern.compile(":(\\w+)");

    private final String sql;
    private final List<String> parameters;
    /// Of the columns, by name: those of the first result, which are those of all.
    private volatile Map<String, Integer> positions;

    private Select(String sql, List<String> parameters) {
        this.sql = sql;
        this.parameters = parameters;
    }

    /// Reads rows to what they say. Begins before the first of them.
    public interface Reader<T> {
        T read(Row rows) throws SQLException;
    }

    /// @param text with a `:name` for each value, and no other colon
    public static Select of(String text) {
        List<String> parameters = new ArrayList<>();
        String sql = PARAMETER.matcher(text).replaceAll(parameter -> {
            parameters.add(parameter.group(1));
            return Matcher.quoteReplacement("?");
        });
        return new Select(sql, List.copyOf(parameters));
    }

    /// As the driver gets it.
    public String sql() {
        return sql;
    }

    /// The name of each `?`, in their order.
    public List<String> parameters() {
        return parameters;
    }

    <T> T run(PreparedStatement prepared, Map<String, ?> values, Reader<T> reader) throws SQLException {
        int index = 1;
        for (String parameter : parameters) {
            switch (values.get(parameter)) {
                case String text -> prepared.setString(index, text);
                case Long number -> prepared.setLong(index, number);
                case byte[] bytes -> prepared.setBytes(index, bytes);
                case null, default -> throw new IllegalArgumentException("No text, number or bytes for " + parameter);
            }
            index++;
        }
        try (ResultSet rows = prepared.executeQuery()) {
            return reader.read(new Row(rows, positions(rows)));
        }
    }

    private Map<String, Integer> positions(ResultSet rows) throws SQLException {
        Map<String, Integer> known = positions;
        if (known != null) {
            return known;
        }
        ResultSetMetaData columns = rows.getMetaData();
        Map<String, Integer> found = new HashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            found.put(columns.getColumnLabel(i), i);
        }
        positions = found;
        return found;
    }
}
