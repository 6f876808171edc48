package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.support.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `GET /v1/sessions`: `semantics.md` 3.4 and 3.6, `open-questions.md` 6 and 8 to 11, 23, 24.
class ListSessionsTest extends SessionTest {

    @Test
    void aUserWithoutSessionsHasAnEmptyList() {
        assertThat(list().at("sessions").isArray()).isTrue();
        assertThat(list().at("sessions")).isEmpty();
    }

    @Test
    void aSessionShowsEveryMemberAndNoToken() {
        Sessions.Issued<UserSession> issued = start(
                userId,
                30,
                new Attributes("203.0.113.1", "Toaster/2.0"),
                "{'plan':'gold'}",
                Factor.emailMagicLink(
                        "email-test-81bf03a8-86e1-4d95-bd44-bb3495224953",
                        "a@example.com",
                        app.clock().millis()));
        Client.Answer answer = list();
        assertThat(answer.at("sessions.0").propertyNames())
                .containsExactlyInAnyOrder(
                        "attributes",
                        "authentication_factors",
                        "custom_claims",
                        "expires_at",
                        "last_accessed_at",
                        "roles",
                        "session_id",
                        "started_at",
                        "user_id");
        assertThat(answer.text("sessions.0.session_id"))
                .isEqualTo(issued.session().id());
        assertThat(answer.text("sessions.0.user_id")).isEqualTo(userId);
        assertThat(answer.text("sessions.0.attributes.ip_address")).isEqualTo("203.0.113.1");
        assertThat(answer.text("sessions.0.attributes.user_agent")).isEqualTo("Toaster/2.0");
        assertThat(answer.text("sessions.0.custom_claims.plan")).isEqualTo("gold");
        assertThat(answer.text("sessions.0.started_at")).isEqualTo(inSeconds(0));
        assertThat(answer.text("sessions.0.last_accessed_at")).isEqualTo(inSeconds(0));
        assertThat(answer.text("sessions.0.expires_at")).isEqualTo(inSeconds(30 * 60));
        assertThat(answer.at("sessions.0.roles").toString()).isEqualTo("[\"stytch_user\"]");
        assertThat(answer.at("sessions.0.authentication_factors.0").toString()).isEqualTo("""
                {"delivery_method":"email","email_factor":{"email_id":"email-test-81bf03a8-86e1-4d95-bd44-bb3495224953",\
                "email_address":"a@example.com"},"last_authenticated_at":"%1$s","created_at":"%1$s","updated_at":"%1$s",\
                "type":"magic_link"}""".formatted(inSeconds(0)));
    }

    @Test
    void withoutAttributesAndClaimsTheirMembersAreEmptyAndNotNull() {
        start(30);
        Client.Answer answer = list();
        assertThat(answer.at("sessions.0.attributes").toString())
                .isEqualTo("{\"ip_address\":\"\",\"user_agent\":\"\"}");
        assertThat(answer.at("sessions.0.custom_claims").toString()).isEqualTo("{}");
    }

    @Test
    void theNewestStandsFirst() {
        List<String> started = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            started.addFirst(start(30).session().id());
            advance(Duration.ofSeconds(1));
        }
        assertThat(ids(list())).containsExactlyElementsOf(started);
    }

    @Test
    void sessionsOfOneMillisecondAreOrderedById() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(start(30).session().id());
        }
        assertThat(ids(list())).containsExactlyElementsOf(ids.stream().sorted().toList());
    }

    @Test
    void onlyActiveSessionsShow() {
        Sessions.Issued<UserSession> revoked = start(30);
        start(5);
        Sessions.Issued<UserSession> kept = start(30);
        revoke("'session_id':'" + revoked.session().id() + "'").ok();
        advance(Duration.ofMinutes(5));
        assertThat(ids(list())).containsExactly(kept.session().id());
    }

    @Test
    void aSessionIsGoneFromTheMillisecondOfItsExpiry() {
        Sessions.Issued<UserSession> issued = start(5);
        advance(Duration.ofMinutes(5).minusMillis(1));
        assertThat(list().at("sessions")).hasSize(1);
        authenticate(issued).ok();
        advance(Duration.ofMillis(1));
        assertThat(list().at("sessions")).isEmpty();
        authenticate(issued).refused(404, "session_not_found");
    }

    @Test
    void anExternalIdNamesTheUserAndTheAnswerKeepsTheStytchId() {
        userId = newUser("'external_id':'ada|1'");
        start(30);
        assertThat(client.get("/v1/sessions?user_id=ada%7C1").ok().text("sessions.0.user_id"))
                .isEqualTo(userId);
    }

    @Test
    void sessionsOfOthersDoNotShow() {
        start(
                newUser(""),
                30,
                Attributes.NONE,
                "{}",
                Factor.password(app.clock().millis()));
        assertThat(list().at("sessions")).isEmpty();
    }

    @Test
    void aUserOfAnotherProjectIsNotFound() {
        start(30);
        app.consumer().get("/v1/sessions?user_id=" + userId).refused(404, "user_not_found");
    }

    @Test
    void readingMovesNoTimeOfAccess() {
        start(30);
        advance(Duration.ofSeconds(60));
        list();
        assertThat(list().text("sessions.0.last_accessed_at")).isEqualTo(inSeconds(-60));
    }

    @Test
    void legalValuesThatNameNobodyAreNotFound() {
        for (String value : List.of(
                "user-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6", "nobody", "a.b_c-d%7Ce", "a".repeat(128), "0")) {
            client.get("/v1/sessions?user_id=" + value).refused(404, "user_not_found");
        }
    }

    @Test
    void valuesThatCanNameNobodyAreInvalid() {
        client.get("/v1/sessions").refused(400, "invalid_user_id");
        for (String value : List.of(
                "",
                "a%20b",
                "a%2Fb",
                "a".repeat(129),
                "%C3%BC",
                "%00",
                "user-test-1",
                "user-live-",
                "user-test-16D9BA61-97a1-4ba4-9720-b03761dc50c6")) {
            client.get("/v1/sessions?user_id=" + value).refused(400, "invalid_user_id");
        }
    }

    @Test
    void anIdOfTheOtherEnvironmentIsNamedAsSuch() {
        client.get("/v1/sessions?user_id=user-live-16d9ba61-97a1-4ba4-9720-b03761dc50c6")
                .refused(400, "live_id_used_in_test_environment");
    }

    @Test
    void unknownParametersAreIgnored() {
        client.get("/v1/sessions?limit=5&user_id=" + userId + "&x=y").ok();
    }

    private static List<String> ids(Client.Answer answer) {
        List<String> ids = new ArrayList<>();
        answer.at("sessions")
                .forEach(session -> ids.add(session.path("session_id").stringValue()));
        return ids;
    }

    /// `open-questions.md` 22.
    @Test
    void aProjectCanLimitHowManySessionsAUserHasAndTheOldestEndFirst() {
        Sessions.Issued<UserSession> oldest = start(60);
        advance(Duration.ofSeconds(1));
        Sessions.Issued<UserSession> second = start(60);
        advance(Duration.ofSeconds(1));
        app.setting(client, "sessions.max_per_user", 2);
        String other = newUser("");
        Sessions.Issued<UserSession> others = start(
                other, 60, Attributes.NONE, "{}", Factor.password(app.clock().millis()));
        authenticate(oldest).ok();
        Sessions.Issued<UserSession> third = start(60);
        authenticate(oldest).refused(404, "session_not_found");
        revoke("'session_token':'" + oldest.token() + "'").ok();
        assertThat(list().at("sessions").valueStream().map(session -> session.path("session_id")
                        .asString()))
                .containsExactly(third.session().id(), second.session().id());
        authenticate(others).ok();
    }
}
