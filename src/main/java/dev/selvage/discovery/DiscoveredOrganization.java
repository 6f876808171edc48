package dev.selvage.discovery;

import dev.selvage.members.Member;
import dev.selvage.members.MemberBody;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationBody;
import dev.selvage.signin.Admission;
import dev.selvage.signin.MemberSignedIn.MfaRequired;
import dev.selvage.signin.MemberSignedIn.PrimaryRequired;
import java.util.Map;

/// The wire's DiscoveredOrganization: an organization that somebody is in or may join, and what is still
/// missing for a session there.
public record DiscoveredOrganization(
        OrganizationBody organization,
        Membership membership,
        boolean memberAuthenticated,
        PrimaryRequired primaryRequired,
        MfaRequired mfaRequired) {

    /// How somebody is related to an organization.
    ///
    /// @param type    `active_member`, `pending_member`, `invited_member`, `eligible_to_join_by_email_domain`
    /// @param details the domain that lets somebody in; null for members
    /// @param member  null for who is none yet
    public record Membership(String type, Map<String, String> details, MemberBody member) {}

    /// One of a member.
    static DiscoveredOrganization of(dev.selvage.members.Membership membership, Admission admission) {
        Member member = membership.member();
        return of(
                membership.organization(),
                new Membership(member.status().wireValue() + "_member", null, MemberBody.of(membership)),
                admission,
                MfaRequired.of(member, false));
    }

    /// One that takes in whoever has an address of the domain.
    static DiscoveredOrganization joinable(Organization organization, String domain, Admission admission) {
        return of(
                organization,
                new Membership("eligible_to_join_by_email_domain", Map.of("domain", domain), null),
                admission,
                new MfaRequired(null, null));
    }

    private static DiscoveredOrganization of(
            Organization organization, Membership membership, Admission admission, MfaRequired mfa) {
        OrganizationBody body = OrganizationBody.of(organization);
        return switch (admission) {
            case Admission.Admitted admitted -> new DiscoveredOrganization(body, membership, true, null, null);
            case Admission.SecondFactorRequired missing ->
                new DiscoveredOrganization(body, membership, false, null, mfa);
            case Admission.OtherPrimaryRequired(var allowed) ->
                new DiscoveredOrganization(body, membership, false, PrimaryRequired.of(allowed), null);
        };
    }
}
