package dev.selvage.projects;

import dev.selvage.db.BulkWrites;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import dev.selvage.db.Sql;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A table with values that depend on the master key, and how a row changes when the key is replaced. The owner
/// of the table provides this value. The walk over the rows is the same for all tables.
///
/// @param name    name of the table
/// @param key     columns of the primary key, in its order; all of them texts
/// @param sealed  further columns that are read, and that must be unchanged when the row is written
/// @param read    further columns that are read
/// @param change  computes the change of a row, of which it gets the columns that are not NULL
public record SealedTable(
        String name,
        List<String> key,
        List<String> sealed,
        List<String> read,
        Function<Map<String, Object>, Change> change) {

    /// The change of a row.
    public sealed interface Change {

        /// The row does not depend on a previous key and is kept.
        record None() implements Change {}

        /// These values, by column, replace those that are sealed under a previous key.
        record Resealed(Map<String, Object> values) implements Change {}

        /// The row cannot be resealed and is deleted.
        record Deleted() implements Change {}
    }

    /// A table with one sealed text in each row. The text is empty if nothing is sealed.
    ///
    /// @param other further columns that the statements name; they never change
    public static SealedTable ofText(String name, List<String> key, String sealed, List<String> other, Vault vault) {
        return new SealedTable(
                name, key, Stream.concat(Stream.of(sealed), other.stream()).toList(), List.of(), row -> {
                    String text = text(row, sealed);
                    return (text.isEmpty() ? Optional.<String>empty() : vault.reseal(text))
                            .<Change>map(resealed -> new Change.Resealed(Map.of(sealed, resealed)))
                            .orElseGet(Change.None::new);
                });
    }

    /// Returns the text of a column that cannot be NULL.
    public static String text(Map<String, Object> row, String column) {
        return (String) Objects.requireNonNull(row.get(column), column);
    }

    /// The progress of a walk over the table.
    ///
    /// @param last     the key of the last row; null at the start
    /// @param rows     number of rows read
    /// @param resealed number of these rows that were resealed
    /// @param deleted    number of these rows that were deleted
    /// @param done     whether all rows were read
    public record Walk(@Nullable Map<String, Object> last, long rows, long resealed, long deleted, boolean done) {

        public static final Walk START = new Walk(null, 0, 0, 0, false);
    }

    /// Reads at most `rows` further rows, and changes those that depend on a previous key unless this is a
    /// `dryRun`. Steps may be repeated, and two processes may run them at the same time.
    public Walk step(Database database, Walk walk, int rows, boolean dryRun) {
        List<Map<String, Object>> page = page(database, walk.last, rows);
        Map<Map<String, Object>, Change> changes = new LinkedHashMap<>();
        long resealed = 0;
        long deleted = 0;
        for (Map<String, Object> row : page) {
            Change change = this.change.apply(row);
            resealed += change instanceof Change.Resealed ? 1 : 0;
            deleted += change instanceof Change.Deleted ? 1 : 0;
            if (!(change instanceof Change.None)) {
                changes.put(row, change);
            }
        }
        if (!changes.isEmpty() && !dryRun) {
            BulkWrites.separately(() -> database.transaction(() -> {
                changes.forEach((row, change) -> write(database, row, change));
                return changes.size();
            }));
        }
        return new Walk(
                page.isEmpty() ? walk.last : page.getLast(),
                walk.rows + page.size(),
                walk.resealed + resealed,
                walk.deleted + deleted,
                page.size() < rows);
    }

    private List<Map<String, Object>> page(Database database, @Nullable Map<String, Object> last, int rows) {
        String keys = String.join(", ", key);
        String columns = Stream.of(key, sealed, read).flatMap(List::stream).collect(Collectors.joining(", "));
        String after = last == null
                ? ""
                : " WHERE (%s) > (%s)"
                        .formatted(
                                keys, key.stream().map(column -> ":" + column).collect(Collectors.joining(", ")));
        Sql query = database.read("SELECT %s FROM %s%s ORDER BY %s LIMIT :rows".formatted(columns, name, after, keys))
                .bind("rows", rows);
        if (last != null) {
            key.forEach(column -> query.bind(column, last.get(column)));
        }
        return query.all(Row::values);
    }

    private void write(Database database, Map<String, Object> row, Change change) {
        Map<String, Object> values =
                switch (change) {
                    case Change.None() -> throw new IllegalArgumentException();
                    case Change.Resealed(Map<String, Object> resealed) -> resealed;
                    case Change.Deleted() -> Map.of();
                };
        String statement = values.isEmpty()
                ? "DELETE FROM " + name
                : "UPDATE " + name + " SET "
                        + values.keySet().stream()
                                .map(column -> column + " = :new_" + column)
                                .collect(Collectors.joining(", "));
        List<String> unchanged = Stream.concat(key.stream(), sealed.stream()).toList();
        Sql update = database.write(statement + " WHERE "
                + unchanged.stream()
                        .map(column -> row.get(column) == null ? column + " IS NULL" : column + " = :" + column)
                        .collect(Collectors.joining(" AND ")));
        values.forEach((column, value) -> update.bind("new_" + column, value));
        unchanged.stream()
                .filter(column -> row.get(column) != null)
                .forEach(column -> update.bind(column, row.get(column)));
        update.update();
    }
}
