package dev.selvage.signin;

import dev.selvage.contacts.EmailAddress;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.OrganizationErrors;
import dev.selvage.error.SessionErrors;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.organizations.Organization;
import dev.selvage.organizations.Organizations;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.IntermediateSession;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.SandboxSession;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.Sessions;
import dev.selvage.signin.MemberSignIn.Decision;
import dev.selvage.subjects.SubjectStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Exchanges a session or intermediate session for a session in another organization (`semantics.md` 5.1). A
/// session is not changed; an intermediate session is consumed if its factors are enough.
public final class SessionExchange {

    private final SubjectStore subjects;
    private final Organizations organizations;
    private final Members members;
    private final Sessions<MemberSession> sessions;
    private final MemberSignIn signIn;
    private final Database database;

    public SessionExchange(
            SubjectStore subjects,
            Organizations organizations,
            Members members,
            Sessions<MemberSession> sessions,
            MemberSignIn signIn,
            Database database) {
        this.subjects = subjects;
        this.organizations = organizations;
        this.members = members;
        this.sessions = sessions;
        this.signIn = signIn;
        this.database = database;
    }

    /// Exchanges a session for one in another organization, or in the same again. A member with the address of
    /// the session must exist there.
    ///
    /// @throws ApiError `no_session_arguments`; those of [Organizations#get] and of [#exchange(Project,
    ///         MemberSignInRequest, Function)]; `member_not_found` if the session has a factor that transfers
    public MemberSignInOutcome exchange(Project project, MemberSignInRequest request, String organizationKey) {
        MemberSession source = request.running().orElseThrow(() -> ApiError.of(SessionErrors.NO_SESSION_ARGUMENTS));
        // Its token is public, so it proves nothing.
        Check.that(!SandboxSession.is(source.session()), SessionErrors.INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE);
        Organization organization = organizations.get(project, organizationKey);
        return exchange(project, request, email -> members.findByEmail(project, organization, email)
                .orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND)));
    }

    /// Exchanges the session or intermediate session of the request for a session in the organization of a
    /// member.
    ///
    /// @param target returns the member of an email address in that organization; may create it in this
    ///         transaction
    /// @throws ApiError those of `target`; `insufficient_factors_for_session_exchange` if no factor of the
    ///         session is valid for the member, `invalid_intermediate_session_token_for_organization` if no
    ///         factor of the intermediate session of another member is valid; those of [MemberSignIn#signIn]
    public MemberSignInOutcome exchange(
            Project project, MemberSignInRequest request, Function<EmailAddress, Membership> target) {
        request.requireSession();
        return signIn.finish(project, database.transaction(() -> request.running()
                .map(running -> exchangeSession(project, running, request, target))
                .orElseGet(() -> exchangeIntermediate(project, request, target))));
    }

    private Decision exchangeSession(
            Project project,
            MemberSession session,
            MemberSignInRequest request,
            Function<EmailAddress, Membership> target) {
        MemberSession running = lockSession(project, session);
        Membership membership = lockTarget(
                project,
                running.member().email().address(),
                target,
                running.session().factors(),
                found -> ValidFactors.of(running, found),
                SessionErrors.INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE);
        return signIn.admit(project, membership, Optional.empty(), ValidFactors.of(running, membership), request);
    }

    private Decision exchangeIntermediate(
            Project project, MemberSignInRequest request, Function<EmailAddress, Membership> target) {
        IntermediateSession intermediate =
                signIn.lockIntermediate(project, request).orElseThrow();
        // The address of a member that signed in by a password may be unverified.
        Membership membership = intermediate.memberId().isEmpty()
                ? lockMember(project, target.apply(intermediate.emailAddress()))
                : lockTarget(
                        project,
                        intermediate.emailAddress(),
                        target,
                        intermediate.factors(),
                        found -> ValidFactors.of(intermediate, found),
                        SessionErrors.INVALID_INTERMEDIATE_SESSION_TOKEN_FOR_ORGANIZATION);
        return signIn.admit(project, membership, Optional.of(intermediate), List.of(), request);
    }

    /// Returns the member of an exchange, locked. If no proven factor transfers, the refusal is `insufficient`
    /// whether the member exists or not, so that it does not reveal membership. `organization_not_found` is the
    /// exception: it passes through unchanged, because it depends on the organization alone.
    private Membership lockTarget(
            Project project,
            EmailAddress email,
            Function<EmailAddress, Membership> target,
            List<Factor> proven,
            Function<Membership, List<Factor>> validFactors,
            ErrorType insufficient) {
        Membership found;
        try {
            found = target.apply(email);
        } catch (ApiError refused) {
            boolean transfers = proven.stream().anyMatch(factor -> factor.transfersWith(email.value()));
            throw transfers || refused.type() == OrganizationErrors.ORGANIZATION_NOT_FOUND
                    ? refused
                    : ApiError.of(insufficient);
        }
        Check.that(!validFactors.apply(found).isEmpty(), insufficient);
        Membership locked = lockMember(project, found);
        Check.that(!validFactors.apply(locked).isEmpty(), insufficient);
        return locked;
    }

    /// Locks the subjects of the session and reads it again. A session that a reset has revoked meanwhile must
    /// not continue in another session, and a later reset revokes the new session as well.
    private MemberSession lockSession(Project project, MemberSession session) {
        subjects.lockRow(project.id(), session.member().email().address().value());
        subjects.lockRow(project.id(), session.member().id());
        return sessions.find(project, new SessionArgument.Id(session.session().id()));
    }

    /// Locks the member of an exchange, reads it again and refuses a locked-out member.
    private Membership lockMember(Project project, Membership membership) {
        Membership locked = members.getForUpdate(project, membership.member().id());
        subjects.checkNotLocked(locked.member().failures().lock());
        return locked;
    }
}
