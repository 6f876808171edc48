package dev.selvage.projects;

import dev.selvage.base.MasterKeys;
import dev.selvage.base.OperatorException;
import dev.selvage.db.Database;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ties a store to its master key. A mark, sealed under that key, says under which one new values are written,
/// so that a program without it stops at its start and not at its first call. While the key is replaced a
/// second mark names the key before, which nobody can do without until all is written anew (`docs/keys.md`).
public final class MasterKeyCheck implements AutoCloseable {

    /// A server that has two keys looks so often which of them the store names.
    public static final long LOOKS_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(MasterKeyCheck.class);
    private static final String MARK = "master_key";
    private static final String BEFORE = "master_key_before";
    private static final String PURPOSE = "the mark of the master key";

    private final Database database;
    private final MasterKeys keys;
    private final Vault vault;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Thread thread;

    public MasterKeyCheck(Database database, MasterKeys keys, Vault vault) {
        this.database = database;
        this.keys = keys;
        this.vault = vault;
    }

    /// Whether the store was made with a master key already.
    public static boolean isMarked(Database database) {
        return marks(database).containsKey(MARK);
    }

    /// Marks a new store with the master key; of two programs that start at once, one is first. From now on new
    /// values are written under the key that the store names.
    ///
    /// @throws OperatorException when the store names a key that this program does not have
    public void check() {
        Map<String, String> marks = marks(database);
        if (!marks.containsKey(MARK)) {
            marks = database.transaction(() -> {
                database.write("INSERT INTO server_state (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
                        .bind("name", MARK)
                        .bind("value", vault.seal("selvage", PURPOSE))
                        .update();
                return marks(database);
            });
        }
        try {
            keys.sealWith(vault.keyOf(marks.get(MARK), PURPOSE));
        } catch (IllegalStateException other) {
            throw new OperatorException(
                    "The database was made with another master key than the one given here. Use the"
                            + " master.key of the data directory that it was made with, or give that key by SELVAGE_MASTER_KEY_FILE. While it is"
                            + " replaced, give the new key there and the one before by SELVAGE_PREVIOUS_MASTER_KEY_FILE.",
                    other);
        }
        String before = marks.get(BEFORE);
        if (before != null && keys.find(before).isEmpty()) {
            throw new OperatorException(
                    "The master key of the database is being replaced, and parts of it lie under the key before."
                            + " Give that one by SELVAGE_PREVIOUS_MASTER_KEY_FILE until selvage keys replace-master has ended.");
        }
    }

    /// Looks from now on which key the store names, where it can come to name another one.
    public void start() {
        if (keys.previous().isPresent()) {
            thread = Thread.ofVirtual().name("store-key").start(this::run);
        }
    }

    /// Looks once which key the store names.
    public void look() {
        keys.sealWith(vault.keyOf(marks(database).get(MARK), PURPOSE));
    }

    /// Has the store name the master key that this program was given, in the place of the one before. Servers
    /// that have both write under it when they next look. Done already is done.
    ///
    /// @throws OperatorException when the key before is not given
    public void begin() {
        MasterKeys.Key before = before();
        database.transaction(() -> {
            if (vault.keyOf(marks(database).get(MARK), PURPOSE) != keys.current()) {
                put(BEFORE, before.id());
                put(MARK, vault.seal("selvage", PURPOSE, keys.current()));
            }
        });
        keys.sealWith(keys.current());
    }

    /// As [#begin] in this process alone: the store goes on to name the key that it names.
    ///
    /// @throws OperatorException when the key before is not given
    public void rehearse() {
        before();
        keys.sealWith(keys.current());
    }

    /// Says that nothing lies under the key before any more.
    public void end() {
        database.write("DELETE FROM server_state WHERE name = :name")
                .bind("name", BEFORE)
                .update();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private MasterKeys.Key before() {
        return keys.previous()
                .orElseThrow(() -> new OperatorException("One master key is given, and the database lies under it. Give"
                        + " the new one as the master key (SELVAGE_MASTER_KEY_FILE) and the one before by SELVAGE_PREVIOUS_MASTER_KEY_FILE, to"
                        + " every server and to this command."));
    }

    private static Map<String, String> marks(Database database) {
        return database.read("SELECT name, value FROM server_state WHERE name IN (:mark, :before)")
                .bind("mark", MARK)
                .bind("before", BEFORE)
                .query(rows -> {
                    Map<String, String> marks = new HashMap<>();
                    while (rows.next()) {
                        marks.put(rows.text("name"), rows.text("value"));
                    }
                    return marks;
                });
    }

    private void put(String name, String value) {
        database.write("""
                        INSERT INTO server_state (name, value) VALUES (:name, :value)
                        ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value""").bind("name", name).bind("value", value).update();
    }

    private void run() {
        try {
            while (!closed.await(LOOKS_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    MasterKeys.Key before = keys.sealing();
                    look();
                    if (keys.sealing() != before) {
                        LOG.info("the store names another master key: {} in the place of {}", keys.sealing(), before);
                    }
                } catch (RuntimeException failed) {
                    LOG.warn("The master key of the store is looked up again: {}", failed.toString());
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
