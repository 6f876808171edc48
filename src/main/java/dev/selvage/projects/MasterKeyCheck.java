package dev.selvage.projects;

import dev.selvage.base.MasterKeys;
import dev.selvage.base.OperatorException;
import dev.selvage.db.Database;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Binds a store to its master key. The store contains a mark that is sealed under the key for new values, so
/// that a program without this key stops at its start and not at its first call. While the key is replaced, a
/// second mark names the previous key, which every program needs until all values are resealed
/// (`docs/keys.md`).
public final class MasterKeyCheck implements AutoCloseable {

    /// The interval at which a server that has two keys reads which of them the store names.
    public static final long POLL_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(MasterKeyCheck.class);
    private static final String MARK = "master_key";
    private static final String PREVIOUS_MARK = "master_key_before";
    private static final String PURPOSE = "the mark of the master key";

    private final Database database;
    private final MasterKeys keys;
    private final Vault vault;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread;

    public MasterKeyCheck(Database database, MasterKeys keys, Vault vault) {
        this.database = database;
        this.keys = keys;
        this.vault = vault;
    }

    /// Whether the store has a master key already.
    public static boolean isMarked(Database database) {
        return marks(database).containsKey(MARK);
    }

    /// Marks a new store with the master key. Of two programs that start at the same time, one writes the mark.
    /// From now on, new values are sealed under the key that the store names.
    ///
    /// @throws OperatorException if the store names a key that this program does not have
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
            keys.sealWith(keyOf(marks));
        } catch (IllegalStateException otherKey) {
            throw new OperatorException(
                    "The database was created with another master key. Use the master.key of its data directory,"
                            + " or give that key by SELVAGE_MASTER_KEY_FILE. While the key is being replaced, give the new key"
                            + " there and the previous key by SELVAGE_PREVIOUS_MASTER_KEY_FILE.",
                    otherKey);
        }
        String previousId = marks.get(PREVIOUS_MARK);
        if (previousId != null && keys.find(previousId).isEmpty()) {
            throw new OperatorException(
                    "The master key of the database is being replaced, and some values are still encrypted under the previous"
                            + " key. Give that key by SELVAGE_PREVIOUS_MASTER_KEY_FILE until selvage keys replace-master is done.");
        }
    }

    /// Starts to read periodically which key the store names, if this program has two keys.
    public void start() {
        if (keys.previous().isPresent()) {
            thread = Thread.ofVirtual().name("store-key").start(this::run);
        }
    }

    /// Reads once which key the store names.
    public void readMark() {
        keys.sealWith(keyOf(marks(database)));
    }

    /// Makes the store name the new master key of this program. Servers that have both keys seal under it after
    /// their next read. A repeated call changes nothing.
    ///
    /// @throws OperatorException if the program has no previous key
    public void beginReplacement() {
        MasterKeys.Key previous = previousKey();
        database.transaction(() -> {
            if (keyOf(marks(database)) != keys.current()) {
                put(PREVIOUS_MARK, previous.id());
                put(MARK, vault.seal("selvage", PURPOSE, keys.current()));
            }
        });
        keys.sealWith(keys.current());
    }

    /// As [#beginReplacement] for this process only. The store keeps its mark.
    ///
    /// @throws OperatorException if the program has no previous key
    public void useCurrentKey() {
        previousKey();
        keys.sealWith(keys.current());
    }

    /// Records that no value is sealed under the previous key any more.
    public void endReplacement() {
        database.write("DELETE FROM server_state WHERE name = :name")
                .bind("name", PREVIOUS_MARK)
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

    private MasterKeys.Key previousKey() {
        return keys.previous()
                .orElseThrow(() -> new OperatorException("Only one master key is given, and the database uses it. Give"
                        + " the new key by SELVAGE_MASTER_KEY_FILE and the previous key by SELVAGE_PREVIOUS_MASTER_KEY_FILE, to"
                        + " every server and to this command."));
    }

    private MasterKeys.Key keyOf(Map<String, String> marks) {
        return vault.keyOf(Objects.requireNonNull(marks.get(MARK), "The store names no master key"), PURPOSE);
    }

    private static Map<String, String> marks(Database database) {
        return database.read("SELECT name, value FROM server_state WHERE name IN (:mark, :before)")
                .bind("mark", MARK)
                .bind("before", PREVIOUS_MARK)
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
            while (!closed.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    MasterKeys.Key before = keys.sealing();
                    readMark();
                    if (keys.sealing() != before) {
                        LOG.info("the store names another master key: {} instead of {}", keys.sealing(), before);
                    }
                } catch (RuntimeException failed) {
                    LOG.warn("cannot read which master key the store names, retrying: {}", failed.toString());
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
