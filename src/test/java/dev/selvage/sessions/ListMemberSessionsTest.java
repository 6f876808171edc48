package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.members.Membership;
import dev.selvage.projects.Settings;
import dev.selvage.support.Client;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `GET /v1/b2b/sessions`: `semantics.md` 5, `open-questions.md` 6, 8, 9 and 23, and the documentation page of
/// the call.
class ListMemberSessionsTest extends MemberSessionTest {

    @Test
    void aMemberWithoutSessionsHasAnEmptyList() {
        assertThat(list().body().propertyNames())
                .containsExactlyInAnyOrder("status_code", "request_id", "member_sessions");
        assertThat(list().at("member_sessions").isArray()).isTrue();
        assertThat(list().at("member_sessions")).isEmpty();
    }

    @Test
    void aSessionShowsEveryMemberOfTheContractAndNoToken() {
        Sessions.Issued<MemberSession> issued =
                start(ann, 30, new Attributes("203.0.113.1", "Toaster/2.0"), "{'plan':'gold'}");
        assertThat(list().at("member_sessions.0")).isEqualTo(Json.object("""
                {"member_session_id": "%1$s", "member_id": "%2$s", "organization_id": "%3$s", "organization_slug": "acme",
                 "started_at": "%4$s", "last_accessed_at": "%4$s", "expires_at": "%5$s", "roles": ["stytch_member"],
                 "custom_claims": {"plan": "gold"},
                 "authentication_factors": [{"type": "magic_link", "delivery_method": "email", "sequence_order": "PRIMARY",
                   "email_factor": {"email_id": "%6$s", "email_address": "ann@acme.example"},
                   "last_authenticated_at": "%4$s", "created_at": "%4$s", "updated_at": "%4$s"}]}""".formatted(
                        issued.session().id(),
                        ann.member().id(),
                        organizationId,
                        inSeconds(0),
                        inSeconds(1800),
                        ann.member().email().id())));
        assertThat(issued.session().id()).matches("session-test-[0-9a-f-]{36}");
    }

    @Test
    void secondFactorsAreMarkedAsSuchAndClaimsAreNeverNull() {
        session(
                ann,
                Factor.password(app.clock().millis()),
                Factor.smsOtp("phone-number-test-1", "+12125550123", app.clock().millis()),
                Factor.recoveryCode("code", app.clock().millis()));
        Client.Answer answer = list();
        assertThat(answer.at("member_sessions.0.authentication_factors")
                        .valueStream()
                        .map(factor -> factor.path("sequence_order").asString()))
                .containsExactly("PRIMARY", "SECONDARY", "SECONDARY");
        assertThat(answer.at("member_sessions.0.custom_claims").toString()).isEqualTo("{}");
        assertThat(answer.at("member_sessions.0").has("attributes")).isFalse();
    }

    @Test
    void activeSessionsAreListedNewestFirst() {
        Sessions.Issued<MemberSession> first = start(60);
        advance(Duration.ofMinutes(1));
        Sessions.Issued<MemberSession> second = start(60);
        Sessions.Issued<MemberSession> revoked = start(60);
        start(5);
        revoke("'member_session_id':'" + revoked.session().id() + "'").ok();
        advance(Duration.ofMinutes(5));
        assertThat(list().at("member_sessions").valueStream().map(session -> session.path("member_session_id")
                        .asString()))
                .containsExactly(second.session().id(), first.session().id());
        advance(Duration.ofMinutes(54));
        assertThat(list().at("member_sessions")).hasSize(1);
        advance(Duration.ofMinutes(1));
        assertThat(list().at("member_sessions")).isEmpty();
    }

    @Test
    void readingMovesNoTimeOfAccess() {
        start(30);
        advance(Duration.ofSeconds(60));
        list();
        assertThat(list().text("member_sessions.0.last_accessed_at")).isEqualTo(inSeconds(-60));
    }

    @Test
    void organizationAndMemberAreFoundByEachOfTheirNames() {
        app.app().members().assign(client.project(), ann.member().id(), "ann|1", null);
        start(60);
        for (String organization : List.of(organizationId, "acme", "acme%7C1")) {
            for (String member : List.of(ann.member().id(), "ann%7C1")) {
                Client.Answer answer = get(organization, member).ok();
                assertThat(answer.at("member_sessions")).hasSize(1);
                // The answer keeps the Stytch ids.
                assertThat(answer.text("member_sessions.0.organization_id")).isEqualTo(organizationId);
                assertThat(answer.text("member_sessions.0.member_id"))
                        .isEqualTo(ann.member().id());
            }
        }
    }

    @Test
    void aMemberIsNotSeenThroughAnotherOrganization() {
        app.app().members().assign(client.project(), ann.member().id(), "1", null);
        start(60);
        String other = organization("'organization_slug':'other'");
        get(other, ann.member().id()).refused(404, "member_not_found");
        get(other, "1").refused(404, "member_not_found");
        Membership bob = member(other, "ann@acme.example");
        app.app().members().assign(client.project(), bob.member().id(), "1", null);
        assertThat(get(other, "1").ok().at("member_sessions")).isEmpty();
        assertThat(get(organizationId, "1").ok().at("member_sessions")).hasSize(1);
    }

    @Test
    void neitherIsSeenThroughAnotherProject() {
        start(60);
        Client other = app.b2b();
        other.get(path(organizationId, ann.member().id())).refused(404, "organization_not_found");
        other.get(path("acme", ann.member().id())).refused(404, "organization_not_found");
        String twin = other.post("/v1/b2b/organizations", "{'organization_name':'Twin','organization_slug':'acme'}")
                .ok()
                .text("organization.organization_id");
        other.get(path("acme", ann.member().id())).refused(404, "member_not_found");
        other.get(path(twin, ann.member().id())).refused(404, "member_not_found");
        app.consumer().get(path(organizationId, ann.member().id())).refused(400, "invalid_b2b_endpoint");
        client.get("/v1/sessions?user_id=" + ann.member().id()).refused(400, "invalid_consumer_endpoint");
    }

    @Test
    void aDeletedMemberIsNotFound() {
        start(60);
        delete(ann);
        get(organizationId, ann.member().id()).refused(404, "member_not_found");
    }

    @Test
    void aDeletedOrganizationIsNotFound() {
        start(60);
        client.delete("/v1/b2b/organizations/" + organizationId).ok();
        get(organizationId, ann.member().id()).refused(404, "organization_not_found");
        get("acme", ann.member().id()).refused(404, "organization_not_found");
    }

    @Test
    void bothAreRequiredAndWhatCanNameNothingIsInvalid() {
        client.get("/v1/b2b/sessions").refused(400, "invalid_organization_id");
        client.get("/v1/b2b/sessions?organization_id=" + organizationId).refused(400, "invalid_id");
        client.get("/v1/b2b/sessions?member_id=" + ann.member().id()).refused(400, "invalid_organization_id");
        for (String value : List.of("", "a%20b", "a".repeat(129), "%C3%BC", "%00", "organization-test-1")) {
            get(value, ann.member().id()).refused(400, "invalid_organization_id");
        }
        for (String value : List.of("", "a%20b", "a".repeat(129), "%C3%BC", "%00", "member-test-1")) {
            get(organizationId, value).refused(400, "invalid_id");
        }
        get("organization-live-16d9ba61-97a1-4ba4-9720-b03761dc50c6", "x")
                .refused(400, "live_id_used_in_test_environment");
        get(organizationId, "member-live-16d9ba61-97a1-4ba4-9720-b03761dc50c6")
                .refused(400, "live_id_used_in_test_environment");
    }

    @Test
    void legalValuesThatNameNobodyAreNotFound() {
        get(
                        "organization-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6",
                        ann.member().id())
                .refused(404, "organization_not_found");
        get("nobody", ann.member().id()).refused(404, "organization_not_found");
        for (String value : List.of("member-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6", "nobody", "a".repeat(128))) {
            get(organizationId, value).refused(404, "member_not_found");
        }
    }

    /// The error bodies of the documentation page, to the letter.
    @Test
    void theRefusalsOfTheDocumentationAreReproduced() {
        Client.Answer unauthorized = client.send(client.request(
                        "GET", path(organizationId, ann.member().id()), null)
                .header("Authorization", Client.basic(client.projectId(), "secret-test-" + "a".repeat(32) + "="))
                .build());
        assertRefusal(unauthorized, 401, "unauthorized_credentials", "Unauthorized credentials.");
        app.setting(client, "rate_limits.operations", Map.of("sessions", new Settings.RateLimits.Limit(1, 3600)));
        list();
        assertRefusal(sessionsOf(ann), 429, "too_many_requests", "Too many requests have been made.");
    }

    private static void assertRefusal(Client.Answer answer, int status, String type, String message) {
        answer.refused(status, type);
        assertThat(answer.body().propertyNames())
                .containsExactlyInAnyOrder("status_code", "request_id", "error_type", "error_message", "error_url");
        assertThat(answer.text("error_message")).isEqualTo(message);
        assertThat(answer.text("error_url")).isEqualTo("https://stytch.com/docs/api/errors/" + status);
    }

    private Client.Answer get(String organization, String member) {
        return client.get(path(organization, member));
    }

    private static String path(String organization, String member) {
        return "/v1/b2b/sessions?organization_id=" + organization + "&member_id=" + member;
    }
}
