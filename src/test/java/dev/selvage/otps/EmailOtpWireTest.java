package dev.selvage.otps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Mailbox;
import dev.selvage.support.Race;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `otps.email.login_or_signup` and `otps.email.authenticate`.
class EmailOtpWireTest extends OtpWireTest {

    private static final String NEWCOMER = "new@example.org";

    @Test
    void anActiveMemberLogsInByACode() {
        Answer sent = loginOrSignup(" ANN@example.com ").ok();
        assertThat(sent.text("member_id")).isEqualTo(ann.member().id());
        assertThat(sent.at("member_created").booleanValue()).isFalse();
        assertThat(sent.text("organization.organization_id")).isEqualTo(organizationId);
        assertThat(mailbox.newest(ADDRESS).path("subject").stringValue()).doesNotContain("account creation");
        Answer answer = authenticate(ADDRESS, mailbox.code(ADDRESS)).ok();
        assertThat(answer.text("member_id")).isEqualTo(ann.member().id());
        assertThat(answer.text("method_id")).isEqualTo(ann.member().email().id());
        assertThat(answer.at("member_authenticated").booleanValue()).isTrue();
        assertThat(answer.text("intermediate_session_token")).isEmpty();
        assertThat(answer.text("member_session.authentication_factors.0.type")).isEqualTo("email_otp");
        assertThat(answer.text("member_session.authentication_factors.0.delivery_method"))
                .isEqualTo("email");
        assertThat(answer.text("member_session.authentication_factors.0.email_factor.email_address"))
                .isEqualTo(ADDRESS);
        assertThat(answer.text("member_session.expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofMinutes(60)).toString());
        client.post("/v1/b2b/sessions/authenticate", Map.of("session_token", answer.text("session_token")))
                .ok();
        client.post("/v1/b2b/sessions/authenticate", Map.of("session_jwt", answer.text("session_jwt")))
                .ok();
    }

    @Test
    void whoIsNewBecomesAPendingMemberAndActiveByTheCode() {
        Answer sent = loginOrSignup(NEWCOMER).ok();
        assertThat(sent.at("member_created").booleanValue()).isTrue();
        assertThat(sent.text("member.status")).isEqualTo("pending");
        assertThat(sent.at("member.email_address_verified").booleanValue()).isFalse();
        String first = mailbox.newest(NEWCOMER).path("subject").stringValue();
        nextSecond();
        Answer again = loginOrSignup(NEWCOMER).ok();
        assertThat(again.at("member_created").booleanValue()).isFalse();
        assertThat(again.text("member_id")).isEqualTo(sent.text("member_id"));
        assertThat(mailbox.newest(NEWCOMER).path("subject").stringValue()).isEqualTo(first);
        Answer answer = authenticate(NEWCOMER, mailbox.code(NEWCOMER)).ok();
        assertThat(answer.text("member.status")).isEqualTo("active");
        assertThat(answer.at("member.email_address_verified").booleanValue()).isTrue();
        nextSecond();
        loginOrSignup(NEWCOMER).ok();
        assertThat(mailbox.newest(NEWCOMER).path("subject").stringValue()).isNotEqualTo(first);
    }

    @Test
    void anInvitedMemberIsActiveByACode() {
        Organization organization = ann.organization();
        app.app()
                .members()
                .create(
                        client.project(),
                        organization,
                        NewMember.withEmail(new EmailAddress("bob@example.com"), Member.Status.INVITED));
        loginOrSignup("bob@example.com").ok();
        assertThat(authenticate("bob@example.com", mailbox.code("bob@example.com"))
                        .ok()
                        .text("member.status"))
                .isEqualTo("active");
    }

    @Test
    void theOrganizationDecidesWhoMaySignUp() {
        loginOrSignup("new@example.net").refused(400, "invalid_email_for_jit_provisioning");
        String closed = organization("");
        loginOrSignupTo(closed, NEWCOMER).refused(400, "email_jit_provisioning_not_allowed");
        assertThat(mailbox.messages(NEWCOMER)).isEmpty();
        loginOrSignup(NEWCOMER).ok();
    }

    @Test
    void aForbiddenMethodSendsNothing() {
        organizationSettings("'auth_methods':'RESTRICTED','allowed_auth_methods':['password']");
        loginOrSignup(ADDRESS).refused(400, "operation_restricted_by_organization_auth_methods");
        loginOrSignup(NEWCOMER).refused(400, "operation_restricted_by_organization_auth_methods");
        assertThat(mailbox.messages(ADDRESS)).isEmpty();
    }

    @Test
    void aCodeThatWasSentBeforeTheMethodWasForbiddenAsksForAnotherOne() {
        loginOrSignup(ADDRESS).ok();
        organizationSettings("'auth_methods':'RESTRICTED','allowed_auth_methods':['password']");
        Answer answer = authenticate(ADDRESS, mailbox.code(ADDRESS)).ok();
        assertThat(answer.at("member_authenticated").booleanValue()).isFalse();
        assertThat(answer.text("primary_required.allowed_auth_methods.0")).isEqualTo("password");
        assertThat(answer.text("session_token")).isEmpty();
        assertThat(answer.text("intermediate_session_token")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"login_expiration_minutes", "signup_expiration_minutes"})
    void aCodeLivesFromTwoToFifteenMinutes(String field) {
        String email = field.startsWith("login") ? ADDRESS : NEWCOMER;
        loginOrSignup(email, field, 1).refused(400, "invalid_expiration_otp");
        loginOrSignup(email, field, 16).refused(400, "invalid_expiration_otp");
        loginOrSignup(email, field, 15).ok();
        app.clock().advance(Duration.ofMinutes(15).minusSeconds(1));
        String last = mailbox.code(email);
        authenticate(email, last, "session_token", "x".repeat(44)).refused(404, "session_not_found");
        authenticate(email, last).ok();
        nextSecond();
        // The newcomer is an active member by now.
        loginOrSignup(email, "login_expiration_minutes", 2).ok();
        app.clock().advance(Duration.ofMinutes(2));
        authenticate(email, mailbox.code(email)).refused(401, "unable_to_auth_otp_code");
    }

    @Test
    void aCodeLivesTenMinutesByDefault() {
        loginOrSignup(ADDRESS).ok();
        assertThat(mailbox.newest(ADDRESS).path("text").stringValue()).contains("10 minutes");
        app.clock().advance(Duration.ofMinutes(10));
        authenticate(ADDRESS, mailbox.code(ADDRESS)).refused(401, "unable_to_auth_otp_code");
    }

    @Test
    void aCodeWorksOnceAndNotAfterANewerOne() {
        loginOrSignup(ADDRESS).ok();
        String first = mailbox.code(ADDRESS);
        nextSecond();
        loginOrSignup(ADDRESS).ok();
        String second = mailbox.code(ADDRESS);
        if (!first.equals(second)) {
            authenticate(ADDRESS, first).refused(404, "otp_code_not_found");
        }
        authenticate(ADDRESS, second).ok();
        authenticate(ADDRESS, second).refused(401, "unable_to_auth_otp_code");
    }

    @Test
    void wrongCodesAndCodesOfNobodyAreNotFound() {
        authenticate(ADDRESS, "123456").refused(404, "otp_code_not_found");
        authenticate("nobody@example.com", "123456").refused(404, "otp_code_not_found");
        loginOrSignup(ADDRESS).ok();
        authenticate(ADDRESS, mailbox.wrongCode(ADDRESS)).refused(404, "otp_code_not_found");
        authenticate(ADDRESS, "abc").refused(400, "invalid_code");
        authenticate(ADDRESS, mailbox.code(ADDRESS)).ok();
    }

    @Test
    void aCodeBearsFiveWrongGuesses() {
        loginOrSignup(ADDRESS).ok();
        for (int i = 0; i < 5; i++) {
            authenticate(ADDRESS, mailbox.wrongCode(ADDRESS)).refused(404, "otp_code_not_found");
        }
        authenticate(ADDRESS, mailbox.code(ADDRESS)).refused(401, "unable_to_auth_otp_code");
        nextSecond();
        loginOrSignup(ADDRESS).ok();
        authenticate(ADDRESS, mailbox.code(ADDRESS)).ok();
    }

    @Test
    void wrongCodesLockTheMemberAndTheRightOneIsRefusedThen() {
        for (int i = 0; i < 10; i++) {
            nextSecond();
            loginOrSignup(ADDRESS).ok();
            authenticate(ADDRESS, mailbox.wrongCode(ADDRESS)).refused(404, "otp_code_not_found");
        }
        assertThat(now(ann).member().failures().lock()).isNotNull();
        authenticate(ADDRESS, mailbox.wrongCode(ADDRESS)).refused(429, "user_lock_limit_reached");
        authenticate(ADDRESS, mailbox.code(ADDRESS)).refused(429, "user_lock_limit_reached");
        app.clock().advance(Duration.ofHours(1));
        loginOrSignup(ADDRESS).ok();
        authenticate(ADDRESS, mailbox.code(ADDRESS)).ok();
    }

    @Test
    void guessingInParallelGivesNoMoreGuesses() throws Exception {
        loginOrSignup(ADDRESS).ok();
        String wrong = mailbox.wrongCode(ADDRESS);
        List<Answer> answers = Race.atOnce(20, call -> authenticate(ADDRESS, wrong));
        assertThat(answers.stream().filter(answer -> answer.status() == 404)).hasSize(5);
        assertThat(answers).allMatch(answer -> Set.of(404, 401, 429).contains(answer.status()));
        assertThat(now(ann).member().failures().count()).isEqualTo(5);
    }

    @Test
    void ofManyCallsWithOneCodeOneSucceeds() throws Exception {
        loginOrSignup(ADDRESS).ok();
        String code = mailbox.code(ADDRESS);
        List<Answer> answers = Race.atOnce(10, call -> authenticate(ADDRESS, code));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream()
                .filter(answer -> answer.status() != 200)
                .forEach(answer -> answer.refused(401, "unable_to_auth_otp_code"));
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(1);
    }

    @Test
    void ofManySignUpsAtOnceOneMakesTheMember() throws Exception {
        Map<String, Object> body = with(Map.of("organization_id", organizationId, "email_address", NEWCOMER));
        List<Answer> answers = Race.atOnce(8, call -> client.post("/v1/b2b/otps/email/login_or_signup", body));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream()
                .filter(answer -> answer.status() != 200)
                .forEach(answer -> answer.refused(429, "too_many_requests"));
        authenticate(NEWCOMER, mailbox.code(NEWCOMER)).ok();
    }

    @Test
    void oneMailASecondGoesToAnAddress() {
        loginOrSignup(ADDRESS).ok();
        loginOrSignup(ADDRESS).refused(429, "too_many_requests");
        assertThat(mailbox.messages(ADDRESS)).hasSize(1);
        authenticate(ADDRESS, mailbox.code(ADDRESS)).ok();
    }

    @Test
    void aCodeGoesOnWithARunningSessionAndSkipsMfa() {
        enrol(ann);
        var running = session(ann);
        loginOrSignup(ADDRESS).ok();
        Answer answer = authenticate(ADDRESS, mailbox.code(ADDRESS), "session_token", running.token())
                .ok();
        assertThat(answer.text("member_session.member_session_id"))
                .isEqualTo(running.session().id());
        assertThat(answer.at("member_session.authentication_factors")).hasSize(2);
        nextSecond();
        loginOrSignup(ADDRESS).ok();
        authenticate(ADDRESS, mailbox.code(ADDRESS), "session_token", running.token(), "session_jwt", "x.y.z")
                .refused(400, "too_many_session_arguments");
    }

    @Test
    void aRefusedSignInLeavesTheCode() {
        loginOrSignup(ADDRESS).ok();
        String code = mailbox.code(ADDRESS);
        authenticate(ADDRESS, code, "session_token", "x".repeat(44)).refused(404, "session_not_found");
        authenticate(ADDRESS, code, "intermediate_session_token", "x".repeat(44))
                .refused(404, "intermediate_session_not_found");
        authenticate(ADDRESS, code, "session_duration_minutes", 1).refused(400, "invalid_session_duration_minutes");
        authenticate(ADDRESS, code, "locale", "xx").refused(400, "invalid_locale");
        authenticate(ADDRESS, code, "session_duration_minutes", 5, "session_custom_claims", Map.of("claim", "value"))
                .ok();
    }

    @Test
    void aCodeOfOneOrganizationIsOfNoUseInAnother() {
        String otherId = organization(OPEN);
        Membership twin = member(otherId, ADDRESS);
        loginOrSignup(ADDRESS).ok();
        String code = mailbox.code(ADDRESS);
        for (int i = 0; i < 6; i++) {
            authenticateIn(otherId, ADDRESS, code).refused(404, "otp_code_not_found");
        }
        assertThat(sessionsOf(twin).ok().at("member_sessions")).isEmpty();
        assertThat(now(ann).member().failures().count()).isZero();
        authenticate(ADDRESS, code).ok();
        assertThat(now(twin).member().failures().count()).isEqualTo(6);
    }

    @Test
    void aCodeOfOneProjectIsOfNoUseInAnother() {
        loginOrSignup(ADDRESS).ok();
        String code = mailbox.code(ADDRESS);
        Client stranger = app.b2b();
        stranger.post(
                        "/v1/b2b/otps/email/authenticate",
                        Map.of("organization_id", organizationId, "email_address", ADDRESS, "code", code))
                .refused(404, "organization_not_found");
        stranger.post(
                        "/v1/b2b/otps/email/login_or_signup",
                        Map.of("organization_id", organizationId, "email_address", ADDRESS))
                .refused(404, "organization_not_found");
        assertThat(new Mailbox(app, stranger).messages(ADDRESS)).isEmpty();
        authenticate(ADDRESS, code).ok();
    }

    @Test
    void aCodeToAnAddressThatTheMemberHasNoMoreIsOver() {
        loginOrSignup(ADDRESS).ok();
        String code = mailbox.code(ADDRESS);
        app.app()
                .memberEmails()
                .replace(client.project(), ann.member().id(), new EmailAddress("ann2@example.com"), false);
        authenticate(ADDRESS, code).refused(404, "otp_code_not_found");
        authenticate("ann2@example.com", code).refused(404, "otp_code_not_found");
    }

    @Test
    void aDeletedMemberHasNoCode() {
        loginOrSignup(ADDRESS).ok();
        app.app().memberDeletion().delete(client.project(), ann.member().id());
        authenticate(ADDRESS, mailbox.code(ADDRESS)).refused(404, "otp_code_not_found");
    }

    @Test
    void aCodeCompletesAChangeOfAddress() {
        client.post(
                        "/v1/b2b/organizations/" + organizationId + "/members/"
                                + ann.member().id() + "/start_email_update",
                        Map.of("email_address", "ann2@example.com", "delivery_method", "EMAIL_OTP"))
                .ok();
        authenticate("ann2@example.com", mailbox.wrongCode("ann2@example.com")).refused(404, "otp_code_not_found");
        Answer answer = authenticate("ann2@example.com", mailbox.code("ann2@example.com"))
                .ok();
        assertThat(answer.text("member_id")).isEqualTo(ann.member().id());
        assertThat(answer.text("member.email_address")).isEqualTo("ann2@example.com");
        assertThat(answer.at("member.email_address_verified").booleanValue()).isTrue();
        assertThat(answer.text("member.retired_email_addresses.0.email_address"))
                .isEqualTo(ADDRESS);
        assertThat(answer.text("method_id"))
                .isEqualTo(answer.text("member_session.authentication_factors.0.email_factor.email_id"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'email_address':'ann@example.com'}|400|invalid_organization_id",
                "{'organization_id':'nowhere','email_address':'ann@example.com'}|404|organization_not_found",
                "{'organization_id':'ID'}|400|bad_request",
                "{'organization_id':'ID','email_address':'ann'}|400|invalid_email",
                "{'organization_id':'ID','email_address':'ann@example.com','locale':'xx'}|400|invalid_locale",
                "{'organization_id':'ID','email_address':'ann@example.com','login_template_id':'none'}|404|email_template_not_found"
            })
    void whatCannotBeSentIsRefused(String line) {
        String[] parts = line.split("\\|");
        client.post("/v1/b2b/otps/email/login_or_signup", parts[0].replace("ID", organizationId))
                .refused(Integer.parseInt(parts[1]), parts[2]);
        assertThat(mailbox.messages(ADDRESS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'email_address':'ann@example.com','code':'123456'}|400|invalid_organization_id",
                "{'organization_id':'nowhere','email_address':'ann@example.com','code':'123456'}|404|organization_not_found",
                "{'organization_id':'ID','code':'123456'}|400|bad_request",
                "{'organization_id':'ID','email_address':'ann','code':'123456'}|400|invalid_email",
                "{'organization_id':'ID','email_address':'ann@example.com'}|400|bad_request"
            })
    void whatCannotBeAuthenticatedIsRefused(String line) {
        String[] parts = line.split("\\|");
        client.post("/v1/b2b/otps/email/authenticate", parts[0].replace("ID", organizationId))
                .refused(Integer.parseInt(parts[1]), parts[2]);
    }

    @Test
    void theMailIsInTheLanguageOfTheCall() {
        loginOrSignup(ADDRESS, "locale", "fr").ok();
        assertThat(mailbox.newest(ADDRESS).path("text").stringValue()).contains("10 minutes", "code");
        nextSecond();
        loginOrSignup(ADDRESS, "locale", "ptbr").ok();
        assertThat(mailbox.newest(ADDRESS).path("text").stringValue()).contains("10 minutos");
    }
}
