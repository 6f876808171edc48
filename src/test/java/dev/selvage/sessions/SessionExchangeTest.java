package dev.selvage.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.base.Times;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.support.Client;
import dev.selvage.support.Mailbox;
import dev.selvage.support.MemberWireTest;
import dev.selvage.support.Race;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `POST /v1/b2b/sessions/exchange`: `semantics.md` 5.1, `open-questions.md` 27 to 31.
class SessionExchangeTest extends MemberWireTest {

    private static final String ADDRESS = "ann@acme.example";

    private Membership here;
    private String target;
    private Membership there;

    @BeforeEach
    void makeMembers() {
        here = member(organization("'organization_slug':'here'"), ADDRESS);
        target = organization("'organization_slug':'there','organization_external_id':'there|1'");
        there = member(target, ADDRESS);
    }

    @Test
    void noSessionOutlivesTheEndOfAllByAnExchangeAtThatMoment() throws Exception {
        for (int round = 0; round < 10; round++) {
            String token = session(here).token();
            Race.atOnce(
                    6,
                    i -> i == 0
                            ? client.post(
                                    "/v1/b2b/sessions/revoke",
                                    "{'member_id':'" + here.member().id() + "'}")
                            : client.post(
                                    "/v1/b2b/sessions/exchange",
                                    "{'organization_id':'here','session_token':'" + token + "'}"));
            assertThat(sessionsOf(here).ok().at("member_sessions"))
                    .as("round " + round)
                    .isEmpty();
        }
    }

    @Test
    void theProofOfTheAddressOpensASessionInTheOtherOrganization() {
        app.clock().advance(java.time.Duration.ofMinutes(5));
        Sessions.Issued<MemberSession> source = session(here);
        app.clock().advance(java.time.Duration.ofMinutes(1));
        Client.Answer answer = exchange(source, target).ok();
        assertThat(answer.body().propertyNames())
                .containsExactlyInAnyOrder(
                        "status_code",
                        "request_id",
                        "member_id",
                        "member",
                        "organization",
                        "session_token",
                        "session_jwt",
                        "member_session",
                        "member_authenticated",
                        "intermediate_session_token",
                        "intermediate_session_token_expires_at",
                        "mfa_required",
                        "primary_required",
                        "member_device");
        assertThat(answer.text("member_id")).isEqualTo(there.member().id());
        assertThat(answer.text("member.member_id")).isEqualTo(there.member().id());
        assertThat(answer.text("organization.organization_id")).isEqualTo(target);
        assertThat(answer.at("member_authenticated").booleanValue()).isTrue();
        assertThat(answer.text("intermediate_session_token")).isEmpty();
        for (String missing : List.of("mfa_required", "primary_required", "intermediate_session_token_expires_at")) {
            assertThat(answer.at(missing).isNull()).as(missing).isTrue();
        }
        assertThat(answer.text("member_session.member_session_id"))
                .isNotEqualTo(source.session().id());
        assertThat(answer.text("member_session.organization_slug")).isEqualTo("there");
        assertThat(answer.text("member_session.expires_at")).isEqualTo(inMinutes(60));
        // It was proven when it was proven, and is the proof of this member's address now.
        assertThat(answer.at("member_session.authentication_factors")).hasSize(1);
        assertThat(answer.text("member_session.authentication_factors.0.last_authenticated_at"))
                .isEqualTo(inMinutes(-1));
        assertThat(answer.text("member_session.authentication_factors.0.email_factor.email_id"))
                .isEqualTo(there.member().email().id());
        authenticate(answer.text("session_token")).ok();
    }

    @Test
    void theSourceStaysAsItIs() {
        Sessions.Issued<MemberSession> source = session(here);
        var before = sessionsOf(here).ok().at("member_sessions");
        app.clock().advance(java.time.Duration.ofMinutes(1));
        exchange(source, target, "'session_duration_minutes':120,'session_custom_claims':{'a':1}")
                .ok();
        assertThat(sessionsOf(here).ok().at("member_sessions")).isEqualTo(before);
        authenticate(source.token()).ok();
    }

    @Test
    void durationAndClaimsAreThoseOfTheNewSession() {
        Client.Answer answer = exchange(
                        session(here), target, "'session_duration_minutes':5,'session_custom_claims':{'a':1}")
                .ok();
        assertThat(answer.text("member_session.expires_at")).isEqualTo(inMinutes(5));
        assertThat(answer.at("member_session.custom_claims").toString()).isEqualTo("{\"a\":1}");
        exchange(session(here), target, "'session_duration_minutes':4")
                .refused(400, "invalid_session_duration_minutes");
        exchange(session(here), target, "'session_custom_claims':{'https://stytch.com/x':1}")
                .refused(400, "stytch_claims_in_custom_claims");
        app.setting(client, "sessions.max_duration_minutes", 30);
        exchange(session(here), target, "'session_duration_minutes':31").refused(400, "invalid_session_duration");
        // The default is what the project allows.
        assertThat(exchange(session(here), target).ok().text("member_session.expires_at"))
                .isEqualTo(inMinutes(30));
        assertThat(sessionsOf(there).ok().at("member_sessions")).hasSize(2);
    }

    @Test
    void theJwtOfASessionDoesAsWellAndTheOrganizationIsFoundByEachOfItsNames() {
        Sessions.Issued<MemberSession> source = session(here);
        for (String key : List.of(target, "there", "there|1")) {
            Client.Answer answer = post("'session_jwt':'" + source.jwt() + "','organization_id':'" + key + "'")
                    .ok();
            assertThat(answer.text("member_id")).isEqualTo(there.member().id());
        }
    }

    @Test
    void aCodeByEmailTravelsToo() {
        Member.Email email = here.member().email();
        Client.Answer answer = exchange(
                        session(
                                here,
                                Factor.emailOtp(
                                        email.id(),
                                        email.address().value(),
                                        app.clock().millis())),
                        target)
                .ok();
        assertThat(answer.text("member_session.authentication_factors.0.type")).isEqualTo("email_otp");
    }

    @Test
    void otherProofsDoNotTravel() {
        long now = app.clock().millis();
        for (Factor factor : List.of(
                Factor.password(now),
                Factor.imported(now),
                Factor.trustedAuthToken("t", now),
                Factor.totp("totp", now),
                Factor.smsOtp("phone", "+12125550123", now))) {
            exchange(session(here, factor), target).refused(400, "insufficient_factors_for_session_exchange");
        }
        Factor link = Factor.emailMagicLink(here.member().email().id(), ADDRESS, now);
        assertThat(types(exchange(
                                session(here, Factor.password(now), link, Factor.smsOtp("phone", "+12125550123", now)),
                                target)
                        .ok()))
                .containsExactly("magic_link");
        assertThat(sessionsOf(there).ok().at("member_sessions")).hasSize(1);
    }

    @Test
    void aProofOfAnotherAddressThanTheMembersDoesNotTravel() {
        exchange(
                        session(
                                here,
                                Factor.emailMagicLink(
                                        "email-test-1",
                                        "old@acme.example",
                                        app.clock().millis())),
                        target)
                .refused(400, "insufficient_factors_for_session_exchange");
        exchange(
                        session(
                                member(here.organization().id(), "bob@acme.example"),
                                Factor.emailMagicLink(
                                        "email-test-1", ADDRESS, app.clock().millis())),
                        target)
                .refused(400, "insufficient_factors_for_session_exchange");
    }

    @Test
    void whoHasNotProvenTheAddressLearnsNotWhetherItIsAMembers() {
        String empty = organization("");
        String open = organization("'email_jit_provisioning':'RESTRICTED','email_allowed_domains':['acme.example']");
        Factor password = Factor.password(app.clock().millis());
        for (String organization : List.of(target, empty, open)) {
            exchange(session(here, password), organization).refused(400, "insufficient_factors_for_session_exchange");
            client.post(
                            "/v1/b2b/discovery/intermediate_sessions/exchange",
                            Map.of(
                                    "organization_id",
                                    organization,
                                    "intermediate_session_token",
                                    intermediate(here, password)))
                    .refused(400, "invalid_intermediate_session_token_for_organization");
        }
        exchange(session(here), empty).refused(404, "member_not_found");
        assertThat(client.get("/v1/b2b/organizations/" + open + "/metrics")
                        .ok()
                        .at("member_count")
                        .intValue())
                .isZero();
    }

    @Test
    void intoTheSameOrganizationEverythingCountsAndASecondSessionStarts() {
        long now = app.clock().millis();
        Sessions.Issued<MemberSession> source = session(here, Factor.password(now), Factor.totp("totp", now));
        enrol(here);
        Client.Answer answer = exchange(source, "here").ok();
        assertThat(answer.text("member_id")).isEqualTo(here.member().id());
        assertThat(types(answer)).containsExactly("password", "totp");
        assertThat(answer.text("session_token")).isNotEqualTo(source.token());
        assertThat(sessionsOf(here).ok().at("member_sessions")).hasSize(2);
    }

    @Test
    void nobodyBecomesAMemberByIt() {
        String open = organization("'email_jit_provisioning':'RESTRICTED','email_allowed_domains':['acme.example']");
        exchange(session(here), open).refused(404, "member_not_found");
        exchange(session(here), "unknown").refused(404, "organization_not_found");
        app.app()
                .database()
                .write("UPDATE members SET status = 'DELETED' WHERE member_id = :m")
                .bind("m", there.member().id())
                .update();
        app.app()
                .database()
                .write("UPDATE member_emails SET state = 'FORMER' WHERE member_id = :m")
                .bind("m", there.member().id())
                .update();
        exchange(session(here), target).refused(404, "member_not_found");
    }

    @Test
    void aPendingOrInvitedMemberBecomesActive() {
        for (Member.Status status : List.of(Member.Status.PENDING, Member.Status.INVITED)) {
            String id = organization("");
            app.app()
                    .members()
                    .create(
                            client.project(),
                            app.app().organizations().get(client.project(), id),
                            NewMember.withEmail(new EmailAddress(ADDRESS), status));
            Client.Answer answer = exchange(session(here), id).ok();
            assertThat(answer.text("member.status")).isEqualTo("active");
            assertThat(answer.at("member.email_address_verified").booleanValue())
                    .isTrue();
            assertThat(answer.at("member_authenticated").booleanValue()).isTrue();
        }
    }

    @Test
    void anotherWayToSignInIsAskedForWhereTheOrganizationDoesNotAllowThisOne() {
        change("'auth_methods':'RESTRICTED','allowed_auth_methods':['password','sso']");
        Client.Answer answer =
                exchange(session(here), target, "'session_duration_minutes':5").ok();
        assertIncomplete(answer);
        assertThat(answer.at("mfa_required").isNull()).isTrue();
        assertThat(answer.at("primary_required.allowed_auth_methods")
                        .valueStream()
                        .map(method -> method.asString()))
                .containsExactlyInAnyOrder("password", "sso");
        // Members of the break-glass kind may.
        app.app()
                .database()
                .write("UPDATE members SET is_breakglass = TRUE WHERE member_id = :m")
                .bind("m", there.member().id())
                .update();
        assertThat(exchange(session(here), target)
                        .ok()
                        .at("member_authenticated")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void theSecondFactorIsAskedForByTheTargetAlsoOfWhoGaveOneElsewhere() {
        change("'mfa_policy':'REQUIRED_FOR_ALL'");
        Factor link = Factor.emailMagicLink(
                here.member().email().id(), ADDRESS, app.clock().millis());
        Client.Answer answer = exchange(
                        session(here, link, Factor.totp("totp", app.clock().millis())), target)
                .ok();
        assertIncomplete(answer);
        assertThat(answer.at("primary_required").isNull()).isTrue();
        assertThat(answer.at("mfa_required.member_options").isNull()).isTrue();
        assertThat(answer.at("mfa_required.secondary_auth_initiated").isNull()).isTrue();
    }

    @Test
    void aMemberWithAPhoneIsSentACodeAtOnceInTheLanguageOfTheRequest() {
        change("'mfa_policy':'REQUIRED_FOR_ALL'");
        String phone = "+12125550123";
        app.app()
                .members()
                .change(
                        client.project(),
                        there.member().id(),
                        member -> member.withPhone(new Member.Phone(
                                "phone-number-test-16d9ba61-97a1-4ba4-9720-b03761dc50c6", phone, true)));
        exchange(session(here), target, "'locale':'klingon'").refused(400, "invalid_locale");
        assertThat(new Mailbox(app, client).messages(phone)).isEmpty();
        Client.Answer answer = exchange(session(here), target, "'locale':'es'").ok();
        assertIncomplete(answer);
        assertThat(answer.text("mfa_required.member_options.mfa_phone_number")).isEqualTo(phone);
        assertThat(answer.text("mfa_required.secondary_auth_initiated")).isEqualTo("sms_otp");
        assertThat(new Mailbox(app, client).messages(phone)).hasSize(1);
        assertThat(new Mailbox(app, client).newest(phone).toString()).contains("Tu código");
    }

    @Test
    void aMemberWhoGivesASecondFactorByChoiceIsAskedForItAndTheOthersAreNot() {
        enrol(there);
        assertIncomplete(exchange(session(here), target).ok());
        assertThat(exchange(session(there), "here")
                        .ok()
                        .at("member_authenticated")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void aLockedMemberIsRefusedInTheTargetOnly() {
        for (int i = 0; i < 10; i++) {
            app.app().subjects().recordFailure(client.project(), there.member().id());
        }
        exchange(session(here), target).refused(429, "user_lock_limit_reached");
        exchange(session(here), "here").ok();
    }

    @Test
    void argumentsAreChecked() {
        Sessions.Issued<MemberSession> source = session(here);
        post("'organization_id':'there'").refused(400, "no_session_arguments");
        client.call("POST", "/v1/b2b/sessions/exchange", null).refused(400, "invalid_organization_id");
        post("'session_token':'" + source.token() + "'").refused(400, "invalid_organization_id");
        exchange(source, "not a name").refused(400, "invalid_organization_id");
        exchange(source, "there", "'session_jwt':'x'").refused(400, "too_many_session_arguments");
        post("'organization_id':'there','session_token':'x'").refused(400, "invalid_session_token");
        post("'organization_id':'there','session_token':'" + "a".repeat(44) + "'")
                .refused(404, "session_not_found");
        post("'organization_id':'there','session_jwt':'x'").refused(400, "unable_to_parse_session_jwt");
        client.post("/v1/b2b/sessions/revoke", "{'session_token':'" + source.token() + "'}")
                .ok();
        exchange(source, "there").refused(404, "session_not_found");
    }

    @Test
    void theSandboxSessionOpensNothing() {
        member(target, SandboxSession.EMAIL);
        post("'organization_id':'there','session_token':'" + SandboxSession.TOKEN + "'")
                .refused(400, "insufficient_factors_for_session_exchange");
    }

    @Test
    void anotherProjectsOrganizationsAndSessionsAreUnknown() {
        Client other = app.b2b();
        other.post(
                        "/v1/b2b/sessions/exchange",
                        "{'session_token':'" + session(here).token() + "','organization_id':'" + target + "'}")
                .refused(404, "session_not_found");
        String foreign = other.post("/v1/b2b/organizations", "{'organization_name':'Foreign'}")
                .ok()
                .text("organization.organization_id");
        exchange(session(here), foreign).refused(404, "organization_not_found");
        app.consumer().post("/v1/b2b/sessions/exchange", "{}").refused(400, "invalid_b2b_endpoint");
    }

    @Test
    void oneSessionCanBeExchangedManyTimesAtOnce() throws Exception {
        Sessions.Issued<MemberSession> source = session(here);
        List<Client.Answer> answers = Race.atOnce(8, call -> exchange(source, call % 2 == 0 ? "there" : "here"));
        assertThat(answers.stream().map(answer -> answer.ok().text("session_token")))
                .doesNotHaveDuplicates();
        assertThat(sessionsOf(there).ok().at("member_sessions")).hasSize(4);
        assertThat(sessionsOf(here).ok().at("member_sessions")).hasSize(5);
    }

    @Test
    void anInvitedMemberWhoComesTwiceAtOnceIsActiveOnce() throws Exception {
        String id = organization("");
        app.app()
                .members()
                .create(
                        client.project(),
                        app.app().organizations().get(client.project(), id),
                        NewMember.withEmail(new EmailAddress(ADDRESS), Member.Status.INVITED));
        Sessions.Issued<MemberSession> source = session(here);
        List<Client.Answer> answers = Race.atOnce(4, call -> exchange(source, id));
        assertThat(answers.stream()
                        .map(answer -> answer.ok().text("member.status"))
                        .distinct())
                .containsExactly("active");
        assertThat(answers.stream().map(answer -> answer.text("member_id")).distinct())
                .hasSize(1);
    }

    private void assertIncomplete(Client.Answer answer) {
        assertThat(answer.text("member_id")).isEqualTo(there.member().id());
        assertThat(answer.at("member_authenticated").booleanValue()).isFalse();
        assertThat(answer.text("session_token")).isEmpty();
        assertThat(answer.text("session_jwt")).isEmpty();
        assertThat(answer.at("member_session").isNull()).isTrue();
        assertThat(answer.text("intermediate_session_token")).hasSize(44);
        assertThat(answer.text("intermediate_session_token_expires_at"))
                .isEqualTo(inMinutes(IntermediateSessions.MINUTES));
        assertThat(sessionsOf(there).ok().at("member_sessions")).isEmpty();
    }

    private void enrol(Membership membership) {
        app.app()
                .members()
                .change(client.project(), membership.member().id(), member -> member.withMfa(true, MfaMethod.TOTP));
    }

    private void change(String members) {
        client.put("/v1/b2b/organizations/" + target, "{" + members + "}").ok();
    }

    private Client.Answer exchange(Sessions.Issued<MemberSession> source, String organization, String... members) {
        return post(String.join(
                ",",
                Stream.concat(
                                Stream.of(
                                        "'session_token':'" + source.token() + "'",
                                        "'organization_id':'" + organization + "'"),
                                Stream.of(members))
                        .toList()));
    }

    private Client.Answer post(String members) {
        return client.post("/v1/b2b/sessions/exchange", "{" + members + "}");
    }

    private Client.Answer authenticate(String token) {
        return client.post("/v1/b2b/sessions/authenticate", "{'session_token':'" + token + "'}");
    }

    private static List<String> types(Client.Answer answer) {
        return answer.at("member_session.authentication_factors")
                .valueStream()
                .map(factor -> factor.path("type").asString())
                .toList();
    }

    private String inMinutes(long minutes) {
        return Times.rfc3339(app.clock().millis() + minutes * Times.MINUTE_MILLIS);
    }
}
