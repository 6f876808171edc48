package dev.selvage.discovery;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.error.ApiError;
import dev.selvage.error.MemberErrors;
import dev.selvage.members.Member;
import dev.selvage.members.Members;
import dev.selvage.members.Members.NewMember;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.OrganizationChange;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.IntermediateSession;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.Sessions;
import dev.selvage.signin.Admission;
import dev.selvage.signin.MemberSignInOutcome;
import dev.selvage.signin.MemberSignInRequest;
import dev.selvage.signin.SessionExchange;
import dev.selvage.signin.ValidFactors;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Sign-ins that start without an organization (`semantics.md` 5.2). The owner of a proven address gets the
/// list of its organizations, and exchanges the intermediate session for a session in one of them or in a new
/// one.
public final class Discovery {

    /// The most organizations of one list. The contract defines no bound.
    static final int LISTED_MAX = 1_000;

    private final IntermediateSessions intermediates;
    private final SessionExchange exchange;
    private final Sessions<MemberSession> sessions;
    private final Members members;
    private final Organizations organizations;

    public Discovery(
            IntermediateSessions intermediates,
            SessionExchange exchange,
            Sessions<MemberSession> sessions,
            Members members,
            Organizations organizations) {
        this.intermediates = intermediates;
        this.exchange = exchange;
        this.sessions = sessions;
        this.members = members;
        this.organizations = organizations;
    }

    /// Starts an intermediate session without an organization. Joins the current transaction, so that it starts
    /// only if the proof is consumed.
    ///
    /// @param factor       the proof of the address, or its password
    public DiscoveryStarted start(Project project, EmailAddress emailAddress, Factor factor) {
        IntermediateSession intermediate =
                intermediates.start(project, emailAddress, Optional.empty(), List.of(factor));
        return new DiscoveryStarted(intermediate, discover(project, intermediate, Optional.empty()));
    }

    /// The address of proven factors and its organizations.
    ///
    /// @param organizationIdHint the organization in which an intermediate session started; null for others
    public record DiscoveredOrganizations(
            EmailAddress emailAddress,
            List<DiscoveredOrganization> organizations,
            @Nullable String organizationIdHint) {}

    /// Returns the organizations for which an intermediate session can be exchanged. Consumes nothing.
    ///
    /// @throws ApiError `invalid_session_token`, `intermediate_session_not_found`
    public DiscoveredOrganizations find(Project project, String intermediateSessionToken) {
        IntermediateSession intermediate = intermediates.find(project, intermediateSessionToken);
        Optional<Membership> member = intermediate.memberId().flatMap(memberId -> members.find(project, memberId));
        return new DiscoveredOrganizations(
                intermediate.emailAddress(),
                discover(project, intermediate, member),
                member.map(membership -> membership.organization().id()).orElse(null));
    }

    /// Returns the organizations in which the address of a session has a member.
    ///
    /// @throws ApiError `session_not_found`, `unable_to_parse_session_jwt`
    public DiscoveredOrganizations find(Project project, SessionArgument argument) {
        MemberSession running = sessions.find(project, argument);
        EmailAddress email = running.member().email().address();
        boolean proven = provesAddress(email, running.session().factors());
        List<Membership> memberships =
                proven ? members.findAllByEmail(project, email, LISTED_MAX) : List.of(running.membership());
        return new DiscoveredOrganizations(
                email, withAdmission(memberships, membership -> ValidFactors.of(running, membership)), null);
    }

    /// Exchanges an intermediate session for a session in an organization. An address without a member becomes
    /// one if the organization admits its domain.
    ///
    /// @param request has the token of the intermediate session
    /// @throws ApiError those of [SessionExchange#exchange], [Organizations#get] and
    ///         [Organizations#checkMayJoin]
    public MemberSignInOutcome exchange(Project project, String organizationKey, MemberSignInRequest request) {
        Organizations.checkKey(project, organizationKey);
        Function<EmailAddress, Membership> target = email -> findOrCreateMember(project, organizationKey, email);
        try {
            return exchange.exchange(project, request, target);
        } catch (ApiError refused) {
            if (refused.type() != MemberErrors.DUPLICATE_MEMBER_EMAIL) {
                throw refused;
            }
            // A concurrent call may have created the member.
            return exchange.exchange(project, request, target);
        }
    }

    /// Creates an organization, with the owner of an intermediate session as its first member and
    /// administrator.
    ///
    /// @param request has the token of the intermediate session
    /// @throws ApiError those of [SessionExchange#exchange], [Organizations#draft] and
    ///         [Organizations#createFor]; then nothing is created and nothing consumed
    public MemberSignInOutcome create(Project project, OrganizationChange change, MemberSignInRequest request) {
        Organizations.Draft draft = organizations.draft(project, change);
        return exchange.exchange(
                project,
                request,
                email -> members.create(
                        project,
                        organizations.createFor(project, email, draft),
                        new NewMember(
                                email,
                                Member.Status.PENDING,
                                null,
                                null,
                                null,
                                null,
                                List.of(Member.ADMIN_ROLE),
                                null,
                                null,
                                null)));
    }

    /// Returns the member of an address, or creates it as pending. [dev.selvage.signin.MemberSignIn] activates
    /// it if the address is proven.
    private Membership findOrCreateMember(Project project, String organizationKey, EmailAddress email) {
        Organization organization = organizations.get(project, organizationKey);
        return members.findByEmail(project, organization, email).orElseGet(() -> {
            organizations.checkMayJoin(project, organization, email);
            return members.create(project, organization, NewMember.withEmail(email, Member.Status.PENDING));
        });
    }

    /// Returns the memberships first, the oldest first, then the organizations that can be joined.
    ///
    /// @param member the member for whom the factors were proven; empty in a discovery flow, and if the member
    ///         is deleted
    private List<DiscoveredOrganization> discover(
            Project project, IntermediateSession intermediate, Optional<Membership> member) {
        EmailAddress email = intermediate.emailAddress();
        boolean proven = provesAddress(email, intermediate.factors());
        List<DiscoveredOrganization> memberships = withAdmission(
                proven
                        ? members.findAllByEmail(project, email, LISTED_MAX)
                        : member.stream().toList(),
                membership -> ValidFactors.of(intermediate, membership));
        if (!proven) {
            return memberships;
        }
        List<Factor> factors = ValidFactors.ofNewcomer(intermediate);
        String domain = email.domain();
        Stream<DiscoveredOrganization> joinable =
                organizations.joinable(project, email, LISTED_MAX - memberships.size()).stream()
                        .map(organization -> DiscoveredOrganization.joinable(
                                organization, domain, Admission.ofNewcomer(organization, factors)));
        return Stream.concat(memberships.stream(), joinable).toList();
    }

    /// Whether these factors prove the ownership of the address. That the member's address is verified is no
    /// proof, because another person may have verified it.
    private static boolean provesAddress(EmailAddress email, List<Factor> factors) {
        return factors.stream().anyMatch(factor -> factor.transfersWith(email.value()));
    }

    private static List<DiscoveredOrganization> withAdmission(
            List<Membership> memberships, Function<Membership, List<Factor>> validFactors) {
        return memberships.stream()
                .map(membership ->
                        DiscoveredOrganization.of(membership, Admission.of(membership, validFactors.apply(membership))))
                .toList();
    }
}
