package dev.selvage.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.App;
import dev.selvage.Config.MasterKeyChoice;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.MasterKeys;
import dev.selvage.base.OperatorException;
import dev.selvage.db.Database;
import dev.selvage.db.Row;
import dev.selvage.projects.SealedTable.Walk;
import dev.selvage.projects.Vault;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.Nodes;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.TestApp;
import dev.selvage.support.TestClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/// The master key is replaced while servers run: what rests on it goes on or ends as `docs/keys.md` says, and
/// the key before is worth nothing afterwards.
@OnBothEngines
class MasterKeyReplacementTest {

    private static final byte[] BEFORE = key(1);
    private static final byte[] NOW = key(2);
    private static final MasterKeyChoice ONLY_BEFORE = choice(BEFORE, null);
    private static final MasterKeyChoice BOTH = choice(NOW, BEFORE);
    private static final MasterKeyChoice ONLY_NOW = choice(NOW, null);

    /// Each column of bytes, and on what it rests. A new one has to be looked at: does it rest on the master
    /// key?
    private static final List<String> BYTES_ON_THE_KEY =
            List.of("codes.code_hash", "recovery_codes.hash", "sessions.sealed_token");
    private static final List<String> OTHER_BYTES = List.of(
            "intermediate_sessions.token_hash",
            "links.token_hash",
            "secrets.hash",
            "sessions.json",
            "sessions.token_hash",
            "trusted_tokens.token_hash");
    private static final List<String> SEALED_TEXTS =
            List.of("messages.sealed", "recovery_codes.sealed", "signing_keys.private_jwk", "totps.secret");

    @Parameter
    private Engine engine;

    @TempDir
    private Path directory;

    private final TestClock clock = new TestClock();
    private final List<AutoCloseable> running = new ArrayList<>();
    private String url;
    private TestApp first;
    private Client consumer;
    private Client b2b;

    @BeforeEach
    void startWithOneKey() {
        url = engine.newStore(directory);
        first = start(ONLY_BEFORE);
        consumer = first.consumer();
        b2b = first.b2b();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : running.reversed()) {
            each.close();
        }
    }

    @Test
    void allGoesOnWhileTwoServersRunAndNothingLiesUnderTheKeyBeforeAfterwards() {
        KeptOverReplacement old = new KeptOverReplacement(first, consumer, b2b);
        TestApp one = start(BOTH);
        TestApp other = start(BOTH);
        KeptOverReplacement meanwhile = new KeptOverReplacement(one, consumer, b2b);
        for (TestApp node : List.of(first, one, other)) {
            everywhere(node, one, old, meanwhile);
        }
        close(first);

        KeptOverReplacement sent = new KeptOverReplacement(one, consumer, b2b);
        clock.advance(Duration.ofSeconds(2));
        sent.sendsCode(one);
        List<String> tables = new ArrayList<>();
        Map<String, Walk> walks = replace((table, walk) -> {
            if (!tables.contains(table)) {
                tables.add(table);
                everywhere(one, other, old, meanwhile);
                everywhere(other, one, old, meanwhile);
            }
        });
        assertThat(tables).contains("signing_keys", "totps", "recovery_codes", "codes", "messages", "sessions");
        assertThat(walks.values()).allMatch(walk -> walk.resealed() + walk.deleted() > 0);
        sent.takesCode(one).refused(404, "otp_code_not_found");
        sent.sessionGoesOn(one);

        assertThat(replace((table, walk) -> {}).values())
                .as("nothing is left")
                .allMatch(walk -> walk.resealed() + walk.deleted() == 0);
        nothingLiesUnderTheKeyBefore();
        close(one);
        close(other);
        TestApp alone = start(ONLY_NOW);
        everywhere(alone, alone, old, meanwhile, sent);
        nothingLiesUnderTheKeyBefore();
    }

    @Test
    void aReplacementThatIsCutOffGoesOnAndIsNotForgottenMeanwhile() {
        KeptOverReplacement kept = new KeptOverReplacement(first, consumer, b2b);
        close(first);
        for (String last : List.of("signing_keys", "recovery_codes", "messages")) {
            assertThatThrownBy(() -> replace((table, walk) -> {
                        if (table.equals(last)) {
                            throw new IllegalStateException("cut off");
                        }
                    }))
                    .hasMessage("cut off");
            assertThatThrownBy(() -> start(ONLY_NOW))
                    .isInstanceOf(OperatorException.class)
                    .hasMessageContaining("is being replaced")
                    .hasMessageContaining("SELVAGE_PREVIOUS_MASTER_KEY_FILE");
            TestApp both = start(BOTH);
            everywhere(both, both, kept);
            close(both);
        }
        replace((table, walk) -> {});
        nothingLiesUnderTheKeyBefore();
        TestApp alone = start(ONLY_NOW);
        everywhere(alone, alone, kept);
    }

    @Test
    void aServerWithoutTheKeyOfTheStoreDoesNotStart() {
        close(first);
        assertThatThrownBy(() -> start(ONLY_NOW))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("another master key");
        assertThatThrownBy(() -> start(choice(NOW, key(3))))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("another master key");
        assertThatThrownBy(() -> start(choice(BEFORE, BEFORE)))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("are the same");
        close(start(BOTH));
        close(start(ONLY_BEFORE));
        replace((table, walk) -> {});
        assertThatThrownBy(() -> start(ONLY_BEFORE))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("another master key");
        close(start(ONLY_NOW));
    }

    @Test
    void oneKeyIsNotEnoughToReplaceIt() {
        assertThatThrownBy(() -> first.app().masterKeyReplacement().run((table, walk) -> {}))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("SELVAGE_PREVIOUS_MASTER_KEY_FILE");
        assertThatThrownBy(() -> first.app().masterKeyReplacement().dryRun((table, walk) -> {}))
                .isInstanceOf(OperatorException.class);
    }

    @Test
    void aRehearsalSaysWhatIsToDoAndChangesNothing() {
        KeptOverReplacement kept = new KeptOverReplacement(first, consumer, b2b);
        List<String> before = rows();
        Map<String, Walk> rehearsed;
        try (App app = open(BOTH)) {
            rehearsed = app.masterKeyReplacement().dryRun((table, walk) -> {});
        }
        assertThat(rows()).isEqualTo(before);
        kept.sessionGoesOn(first);
        Map<String, Walk> done = replace((table, walk) -> {});
        assertThat(counts(done)).isEqualTo(counts(rehearsed));
    }

    /// Whatever lies in any column of any table opens by the new key, and not by the one before. That no column
    /// is left out, the lists above say.
    private void nothingLiesUnderTheKeyBefore() {
        Vault before = new Vault(MasterKeys.of(BEFORE));
        Vault now = new Vault(MasterKeys.of(NOW));
        TreeSet<String> sealed = new TreeSet<>();
        for (String table : tables()) {
            for (Map<String, Object> row : rows(table)) {
                row.forEach((column, value) -> {
                    if (value instanceof String text
                            && text.startsWith("eyJ")
                            && text.chars().filter(each -> each == '.').count() == 4) {
                        sealed.add(table + "." + column);
                        assertThat(now.reseal(text)).as("%s.%s", table, column).isEmpty();
                        assertThatThrownBy(() -> before.reseal(text))
                                .as("%s.%s", table, column)
                                .isInstanceOf(IllegalStateException.class);
                    }
                });
            }
        }
        sealed.remove("server_state.value");
        assertThat(sealed).containsExactlyElementsOf(SEALED_TEXTS);
        assertThat(columnsOfBytes())
                .containsExactlyInAnyOrderElementsOf(Stream.of(BYTES_ON_THE_KEY, OTHER_BYTES)
                        .flatMap(List::stream)
                        .toList());
        String id = MasterKeys.of(NOW).current().id();
        assertThat(rows("codes"))
                .allSatisfy(row -> assertThat(row.get("key_id")).isEqualTo(id));
        assertThat(rows("sessions")).allSatisfy(row -> {
            assertThat(HexFormat.of().formatHex((byte[]) row.get("sealed_token"), 0, 4))
                    .isEqualTo(id);
        });
    }

    private List<String> tables() {
        String names = engine == Engine.SQLITE
                ? "SELECT name FROM sqlite_master WHERE type = 'table'"
                : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()";
        return reading(database -> database.read(names).all(row -> row.text("name")));
    }

    private List<String> columnsOfBytes() {
        String columns = engine == Engine.SQLITE
                ? "SELECT m.name || '.' || c.name AS name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'BYTEA'"
                : "SELECT table_name || '.' || column_name AS name FROM information_schema.columns"
                        + " WHERE table_schema = current_schema() AND data_type = 'bytea'";
        return reading(database -> database.read(columns).all(row -> row.text("name")));
    }

    private List<Map<String, Object>> rows(String table) {
        return reading(database -> database.read("SELECT * FROM " + table).all(Row::values));
    }

    private List<String> rows() {
        return tables().stream()
                .filter(table -> !table.startsWith("sqlite_"))
                .flatMap(table -> rows(table).stream()
                        .map(row -> table
                                + row.entrySet().stream()
                                        .map(value -> value.getKey() + "="
                                                + (value.getValue() instanceof byte[] bytes
                                                        ? HexFormat.of().formatHex(bytes)
                                                        : value.getValue()))
                                        .sorted()
                                        .toList()))
                .sorted()
                .toList();
    }

    private <T> T reading(Function<Database, T> work) {
        return running.stream()
                .filter(TestApp.class::isInstance)
                .map(TestApp.class::cast)
                .findFirst()
                .map(node -> work.apply(node.app().database()))
                .orElseGet(() -> {
                    try (App app = open(BOTH)) {
                        return work.apply(app.database());
                    }
                });
    }

    private static List<String> counts(Map<String, Walk> walks) {
        return walks.entrySet().stream()
                .map(walk -> walk.getKey() + " " + walk.getValue().rows() + " "
                        + walk.getValue().resealed() + " " + walk.getValue().deleted())
                .toList();
    }

    private static void everywhere(TestApp begun, TestApp ended, KeptOverReplacement... all) {
        for (KeptOverReplacement each : all) {
            each.sessionGoesOn(begun);
            each.sessionGoesOn(ended);
            each.signsInWithAll(begun, ended);
        }
    }

    private Map<String, Walk> replace(BiConsumer<String, Walk> progress) {
        try (App app = open(BOTH)) {
            return app.masterKeyReplacement().run(progress);
        }
    }

    /// As a command does, beside the servers.
    private App open(MasterKeyChoice keys) {
        return App.open(Nodes.config(url, keys), new ClockAndRandom(clock, new SecureRandom()));
    }

    private TestApp start(MasterKeyChoice keys) {
        TestApp node = TestApp.start(Nodes.config(url, keys), clock);
        running.add(node);
        return node;
    }

    private void close(TestApp node) {
        node.close();
        running.remove(node);
    }

    private static MasterKeyChoice choice(byte[] current, byte[] previous) {
        return new MasterKeyChoice(
                Optional.of(Base64.getEncoder().encodeToString(current)),
                Optional.ofNullable(previous).map(Base64.getEncoder()::encodeToString));
    }

    private static byte[] key(int number) {
        byte[] key = new byte[MasterKeys.KEY_BYTES];
        key[0] = (byte) number;
        return key;
    }
}
