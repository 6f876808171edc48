package dev.selvage.discovery;

import dev.selvage.base.Times;
import dev.selvage.login.Admission;
import dev.selvage.login.IntermediateSession;
import dev.selvage.login.IntermediateSessions;
import dev.selvage.login.MemberLogin;
import dev.selvage.organizations.Members;
import dev.selvage.organizations.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import java.util.List;
import java.util.stream.Stream;

/// Sign-ins that begin without an organization: who proves an address finds the organizations that it belongs to, and goes
/// over into one of them (`semantics.md` 5.2).
public final class Discovery {

    /// The most organizations of one list; more than anyone can choose from. The contract names no bound.
    static final int LISTED_MAX = 1_000;

    private final IntermediateSessions intermediates;
    private final Members members;
    private final Organizations organizations;

    public Discovery(IntermediateSessions intermediates, Members members, Organizations organizations) {
        this.intermediates = intermediates;
        this.members = members;
        this.organizations = organizations;
    }

    /// Begins an intermediate session in no organization. Joins the transaction that is under way, so that it begins only if
    /// the proof is used up.
    ///
    /// @param emailAddress whose holder signs in, as [dev.selvage.users.Contacts#email] gives it
    /// @param factor       what was proven: that mail at this address is read, or its password
    public DiscoveryStarted begin(Project project, String emailAddress, Factor factor) {
        IntermediateSession begun = intermediates.start(project, emailAddress, "", List.of(factor));
        return new DiscoveryStarted(begun.token(), Times.rfc3339(begun.expiresAt()), emailAddress, open(project, begun));
    }

    /// The organizations that the holder of an intermediate session is in or may join: memberships first, the oldest first.
    private List<DiscoveredOrganization> open(Project project, IntermediateSession collected) {
        String email = collected.emailAddress();
        List<DiscoveredOrganization> memberships = members.allWithEmail(project, email, LISTED_MAX).stream()
                .map(membership -> of(membership, MemberLogin.counting(collected, membership)))
                .toList();
        Stream<DiscoveredOrganization> joinable = organizations.joinable(project, email, LISTED_MAX - memberships.size()).stream()
                .map(organization -> joinable(organization, email, MemberLogin.countingForNewcomer(collected)));
        return Stream.concat(memberships.stream(), joinable).toList();
    }

    private static DiscoveredOrganization of(Membership membership, List<Factor> factors) {
        return DiscoveredOrganization.of(membership, Admission.of(membership, factors));
    }

    private static DiscoveredOrganization joinable(Organization organization, String email, List<Factor> factors) {
        return DiscoveredOrganization.joinable(organization, email.substring(email.lastIndexOf('@') + 1),
                Admission.ofNewcomer(organization, factors));
    }
}
