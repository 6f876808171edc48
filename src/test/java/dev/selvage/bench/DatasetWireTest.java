package dev.selvage.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.Config;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.MasterKeys;
import dev.selvage.bench.Calls.Call;
import dev.selvage.bench.Dataset.Group;
import dev.selvage.db.Database;
import dev.selvage.sessions.SessionTokens;
import dev.selvage.support.Client;
import dev.selvage.support.Engine;
import dev.selvage.support.OnBothEngines;
import dev.selvage.support.TestApp;
import dev.selvage.support.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import tools.jackson.databind.JsonNode;

/// The rows that the benchmark writes by itself are rows of the program: each call takes them for its own, and
/// each operation is answered as the benchmark expects.
@OnBothEngines
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatasetWireTest {

    private static final int SESSIONS = 2_000;
    private static final int LOOKED_AT = 5;

    @Parameter
    private Engine engine;

    private TestApp app;
    private Client client;
    private Client members;
    private String url;
    private Database database;
    private Dataset dataset;
    private List<String> schemaBefore;

    @BeforeParameterizedClassInvocation
    void fill() throws IOException, SQLException {
        Path directory = Files.createTempDirectory("selvage-bench");
        url = engine.newStore(directory);
        Config config = TestApp.config(directory, url);
        TestClock clock = new TestClock();
        MasterKeys keys;
        try (TestApp first = TestApp.start(config, clock)) {
            client = first.consumer();
            members = first.b2b();
            keys = first.app().directory().masterKeys(Config.MasterKeyChoice.FILE, true, ClockAndRandom.real());
            schemaBefore = schema(first.app().database());
        }
        dataset = new Dataset(
                SESSIONS, client.projectId(), members.projectId(), keys, new SessionTokens(keys), clock.millis());
        Loader.fill(url, new Tables(dataset).all());
        app = TestApp.start(config, clock);
        client = client.at(app);
        members = members.at(app);
        database = app.app().database();
    }

    @AfterParameterizedClassInvocation
    void stop() {
        app.close();
    }

    @Test
    void thereAreAsManyRowsAsAskedFor() {
        assertThat(dataset.slots()).isEqualTo(SESSIONS);
        assertThat(sessions()).isEqualTo(SESSIONS);
        assertThat(count("users")).isEqualTo(800 + 80 + 4);
        assertThat(count("user_identifiers")).isEqualTo(800 + 80 + 4);
        assertThat(count("passwords")).isEqualTo(80);
        assertThat(count("members")).isEqualTo(600);
        assertThat(count("organizations")).isEqualTo(6);
        assertThat(count("links")).isEqualTo(2_000);
        assertThat(count("codes")).isEqualTo(300);
    }

    @Test
    void fillingLeavesTablesIndexesAndConstraintsAsTheyWere() {
        assertThat(schema(database)).isEqualTo(schemaBefore).hasSizeGreaterThan(50);
    }

    @Test
    void aStoreIsFilledOnce() {
        assertThatThrownBy(() -> Loader.fill(url, new Tables(dataset).all()))
                .hasMessageContaining("organizations has rows already");
    }

    @Test
    void aFilledStoreHasTheMigrationsOfThisProgram() throws IOException, SQLException {
        assertThat(Store.migrations(url)).isEqualTo(Store.migrationsOfProgram()).isNotEmpty();
    }

    @Test
    void aUserHasTheSessionsOfItsGroup() {
        for (Group group : List.of(Group.ONE, Group.FIVE, Group.FIFTY)) {
            int last = dataset.subjects(group) - 1;
            for (int number : List.of(0, last)) {
                var answer = client.get("/v1/sessions?user_id=" + dataset.subjectId(group, number))
                        .ok();
                assertThat(answer.at("sessions").size()).isEqualTo(group.each());
            }
        }
    }

    @Test
    void aTokenThatWasComputedAuthenticatesItsUser() {
        for (Group group : List.of(Group.ONE, Group.FIVE, Group.FIFTY)) {
            for (String token : dataset.tokens(group, LOOKED_AT)) {
                var answer = client.post("/v1/sessions/authenticate", Map.of("session_token", token))
                        .ok();
                assertThat(answer.text("session_token")).isEqualTo(token);
                String factor = answer.text("session.authentication_factors.0.email_factor.email_id");
                assertThat(answer.text("user.emails.0.email_id")).isEqualTo(factor);
            }
        }
    }

    @Test
    void aMemberHasASessionAndItsTokenAuthenticates() {
        int last = dataset.subjects(Group.MEMBERS) - 1;
        var listed = members.get("/v1/b2b/sessions?organization_id=" + dataset.organizationId(last) + "&member_id="
                        + dataset.subjectId(Group.MEMBERS, last))
                .ok();
        assertThat(listed.at("member_sessions").size()).isEqualTo(1);
        for (String token : dataset.tokens(Group.MEMBERS, LOOKED_AT)) {
            var answer = members.post("/v1/b2b/sessions/authenticate", Map.of("session_token", token))
                    .ok();
            assertThat(answer.text("session_token")).isEqualTo(token);
            assertThat(answer.text("member.organization_id")).isEqualTo(answer.text("organization.organization_id"));
        }
    }

    @Test
    void anExchangeLeadsToTheOtherMemberOfTheAddress() {
        int member = 17;
        int other = dataset.pair(member);
        assertThat(dataset.pair(other)).isEqualTo(member);
        assertThat(dataset.email(Group.MEMBERS, other)).isEqualTo(dataset.email(Group.MEMBERS, member));
        assertThat(dataset.organizationId(other)).isNotEqualTo(dataset.organizationId(member));
    }

    @Test
    void eachOperationIsAnsweredAsExpectedAndAgainAfterItsStockWasRestored() {
        for (int round = 0; round < 2; round++) {
            for (Operation operation : Operation.values()) {
                for (Call call : new Calls(dataset, LOOKED_AT).of(operation, this::answer)) {
                    JsonNode answer = answer(operation.product(), call);
                    assertThat(Calls.right(operation, answer))
                            .as("%s: %s", operation, answer)
                            .isTrue();
                }
                if (operation.changes()) {
                    Stock.restore(database, dataset);
                }
                assertThat(sessions()).as("%s", operation).isEqualTo(SESSIONS);
            }
            Stock.restoreClaims(database, dataset);
        }
        assertThat(active()).isEqualTo(SESSIONS);
        String token = dataset.tokens(Group.FIVE, LOOKED_AT).getFirst();
        var answer = client.post("/v1/sessions/authenticate", Map.of("session_token", token))
                .ok();
        assertThat(answer.at("session.custom_claims").isEmpty()).isTrue();
    }

    @Test
    void whatIsUsedUpIsRefusedUntilItIsRestored() {
        for (Operation operation : Operation.values()) {
            if (operation.once() && operation != Operation.REVOKE) {
                Call call = new Calls(dataset, 1).of(operation, this::answer).getFirst();
                answer(operation.product(), call);
                assertThat(by(operation.product())
                                .call(call.method(), call.path(), call.body())
                                .status())
                        .as("%s", operation)
                        .isGreaterThan(400);
                Stock.restore(database, dataset);
            }
        }
    }

    @Test
    void whatWasAddedForASweepIsSweptAndNothingElse() throws SQLException {
        Loader.add(url, new Tables(dataset).ended(700));
        assertThat(sessions()).isEqualTo(SESSIONS + 700);
        assertThat(active()).isEqualTo(SESSIONS);
        assertThat(app.app().sessions().sweep(1_000)).isEqualTo(700);
        assertThat(sessions()).isEqualTo(SESSIONS);
    }

    @Test
    void theLimitsLoopOverTheStatementOfTheCall() {
        for (Operation operation : Operation.values()) {
            if (operation.limit(Options.Engine.POSTGRESQL) == Operation.Limit.STORE) {
                Calls calls = new Calls(dataset, LOOKED_AT);
                String statement = Calls.statement(operation);
                assertThat(Limits.store(database, statement, calls.parameters(operation), 1, 1))
                        .as("%s", operation)
                        .isPositive();
            }
        }
    }

    @Test
    void aStoreOfOtherRowsHasAnotherFingerprint() {
        Dataset larger = new Dataset(
                SESSIONS + 100,
                dataset.consumerProject(),
                dataset.b2bProject(),
                dataset.keys(),
                dataset.tokens(),
                dataset.now());
        assertThat(new Tables(dataset).fingerprint())
                .isEqualTo(new Tables(dataset).fingerprint())
                .isNotEqualTo(new Tables(larger).fingerprint());
    }

    private JsonNode answer(Operation.Product product, Call call) {
        return by(product)
                .call(call.method(), call.path(), call.body().isEmpty() ? null : call.body())
                .ok()
                .body();
    }

    private Client by(Operation.Product product) {
        return product == Operation.Product.B2B ? members : client;
    }

    /// Tables, indexes and constraints as the engine tells them.
    private List<String> schema(Database of) {
        return of.read(
                        engine == Engine.SQLITE
                                ? "SELECT COALESCE(sql, name) AS line FROM sqlite_master ORDER BY line"
                                : """
                        SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public'
                        UNION ALL
                        SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                        WHERE connamespace = 'public'::regnamespace
                        ORDER BY line""")
                .all(row -> row.text("line"));
    }

    private long sessions() {
        return count("sessions");
    }

    private long active() {
        return database.read("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL AND expires_at > :now")
                .bind("now", app.clock().millis())
                .number();
    }

    private long count(String table) {
        return database.read("SELECT COUNT(*) FROM " + table + " WHERE project_id IN (:consumer, :b2b)")
                .bind("consumer", client.projectId())
                .bind("b2b", members.projectId())
                .number();
    }
}
