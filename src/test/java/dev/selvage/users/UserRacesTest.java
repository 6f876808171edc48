package dev.selvage.users;

import static dev.selvage.support.Race.atOnce;
import static dev.selvage.support.Race.oneWins;
import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.Subject;
import dev.selvage.support.Client.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Many calls at once: one winner, the others told why, never a fault.
class UserRacesTest extends UserWireTest {

    private static final int CALLS = 16;

    @Test
    void oneOfManyCallsCreatesAnEmail() throws Exception {
        oneWins(
                atOnce(CALLS, i -> client.post("/v1/users", "{'email':'a@example.com','external_id':'e" + i + "'}")),
                "duplicate_email");
        assertThat(client.post("/v1/users/search", "{}")
                        .ok()
                        .at("results_metadata.total")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void oneOfManyCallsCreatesAnExternalId() throws Exception {
        oneWins(
                atOnce(CALLS, i -> client.post("/v1/users", "{'email':'u" + i + "@example.com','external_id':'ext'}")),
                "duplicate_user_external_id");
    }

    @Test
    void oneOfManyUpdatesTakesAnExternalId() throws Exception {
        List<String> users = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            users.add(user("{'email':'u" + i + "@example.com'}"));
        }
        oneWins(
                atOnce(CALLS, i -> client.put("/v1/users/" + users.get(i), "{'external_id':'ext'}")),
                "duplicate_user_external_id");
    }

    @Test
    void everyMergeOfMetadataIsKept() throws Exception {
        String userId = user("{'email':'a@example.com'}");
        atOnce(CALLS, i -> client.put("/v1/users/" + userId, "{'trusted_metadata':{'k" + i + "':" + i + "}}"))
                .forEach(Answer::ok);
        assertThat(get(userId).at("trusted_metadata")).hasSize(CALLS);
    }

    @Test
    void oneOfTheLastTwoEmailsStays() throws Exception {
        var made = client.post("/v1/users", "{'email':'a@example.com'}").ok();
        String userId = made.text("user_id");
        List<String> emails = List.of(made.text("email_id"), factor(userId, FactorKind.EMAIL, "b@example.com", true));
        List<Answer> answers = atOnce(CALLS, i -> client.delete("/v1/users/emails/" + emails.get(i % 2)));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        assertThat(answers)
                .allMatch(answer -> answer.status() == 200
                        || List.of("cannot_delete_last_primary_factor", "email_not_found")
                                .contains(answer.text("error_type")));
        assertThat(get(userId).at("emails")).hasSize(1);
    }

    @Test
    void oneOfManyUsersIsExchangedToAnEmail() throws Exception {
        List<String> users = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            users.add(user("{'email':'u" + i + "@example.com'}"));
        }
        oneWins(
                atOnce(
                        CALLS,
                        i -> client.put(
                                "/v1/users/" + users.get(i) + "/exchange_primary_factor",
                                "{'email_address':'new@example.com'}")),
                "duplicate_email");
        assertThat(client.post("/v1/users/search", "{}").ok().at("results"))
                .allSatisfy(user -> assertThat(user.path("emails")).hasSize(1));
    }

    @Test
    void aUserIsDeletedOnceWhateverElseGoesOn() throws Exception {
        var project = client.project();
        String userId = user("{'email':'a@example.com'}");
        User seen = app.app().users().get(project, userId);
        List<Answer> answers = atOnce(CALLS, i -> switch (i % 4) {
            case 0 -> client.delete("/v1/users/" + userId);
            case 1 -> client.put("/v1/users/" + userId, "{'name':{'first_name':'A'}}");
            case 2 ->
                client.put(
                        "/v1/users/" + userId + "/exchange_primary_factor",
                        "{'email_address':'b" + i + "@example.com'}");
            default -> session(project, seen);
        });
        assertThat(answers)
                .allMatch(answer -> answer == null
                        || answer.status() == 200
                        || answer.text("error_type").equals("user_not_found"));
        assertThat(List.of(0, 4, 8, 12))
                .filteredOn(i -> answers.get(i).status() == 200)
                .hasSize(1);
        client.get("/v1/users/" + userId).refused(404, "user_not_found");
    }

    @Test
    void everyFailureIsCounted() throws Exception {
        String userId = user("{'email':'a@example.com'}");
        var project = client.project();
        Users users = app.app().users();
        User seen = users.get(project, userId);
        atOnce(9, i -> {
            app.app().subjects().recordFailure(project, userId);
            return null;
        });
        assertThat(get(userId).at("is_locked").booleanValue()).isFalse();
        app.app().subjects().recordFailure(project, userId);
        assertThat(get(userId).at("is_locked").booleanValue()).isTrue();
    }

    /// Starts a session as a sign-in does; null.
    private Answer session(dev.selvage.projects.Project project, User seen) {
        try {
            app.app().database().transaction(() -> {
                User user = app.app().users().get(project, seen.id());
                return app.app()
                        .sessions()
                        .start(
                                project,
                                new Subject.User(user.id()),
                                List.of(Factor.password(app.clock().millis())),
                                60,
                                Attributes.NONE,
                                Json.object());
            });
        } catch (dev.selvage.error.ApiError gone) {
            assertThat(gone.type().wireValue()).isEqualTo("user_not_found");
        }
        return null;
    }
}
