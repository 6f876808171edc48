package dev.selvage.projects;

import dev.selvage.base.OperatorException;
import dev.selvage.db.Database;

/// Ties a store to the master key that it was made with, so that a program with another key stops at its start and not at
/// its first call.
public final class StoreKey {

    private static final String MARK = "master_key";
    private static final String PURPOSE = "the mark of the master key";

    private StoreKey() {
    }

    /// Marks a new store with the key. Of two programs that start at once, one is first.
    ///
    /// @throws OperatorException when the store was made with another key
    public static void check(Database database, Vault vault) {
        String mark = database.read(handle -> handle.createQuery("SELECT value FROM marks WHERE name = :name")
                .bind("name", MARK)
                .mapTo(String.class)
                .findOne())
                .orElseGet(() -> database.write(handle -> {
                    handle.createUpdate("INSERT INTO marks (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
                            .bind("name", MARK)
                            .bind("value", vault.seal("selvage", PURPOSE))
                            .execute();
                    return handle.createQuery("SELECT value FROM marks WHERE name = :name")
                            .bind("name", MARK)
                            .mapTo(String.class)
                            .one();
                }));
        try {
            vault.open(mark, PURPOSE);
        } catch (IllegalStateException other) {
            throw new OperatorException("The database was made with another master key than the one given here. Use the"
                    + " master.key of the data directory that it was made with, or give that key by SELVAGE_MASTER_KEY_FILE.", other);
        }
    }
}
