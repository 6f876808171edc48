package dev.selvage.signin;

import dev.selvage.db.Database;
import dev.selvage.error.Check;
import dev.selvage.error.MemberErrors;
import dev.selvage.members.Member;
import dev.selvage.members.Members;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import java.util.Optional;
import java.util.function.Function;

/// Who signs in to an organization by an address, signs up with it, or is invited: the first half of every
/// `login_or_signup` and of invites. Somebody new becomes a pending member where the organization lets the
/// address in.
public final class MemberSignUps {

    private final Organizations organizations;
    private final Members members;
    private final Database database;

    public MemberSignUps(Organizations organizations, Members members, Database database) {
        this.organizations = organizations;
        this.members = members;
        this.database = database;
    }

    /// Whose address it is.
    ///
    /// @param known empty for somebody who would become a member
    public record Applicant(Organization organization, Optional<Membership> known) {

        /// Whether the message says how to log in; it says how to sign up to everybody who never came.
        public boolean logsIn() {
            return known.filter(membership -> membership.member().status() == Member.Status.ACTIVE)
                    .isPresent();
        }
    }

    /// A member to whom a message is sent.
    ///
    /// @param created whether the member was made for it
    public record Enrollment(Membership membership, boolean created) {

        /// As [Applicant#logsIn].
        public boolean logsIn() {
            return membership.member().status() == Member.Status.ACTIVE;
        }
    }

    /// Who would sign in or up. Refuses whom the organization does not let in by this method and address;
    /// changes nothing.
    ///
    /// @param email as [dev.selvage.users.Contacts#email] gives it
    /// @throws dev.selvage.error.ApiError those of [Organizations#get],
    ///                  `operation_restricted_by_organization_auth_methods`, and for somebody new those of
    ///                  [Organizations#checkMayJoin]
    public Applicant candidate(Project project, String organizationKey, String email, AuthMethod method) {
        Organization organization = organizations.get(project, organizationKey);
        Optional<Membership> known = members.findByEmail(project, organization, email);
        if (known.isPresent()) {
            Admission.checkAllowed(known.get(), method);
        } else {
            Admission.checkAllowed(organization, method);
            organizations.checkMayJoin(project, organization, email);
        }
        return new Applicant(organization, known);
    }

    /// Finds the member, or makes one, and runs `send` in the same transaction.
    ///
    /// @throws dev.selvage.error.ApiError those of [#candidate], `duplicate_member_email` when the address is
    ///                  taken though nobody signs in by it, and what `send` throws
    public <T> T enter(
            Project project, String organizationKey, String email, AuthMethod method, Function<Enrollment, T> send) {
        return database.transaction(MemberErrors.DUPLICATE_MEMBER_EMAIL, () -> {
            Applicant candidate = candidate(project, organizationKey, email, method);
            Membership membership = candidate.known.orElseGet(() ->
                    members.create(project, candidate.organization, NewMember.withEmail(email, Member.Status.PENDING)));
            return send.apply(new Enrollment(membership, candidate.known.isEmpty()));
        });
    }

    /// Makes an invited member, or invites one who did not come yet ([Members#invite]), and runs `send` in the
    /// same transaction.
    ///
    /// @throws dev.selvage.error.ApiError `duplicate_member_email` also for an active member; those of
    ///                  [Organizations#get], [Organizations#checkMayBeInvited], [Members#create], and what
    ///                  `send` throws
    public <T> T invite(Project project, String organizationKey, NewMember invited, Function<Membership, T> send) {
        return database.transaction(MemberErrors.DUPLICATE_MEMBER_EMAIL, () -> {
            Organization organization = invitable(project, organizationKey, invited.email());
            Membership membership = members.findByEmail(project, organization, invited.email())
                    .map(known -> members.invite(project, known.member().id(), invited))
                    .orElseGet(() -> members.create(project, organization, invited));
            return send.apply(membership);
        });
    }

    /// The organization that would invite an address. Changes nothing.
    ///
    /// @throws dev.selvage.error.ApiError those of [#invite]
    public Organization invitable(Project project, String organizationKey, String email) {
        Organization organization = organizations.get(project, organizationKey);
        Check.that(
                !new Applicant(organization, members.findByEmail(project, organization, email)).logsIn(),
                MemberErrors.DUPLICATE_MEMBER_EMAIL);
        organizations.checkMayBeInvited(project, organization, email);
        return organization;
    }
}
