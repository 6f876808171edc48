package dev.selvage.tokenexchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.support.Client;
import dev.selvage.support.WireTest;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `POST /v1/sessions/migrate`: `semantics.md` 6, `open-questions.md` 33.
class MigrateTest extends WireTest {

    private static final String TOKEN = "token-of-the-other-service";

    private ExternalService service;
    private String userId;

    @BeforeEach
    void connectProject() throws IOException {
        service = new ExternalService();
        app.userinfo(client, service.url("/userinfo"));
        userId = client.post("/v1/users", "{'email':'ada@example.com'}").ok().text("user_id");
    }

    @AfterEach
    void closeService() {
        service.close();
    }

    @Test
    void aSessionStartsForTheUserWhoseAddressTheServiceAnswers() {
        service.answer("/userinfo", 200, "{'sub':'1','email':'Ada@Example.com','email_verified':true}");
        Client.Answer answer = migrate("'session_duration_minutes':60,'session_custom_claims':{'from':'before'}")
                .ok();
        assertThat(answer.text("user_id")).isEqualTo(userId);
        assertThat(answer.text("user.user_id")).isEqualTo(userId);
        assertThat(answer.text("session.authentication_factors.0.type")).isEqualTo("imported");
        assertThat(answer.text("session.authentication_factors.0.delivery_method"))
                .isEqualTo("imported_auth0");
        assertThat(answer.text("session.custom_claims.from")).isEqualTo("before");
        assertThat(answer.text("session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofHours(1)).toString());
        client.post("/v1/sessions/authenticate", "{'session_token':'" + answer.text("session_token") + "'}")
                .ok();
        assertThat(service.seen("/userinfo")).containsExactly(new ExternalService.Seen("/userinfo", "Bearer " + TOKEN));
    }

    @Test
    void withoutADurationNoSessionStarts() {
        service.answer("/userinfo", 200, "{'email':'ada@example.com'}");
        Client.Answer answer = migrate("").ok();
        assertThat(answer.text("user_id")).isEqualTo(userId);
        assertThat(answer.text("session_token")).isEmpty();
        assertThat(answer.text("session_jwt")).isEmpty();
        assertThat(answer.at("session").isNull()).isTrue();
    }

    @Test
    void anAddressThatNoUserHasIsRefusedAndMakesNoUser() {
        service.answer("/userinfo", 200, "{'email':'bob@example.com','email_verified':true}");
        migrate("'session_duration_minutes':60").refused(400, "migrate_from_external_email_does_not_exist");
        assertThat(app.app().users().findByEmail(client.project(), new EmailAddress("bob@example.com")))
                .isEmpty();
    }

    @Test
    void anAddressThatTheServiceCallsUnverifiedIsRefused() {
        service.answer("/userinfo", 200, "{'email':'ada@example.com','email_verified':false}");
        migrate("").refused(400, "migrate_from_external_unexpected_response");
        service.answer("/userinfo", 200, "{'email':'ada@example.com','email_verified':'false'}");
        migrate("").refused(400, "migrate_from_external_unexpected_response");
        service.answer("/userinfo", 200, "{'email':'ada@example.com','email_verified':'true'}");
        migrate("").ok();
    }

    @Test
    void theFirstProofOfAnAddressTakesTheAccountFromWhoeverSetThePassword() {
        String credentials = "'email':'grace@example.com','password':'correct horse battery staple 7'";
        Client.Answer stranger = client.post("/v1/passwords", "{" + credentials + ",'session_duration_minutes':60}")
                .ok();
        service.answer("/userinfo", 200, "{'email':'grace@example.com','email_verified':true}");
        assertThat(migrate("'session_duration_minutes':60")
                        .ok()
                        .at("user.emails.0.verified")
                        .booleanValue())
                .isTrue();
        client.post("/v1/sessions/authenticate", "{'session_token':'" + stranger.text("session_token") + "'}")
                .refused(404, "session_not_found");
        client.post("/v1/passwords/authenticate", "{" + credentials + "}").refused(400, "reset_password");
    }

    @Test
    void anAnswerWithoutAUsableAddressIsUnexpected() {
        for (String body : new String[] {
            "{'sub':'1'}",
            "{'email':7}",
            "{'email':null}",
            "{'email':'nonsense'}",
            "{'email':''}",
            "['ada@example.com']",
            "not json",
            "",
            "null"
        }) {
            service.answer("/userinfo", 200, body);
            migrate("").refused(400, "migrate_from_external_unexpected_response");
        }
    }

    @Test
    void aRefusalOfTheServiceIsUnexpected() {
        for (int status : new int[] {201, 401, 403, 500}) {
            service.answer("/userinfo", status, "{'email':'ada@example.com'}");
            migrate("").refused(400, "migrate_from_external_unexpected_response");
        }
    }

    @Test
    void aRedirectIsNotFollowed() {
        service.answer("/elsewhere", 200, "{'email':'ada@example.com'}");
        service.redirect("/userinfo", service.url("/elsewhere"));
        migrate("").refused(400, "migrate_from_external_unexpected_response");
        assertThat(service.seen("/elsewhere")).isEmpty();
    }

    @Test
    void anAnswerLargerThanTheLimitIsUnexpected() {
        service.answer(
                "/userinfo",
                200,
                "{'email':'ada@example.com','more':'" + "x".repeat(OutboundGet.BODY_BYTES_MAX) + "'}");
        migrate("").refused(400, "migrate_from_external_unexpected_response");
    }

    @Test
    void aServiceThatDoesNotFinishItsAnswerIsLeftAfterFiveSeconds() {
        service.hang("/userinfo");
        long begin = System.nanoTime();
        migrate("").refused(400, "migrate_from_external_unexpected_response");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(9));
    }

    @Test
    void aServiceThatCannotBeReachedIsUnexpected() {
        String gone = service.url("/userinfo");
        service.close();
        app.userinfo(client, gone);
        migrate("").refused(400, "migrate_from_external_unexpected_response");
    }

    @Test
    void aProjectWithoutAUserinfoEndpointIsTold() {
        app.userinfo(client, null);
        migrate("").refused(400, "migrate_from_external_missing_userinfo");
    }

    @Test
    void fieldsAreCheckedBeforeTheServiceIsAsked() {
        service.answer("/userinfo", 200, "{'email':'ada@example.com'}");
        client.post("/v1/sessions/migrate", "{}").refused(400, "bad_request");
        client.post("/v1/sessions/migrate", "{'session_token':''}").refused(400, "bad_request");
        client.post("/v1/sessions/migrate", "{'session_token':'a\\nb'}").refused(400, "bad_request");
        client.post("/v1/sessions/migrate", "{'session_token':'ü'}").refused(400, "bad_request");
        migrate("'session_duration_minutes':4").refused(400, "invalid_session_duration_minutes");
        assertThat(service.seen("/userinfo")).isEmpty();
        migrate("'session_duration_minutes':5,'session_custom_claims':{'https://stytch.com/x':1}")
                .refused(400, "stytch_claims_in_custom_claims");
    }

    private Client.Answer migrate(String members) {
        return client.post(
                "/v1/sessions/migrate",
                "{'session_token':'" + TOKEN + "'" + (members.isEmpty() ? "" : "," + members) + "}");
    }
}
