package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.support.Client;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What happens in one organization to the password of an address, and what stays as it is in all others.
class SharedPasswordsTenancyTest extends MemberPasswordTest {

    private static final String LOCKED = "user_lock_limit_reached";

    private String home;
    private String hostile;
    private Membership ada;

    @BeforeEach
    void tenants() {
        crossOrganization();
        home = organization("");
        hostile = organization("");
        ada = memberWithPassword(home, EMAIL);
    }

    @Test
    void wrongPasswordsInOneOrganizationLockNobodyOutOfAnother() {
        claimed(hostile);
        guessUntilLocked(hostile);
        authenticate(home, EMAIL, PASSWORD).ok();
        discover(PASSWORD).ok();
        for (int attempt = 0; attempt < LOCK_THRESHOLD; attempt++) {
            discover("wrong").refused(401, "unauthorized_credentials");
        }
        discover(PASSWORD).refused(429, LOCKED);
        authenticate(home, EMAIL, PASSWORD).ok();
        guessUntilLocked(home);
        app.clock().advance(Duration.ofMinutes(60));
        authenticate(home, EMAIL, PASSWORD).ok();
        authenticate(hostile, EMAIL, PASSWORD).ok();
        discover(PASSWORD).ok();
    }

    @Test
    void organizationsAndMembersMadeAnewGiveNoGuessesMore() {
        int compared = 0;
        for (int round = 0; round < 2 * LOCK_THRESHOLD; round++) {
            String organization = round % 5 == 0 ? organization("") : hostile;
            Membership claimed = claimed(organization);
            if (authenticate(organization, EMAIL, "wrong" + round).status() == 401) {
                compared++;
            }
            existing(organization, "wrong");
            client.delete("/v1/b2b/organizations/" + organization + "/members/"
                            + claimed.member().id())
                    .ok();
        }
        assertThat(compared).isEqualTo(LOCK_THRESHOLD / 2);
        authenticate(home, EMAIL, PASSWORD).ok();
    }

    @Test
    void anOrganizationIsEnteredByThePasswordItself() {
        String second = organization("");
        claimed(second);
        claimed(hostile);
        authenticate(second, EMAIL, PASSWORD).ok();
        guessUntilLocked(hostile);
        authenticate(second, EMAIL, PASSWORD).ok();
        guessUntilLocked(second);
        authenticate(home, EMAIL, PASSWORD).ok();
    }

    @Test
    void aRightPasswordForgetsTheWrongOnesOfItsOrganization() {
        for (int attempt = 1; attempt < LOCK_THRESHOLD; attempt++) {
            authenticate(home, EMAIL, "wrong").refused(401, "unauthorized_credentials");
        }
        authenticate(home, EMAIL, PASSWORD).ok();
        guessUntilLocked(home);
    }

    @Test
    void aResetByMailIsNoGuess() {
        guessUntilLocked(home);
        for (int attempt = 0; attempt < LOCK_THRESHOLD; attempt++) {
            discover("wrong").refused(401, "unauthorized_credentials");
        }
        start(home, EMAIL).ok();
        sessionOf(reset(mailbox.token(EMAIL)).ok()).ok();
        app.clock().advance(Duration.ofSeconds(1));
        client.post("/v1/b2b/passwords/discovery/email/reset/start", Map.of("email_address", EMAIL))
                .ok();
        client.post(
                        "/v1/b2b/passwords/discovery/email/reset",
                        Map.of("password_reset_token", mailbox.token(EMAIL), "password", PASSWORD))
                .ok();
    }

    @Test
    void aResetThatAMemberRequiresIsOneOfTheOwnOrganization() {
        Client.Answer running = authenticate(home, EMAIL, PASSWORD).ok();
        Membership claimed = claimed(hostile);
        Client.Answer before = get(ada);
        requireReset(claimed).ok();
        for (int round = 0; round < 2; round++) {
            assertThat(get(claimed).at("member.member_password_id").stringValue())
                    .isEmpty();
            authenticate(hostile, EMAIL, PASSWORD).refused(404, "member_password_not_found");
            existing(hostile, PASSWORD).refused(404, "member_password_not_found");
            assertThat(get(ada).at("member")).isEqualTo(before.at("member"));
            sessionOf(running).ok();
            Client.Answer discovered = discover(PASSWORD).ok();
            assertThat(exchange(discovered, home)
                            .ok()
                            .at("member_authenticated")
                            .booleanValue())
                    .isTrue();
            Client.Answer half = exchange(discover(PASSWORD).ok(), hostile);
            assertThat(half.body().path("member_authenticated").asBoolean(false))
                    .isFalse();
            client.post(
                            "/v1/b2b/sessions/exchange",
                            Map.of(
                                    "organization_id",
                                    hostile,
                                    "session_token",
                                    authenticate(home, EMAIL, PASSWORD).ok().text("session_token")))
                    .refused(400, "insufficient_factors_for_session_exchange");
            // Whoever makes the member anew has required it all the same.
            client.delete("/v1/b2b/organizations/" + hostile + "/members/"
                            + claimed.member().id())
                    .ok();
            claimed = claimed(hostile);
        }
        start(hostile, EMAIL).ok();
        reset(mailbox.token(EMAIL)).ok();
        authenticate(hostile, EMAIL, NEW_PASSWORD).ok();
        authenticate(home, EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void anyNewPasswordOfTheHolderMeetsWhatAMemberRequired() {
        Membership claimed = claimed(hostile);
        requireReset(claimed).ok();
        requireReset(claimed).ok();
        existing(home, PASSWORD).ok();
        authenticate(hostile, EMAIL, NEW_PASSWORD).ok();
        requireReset(claimed).ok();
        client.post(
                        "/v1/b2b/passwords/session/reset",
                        Map.of(
                                "organization_id",
                                home,
                                "password",
                                PASSWORD,
                                "session_token",
                                session(ada).token()))
                .ok();
        authenticate(hostile, EMAIL, PASSWORD).ok();
        requireReset(claimed).ok();
        client.post(
                        "/v1/b2b/passwords/session/reset",
                        Map.of(
                                "organization_id",
                                hostile,
                                "password",
                                NEW_PASSWORD,
                                "session_token",
                                session(claimed).token()))
                .ok();
        authenticate(hostile, EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void aMemberRequiresNoResetOfWhatIsNotThere() {
        Membership bob = app.app()
                .members()
                .create(
                        client.project(),
                        ada.organization(),
                        NewMember.withEmail(new EmailAddress("bob@acme.example"), Member.Status.ACTIVE));
        requireReset(bob).refused(404, "member_password_not_found");
        asAdmin(
                        home,
                        Map.of(
                                "email_address",
                                "bob@acme.example",
                                "member_id",
                                ada.member().id()))
                .refused(404, "member_not_found");
        discover(PASSWORD).ok();
    }

    /// An active member for whose address nobody has vouched.
    private Membership claimed(String organization) {
        return app.app()
                .members()
                .create(
                        client.project(),
                        app.app().organizations().get(client.project(), organization),
                        NewMember.withEmail(new EmailAddress(EMAIL), Member.Status.ACTIVE));
    }

    private void guessUntilLocked(String organization) {
        for (int attempt = 0; attempt < LOCK_THRESHOLD; attempt++) {
            authenticate(organization, EMAIL, "wrong").refused(401, "unauthorized_credentials");
        }
        authenticate(organization, EMAIL, PASSWORD).refused(429, LOCKED);
    }

    private Client.Answer discover(String password) {
        return client.post(
                "/v1/b2b/passwords/discovery/authenticate", Map.of("email_address", EMAIL, "password", password));
    }

    private Client.Answer existing(String organization, String password) {
        return client.post(
                "/v1/b2b/passwords/existing_password/reset",
                Map.of(
                        "organization_id",
                        organization,
                        "email_address",
                        EMAIL,
                        "existing_password",
                        password,
                        "new_password",
                        NEW_PASSWORD));
    }

    private Client.Answer exchange(Client.Answer discovered, String organization) {
        return client.post(
                "/v1/b2b/discovery/intermediate_sessions/exchange",
                Map.of(
                        "organization_id",
                        organization,
                        "intermediate_session_token",
                        discovered.text("intermediate_session_token")));
    }

    private Client.Answer get(Membership membership) {
        return client.get("/v1/b2b/organizations/" + membership.organization().id() + "/member?member_id="
                        + membership.member().id())
                .ok();
    }

    private Client.Answer requireReset(Membership membership) {
        return asAdmin(
                membership.organization().id(),
                Map.of(
                        "email_address",
                        membership.member().email().address().value(),
                        "organization_id",
                        membership.organization().id()));
    }

    private Client.Answer asAdmin(String organization, Map<String, String> body) {
        String email = "admin" + System.nanoTime() + "@acme.example";
        Membership admin = member(organization, email);
        app.app()
                .members()
                .change(client.project(), admin.member().id(), member -> member.withRoles(List.of("stytch_admin")));
        return client.send(client.request("POST", "/v1/b2b/passwords/email/require_reset", Json.write(body))
                .header("Authorization", Client.basic(client.projectId(), client.secret()))
                .header("X-Stytch-Member-Session", session(admin).token())
                .build());
    }
}
