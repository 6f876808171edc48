package dev.selvage.passwords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Json;
import dev.selvage.base.Tokens;
import dev.selvage.members.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.Race;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Passwords that belong to addresses in all organizations of a project.
class CrossOrganizationPasswordsWireTest extends MemberPasswordTest {

    private static final String VERIFIER = "v".repeat(43);
    private static final String CHALLENGE = Tokens.encode(Tokens.sha256(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
    private static final String OVER = "unable_to_auth_password_reset_token";
    private static final String NOT_ENABLED = "cross_org_passwords_not_enabled";

    @BeforeEach
    void letPasswordsBelongToAddresses() {
        crossOrganization();
    }

    private Client.Answer discover(String email, String password) {
        return client.post(
                "/v1/b2b/passwords/discovery/authenticate", Map.of("email_address", email, "password", password));
    }

    private Client.Answer startDiscovery(String email, Object... more) {
        app.clock().advance(Duration.ofSeconds(1));
        return client.post("/v1/b2b/passwords/discovery/email/reset/start", with(Map.of("email_address", email), more));
    }

    private Client.Answer resetDiscovery(String token, Object... more) {
        return client.post(
                "/v1/b2b/passwords/discovery/email/reset",
                with(Map.of("password_reset_token", token, "password", NEW_PASSWORD), more));
    }

    private Client.Answer exchange(Client.Answer discovered, String organizationId) {
        return client.post(
                "/v1/b2b/discovery/intermediate_sessions/exchange",
                Map.of(
                        "organization_id",
                        organizationId,
                        "intermediate_session_token",
                        discovered.text("intermediate_session_token")));
    }

    private Client.Answer requireReset(String email, Object... more) {
        return client.post("/v1/b2b/passwords/email/require_reset", with(Map.of("email_address", email), more));
    }

    @Test
    void onePasswordIsGoodInEveryOrganizationOfTheAddress() {
        String acme = organization("");
        String other = organization("");
        Membership ada = memberWithPassword(acme, EMAIL);
        member(other, EMAIL);
        assertThat(ada.member().passwordId()).startsWith("member-password-test-");
        assertThat(authenticate(acme, EMAIL, PASSWORD).ok().text("member.member_password_id"))
                .isEqualTo(ada.member().passwordId());
        assertThat(authenticate(other, EMAIL, PASSWORD).ok().text("member.member_password_id"))
                .isEqualTo(ada.member().passwordId());
        member(other, "bob@acme.example");
        authenticate(other, "bob@acme.example", PASSWORD).refused(404, "member_password_not_found");
        client = app.b2b();
        crossOrganization();
        authenticate(organization(""), EMAIL, PASSWORD).refused(404, "member_not_found");
        discover(EMAIL, PASSWORD).refused(404, "member_password_not_found");
    }

    @Test
    void aPasswordFindsTheOrganizationsAndOpensThemAll() {
        String acme = organization("");
        String other = organization("");
        memberWithPassword(acme, EMAIL);
        member(other, EMAIL);
        organization("");
        Client.Answer discovered = discover("ADA@acme.example", PASSWORD).ok();
        assertThat(discovered.text("email_address")).isEqualTo(EMAIL);
        assertThat(discovered.at("discovered_organizations")).hasSize(2);
        assertThat(discovered
                        .at("discovered_organizations.0.member_authenticated")
                        .booleanValue())
                .isTrue();
        Client.Answer in = exchange(discovered, other).ok();
        assertThat(in.at("member_authenticated").booleanValue()).isTrue();
        assertThat(in.text("member_session.authentication_factors.0.type")).isEqualTo("password");
        assertThat(in.at("member_session.authentication_factors.0").propertyNames())
                .doesNotContain("email_address", "mailed");
        Client.Answer over = client.post(
                        "/v1/b2b/sessions/exchange",
                        Map.of("organization_id", acme, "session_token", in.text("session_token")))
                .ok();
        assertThat(over.at("member_authenticated").booleanValue()).isTrue();
    }

    @Test
    void aPasswordOfOneMemberDoesNotTravel() {
        app.setting(client, "passwords.cross_organization", false);
        String acme = organization("");
        String other = organization("");
        memberWithPassword(acme, EMAIL);
        memberWithPassword(other, EMAIL);
        String token = authenticate(acme, EMAIL, PASSWORD).ok().text("session_token");
        client.post("/v1/b2b/sessions/exchange", Map.of("organization_id", other, "session_token", token))
                .refused(400, "insufficient_factors_for_session_exchange");
    }

    @Test
    void anOrganizationThatForbidsPasswordsStaysClosed() {
        String acme = organization("");
        String strict = organization("'auth_methods':'RESTRICTED','allowed_auth_methods':['magic_link']");
        memberWithPassword(acme, EMAIL);
        member(strict, EMAIL);
        authenticate(strict, EMAIL, PASSWORD).refused(400, "operation_restricted_by_organization_auth_methods");
        Client.Answer half = exchange(discover(EMAIL, PASSWORD).ok(), strict).ok();
        assertThat(half.at("member_authenticated").booleanValue()).isFalse();
        assertThat(half.text("primary_required.allowed_auth_methods.0")).isEqualTo("magic_link");
    }

    @Test
    void aFirstPasswordByMailProvesTheAddressAndALaterOneDoesNotCountAsThat() {
        String acme = organization("");
        pending(acme, EMAIL);
        startDiscovery(EMAIL).ok();
        String location = Mailbox.location(mailbox.link(EMAIL));
        assertThat(location)
                .contains("stytch_redirect_type=reset_password&stytch_token_type=discovery&token=")
                .doesNotContain("slug=");
        Client.Answer first = resetDiscovery(Mailbox.tokenIn(location)).ok();
        assertThat(first.text("email_address")).isEqualTo(EMAIL);
        Client.Answer in = exchange(first, acme).ok();
        assertThat(in.at("member_authenticated").booleanValue()).isTrue();
        assertThat(in.text("member.status")).isEqualTo("active");
        assertThat(in.at("member.email_address_verified").booleanValue()).isTrue();
        String other = organization("");
        pending(other, EMAIL);
        startDiscovery(EMAIL).ok();
        Client.Answer later =
                exchange(resetDiscovery(mailbox.token(EMAIL)).ok(), other).ok();
        assertThat(later.at("member_authenticated").booleanValue()).isFalse();
        assertThat(later.at("member.email_address_verified").booleanValue()).isFalse();
    }

    @Test
    void aDiscoveryResetNeedsNoMemberAndHasASecondLink() {
        startDiscovery("nobody@free.example").ok();
        String second = Mailbox.location(mailbox.secondLink("nobody@free.example"));
        assertThat(second).contains("stytch_redirect_type=login&stytch_token_type=discovery&token=");
        resetDiscovery(Mailbox.tokenIn(second)).refused(401, OVER);
        Client.Answer done =
                resetDiscovery(mailbox.token("nobody@free.example")).ok();
        assertThat(done.at("discovered_organizations")).isEmpty();
        discover("nobody@free.example", NEW_PASSWORD).ok();
    }

    @Test
    void aResetAnywhereEndsTheSessionsOfTheAddressEverywhere() {
        String acme = organization("");
        String other = organization("");
        memberWithPassword(acme, EMAIL);
        member(other, EMAIL);
        Membership bob = memberWithPassword(other, "bob@acme.example");
        Client.Answer here = authenticate(acme, EMAIL, PASSWORD).ok();
        Client.Answer there = authenticate(other, EMAIL, PASSWORD).ok();
        Client.Answer half = discover(EMAIL, PASSWORD).ok();
        startDiscovery(EMAIL).ok();
        String waiting = mailbox.token(EMAIL);
        start(acme, EMAIL).ok();
        String bobs = session(bob).token();
        Client.Answer done = reset(mailbox.token(EMAIL)).ok();
        sessionOf(done).ok();
        sessionOf(here).refused(404, "session_not_found");
        sessionOf(there).refused(404, "session_not_found");
        exchange(half, acme).refused(404, "intermediate_session_not_found");
        resetDiscovery(waiting).refused(401, OVER);
        authenticate(other, EMAIL, NEW_PASSWORD).ok();
        client.post("/v1/b2b/sessions/authenticate", Map.of("session_token", bobs))
                .ok();
        startDiscovery(EMAIL).ok();
        resetDiscovery(mailbox.token(EMAIL), "password", PASSWORD).ok();
        sessionOf(done).refused(404, "session_not_found");
    }

    @Test
    void onlyAProofOfTheAddressSetsItsPasswordBySession() {
        String acme = organization("");
        Membership ada = member(acme, EMAIL);
        String weak = session(ada, Factor.imported(app.clock().millis())).token();
        Map<String, String> body = Map.of("organization_id", acme, "session_token", weak, "password", NEW_PASSWORD);
        client.post("/v1/b2b/passwords/session/reset", body).refused(400, "session_too_old_to_reset_password");
        String strong = session(ada).token();
        client.post("/v1/b2b/passwords/session/reset", with(body, "session_token", strong))
                .ok();
        discover(EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void aChangedAddressLeavesItsPasswordBehind() {
        String acme = organization("");
        Membership ada = memberWithPassword(acme, EMAIL);
        client.put(
                        "/v1/b2b/organizations/" + acme + "/members/"
                                + ada.member().id(),
                        "{'email_address':'new@acme.example'}")
                .ok();
        authenticate(acme, EMAIL, PASSWORD).refused(404, "member_not_found");
        authenticate(acme, "new@acme.example", PASSWORD).refused(404, "member_password_not_found");
    }

    @Test
    void aRequiredResetDeletesThePasswordOfASingleMember() {
        String acme = organization("");
        Membership ada = memberWithPassword(acme, EMAIL);
        Client.Answer required = requireReset(EMAIL, "organization_id", acme).ok();
        assertThat(required.text("member_id")).isEqualTo(ada.member().id());
        assertThat(required.text("member.member_password_id")).isEmpty();
        assertThat(required.text("organization.organization_id")).isEqualTo(acme);
        authenticate(acme, EMAIL, PASSWORD).refused(404, "member_password_not_found");
        requireReset(EMAIL).refused(404, "member_password_not_found");
    }

    @Test
    void aRequiredResetMarksThePasswordOfSeveral() {
        String acme = organization("");
        String other = organization("");
        Membership ada = memberWithPassword(acme, EMAIL);
        member(other, EMAIL);
        assertThat(requireReset(EMAIL).ok().at("member_id").isNull()).isTrue();
        authenticate(acme, EMAIL, PASSWORD).refused(400, "member_reset_password");
        authenticate(other, EMAIL, "wrong").refused(401, "unauthorized_credentials");
        discover(EMAIL, PASSWORD).refused(400, "member_reset_password");
        assertThat(requireReset(EMAIL, "member_id", ada.member().id()).ok().text("member_id"))
                .isEqualTo(ada.member().id());
        start(other, EMAIL).ok();
        reset(mailbox.token(EMAIL)).ok();
        authenticate(acme, EMAIL, NEW_PASSWORD).ok();
    }

    @Test
    void aRequiredResetNamesWhoIsMeant() {
        String acme = organization("");
        Membership bob = memberWithPassword(acme, "bob@acme.example");
        memberWithPassword(organization(""), EMAIL);
        requireReset("nobody@acme.example").refused(404, "member_password_not_found");
        requireReset(EMAIL, "organization_id", acme).refused(404, "member_not_found");
        requireReset(EMAIL, "organization_id", acme, "member_id", bob.member().id())
                .refused(404, "member_not_found");
        requireReset(EMAIL, "member_id", bob.member().id()).refused(404, "member_not_found");
        requireReset(EMAIL, "member_id", "x!").refused(400, "invalid_id");
        requireReset("x").refused(400, "invalid_email");
        discover(EMAIL, PASSWORD).ok();
    }

    @Test
    void aMemberRequiresResetsInTheOwnOrganizationByTheRightTo() {
        String acme = organization("");
        String other = organization("");
        Membership ada = memberWithPassword(acme, EMAIL);
        memberWithPassword(acme, "bob@acme.example");
        memberWithPassword(other, "eve@acme.example");
        String session = session(ada).token();
        asMember(session, Map.of("email_address", "bob@acme.example", "organization_id", acme))
                .refused(403, "session_authorization_error");
        asMember(session, Map.of("email_address", "eve@acme.example", "organization_id", other))
                .refused(403, "session_authorization_tenancy_error");
        asMember(session, Map.of("email_address", EMAIL)).refused(400, "bad_request");
        asMember(session, Map.of("email_address", EMAIL, "organization_id", acme))
                .ok();
        app.app()
                .members()
                .change(client.project(), ada.member().id(), member -> member.withRoles(List.of("stytch_admin")));
        asMember(session, Map.of("email_address", "bob@acme.example", "organization_id", acme))
                .ok();
        discover("eve@acme.example", PASSWORD).ok();
    }

    private Client.Answer asMember(String sessionToken, Map<String, String> body) {
        return client.send(client.request("POST", "/v1/b2b/passwords/email/require_reset", Json.write(body))
                .header("Authorization", Client.basic(client.projectId(), client.secret()))
                .header("X-Stytch-Member-Session", sessionToken)
                .build());
    }

    @Test
    void membersOfTheSameAddressAreMigratedOncePerOrganization() {
        String acme = organization("");
        String other = organization("");
        Map<String, String> body = Map.of(
                "email_address",
                EMAIL,
                "hash_type",
                "bcrypt",
                "hash",
                "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
        String id = client.post("/v1/b2b/passwords/migrate", with(body, "organization_id", acme))
                .ok()
                .text("member.member_password_id");
        Client.Answer second = client.post("/v1/b2b/passwords/migrate", with(body, "organization_id", other))
                .ok();
        assertThat(second.text("member.member_password_id")).isEqualTo(id);
        authenticate(other, EMAIL, "U*U").ok();
        client.delete("/v1/b2b/organizations/" + acme + "/members/passwords/" + id)
                .refused(400, "cross_org_passwords_enabled");
    }

    @Test
    void callsAboutAddressesNeedTheSetting() {
        app.setting(client, "passwords.cross_organization", false);
        discover(EMAIL, PASSWORD).refused(400, NOT_ENABLED);
        startDiscovery(EMAIL).refused(400, NOT_ENABLED);
        resetDiscovery("A".repeat(44)).refused(400, NOT_ENABLED);
        requireReset(EMAIL).refused(400, NOT_ENABLED);
    }

    @Test
    void theSettingIsFrozenWhileThereArePasswords() {
        Membership ada = memberWithPassword(organization(""), EMAIL);
        app.setting(client, "passwords.cross_organization", false);
        assertThat(client.project().settings().passwords().crossOrganization()).isTrue();
        requireReset(ada.member().email().address().value()).ok();
        app.setting(client, "passwords.cross_organization", false);
        assertThat(client.project().settings().passwords().crossOrganization()).isFalse();
    }

    @Test
    void whatIsWrongWithADiscoveryResetIsSaid() {
        startDiscovery("x").refused(400, "invalid_email");
        startDiscovery(EMAIL, "reset_password_expiration_minutes", 4).refused(400, "invalid_expiration");
        startDiscovery(EMAIL, "pkce_code_challenge", "x").refused(400, "invalid_pkce_code_challenge");
        startDiscovery(EMAIL, "locale", "xx").refused(400, "invalid_locale");
        startDiscovery(EMAIL, "discovery_redirect_url", "javascript:x").refused(400, "invalid_discovery_redirect_url");
        startDiscovery(EMAIL, "reset_password_redirect_url", "javascript:x")
                .refused(400, "invalid_password_reset_redirect_url");
        startDiscovery(EMAIL, "verify_email_template_id", "nothing").refused(404, "email_template_not_found");
        assertThat(mailbox.messages(EMAIL)).isEmpty();
        startDiscovery(EMAIL, "pkce_code_challenge", CHALLENGE).ok();
        client.post("/v1/b2b/passwords/discovery/email/reset/start", Map.of("email_address", EMAIL))
                .refused(429, "too_many_requests");
        String token = mailbox.token(EMAIL);
        resetDiscovery(token).refused(400, "pkce_expected_code_verifier");
        resetDiscovery(token, "pkce_code_verifier", VERIFIER, "password", "password")
                .refused(400, "weak_password");
        reset(token, "code_verifier", VERIFIER).refused(401, OVER);
        resetDiscovery(token, "pkce_code_verifier", VERIFIER).ok();
        resetDiscovery(token, "pkce_code_verifier", VERIFIER).refused(401, OVER);
        discover(EMAIL, "").refused(400, "bad_request");
        discover("x", PASSWORD).refused(400, "invalid_email");
    }

    @Test
    void ofManyDiscoveryResetsWithOneTokenOneWins() throws InterruptedException, ExecutionException {
        startDiscovery(EMAIL).ok();
        String token = mailbox.token(EMAIL);
        List<Client.Answer> answers =
                Race.atOnce(4, number -> resetDiscovery(token, "password", NEW_PASSWORD + number));
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(1);
        answers.stream().filter(answer -> answer.status() != 200).forEach(answer -> answer.refused(401, OVER));
    }

    @Test
    void noHalfSignInByTheOldPasswordOutlivesAReset() throws InterruptedException, ExecutionException {
        String acme = organization("");
        memberWithPassword(acme, EMAIL);
        startDiscovery(EMAIL).ok();
        String token = mailbox.token(EMAIL);
        List<Client.Answer> answers =
                Race.atOnce(5, number -> number == 0 ? resetDiscovery(token) : discover(EMAIL, PASSWORD));
        exchange(answers.getFirst().ok(), acme).ok();
        for (Client.Answer discovered : answers.subList(1, answers.size())) {
            if (discovered.status() == 200) {
                exchange(discovered, acme).refused(404, "intermediate_session_not_found");
            } else {
                discovered.refused(401, "unauthorized_credentials");
            }
        }
    }
}
