package dev.selvage.db;

import dev.selvage.base.ShardKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/// The migration V9.1: the shard keys of subjects that are addresses, and of their passwords. They are digests,
/// which the SQL of both engines has not.
final class AddressShardKeys implements JavaMigration {

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("9.1");
    }

    @Override
    public String getDescription() {
        return "shard keys of addresses";
    }

    @Override
    public Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        Connection connection = context.getConnection();
        List<String> addresses = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT DISTINCT subject_id FROM subjects WHERE subject_id LIKE '%@%'")) {
            while (rows.next()) {
                addresses.add(rows.getString(1));
            }
        }
        for (String table : List.of("subjects", "passwords")) {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE " + table + " SET shard_key = ? WHERE subject_id = ?")) {
                for (String address : addresses) {
                    update.setString(1, ShardKey.of(address));
                    update.setString(2, address);
                    update.executeUpdate();
                }
            }
        }
    }
}
