package dev.selvage.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.organizations.Member;
import dev.selvage.organizations.Members.NewMember;
import dev.selvage.organizations.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.support.MemberWireTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a proof of an address leads to, as [Discovery#begin] tells it.
class DiscoveryTest extends MemberWireTest {

    private static final String ANN = "ann@example.com";
    private static final String OPEN = "'email_jit_provisioning':'RESTRICTED','email_allowed_domains':['example.com'],'email_invites':'ALL_ALLOWED'";

    @Test
    void membershipsOfEveryKindAreListedTheOldestFirst() {
        String first = organization("");
        String second = organization("");
        String third = organization("");
        Membership active = member(first, ANN);
        app.clock().advance(Duration.ofSeconds(1));
        Membership pending = member(second, ANN, Member.Status.PENDING);
        app.clock().advance(Duration.ofSeconds(1));
        Membership invited = member(third, ANN, Member.Status.INVITED);
        List<DiscoveredOrganization> found = begin(ANN);
        assertThat(found).extracting(one -> one.membership().type())
                .containsExactly("active_member", "pending_member", "invited_member");
        assertThat(found).extracting(one -> one.membership().member().memberId())
                .containsExactly(active.member().id(), pending.member().id(), invited.member().id());
        assertThat(found).extracting(one -> one.organization().organizationId()).containsExactly(first, second, third);
        assertThat(found).allMatch(DiscoveredOrganization::memberAuthenticated);
        assertThat(found).allMatch(one -> one.membership().details() == null);
    }

    @Test
    void anOrganizationThatTakesInTheDomainIsListedWithIt() {
        String open = organization(OPEN);
        member(open, "bob@example.com");
        List<DiscoveredOrganization> found = begin(ANN);
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().organization().organizationId()).isEqualTo(open);
        assertThat(found.getFirst().membership())
                .isEqualTo(new DiscoveredOrganization.Membership("eligible_to_join_by_email_domain", Map.of("domain", "example.com"), null));
        assertThat(found.getFirst().memberAuthenticated()).isTrue();
    }

    @Test
    void anOrganizationIsNotListedBeforeSomebodyOfTheDomainIsVerifiedInIt() {
        String open = organization(OPEN);
        member(open, "eve@elsewhere.example");
        assertThat(begin(ANN)).isEmpty();
        Membership bob = member(open, "bob@example.com", Member.Status.PENDING);
        assertThat(begin(ANN)).isEmpty();
        app.app().members().provenEmail(client.project(), bob.member().id());
        assertThat(begin(ANN)).hasSize(1);
    }

    private Membership member(String organizationId, String email, Member.Status status) {
        return app.app().members().create(client.project(),
                app.app().organizations().get(client.project(), organizationId), NewMember.withEmail(email, status));
    }

    private List<DiscoveredOrganization> begin(String email) {
        return app.app().discovery().begin(client.project(), email,
                Factor.emailMagicLink("email-test-00000000-0000-4000-8000-000000000000", email, app.clock().millis()))
                .discoveredOrganizations();
    }
}
