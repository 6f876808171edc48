package dev.selvage.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.ShardKey;
import dev.selvage.base.World;
import dev.selvage.bench.Dataset.Group;
import dev.selvage.db.Database;
import dev.selvage.sessions.ProgramStatements;
import dev.selvage.sessions.SessionTokens;
import dev.selvage.support.Client;
import dev.selvage.support.WireTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The rows that the benchmark writes by itself are rows of the program: each call takes them for its own.
class DatasetWireTest extends WireTest {

    private static final int SESSIONS = 2_000;
    private static final int LOOKED_AT = 5;

    private Client members;
    private Database database;
    private Dataset dataset;

    @BeforeEach
    void fill() {
        members = app.b2b();
        database = app.app().database();
        dataset = new Dataset(SESSIONS, client.projectId(), members.projectId(),
                new SessionTokens(app.app().directory().masterKey(Optional.empty(), World.real())), app.clock().millis());
        dataset.write(database);
    }

    @Test
    void thereAreAsManySessionsAsAskedFor() {
        assertThat(dataset.slots()).isEqualTo(SESSIONS);
        assertThat(count("sessions")).isEqualTo(SESSIONS);
        assertThat(count("users")).isEqualTo(800 + 80 + 4);
        assertThat(count("members")).isEqualTo(600);
        assertThat(count("organizations")).isEqualTo(6);
    }

    @Test
    void aUserHasTheSessionsOfItsGroup() {
        for (Group group : List.of(Group.ONE, Group.FIVE, Group.FIFTY)) {
            int last = dataset.subjects(group) - 1;
            for (int number : List.of(0, last)) {
                var answer = client.get("/v1/sessions?user_id=" + dataset.subjectId(group, number)).ok();
                assertThat(answer.at("sessions").size()).isEqualTo(group.each());
            }
        }
    }

    @Test
    void aTokenThatWasComputedAuthenticatesItsUser() {
        for (Group group : List.of(Group.ONE, Group.FIVE, Group.FIFTY)) {
            for (String token : dataset.tokens(group, LOOKED_AT)) {
                var answer = client.post("/v1/sessions/authenticate", Map.of("session_token", token)).ok();
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
                + dataset.subjectId(Group.MEMBERS, last)).ok();
        assertThat(listed.at("member_sessions").size()).isEqualTo(1);
        for (String token : dataset.tokens(Group.MEMBERS, LOOKED_AT)) {
            var answer = members.post("/v1/b2b/sessions/authenticate", Map.of("session_token", token)).ok();
            assertThat(answer.text("session_token")).isEqualTo(token);
            assertThat(answer.text("member.organization_id")).isEqualTo(answer.text("organization.organization_id"));
        }
    }

    @Test
    void aListOfSessionsIsOneStatementAndItsLoopFindsThem() {
        var ofUser = ProgramStatements.ofUser(database, client.projectId(), dataset.subjectId(Group.FIVE, 0), dataset.now());
        assertThat(loop(ofUser, Map.of("projectId", client.projectId(), "userId", dataset.subjectId(Group.FIVE, 0),
                "shardKey", ShardKey.of(dataset.subjectId(Group.FIVE, 0)), "now", dataset.now())))
                .isPositive();

        var ofMember = ProgramStatements.ofMember(database, members.projectId(), dataset.organizationId(0),
                dataset.subjectId(Group.MEMBERS, 0), dataset.now());
        assertThat(loop(ofMember, Map.of("projectId", members.projectId(), "organizationKey", dataset.organizationId(0),
                "memberId", dataset.subjectId(Group.MEMBERS, 0), "shardKey", ShardKey.of(dataset.subjectId(Group.MEMBERS, 0)),
                "now", dataset.now()))).isPositive();
    }

    private double loop(ProgramStatements.Statement statement, Map<String, Object> parameters) {
        return Limits.store(database, statement, List.of(parameters), 1, 1);
    }

    private long count(String table) {
        return database.read(handle -> handle.createQuery("SELECT COUNT(*) FROM " + table + " WHERE project_id IN (:consumer, :b2b)")
                .bind("consumer", client.projectId())
                .bind("b2b", members.projectId())
                .mapTo(Long.class)
                .one());
    }
}
