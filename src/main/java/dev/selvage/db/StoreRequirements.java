package dev.selvage.db;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/// Checks at each start that the store meets the requirements of the program, so that a store that does not is
/// refused with a sentence at the start and does not fail in a later call. Isolation levels are not checked,
/// because the program works with each (`docs/decisions/store.md`).
final class StoreRequirements {

    private static final int POSTGRESQL_VERSION_MIN = 15;
    /// The version is only that of PostgreSQL itself; databases that speak its protocol have other version
    /// numbers. Tables of extensions, such as those of PostGIS, do not belong to this program.
    private static final String OF_POSTGRESQL = """
            SELECT CASE WHEN version() LIKE 'PostgreSQL%' THEN current_setting('server_version_num')::INTEGER / 10000 END AS version,
                   current_setting('server_encoding') AS encoding, current_user AS role, current_schema() AS schema,
                   (SELECT STRING_AGG(relname, ', ' ORDER BY relname) FROM pg_class
                    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND relkind IN ('r', 'p')
                      AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
                      AND NOT (has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
                               AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))) AS denied""";

    private StoreRequirements() {}

    /// Refuses a store that does not meet a requirement.
    ///
    /// @param name the name of the store, which starts each sentence
    /// @throws StoreException with all requirements that are not met
    static void check(Dialect dialect, DataSource store, String name) {
        try (Connection connection = store.getConnection()) {
            List<String> unmet = dialect.unmet(connection);
            if (!unmet.isEmpty()) {
                throw new StoreException(name + " " + String.join(" It ", unmet));
            }
        } catch (SQLException failed) {
            throw new StoreException(name + " cannot be checked: " + failed.getMessage(), failed);
        }
    }

    static List<String> ofPostgresql(Connection connection) throws SQLException {
        List<String> unmet = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet store = statement.executeQuery(OF_POSTGRESQL)) {
            store.next();
            int version = store.getInt("version");
            if (!store.wasNull() && version < POSTGRESQL_VERSION_MIN) {
                unmet.add("is PostgreSQL " + version + ". Selvage needs PostgreSQL " + POSTGRESQL_VERSION_MIN
                        + " or later.");
            }
            if (!store.getString("encoding").equals("UTF8")) {
                unmet.add("has the encoding " + store.getString("encoding")
                        + ", which cannot store every character. Create another database:"
                        + " CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'.");
            }
            if (store.getString("schema") == null) {
                unmet.add("has no schema for the role " + store.getString("role")
                        + ": no schema of its search_path exists, or the role" + " may not use it.");
            }
            if (store.getString("denied") != null) {
                unmet.add("does not let the role " + store.getString("role") + " read and write these tables: "
                        + store.getString("denied")
                        + ". Give it SELECT, INSERT, UPDATE and DELETE on all tables of the schema "
                        + store.getString("schema") + ".");
            }
        }
        return unmet;
    }

    static List<String> ofSqlite(Connection connection) throws SQLException {
        List<String> unmet = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            String encoding = text(statement, "PRAGMA encoding");
            if (!encoding.equals("UTF-8")) {
                unmet.add(
                        "has the encoding " + encoding + ", whose text order is not that of UTF-8. Create a new one.");
            }
            if (!text(statement, "PRAGMA journal_mode").equalsIgnoreCase("wal")) {
                unmet.add(
                        "cannot have a write-ahead log on its file system. Put it on a disk of this machine, not on a network drive.");
            }
        }
        return unmet;
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
