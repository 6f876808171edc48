package dev.selvage.login;

import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.ErrorType;
import dev.selvage.organizations.Member;
import dev.selvage.organizations.Members;
import dev.selvage.organizations.Members.NewMember;
import dev.selvage.organizations.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Who signs in to an organization by an address, or signs up with it: the first half of every `login_or_signup`. Somebody
/// new becomes a pending member where the organization lets the address in.
public final class SignUps {

    private final Organizations organizations;
    private final Members members;
    private final Database database;

    public SignUps(Organizations organizations, Members members, Database database) {
        this.organizations = organizations;
        this.members = members;
        this.database = database;
    }

    /// Whose address it is.
    ///
    /// @param known empty for somebody who would become a member
    public record Candidate(Organization organization, Optional<Membership> known) {

        /// Whether the message says how to log in; it says how to sign up to everybody who never came.
        public boolean logsIn() {
            return known.filter(membership -> membership.member().status() == Member.Status.ACTIVE).isPresent();
        }
    }

    /// A member to whom a message is sent.
    ///
    /// @param created whether the member was made for it
    public record Entered(Membership membership, boolean created) {

        /// As [Candidate#logsIn].
        public boolean logsIn() {
            return membership.member().status() == Member.Status.ACTIVE;
        }
    }

    /// Who would sign in or up. Refuses whom the organization does not let in by this method and address; changes nothing.
    ///
    /// @param email as [dev.selvage.users.Contacts#email] gives it
    /// @throws ApiError those of [Organizations#get], `operation_restricted_by_organization_auth_methods`, and for somebody new
    ///                  those of [Organizations#checkMayJoin]
    public Candidate candidate(Project project, String organizationKey, String email, AuthMethod method) {
        Organization organization = organizations.get(project, organizationKey);
        Optional<Membership> known = members.findByEmail(project, organization, email);
        if (known.isPresent()) {
            Admission.checkAllowed(known.get(), method);
        } else {
            Admission.checkAllowed(organization, method);
            organizations.checkMayJoin(project, organization, email);
        }
        return new Candidate(organization, known);
    }

    /// Finds the member, or makes one, and runs `send` in the same transaction.
    ///
    /// @throws ApiError those of [#candidate], `duplicate_member_email` when the address is taken though nobody signs in by it,
    ///                  and what `send` throws
    public <T> T enter(Project project, String organizationKey, String email, AuthMethod method, Function<Entered, T> send) {
        return alone(() -> {
            Candidate candidate = candidate(project, organizationKey, email, method);
            Membership membership = candidate.known.orElseGet(() -> members.create(project, candidate.organization,
                    NewMember.withEmail(email, Member.Status.PENDING)));
            return send.apply(new Entered(membership, candidate.known.isEmpty()));
        });
    }

    /// Runs `work` as one transaction, and a second time when another call took the address while it ran: then the address
    /// is found.
    private <T> T alone(Supplier<T> work) {
        try {
            return database.transaction(work);
        } catch (ApiError refused) {
            if (refused.type() != ErrorType.DUPLICATE_MEMBER_EMAIL) {
                throw refused;
            }
            return database.transaction(work);
        }
    }
}
