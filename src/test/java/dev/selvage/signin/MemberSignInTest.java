package dev.selvage.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.members.Member;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.IntermediateSession;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.MemberFields;
import dev.selvage.sessions.MemberSession;
import dev.selvage.signin.MemberSignIn.Proof;
import dev.selvage.signin.MemberSignIn.Source;
import dev.selvage.support.MemberWireTest;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// From proofs to a session, or to an intermediate one.
class MemberSignInTest extends MemberWireTest {

    private static final String ANN = "ann@example.com";
    private static final String STRICT = "'mfa_policy':'REQUIRED_FOR_ALL'";
    private static final String BY_PASSWORD =
            "'auth_methods':'RESTRICTED','allowed_auth_methods':['password'],'email_invites':'ALL_ALLOWED'";

    private IntermediateSessions intermediates;
    private MemberSignIn login;

    @BeforeEach
    void makeLogin() {
        intermediates = app.app().intermediates();
        login = app.app().memberSignIn();
    }

    @Test
    void aSignInThatLacksASecondFactorIsKeptForTheMemberAndCompletedByIt() {
        Membership ann = member(organization(STRICT), ANN);
        MemberSignedIn first = signIn(ann, null, Factor.password(1));
        assertThat(first.memberAuthenticated()).isFalse();
        assertThat(first.mfaRequired().memberOptions()).isNull();
        IntermediateSession kept = intermediates.find(client.project(), first.intermediateSessionToken());
        assertThat(kept.memberId()).isEqualTo(ann.member().id());
        assertThat(kept.emailAddress()).isEqualTo(ANN);
        MemberSignedIn second = totp(ann, first.intermediateSessionToken());
        assertThat(second.memberAuthenticated()).isTrue();
        assertThat(second.memberSession().authenticationFactors()).hasSize(2);
        assertThat(second.member().mfaEnrolled()).isTrue();
        assertThat(second.member().defaultMfaMethod()).isEqualTo("totp");
        refused(
                () -> intermediates.find(client.project(), first.intermediateSessionToken()),
                ErrorType.INTERMEDIATE_SESSION_NOT_FOUND);
    }

    @Test
    void anIntermediateSessionGainsFactorsUntilTheyAreEnough() {
        Membership ann = member(organization(BY_PASSWORD + "," + STRICT), ANN);
        MemberSignedIn link = signIn(ann, null, link(ANN));
        assertThat(link.primaryRequired().allowedAuthMethods()).containsExactly("password");
        MemberSignedIn password = signIn(ann, link.intermediateSessionToken(), Factor.password(1));
        assertThat(password.intermediateSessionToken()).isEqualTo(link.intermediateSessionToken());
        assertThat(password.primaryRequired()).isNull();
        assertThat(password.mfaRequired()).isNotNull();
        assertThat(totp(ann, link.intermediateSessionToken()).memberSession().authenticationFactors())
                .hasSize(3);
    }

    @Test
    void anIntermediateSessionOfADiscoveryFlowHelpsAMemberIn() {
        Membership ann = invited(organization(BY_PASSWORD), ANN);
        String token = intermediates
                .start(client.project(), ANN, "", List.of(link(ANN)))
                .token();
        MemberSignedIn answer = signIn(ann, token, Factor.password(1));
        assertThat(answer.memberAuthenticated()).isTrue();
        assertThat(answer.member().status()).isEqualTo("active");
        assertThat(answer.member().emailAddressVerified()).isTrue();
        assertThat(answer.memberSession().authenticationFactors()).hasSize(2);
    }

    @Test
    void aPasswordAloneDoesNotLetInWhoseAddressNobodyVouchedFor() {
        Membership ann = invited(organization(""), ANN);
        MemberSignedIn answer = signIn(ann, null, Factor.password(1));
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
                .start(client.project(), ANN, ann.member().id(), List.of(link(ANN), Factor.totp("totp-test-1", 1)))
                .token();
        MemberSignedIn answer = signIn(bob, token, Factor.password(1));
        assertThat(answer.memberAuthenticated()).isFalse();
        assertThat(answer.intermediateSessionToken()).isEqualTo(token);
        IntermediateSession kept = intermediates.find(client.project(), token);
        assertThat(kept.memberId()).isEqualTo(bob.member().id());
        assertThat(kept.emailAddress()).isEqualTo("bob@example.com");
        assertThat(kept.factors()).extracting(Factor::type).containsExactly("password");
    }

    @Test
    void aSecondFactorIsTakenOnlyBehindAFirstThatCounts() {
        Membership ann = member(organization(STRICT), ANN);
        Membership twin = member(organization(STRICT), ANN);
        Membership bob = member(ann.organization().id(), "bob@example.com");
        String ofTwin = intermediates
                .start(client.project(), ANN, twin.member().id(), List.of(Factor.password(1)))
                .token();
        refused(() -> totp(ann, ofTwin), ErrorType.ACTION_AVAILABLE_ONLY_ONCE_PRIMARY_AUTHENTICATION_IS_MET);
        String ofAnn = intermediates
                .start(client.project(), ANN, "", List.of(link(ANN)))
                .token();
        refused(() -> totp(bob, ofAnn), ErrorType.ACTION_AVAILABLE_ONLY_ONCE_PRIMARY_AUTHENTICATION_IS_MET);
        assertThat(totp(ann, ofAnn).memberAuthenticated()).isTrue();
        refused(
                () -> login.secondFactor(
                        client.project(),
                        ann,
                        MemberFields.starting(null, null, null),
                        Attributes.NONE,
                        choice(),
                        java.util.Set.of(),
                        () -> Factor.totp("totp-test-1", 1)),
                ErrorType.NO_SESSION_ARGUMENTS);
    }

    @Test
    void ofASessionOnlyProofsOfTheAddressTravelAndItStays() {
        Membership home = member(organization(""), ANN);
        Membership away = invited(organization(""), ANN);
        MemberSession running = session(home, link(ANN), Factor.password(1), Factor.totp("totp-test-1", 1))
                .held();
        MemberSignedIn answer = exchange(running, away);
        assertThat(answer.memberAuthenticated()).isTrue();
        assertThat(answer.member().status()).isEqualTo("active");
        assertThat(answer.member().emailAddressVerified()).isTrue();
        assertThat(answer.memberSession().authenticationFactors()).hasSize(1);
        assertThat(sessionsOf(home).ok().at("member_sessions")).hasSize(1);
    }

    @Test
    void aSecondFactorOfOneOrganizationIsNoneInAnother() {
        Membership home = member(organization(""), ANN);
        Membership away = member(organization(STRICT), ANN);
        MemberSignedIn answer =
                exchange(session(home, link(ANN), Factor.totp("totp-test-1", 1)).held(), away);
        assertThat(answer.mfaRequired()).isNotNull();
        assertThat(intermediates
                        .find(client.project(), answer.intermediateSessionToken())
                        .memberId())
                .isEqualTo(away.member().id());
    }

    @Test
    void inOnesOwnOrganizationEveryFactorOfTheSessionCounts() {
        Membership ann = member(organization(STRICT), ANN);
        MemberSignedIn answer = exchange(
                session(ann, Factor.password(1), Factor.totp("totp-test-1", 1)).held(), ann);
        assertThat(answer.memberAuthenticated()).isTrue();
        assertThat(answer.memberSession().authenticationFactors()).hasSize(2);
        assertThat(sessionsOf(ann).ok().at("member_sessions")).hasSize(2);
    }

    @Test
    void aSessionFromWhichNothingTravelsIsNotExchanged() {
        Membership home = member(organization(""), ANN);
        Membership away = invited(organization(""), ANN);
        refused(
                () -> exchange(session(home, Factor.password(1)).held(), away),
                ErrorType.INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE);
        refused(
                () -> exchange(session(home, link("other@example.com")).held(), away),
                ErrorType.INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE);
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
                ANN,
                "",
                List.of(
                        link(ANN),
                        Factor.emailOtp("email-other", "other@example.com", 1),
                        Factor.password(1),
                        Factor.passwordOf(ANN, 1),
                        Factor.passwordOf("other@example.com", 1),
                        Factor.smsOtp("phone", "+15005550006", 1)),
                1);
        List<Factor> counting = MemberSignIn.counting(collected, away);
        assertThat(counting).extracting(Factor::type).containsExactly("magic_link", "password");
        assertThat(MemberSignIn.counting(collected, without))
                .extracting(Factor::type)
                .containsExactly("magic_link");
        assertThat(counting.getFirst().detail().get("email_id"))
                .isEqualTo(away.member().email().id());
        assertThat(MemberSignIn.countingForNewcomer(collected))
                .extracting(Factor::type)
                .containsExactly("magic_link");
        IntermediateSession ofAnother =
                new IntermediateSession("token", ANN, "member-of-another", collected.factors(), 1);
        assertThat(MemberSignIn.counting(ofAnother, away)).isEqualTo(counting);
        IntermediateSession ofAnotherAddress =
                new IntermediateSession("token", "other@example.com", "", collected.factors(), 1);
        assertThat(MemberSignIn.counting(ofAnotherAddress, away)).isEqualTo(counting);
        IntermediateSession own =
                new IntermediateSession("token", ANN, away.member().id(), collected.factors(), 1);
        assertThat(MemberSignIn.counting(own, away)).isEqualTo(collected.factors());
    }

    private MemberSignedIn signIn(Membership membership, String intermediateToken, Factor factor) {
        return login.signIn(
                client.project(),
                new MemberFields(null, null, intermediateToken, null, null, null),
                Attributes.NONE,
                () -> new Proof(membership.member().id(), factor));
    }

    private MemberSignedIn totp(Membership membership, String intermediateToken) {
        return login.secondFactor(
                client.project(),
                membership,
                new MemberFields(null, null, intermediateToken, null, null, null),
                Attributes.NONE,
                choice(),
                java.util.Set.of(),
                () -> Factor.totp("totp-test-1", 1));
    }

    private MemberSignedIn exchange(MemberSession running, Membership target) {
        return login.exchange(
                client.project(),
                new Source.Running(running),
                MemberFields.starting(null, null, null),
                email -> target);
    }

    private static SecondFactorChoice choice() {
        return new SecondFactorChoice(null, false, MfaMethod.TOTP);
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
                        NewMember.withEmail(email, Member.Status.INVITED));
    }

    private static void refused(ThrowingCallable call, ErrorType type) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ApiError.class, error -> assertThat(error.type())
                .isEqualTo(type));
    }
}
