package dev.selvage.signin;

import dev.selvage.contacts.EmailAddress;
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

/// Finds or creates the member of an email address that signs in, signs up or is invited: the first half of
/// every `login_or_signup` and of invites. A new address becomes a pending member if the organization admits
/// it.
public final class MemberSignUps {

    private final Organizations organizations;
    private final Members members;
    private final Database database;

    public MemberSignUps(Organizations organizations, Members members, Database database) {
        this.organizations = organizations;
        this.members = members;
        this.database = database;
    }

    /// The organization and the member of an email address.
    ///
    /// @param member empty if the address would become a new member
    public record Applicant(Organization organization, Optional<Membership> member) {

        /// Whether the message is about a login. It is about a sign-up as long as the member is not active.
        public boolean isLogin() {
            return member.filter(membership -> membership.member().status() == Member.Status.ACTIVE)
                    .isPresent();
        }
    }

    /// A member who receives a message.
    ///
    /// @param created whether the member was created for it
    public record Enrollment(Membership membership, boolean created) {

        /// As [Applicant#isLogin].
        public boolean isLogin() {
            return membership.member().status() == Member.Status.ACTIVE;
        }
    }

    /// Finds the member that would sign in or sign up. Refuses an address that the organization does not admit
    /// by this method. Changes nothing.
    ///
    /// @throws dev.selvage.error.ApiError those of [Organizations#get],
    ///         `operation_restricted_by_organization_auth_methods`, and for a new address those of
    ///         [Organizations#checkMayJoin]
    public Applicant findApplicant(Project project, String organizationKey, EmailAddress email, AuthMethod method) {
        Organization organization = organizations.get(project, organizationKey);
        Optional<Membership> member = members.findByEmail(project, organization, email);
        if (member.isPresent()) {
            Admission.checkAllowed(member.get(), method);
        } else {
            Admission.checkAllowed(organization, method);
            organizations.checkMayJoin(project, organization, email);
        }
        return new Applicant(organization, member);
    }

    /// Finds or creates the member and runs `send` in the same transaction.
    ///
    /// @throws dev.selvage.error.ApiError those of [#findApplicant] and of `send`; `duplicate_member_email` if
    ///         the address is reserved but no member signs in by it
    public <T> T findOrCreate(
            Project project,
            String organizationKey,
            EmailAddress email,
            AuthMethod method,
            Function<Enrollment, T> send) {
        return database.transaction(MemberErrors.DUPLICATE_MEMBER_EMAIL, () -> {
            Applicant applicant = findApplicant(project, organizationKey, email, method);
            Membership membership = applicant.member.orElseGet(() ->
                    members.create(project, applicant.organization, NewMember.withEmail(email, Member.Status.PENDING)));
            return send.apply(new Enrollment(membership, applicant.member.isEmpty()));
        });
    }

    /// Creates an invited member, or invites an existing one that is not active yet ([Members#invite]), and
    /// runs `send` in the same transaction.
    ///
    /// @throws dev.selvage.error.ApiError `duplicate_member_email`, also for an active member; those of
    ///         [Organizations#get], [Organizations#checkMayBeInvited], [Members#create] and `send`
    public <T> T invite(Project project, String organizationKey, NewMember invited, Function<Membership, T> send) {
        return database.transaction(MemberErrors.DUPLICATE_MEMBER_EMAIL, () -> {
            Organization organization = invitable(project, organizationKey, invited.email());
            Membership membership = members.findByEmail(project, organization, invited.email())
                    .map(member -> members.invite(project, member.member().id(), invited))
                    .orElseGet(() -> members.create(project, organization, invited));
            return send.apply(membership);
        });
    }

    /// Returns the organization if it may invite an address. Changes nothing.
    ///
    /// @throws dev.selvage.error.ApiError those of [#invite]
    public Organization invitable(Project project, String organizationKey, EmailAddress email) {
        Organization organization = organizations.get(project, organizationKey);
        Check.that(
                !new Applicant(organization, members.findByEmail(project, organization, email)).isLogin(),
                MemberErrors.DUPLICATE_MEMBER_EMAIL);
        organizations.checkMayBeInvited(project, organization, email);
        return organization;
    }
}
