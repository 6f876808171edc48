package dev.selvage.db;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A statement with named parameters, parsed into the text that a driver takes. Thread-safe. Stores use
/// [Database#read(String)] and [Database#write(String)].
public final class ParsedSql {

    /// A parameter, or a literal, which is kept unchanged. The second colon of a cast is not a parameter.
    private static final Pattern PARAMETER = Pattern.compile("'[^']*'|(?<!:):([A-Za-z]\\w*)");

    private final String text;
    private final String driverText;
    /// The name of each `?`, in their order.
    private final List<String> parameters;
    private final Set<String> names;
    private final List<String> distinct;
    /// The positions of the columns by name, read from the first result; they are the same in all results.
    /// SQLite's driver compares the names of all columns in each result again.
    private volatile @Nullable Map<String, Integer> positions;

    private ParsedSql(String text, String driverText, List<String> parameters) {
        this.text = text;
        this.driverText = driverText;
        this.parameters = parameters;
        this.names = Set.copyOf(parameters);
        this.distinct = parameters.stream().distinct().toList();
    }

    /// Parses a statement.
    ///
    /// @param text SQL with a `:name` for each value; no other colon before a letter, except in a literal
    public static ParsedSql of(String text) {
        List<String> parameters = new ArrayList<>();
        String driverText = PARAMETER.matcher(text).replaceAll(parameter -> {
            if (parameter.group(1) == null) {
                return Matcher.quoteReplacement(parameter.group());
            }
            parameters.add(parameter.group(1));
            return "?";
        });
        return new ParsedSql(text, driverText, List.copyOf(parameters));
    }

    /// The text with a `?` for each value.
    public String driverText() {
        return driverText;
    }

    /// The name of each `?`, in their order.
    public List<String> parameters() {
        return parameters;
    }

    /// Each parameter once.
    List<String> names() {
        return distinct;
    }

    /// The values in the order of [#names]; none may be null.
    Object[] values(Map<String, ? extends @Nullable Object> values) {
        check(values);
        Object[] inOrder = new Object[distinct.size()];
        for (int i = 0; i < inOrder.length; i++) {
            inOrder[i] = Objects.requireNonNull(values.get(distinct.get(i)), distinct.get(i));
        }
        return inOrder;
    }

    /// A statement that runs this one for many values at once. It has one array for each of [#names]. The first
    /// column of a row is the position of its values in the arrays, from 1; the rows of one position follow
    /// each other.
    ///
    /// @param types the element type of each array
    ParsedSql grouped(String[] types) {
        String columns =
                String.join(", ", distinct.stream().map(name -> "p_" + name).toList());
        String arrays =
                Arrays.stream(types).map(type -> "CAST(? AS " + type + "[])").collect(Collectors.joining(", "));
        String single = PARAMETER
                .matcher(text)
                .replaceAll(parameter -> Matcher.quoteReplacement(
                        parameter.group(1) == null ? parameter.group() : "keys.p_" + parameter.group(1)));
        String grouped = """
                SELECT keys.position, answer.*
                FROM unnest(%s) WITH ORDINALITY AS keys (%s, position)
                CROSS JOIN LATERAL (%s) AS answer
                ORDER BY keys.position""".formatted(arrays, columns, single);
        return new ParsedSql(grouped, grouped, distinct);
    }

    void set(PreparedStatement prepared, Map<String, ?> values) throws SQLException {
        check(values);
        int index = 1;
        for (String parameter : parameters) {
            switch (values.get(parameter)) {
                case String text -> prepared.setString(index, text);
                case Long number -> prepared.setLong(index, number);
                case Integer number -> prepared.setInt(index, number);
                case Boolean flag -> prepared.setBoolean(index, flag);
                case byte[] bytes -> prepared.setBytes(index, bytes);
                // Without a type, so that PostgreSQL infers it.
                case null -> prepared.setNull(index, Types.NULL);
                case Object other ->
                    throw new IllegalArgumentException("A value of " + other.getClass() + " for " + parameter);
            }
            index++;
        }
    }

    private void check(Map<String, ?> values) {
        if (!values.keySet().equals(names)) {
            throw new IllegalArgumentException(
                    "Values of " + values.keySet() + " for the parameters " + names + " [" + driverText + "]");
        }
    }

    <T> T query(PreparedStatement prepared, Function<Row, T> reader) throws SQLException {
        try (ResultSet rows = prepared.executeQuery()) {
            return reader.apply(new Row(rows, this, positions(rows)));
        }
    }

    Map<String, Integer> positions(ResultSet rows) throws SQLException {
        @Nullable Map<String, Integer> cached = positions;
        if (cached != null) {
            return cached;
        }
        ResultSetMetaData columns = rows.getMetaData();
        Map<String, Integer> found = new LinkedHashMap<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            found.putIfAbsent(columns.getColumnLabel(i), i);
        }
        positions = found;
        return found;
    }
}
