package dev.selvage.bench;

import dev.selvage.bench.Tables.Rows;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Copies rows with `COPY`, in one transaction, into tables without indexes and constraints. These are created
/// afterwards and check the rows.
final class PostgresLoader extends Loader {

    @Override
    void fill(Connection connection, List<String> names, List<Rows> tables) throws SQLException {
        String owned = " AND c.relnamespace = current_schema()::regnamespace";
        String constraints = " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE ";
        String foreign = "k.contype = 'f'" + owned;
        String keys = "k.contype IN ('p', 'u') AND c.relname IN (" + quoted(names) + ")" + owned;
        String indexes = """
                 FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                WHERE c.relname IN (%s)%s AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)""".formatted(quoted(names), owned);
        String drop = "SELECT format('ALTER TABLE %I DROP CONSTRAINT %I', c.relname, k.conname)" + constraints;
        String add =
                "SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', c.relname, k.conname, pg_get_constraintdef(k.oid))"
                        + constraints;
        // Foreign keys depend on primary keys: they are dropped first and created last.
        List<String> before = new ArrayList<>(texts(connection, drop + foreign));
        List<String> after = new ArrayList<>(texts(connection, add + keys));
        after.addAll(texts(connection, "SELECT pg_get_indexdef(i.indexrelid)" + indexes));
        after.addAll(texts(connection, add + foreign));
        before.addAll(texts(connection, drop + keys));
        before.addAll(texts(connection, "SELECT format('DROP INDEX %I', i.indexrelid::regclass)" + indexes));
        connection.setAutoCommit(false);
        execute(connection, List.of("SET LOCAL maintenance_work_mem = '1GB'"));
        execute(connection, before);
        // `FREEZE` requires that this transaction has truncated the table.
        execute(connection, List.of("TRUNCATE " + String.join(", ", names)));
        for (Rows rows : tables) {
            copy(connection, rows, " WITH (FREEZE)");
        }
        execute(connection, after);
        connection.commit();
        connection.setAutoCommit(true);
        // `VACUUM` does what autovacuum would do later. `CHECKPOINT` writes the data before the figures are
        // measured.
        execute(connection, List.of("VACUUM ANALYZE", "CHECKPOINT"));
    }

    @Override
    void add(Connection connection, Rows rows) throws SQLException {
        connection.setAutoCommit(false);
        // The rows are consistent. The check of each foreign key would cost more than the write.
        execute(connection, List.of("SET LOCAL session_replication_role = replica"));
        copy(connection, rows, "");
        connection.commit();
        connection.setAutoCommit(true);
        execute(connection, List.of("ANALYZE " + rows.table()));
    }

    private static void copy(Connection connection, Rows rows, String options) throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + rows.table() + " (" + rows.columns() + ") FROM STDIN" + options);
        chunks(rows, PostgresLoader::text, chunk -> copy.writeToCopy(chunk, 0, chunk.length));
        copy.endCopy();
    }

    private static byte[] text(Rows rows, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            Object[] values = rows.row().apply(i);
            for (int column = 0; column < values.length; column++) {
                text.append(column == 0 ? "" : "\t");
                append(text, values[column]);
            }
            text.append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder text, Object value) {
        switch (value) {
            case null -> text.append("\\N");
            case byte[] bytes -> text.append("\\\\x").append(HexFormat.of().formatHex(bytes));
            case String string -> {
                for (int i = 0; i < string.length(); i++) {
                    char each = string.charAt(i);
                    switch (each) {
                        case '\\' -> text.append("\\\\");
                        case '\t' -> text.append("\\t");
                        case '\n' -> text.append("\\n");
                        case '\r' -> text.append("\\r");
                        default -> text.append(each);
                    }
                }
            }
            default -> text.append(value);
        }
    }
}
