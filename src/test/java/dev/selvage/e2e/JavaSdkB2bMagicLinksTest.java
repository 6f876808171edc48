package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.b2b.api.magiclinks.MagicLinks;
import com.stytch.java.b2b.models.discovery.DiscoveredOrganization;
import com.stytch.java.b2b.models.magiclinks.AuthenticateRequest;
import com.stytch.java.b2b.models.magiclinksemail.InviteRequest;
import com.stytch.java.b2b.models.magiclinksemail.InviteRequestOptions;
import com.stytch.java.b2b.models.magiclinksemail.LoginOrSignupRequest;
import com.stytch.java.b2b.models.magiclinksemaildiscovery.SendRequest;
import com.stytch.java.b2b.models.organizations.Member;
import org.junit.jupiter.api.Test;

/// `magic_links` of the Java SDK for B2B projects.
class JavaSdkB2bMagicLinksTest extends JavaSdkB2bTest {

    private MagicLinks magicLinks;

    @Override
    void areas() {
        magicLinks = ledger.area("magicLinks", MagicLinks.class, client.getMagicLinks());
    }

    @Test
    void aLinkSignsInOnce() throws Exception {
        Member member = member(organization(), newEmail());
        String email = member.getEmailAddress();
        var sent = ok(magicLinks
                .getEmail()
                .loginOrSignupCompletable(new LoginOrSignupRequest(member.getOrganizationId(), email)));
        assertThat(sent.getMemberCreated()).isFalse();
        String token = tokenTo(email);
        var answer = ok(magicLinks.authenticateCompletable(new AuthenticateRequest(token, null, null, null, MINUTES)));
        assertThat(answer.getMemberId()).isEqualTo(member.getMemberId());
        assertThat(answer.getMemberAuthenticated()).isTrue();
        assertThat(answer.getMember().getEmailAddressVerified()).isTrue();
        assertThat(answer.getMemberSession()
                        .getAuthenticationFactors()
                        .getFirst()
                        .getEmailFactor()
                        .getEmailAddress())
                .isEqualTo(email);
        refused(magicLinks.authenticateCompletable(new AuthenticateRequest(token)), 401, "unable_to_auth_magic_link");
        refused(
                magicLinks.authenticateCompletable(new AuthenticateRequest("A".repeat(44))),
                404,
                "magic_link_not_found");
    }

    @Test
    void loginOrSignupLetsInWhomTheOrganizationAllows() {
        refused(
                magicLinks.getEmail().loginOrSignupCompletable(new LoginOrSignupRequest(organization(), newEmail())),
                400,
                "email_jit_provisioning_not_allowed");
    }

    @Test
    void withoutTheSecondFactorThereIsNoSession() throws Exception {
        var answer = signIn(strictOrganization());
        assertThat(answer.getMemberAuthenticated()).isFalse();
        assertThat(answer.getSessionToken()).isEmpty();
        assertThat(answer.getMemberSession()).isNull();
        assertThat(answer.getIntermediateSessionToken()).hasSize(44);
        assertThat(answer.getMfaRequired()).isNotNull();
    }

    @Test
    void inviteMakesAnInvitedMemberWhoseLinkSignsIn() throws Exception {
        String id = organization();
        String email = newEmail();
        var invited = ok(magicLinks
                .getEmail()
                .inviteCompletable(new InviteRequest(id, email), new InviteRequestOptions(by(signIn(id, ADMIN)))));
        assertThat(invited.getMember().getStatus()).isEqualTo("invited");
        assertThat(ok(magicLinks.authenticateCompletable(new AuthenticateRequest(tokenTo(email))))
                        .getMember()
                        .getStatus())
                .isEqualTo("active");
        refused(
                magicLinks.getEmail().inviteCompletable(new InviteRequest(id, email), null),
                400,
                "duplicate_member_email");
        refused(
                magicLinks
                        .getEmail()
                        .inviteCompletable(new InviteRequest(id, newEmail()), new InviteRequestOptions(by(signIn(id)))),
                403,
                "session_authorization_error");
    }

    @Test
    void discoveryProvesAnAddressInNoOrganization() throws Exception {
        Member member = member(organization(), newEmail());
        ok(magicLinks.getEmail().getDiscovery().sendCompletable(new SendRequest(member.getEmailAddress())));
        var request = new com.stytch.java.b2b.models.magiclinksdiscovery.AuthenticateRequest(
                tokenTo(member.getEmailAddress()));
        var answer = ok(magicLinks.getDiscovery().authenticateCompletable(request));
        assertThat(answer.getDiscoveredOrganizations())
                .extracting(DiscoveredOrganization::getOrganization)
                .extracting(found -> found.getOrganizationId())
                .containsExactly(member.getOrganizationId());
        refused(magicLinks.getDiscovery().authenticateCompletable(request), 401, "unable_to_auth_magic_link");
        refused(
                magicLinks.getEmail().getDiscovery().sendCompletable(new SendRequest("no address")),
                400,
                "invalid_email");
    }
}
