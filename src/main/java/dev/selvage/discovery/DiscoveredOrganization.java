package dev.selvage.discovery;

import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.signin.Admission;

/// An organization that somebody is in or may join.
///
/// @param admission whether what was proven is enough for a session there
public record DiscoveredOrganization(Organization organization, Relation relation, Admission admission) {

    /// How somebody is related to an organization.
    public sealed interface Relation {

        /// A member of it.
        record Member(Membership membership) implements Relation {}

        /// May join because of the address.
        ///
        /// @param domain the domain that lets them in
        record Joinable(String domain) implements Relation {}
    }

    static DiscoveredOrganization of(Membership membership, Admission admission) {
        return new DiscoveredOrganization(membership.organization(), new Relation.Member(membership), admission);
    }

    static DiscoveredOrganization joinable(Organization organization, String domain, Admission admission) {
        return new DiscoveredOrganization(organization, new Relation.Joinable(domain), admission);
    }
}
