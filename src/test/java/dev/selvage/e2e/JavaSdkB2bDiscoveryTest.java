package dev.selvage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.stytch.java.b2b.api.discovery.Discovery;
import com.stytch.java.b2b.models.discovery.DiscoveredOrganization;
import com.stytch.java.b2b.models.discoveryintermediatesessions.ExchangeRequest;
import com.stytch.java.b2b.models.discoveryorganizations.CreateRequest;
import com.stytch.java.b2b.models.discoveryorganizations.ListRequest;
import com.stytch.java.b2b.models.magiclinksdiscovery.AuthenticateRequest;
import com.stytch.java.b2b.models.magiclinksemaildiscovery.SendRequest;
import com.stytch.java.b2b.models.organizations.Member;
import org.junit.jupiter.api.Test;

/// `discovery` of the Java SDK.
class JavaSdkB2bDiscoveryTest extends JavaSdkB2bTest {

    private Discovery discovery;

    @Override
    void areas() {
        discovery = ledger.area("discovery", Discovery.class, client.getDiscovery());
    }

    /// Proves an address in no organization; answers the token of the intermediate session.
    private String proven(String email) throws Exception {
        ok(client.getMagicLinks().getEmail().getDiscovery().sendCompletable(new SendRequest(email)));
        return ok(client.getMagicLinks()
                        .getDiscovery()
                        .authenticateCompletable(new AuthenticateRequest(tokenTo(email))))
                .getIntermediateSessionToken();
    }

    @Test
    void listSaysWhereAnIntermediateSessionLeads() throws Exception {
        Member member = member(organization(), newEmail());
        var answer =
                ok(discovery.getOrganizations().listCompletable(new ListRequest(proven(member.getEmailAddress()))));
        DiscoveredOrganization found = answer.getDiscoveredOrganizations().getFirst();
        assertThat(found.getOrganization().getOrganizationId()).isEqualTo(member.getOrganizationId());
        assertThat(found.getMembership().getType()).isEqualTo("active_member");
        assertThat(found.getMembership().getMember().getMemberId()).isEqualTo(member.getMemberId());
        refused(
                discovery.getOrganizations().listCompletable(new ListRequest("A".repeat(44))),
                404,
                "intermediate_session_not_found");
    }

    @Test
    void createMakesAnOrganizationWhoseAdminIsItsCreator() throws Exception {
        String email = newEmail();
        CreateRequest request = new CreateRequest(proven(email), MINUTES, null, newName());
        var answer = ok(discovery.getOrganizations().createCompletable(request));
        assertThat(answer.getMember().getEmailAddress()).isEqualTo(email);
        assertThat(answer.getMemberSession().getRoles()).contains(ADMIN);
        refused(discovery.getOrganizations().createCompletable(request), 404, "intermediate_session_not_found");
    }

    @Test
    void exchangeGoesOverIntoAnOrganization() throws Exception {
        Member member = member(organization(), newEmail());
        String token = proven(member.getEmailAddress());
        refused(
                discovery.getIntermediateSessions().exchangeCompletable(new ExchangeRequest(token, organization())),
                400,
                "email_jit_provisioning_not_allowed");
        var answer = ok(discovery
                .getIntermediateSessions()
                .exchangeCompletable(new ExchangeRequest(token, member.getOrganizationId())));
        assertThat(answer.getMemberId()).isEqualTo(member.getMemberId());
        assertThat(answer.getMemberSession().getOrganizationId()).isEqualTo(member.getOrganizationId());
    }
}
