package dev.selvage.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.selvage.backend.b2b.DiscoveredOrganizationBody;
import dev.selvage.backend.b2b.DiscoveryResponse;
import dev.selvage.members.Member;
import dev.selvage.members.Membership;
import dev.selvage.sessions.Factor;
import dev.selvage.support.Client;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a proof of an address leads to, as [Discovery] returns it.
class DiscoveryTest extends DiscoveryWireTest {

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
        List<DiscoveredOrganizationBody> found = found(ANN);
        assertThat(found)
                .extracting(one -> one.membership().type())
                .containsExactly("active_member", "pending_member", "invited_member");
        assertThat(found)
                .extracting(one -> one.membership().member().memberId())
                .containsExactly(
                        active.member().id(),
                        pending.member().id(),
                        invited.member().id());
        assertThat(found).extracting(one -> one.organization().organizationId()).containsExactly(first, second, third);
        assertThat(found).allMatch(DiscoveredOrganizationBody::memberAuthenticated);
        assertThat(found).allMatch(one -> one.membership().details() == null);
    }

    @Test
    void anOrganizationThatTakesInTheDomainIsListedBehindTheMemberships() {
        String open = organization(OPEN);
        member(open, "bob@example.com");
        String own = organization("");
        member(own, ANN);
        List<DiscoveredOrganizationBody> found = found(ANN);
        assertThat(found).extracting(one -> one.organization().organizationId()).containsExactly(own, open);
        assertThat(found.getLast().membership())
                .isEqualTo(new DiscoveredOrganizationBody.MembershipBody(
                        "eligible_to_join_by_email_domain", Map.of("domain", "example.com"), null));
        assertThat(found.getLast().memberAuthenticated()).isTrue();
    }

    @Test
    void anOrganizationIsNotListedBeforeSomebodyOfTheDomainIsVerifiedInIt() {
        String open = organization(OPEN);
        member(open, "eve@elsewhere.example");
        member(open, "eve@sub.example.com");
        assertThat(found(ANN)).isEmpty();
        Membership bob = member(open, "bob@example.com", Member.Status.PENDING);
        assertThat(found(ANN)).isEmpty();
        app.app().members().verifyEmail(client.project(), bob.member().id());
        assertThat(found(ANN)).hasSize(1);
    }

    @Test
    void anOrganizationIsListedOnlyWhileItLetsTheDomainIn() {
        String open = organization(OPEN);
        member(open, "bob@example.com");
        assertThat(found(ANN)).hasSize(1);
        change(open, "'email_jit_provisioning':'NOT_ALLOWED'");
        assertThat(found(ANN)).isEmpty();
        change(open, "'email_jit_provisioning':'RESTRICTED'");
        assertThat(found(ANN)).hasSize(1);
        change(open, "'email_allowed_domains':['elsewhere.example']");
        assertThat(found(ANN)).isEmpty();
    }

    @Test
    void aDomainThatIsClaimedLeadsOnlyToTheOrganizationThatClaimsIt() {
        String open = organization(OPEN);
        member(open, "bob@example.com");
        String claiming = organization(OPEN);
        member(claiming, "bob@example.com");
        String own = organization("");
        member(own, ANN);
        change(claiming, "'claimed_email_domains':['example.com']");
        assertThat(found(ANN))
                .extracting(one -> one.organization().organizationId())
                .containsExactly(own, claiming);
    }

    @Test
    void anAddressThatIsTakenInAnOrganizationDoesNotLeadToIt() {
        String open = organization(OPEN);
        member(open, "bob@example.com");
        Membership ann = member(open, ANN);
        assertThat(found(ANN)).extracting(one -> one.membership().type()).containsExactly("active_member");
        state(ann, "RETIRED");
        assertThat(found(ANN)).isEmpty();
        state(ann, "WAITING");
        assertThat(found(ANN)).isEmpty();
        app.clock().advance(Duration.ofMinutes(6));
        assertThat(found(ANN))
                .extracting(one -> one.membership().type())
                .containsExactly("eligible_to_join_by_email_domain");
    }

    @Test
    void addressesOfOthersAndOtherProjectsLeadNowhere() {
        member(organization(""), "bob@example.com");
        assertThat(found(ANN)).isEmpty();
        String open = organization(OPEN);
        member(open, "bob@example.com");
        member(organization(""), ANN);
        assertThat(found(ANN)).hasSize(2);
        Client before = client;
        client = app.b2b();
        assertThat(found(ANN)).isEmpty();
        client = before;
        assertThat(found("ann@sub.example.com")).isEmpty();
        assertThat(found("ann@xexample.com")).isEmpty();
    }

    @Test
    void whatIsMissingIsToldForEachOrganization() {
        String password = organization(
                "'auth_methods':'RESTRICTED','allowed_auth_methods':['password'],'email_invites':'ALL_ALLOWED'");
        member(password, ANN);
        app.clock().advance(Duration.ofSeconds(1));
        String strict = organization("'mfa_policy':'REQUIRED_FOR_ALL'");
        member(strict, ANN);
        String strictOpen = organization("'mfa_policy':'REQUIRED_FOR_ALL'," + OPEN);
        member(strictOpen, "bob@example.com");
        List<DiscoveredOrganizationBody> found = found(ANN);
        assertThat(found).noneMatch(DiscoveredOrganizationBody::memberAuthenticated);
        assertThat(found.get(0).primaryRequired().allowedAuthMethods()).containsExactly("password");
        assertThat(found.get(0).mfaRequired()).isNull();
        assertThat(found.get(1).primaryRequired()).isNull();
        assertThat(found.get(1).mfaRequired().memberOptions()).isNull();
        assertThat(found.get(2).mfaRequired().secondaryAuthInitiated()).isNull();
    }

    @Test
    void aPasswordOfTheAddressCountsWhereItsHolderIsAMemberAndNotToJoin() {
        member(organization(""), ANN);
        app.clock().advance(Duration.ofSeconds(1));
        member(organization(""), ANN, Member.Status.INVITED);
        member(organization(OPEN), "bob@example.com");
        havePassword(ANN);
        List<DiscoveredOrganizationBody> found =
                begin(ANN, Factor.passwordOf(ANN, 1)).discoveredOrganizations();
        assertThat(found)
                .extracting(DiscoveredOrganizationBody::memberAuthenticated)
                .containsExactly(true, false, false);
        assertThat(found.get(1).primaryRequired().allowedAuthMethods())
                .contains("magic_link", "email_otp")
                .doesNotContain("password");
        assertThat(found.get(2).primaryRequired().allowedAuthMethods())
                .contains("magic_link", "email_otp")
                .doesNotContain("password");
    }

    @Test
    void theIntermediateSessionEndsTenMinutesAfterTheProof() {
        DiscoveryResponse begun = begin(ANN, link(ANN));
        assertThat(java.time.Instant.parse(begun.intermediateSessionTokenExpiresAt())
                                .toEpochMilli()
                        / 1000)
                .isEqualTo((app.clock().millis() + Duration.ofMinutes(10).toMillis()) / 1000);
        assertThat(begun.emailAddress()).isEqualTo(ANN);
        assertThat(begun.toString()).doesNotContain(begun.intermediateSessionToken());
    }

    private List<DiscoveredOrganizationBody> found(String email) {
        return begin(email, link(email)).discoveredOrganizations();
    }

    private void change(String organizationId, String members) {
        client.put("/v1/b2b/organizations/" + organizationId, "{" + members + "}")
                .ok();
    }

    /// As a change of the member's address leaves the old or the new one for five minutes.
    private void state(Membership membership, String state) {
        app.app()
                .database()
                .write("""
                        UPDATE member_emails SET state = :state, expires_at = :expiresAt
                        WHERE project_id = :projectId AND member_id = :memberId""")
                .bind("state", state)
                .bind("expiresAt", app.clock().millis() + Duration.ofMinutes(5).toMillis())
                .bind("projectId", client.projectId())
                .bind("memberId", membership.member().id())
                .update();
    }
}
