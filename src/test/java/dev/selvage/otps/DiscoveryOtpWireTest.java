package dev.selvage.otps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.support.Client;
import dev.selvage.support.Client.Answer;
import dev.selvage.support.Race;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// `otps.email.discovery.send` and `otps.email.discovery.authenticate`.
class DiscoveryOtpWireTest extends OtpWireTest {

    @Test
    void aCodeBeginsAnIntermediateSessionThatKnowsTheOrganizations() {
        discover(ADDRESS).ok();
        Answer answer = discovered(" Ann@example.com ", mailbox.code(ADDRESS)).ok();
        assertThat(answer.text("email_address")).isEqualTo(ADDRESS);
        assertThat(answer.text("intermediate_session_token")).hasSize(44);
        assertThat(answer.text("intermediate_session_token_expires_at"))
                .isEqualTo(app.clock().instant().plus(Duration.ofMinutes(10)).toString());
        assertThat(answer.at("discovered_organizations")).hasSize(1);
        assertThat(answer.text("discovered_organizations.0.organization.organization_id"))
                .isEqualTo(organizationId);
        assertThat(answer.at("discovered_organizations.0.member_authenticated").booleanValue())
                .isTrue();
    }

    @Test
    void anAddressThatIsNobodysGetsACodeAndMakesNoMember() {
        discover("nobody@example.com").ok();
        Answer answer = discovered("nobody@example.com", mailbox.code("nobody@example.com"))
                .ok();
        assertThat(answer.at("discovered_organizations")).isEmpty();
        assertThat(app.app().members().findAllByEmail(client.project(), new EmailAddress("nobody@example.com"), 10))
                .isEmpty();
    }

    @Test
    void aCodeWorksOnceAndInItsTime() {
        discover(ADDRESS, "discovery_expiration_minutes", 2).ok();
        String code = mailbox.code(ADDRESS);
        app.clock().advance(Duration.ofMinutes(2).minusSeconds(1));
        discovered(ADDRESS, code).ok();
        discovered(ADDRESS, code).refused(401, "unable_to_auth_otp_code");
        discover(ADDRESS).ok();
        app.clock().advance(Duration.ofMinutes(10));
        discovered(ADDRESS, mailbox.code(ADDRESS)).refused(401, "unable_to_auth_otp_code");
    }

    @Test
    void ofManyCallsWithOneCodeOneSucceeds() throws Exception {
        discover(ADDRESS).ok();
        String code = mailbox.code(ADDRESS);
        List<Answer> answers = Race.atOnce(10, call -> discovered(ADDRESS, code));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream()
                .filter(answer -> answer.status() != 200)
                .forEach(answer -> answer.refused(401, "unable_to_auth_otp_code"));
    }

    @Test
    void codesOfDiscoveryAndOfOrganizationsAreOfNoUseToEachOther() {
        discover(ADDRESS).ok();
        String code = mailbox.code(ADDRESS);
        authenticate(ADDRESS, code).refused(404, "otp_code_not_found");
        discovered(ADDRESS, code).ok();
        nextSecond();
        loginOrSignup(ADDRESS).ok();
        discovered(ADDRESS, mailbox.code(ADDRESS)).refused(404, "otp_code_not_found");
        authenticate(ADDRESS, mailbox.code(ADDRESS)).ok();
    }

    @Test
    void aNewerCodeEndsTheOlderOneOfDiscoveryAndNoneOfAnOrganization() {
        discover(ADDRESS).ok();
        String code = mailbox.code(ADDRESS);
        nextSecond();
        loginOrSignup(ADDRESS).ok();
        String ofMember = mailbox.code(ADDRESS);
        nextSecond();
        discover(ADDRESS).ok();
        discovered(ADDRESS, code).refused(404, "otp_code_not_found");
        discovered(ADDRESS, mailbox.code(ADDRESS)).ok();
        authenticate(ADDRESS, ofMember).ok();
    }

    @Test
    void tenWrongCodesAnHourEndTheGuessing() {
        discovered(ADDRESS, "123456").refused(404, "otp_code_not_found");
        for (int i = 1; i < 10; i++) {
            nextSecond();
            discover(ADDRESS).ok();
            discovered(ADDRESS, mailbox.wrongCode(ADDRESS)).refused(404, "otp_code_not_found");
        }
        nextSecond();
        discover(ADDRESS).ok();
        discovered(ADDRESS, mailbox.code(ADDRESS)).refused(429, "too_many_requests");
        discovered("bob@example.com", "123456").refused(404, "otp_code_not_found");
        loginOrSignup("new@example.org").ok();
        app.clock().advance(Duration.ofHours(1));
        discover(ADDRESS).ok();
        discovered(ADDRESS, mailbox.code(ADDRESS)).ok();
    }

    @Test
    void rightCodesAreNoGuesses() {
        for (int i = 0; i < 12; i++) {
            nextSecond();
            discover(ADDRESS).ok();
            discovered(ADDRESS, mailbox.code(ADDRESS)).ok();
        }
    }

    @Test
    void guessingInParallelGivesNoMoreGuesses() throws Exception {
        discover(ADDRESS).ok();
        String wrong = mailbox.wrongCode(ADDRESS);
        List<Answer> answers = Race.atOnce(20, call -> discovered(ADDRESS, wrong));
        assertThat(answers.stream().filter(answer -> answer.status() == 404)).hasSize(5);
        assertThat(answers).allMatch(answer -> Set.of(404, 401, 429).contains(answer.status()));
    }

    @Test
    void aCodeOfOneProjectIsOfNoUseInAnother() {
        discover(ADDRESS).ok();
        Client stranger = app.b2b();
        stranger.post(
                        "/v1/b2b/otps/email/discovery/authenticate",
                        Map.of("email_address", ADDRESS, "code", mailbox.code(ADDRESS)))
                .refused(404, "otp_code_not_found");
        discovered(ADDRESS, mailbox.code(ADDRESS)).ok();
    }

    @Test
    void whatCannotBeSentOrAuthenticatedIsRefused() {
        discover("ann").refused(400, "invalid_email");
        discover("").refused(400, "bad_request");
        discover(ADDRESS, "discovery_expiration_minutes", 1).refused(400, "invalid_expiration_otp");
        discover(ADDRESS, "discovery_expiration_minutes", 16).refused(400, "invalid_expiration_otp");
        discover(ADDRESS, "locale", "xx").refused(400, "invalid_locale");
        discover(ADDRESS, "login_template_id", "none").refused(404, "email_template_not_found");
        nextSecond();
        discover(ADDRESS).ok();
        discover(ADDRESS).refused(429, "too_many_requests");
        discovered("ann", "123456").refused(400, "invalid_email");
        discovered(ADDRESS, "").refused(400, "bad_request");
    }

    @Test
    void discoverySendsNoSecondFactor() {
        setPhone(ann, NUMBER, true);
        enrol(ann);
        discover(ADDRESS).ok();
        Answer answer = discovered(ADDRESS, mailbox.code(ADDRESS)).ok();
        assertThat(answer.at("discovered_organizations.0.member_authenticated").booleanValue())
                .isFalse();
        assertThat(answer.at("discovered_organizations.0.mfa_required.secondary_auth_initiated")
                        .isNull())
                .isTrue();
        assertThat(mailbox.messages(NUMBER)).isEmpty();
    }
}
