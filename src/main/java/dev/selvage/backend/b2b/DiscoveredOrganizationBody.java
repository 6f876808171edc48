package dev.selvage.backend.b2b;

import dev.selvage.backend.b2b.SignInResponse.MfaRequired;
import dev.selvage.backend.b2b.SignInResponse.PrimaryRequired;
import dev.selvage.discovery.DiscoveredOrganization;
import dev.selvage.discovery.DiscoveredOrganization.Relation;
import dev.selvage.signin.Admission;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The DiscoveredOrganization object: an organization that the caller belongs to or may join, and what is
/// missing for a session there.
public record DiscoveredOrganizationBody(
        OrganizationBody organization,
        MembershipBody membership,
        boolean memberAuthenticated,
        @Nullable PrimaryRequired primaryRequired,
        @Nullable MfaRequired mfaRequired) {

    /// The relation between a person and an organization.
    ///
    /// @param type    `active_member`, `pending_member`, `invited_member`, `eligible_to_join_by_email_domain`
    /// @param details the email domain that permits joining; null for members
    /// @param member  null for a person who is not a member yet
    public record MembershipBody(
            String type,
            @Nullable Map<String, String> details,
            @Nullable MemberBody member) {

        static MembershipBody of(Relation relation) {
            return switch (relation) {
                case Relation.Member(var membership) ->
                    new MembershipBody(
                            membership.member().status().wireValue() + "_member", null, MemberBody.of(membership));
                case Relation.Joinable(String domain) ->
                    new MembershipBody("eligible_to_join_by_email_domain", Map.of("domain", domain), null);
            };
        }
    }

    static List<DiscoveredOrganizationBody> all(List<DiscoveredOrganization> found) {
        return found.stream().map(DiscoveredOrganizationBody::of).toList();
    }

    private static DiscoveredOrganizationBody of(DiscoveredOrganization found) {
        OrganizationBody organization = OrganizationBody.of(found.organization());
        MembershipBody membership = MembershipBody.of(found.relation());
        return switch (found.admission()) {
            case Admission.Admitted admitted ->
                new DiscoveredOrganizationBody(organization, membership, true, null, null);
            case Admission.SecondFactorRequired missing ->
                new DiscoveredOrganizationBody(organization, membership, false, null, secondFactor(found.relation()));
            case Admission.OtherPrimaryRequired(var allowed) ->
                new DiscoveredOrganizationBody(organization, membership, false, PrimaryRequired.of(allowed), null);
        };
    }

    private static MfaRequired secondFactor(Relation relation) {
        return relation instanceof Relation.Member(var membership)
                ? MfaRequired.of(membership.member(), false)
                : new MfaRequired(null, null);
    }
}
