package dev.selvage.projects;

import dev.selvage.db.BulkWrites;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import dev.selvage.db.Sql;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A table with values that rest on the master key, and what becomes of a row of it when the key is replaced.
/// Its owner says so; going over the rows is the same for all.
///
/// @param name    of the table
/// @param key     the columns of the primary key, in its order; all of them texts
/// @param sealed  what is read besides and has to be the same still when the row is written
/// @param read    what else is read
/// @param change  what becomes of a row
public record SealedTable(
        String name,
        List<String> key,
        List<String> sealed,
        List<String> read,
        Function<Map<String, Object>, Change> change) {

    /// What becomes of a row.
    public sealed interface Change {

        /// It does not rest on a key before: it stays as it is.
        record None() implements Change {}

        /// These values, by column, take the place of those that lie under the key before.
        record Resealed(Map<String, Object> values) implements Change {}

        /// It cannot be sealed anew and is deleted.
        record Ended() implements Change {}
    }

    /// A table with one sealed text a row, which is empty where nothing is sealed.
    ///
    /// @param other what the statements have to name besides; never changes
    public static SealedTable ofText(String name, List<String> key, String sealed, List<String> other, Vault vault) {
        return new SealedTable(
                name, key, Stream.concat(Stream.of(sealed), other.stream()).toList(), List.of(), row -> {
                    String text = (String) row.get(sealed);
                    return (text.isEmpty() ? Optional.<String>empty() : vault.reseal(text))
                            .<Change>map(anew -> new Change.Resealed(Map.of(sealed, anew)))
                            .orElseGet(Change.None::new);
                });
    }

    /// How far a walk over the table has come.
    ///
    /// @param last     the key of the last row; null at the beginning
    /// @param rows     seen
    /// @param resealed of these
    /// @param ended    of these
    /// @param done     whether there are no more
    public record Walk(Map<String, Object> last, long rows, long resealed, long ended, boolean done) {

        public static final Walk BEGIN = new Walk(null, 0, 0, 0, false);
    }

    /// Goes on over at most `rows` rows, and changes what has to be, unless it is a `rehearsal`. Steps may be
    /// repeated, and two processes may take them at once.
    public Walk step(Database database, Walk walk, int rows, boolean rehearsal) {
        List<Map<String, Object>> page = page(database, walk.last, rows);
        Map<Map<String, Object>, Change> changes = new LinkedHashMap<>();
        long resealed = 0;
        long ended = 0;
        for (Map<String, Object> row : page) {
            Change change = this.change.apply(row);
            resealed += change instanceof Change.Resealed ? 1 : 0;
            ended += change instanceof Change.Ended ? 1 : 0;
            if (!(change instanceof Change.None)) {
                changes.put(row, change);
            }
        }
        if (!changes.isEmpty() && !rehearsal) {
            BulkWrites.separately(() -> database.transaction(() -> {
                changes.forEach((row, change) -> write(database, row, change));
                return null;
            }));
        }
        return new Walk(
                page.isEmpty() ? walk.last : page.getLast(),
                walk.rows + page.size(),
                walk.resealed + resealed,
                walk.ended + ended,
                page.size() < rows);
    }

    private List<Map<String, Object>> page(Database database, Map<String, Object> last, int rows) {
        String keys = String.join(", ", key);
        String columns = Stream.of(key, sealed, read).flatMap(List::stream).collect(Collectors.joining(", "));
        String behind = last == null
                ? ""
                : " WHERE (%s) > (%s)"
                        .formatted(
                                keys, key.stream().map(column -> ":" + column).collect(Collectors.joining(", ")));
        Sql query = database.read("SELECT %s FROM %s%s ORDER BY %s LIMIT :rows".formatted(columns, name, behind, keys))
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
                    case Change.Resealed(Map<String, Object> anew) -> anew;
                    case Change.Ended() -> Map.of();
                };
        String what = values.isEmpty()
                ? "DELETE FROM " + name
                : "UPDATE " + name + " SET "
                        + values.keySet().stream()
                                .map(column -> column + " = :new_" + column)
                                .collect(Collectors.joining(", "));
        List<String> same = Stream.concat(key.stream(), sealed.stream()).toList();
        Sql update = database.write(what + " WHERE "
                + same.stream()
                        .map(column -> row.get(column) == null ? column + " IS NULL" : column + " = :" + column)
                        .collect(Collectors.joining(" AND ")));
        values.forEach((column, value) -> update.bind("new_" + column, value));
        same.stream().filter(column -> row.get(column) != null).forEach(column -> update.bind(column, row.get(column)));
        update.update();
    }
}
