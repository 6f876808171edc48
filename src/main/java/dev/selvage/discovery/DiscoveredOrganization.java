package dev.selvage.discovery;

import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.signin.Admission;

/// An organization of which the owner of an address is a member, or that the owner may join.
///
/// @param admission whether the proven factors are enough for a session there
public record DiscoveredOrganization(Organization organization, Relation relation, Admission admission) {

    /// The relation of an address to an organization.
    public sealed interface Relation {

        /// The owner of the address is a member.
        record Member(Membership membership) implements Relation {}

        /// The owner of the address may join.
        ///
        /// @param domain the email domain that the organization admits
        record Joinable(String domain) implements Relation {}
    }

    static DiscoveredOrganization of(Membership membership, Admission admission) {
        return new DiscoveredOrganization(membership.organization(), new Relation.Member(membership), admission);
    }

    static DiscoveredOrganization joinable(Organization organization, String domain, Admission admission) {
        return new DiscoveredOrganization(organization, new Relation.Joinable(domain), admission);
    }
}
