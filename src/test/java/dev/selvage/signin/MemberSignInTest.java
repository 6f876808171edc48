package dev.selvage.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.backend.b2b.SignInResponse;
import dev.selvage.base.ClockAndRandom;
import dev.selvage.base.Json;
import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.error.SessionErrors;
import dev.selvage.limits.TargetLimits;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.messages.TextLanguage;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.IntermediateSession;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.MemberSession;
import dev.selvage.support.MemberWireTest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// From proofs to a session, or to an intermediate one.
class MemberSignInTest extends MemberWireTest {

    private static final String ANN = "ann@example.com";
    private static final String STRICT = "'mfa_policy':'REQUIRED_FOR_ALL'";
    private static final String BY_PASSWORD =
            "'auth_methods':'RESTRICTED','allowed_auth_methods':['password'],'email_invites':'ALL_ALLOWED'";

    private IntermediateSessions intermediates;
    private MemberSignIn login;
    private SecondFactors secondFactors;
    private SessionExchange exchange;

    @BeforeEach
    void makeLogin() {
        intermediates = app.app().intermediates();
        login = app.app().memberSignIn();
        secondFactors = new SecondFactors(
                app.app().subjects(),
                app.app().members(),
                login,
                intermediates,
                new TargetLimits(app.app().database(), new ClockAndRandom(app.clock(), new SecureRandom())),
                app.app().database());
        exchange = new SessionExchange(
                app.app().subjects(),
                app.app().organizations(),
                app.app().members(),
                app.app().memberSessions(),
                login,
                app.app().database());
    }

    @Test
    void aSignInThatLacksASecondFactorIsKeptForTheMemberAndCompletedByIt() {
        Membership ann = member(organization(STRICT), ANN);
        SignInResponse first = signIn(ann, null, Factor.password(1));
        assertThat(first.memberAuthenticated()).isFalse();
        assertThat(first.mfaRequired().memberOptions()).isNull();
        IntermediateSession kept = intermediates.find(client.project(), first.intermediateSessionToken());
        assertThat(kept.memberId()).contains(ann.member().id());
        assertThat(kept.emailAddress().value()).isEqualTo(ANN);
        SignInResponse second = totp(ann, first.intermediateSessionToken());
        assertThat(second.memberAuthenticated()).isTrue();
        assertThat(factors(second)).hasSize(2);
        assertThat(second.member().mfaEnrolled()).isTrue();
        assertThat(second.member().defaultMfaMethod()).isEqualTo("totp");
        refused(
                () -> intermediates.find(client.project(), first.intermediateSessionToken()),
                SessionErrors.INTERMEDIATE_SESSION_NOT_FOUND);
    }

    @Test
    void anIntermediateSessionGainsFactorsUntilTheyAreEnough() {
        Membership ann = member(organization(BY_PASSWORD + "," + STRICT), ANN);
        SignInResponse link = signIn(ann, null, link(ANN));
        assertThat(link.primaryRequired().allowedAuthMethods()).containsExactly("password");
        SignInResponse password = signIn(ann, link.intermediateSessionToken(), Factor.password(1));
        assertThat(password.intermediateSessionToken()).isEqualTo(link.intermediateSessionToken());
        assertThat(password.primaryRequired()).isNull();
        assertThat(password.mfaRequired()).isNotNull();
        assertThat(factors(totp(ann, link.intermediateSessionToken()))).hasSize(3);
    }

    @Test
    void anIntermediateSessionOfADiscoveryFlowHelpsAMemberIn() {
        Membership ann = invited(organization(BY_PASSWORD), ANN);
        String token = intermediates
                .start(client.project(), new EmailAddress(ANN), Optional.empty(), List.of(link(ANN)))
                .token();
        SignInResponse answer = signIn(ann, token, Factor.password(1));
        assertThat(answer.memberAuthenticated()).isTrue();
        assertThat(answer.member().status()).isEqualTo("active");
        assertThat(answer.member().emailAddressVerified()).isTrue();
        assertThat(factors(answer)).hasSize(2);
    }

    @Test
    void aPasswordAloneDoesNotLetInWhoseAddressNobodyVouchedFor() {
        Membership ann = invited(organization(""), ANN);
        SignInResponse answer = signIn(ann, null, Factor.password(1));
        assertThat(answer.memberAuthenticated()).isFalse();
        assertThat(answer.primaryRequired().allowedAuthMethods())
                .contains("magic_link")
                .doesNotContain("password");
        assertThat(now(ann).member().status()).isEqualTo(Member.Status.INVITED);
    }

    @Test
    void anothersIntermediateSessionAddsNothingAndBecomesOnesOwn() {
        String organizationId = organization(STRICT);
        Membership ann = member(organizationId, ANN);
        Membership bob = member(organizationId, "bob@example.com");
        String token = intermediates
                .start(
                        client.project(),
                        new EmailAddress(ANN),
                        Optional.of(ann.member().id()),
                        List.of(link(ANN), Factor.totp("totp-test-1", 1)))
                .token();
        SignInResponse answer = signIn(bob, token, Factor.password(1));
        assertThat(answer.memberAuthenticated()).isFalse();
        assertThat(answer.intermediateSessionToken()).isEqualTo(token);
        IntermediateSession kept = intermediates.find(client.project(), token);
        assertThat(kept.memberId()).contains(bob.member().id());
        assertThat(kept.emailAddress().value()).isEqualTo("bob@example.com");
        assertThat(kept.factors()).extracting(Factor::type).containsExactly("password");
    }

    @Test
    void aSecondFactorIsTakenOnlyBehindAFirstThatCounts() {
        Membership ann = member(organization(STRICT), ANN);
        Membership twin = member(organization(STRICT), ANN);
        Membership bob = member(ann.organization().id(), "bob@example.com");
        String ofTwin = intermediates
                .start(
                        client.project(),
                        new EmailAddress(ANN),
                        Optional.of(twin.member().id()),
                        List.of(Factor.password(1)))
                .token();
        refused(() -> totp(ann, ofTwin), SessionErrors.ACTION_AVAILABLE_ONLY_ONCE_PRIMARY_AUTHENTICATION_IS_MET);
        String ofAnn = intermediates
                .start(client.project(), new EmailAddress(ANN), Optional.empty(), List.of(link(ANN)))
                .token();
        refused(() -> totp(bob, ofAnn), SessionErrors.ACTION_AVAILABLE_ONLY_ONCE_PRIMARY_AUTHENTICATION_IS_MET);
        assertThat(totp(ann, ofAnn).memberAuthenticated()).isTrue();
        refused(() -> totp(ann, null), SessionErrors.NO_SESSION_ARGUMENTS);
    }

    @Test
    void ofASessionOnlyProofsOfTheAddressTravelAndItStays() {
        Membership home = member(organization(""), ANN);
        Membership away = invited(organization(""), ANN);
        MemberSession running = session(home, link(ANN), Factor.password(1), Factor.totp("totp-test-1", 1))
                .sessionWithSubject();
        SignInResponse answer = exchange(running, away);
        assertThat(answer.memberAuthenticated()).isTrue();
        assertThat(answer.member().status()).isEqualTo("active");
        assertThat(answer.member().emailAddressVerified()).isTrue();
        assertThat(factors(answer)).hasSize(1);
        assertThat(sessionsOf(home).ok().at("member_sessions")).hasSize(1);
    }

    @Test
    void aSecondFactorOfOneOrganizationIsNoneInAnother() {
        Membership home = member(organization(""), ANN);
        Membership away = member(organization(STRICT), ANN);
        SignInResponse answer =
                exchange(session(home, link(ANN), Factor.totp("totp-test-1", 1)).sessionWithSubject(), away);
        assertThat(answer.mfaRequired()).isNotNull();
        assertThat(intermediates
                        .find(client.project(), answer.intermediateSessionToken())
                        .memberId())
                .contains(away.member().id());
    }

    @Test
    void inOnesOwnOrganizationEveryFactorOfTheSessionCounts() {
        Membership ann = member(organization(STRICT), ANN);
        SignInResponse answer = exchange(
                session(ann, Factor.password(1), Factor.totp("totp-test-1", 1)).sessionWithSubject(), ann);
        assertThat(answer.memberAuthenticated()).isTrue();
        assertThat(factors(answer)).hasSize(2);
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(2);
    }

    @Test
    void aSessionFromWhichNothingTravelsIsNotExchanged() {
        Membership home = member(organization(""), ANN);
        Membership away = invited(organization(""), ANN);
        refused(
                () -> exchange(session(home, Factor.password(1)).sessionWithSubject(), away),
                SessionErrors.INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE);
        refused(
                () -> exchange(session(home, link("other@example.com")).sessionWithSubject(), away),
                SessionErrors.INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE);
        assertThat(now(away).member().status()).isEqualTo(Member.Status.INVITED);
        assertThat(now(away).member().email().verified()).isFalse();
    }

    @Test
    void aTravellingFactorIsThatOfTheMembersOwnAddress() {
        Membership without = member(organization(""), ANN);
        Membership away =
                new Membership(without.organization(), without.member().withPassword("member-password"));
        IntermediateSession collected = new IntermediateSession(
                "token",
                new EmailAddress(ANN),
                Optional.empty(),
                List.of(
                        link(ANN),
                        Factor.emailOtp("email-other", "other@example.com", 1),
                        Factor.password(1),
                        Factor.passwordOf(ANN, 1),
                        Factor.passwordOf("other@example.com", 1),
                        Factor.smsOtp("phone", "+15005550006", 1)),
                1);
        List<Factor> counting = ValidFactors.of(collected, away);
        assertThat(counting).extracting(Factor::type).containsExactly("magic_link", "password");
        assertThat(ValidFactors.of(collected, without)).extracting(Factor::type).containsExactly("magic_link");
        assertThat(counting.getFirst().detail().get("email_id"))
                .isEqualTo(away.member().email().id());
        assertThat(ValidFactors.ofNewcomer(collected)).extracting(Factor::type).containsExactly("magic_link");
        IntermediateSession ofAnother = new IntermediateSession(
                "token", new EmailAddress(ANN), Optional.of("member-of-another"), collected.factors(), 1);
        assertThat(ValidFactors.of(ofAnother, away)).isEqualTo(counting);
        IntermediateSession ofAnotherAddress = new IntermediateSession(
                "token", new EmailAddress("other@example.com"), Optional.empty(), collected.factors(), 1);
        assertThat(ValidFactors.of(ofAnotherAddress, away)).isEqualTo(counting);
        IntermediateSession own = new IntermediateSession(
                "token", new EmailAddress(ANN), Optional.of(away.member().id()), collected.factors(), 1);
        assertThat(ValidFactors.of(own, away)).isEqualTo(collected.factors());
    }

    private SignInResponse signIn(Membership membership, String intermediateToken, Factor factor) {
        return SignInResponse.of(login.signIn(
                        client.project(),
                        request(Optional.empty(), intermediateToken),
                        () -> Proof.of(membership.member().id(), factor))
                .outcome());
    }

    private SignInResponse totp(Membership membership, String intermediateToken) {
        return SignInResponse.of(secondFactors
                .complete(
                        client.project(),
                        membership,
                        request(Optional.empty(), intermediateToken),
                        SecondFactorChoice.none(MfaMethod.TOTP),
                        Set.of(),
                        () -> Proof.of(membership.member().id(), Factor.totp("totp-test-1", 1)))
                .outcome());
    }

    private SignInResponse exchange(MemberSession running, Membership target) {
        return SignInResponse.of(
                exchange.exchange(client.project(), request(Optional.of(running), null), email -> target));
    }

    private static MemberSignInRequest request(Optional<MemberSession> running, String intermediateToken) {
        return new MemberSignInRequest(
                running, Optional.ofNullable(intermediateToken), null, Json.object(), Attributes.NONE, TextLanguage.EN);
    }

    private static Factor link(String email) {
        return Factor.emailMagicLink("email-test-1", email, 1);
    }

    private Membership invited(String organizationId, String email) {
        return app.app()
                .members()
                .create(
                        client.project(),
                        app.app().organizations().get(client.project(), organizationId),
                        NewMember.withEmail(new EmailAddress(email), Member.Status.INVITED));
    }

    private static void refused(ThrowingCallable call, ErrorType type) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ApiError.class, error -> assertThat(error.type())
                .isEqualTo(type));
    }

    /// The factors of the session in a response.
    private static List<JsonNode> factors(SignInResponse response) {
        return Json.object("{" + response.memberSession().json().after().getValue() + "}")
                .path("authentication_factors")
                .asArray()
                .elements()
                .stream()
                .toList();
    }
}
