package dev.selvage.signin;

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

/// Goes over into an organization by what was proven elsewhere (`semantics.md` 5.1): in a session, which stays
/// as it is, or in an intermediate session, which is consumed when it is enough.
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

    /// From a session to another organization, or to the same once more. The holder must be a member there.
    ///
    /// @throws ApiError `no_session_arguments`, `member_not_found`, those of [Organizations#get] and of
    ///                  [#exchange(Project, MemberSignInRequest, Function)]
    public MemberSignInOutcome exchange(Project project, MemberSignInRequest request, String organizationKey) {
        MemberSession source = request.running().orElseThrow(() -> ApiError.of(SessionErrors.NO_SESSION_ARGUMENTS));
        // Everybody knows its token, so it proves nothing.
        Check.that(!SandboxSession.is(source.session()), SessionErrors.INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE);
        Organization organization = organizations.get(project, organizationKey);
        return exchange(project, request, email -> members.findByEmail(project, organization, email)
                .orElseThrow(() -> ApiError.of(MemberErrors.MEMBER_NOT_FOUND)));
    }

    /// From the session or intermediate session of the request to the organization of a member.
    ///
    /// @param target the member in that organization, made in this transaction if need be, for the address of
    ///         the source
    /// @throws ApiError what `target` refuses, `insufficient_factors_for_session_exchange` when a session has
    ///                  nothing that travels, `invalid_intermediate_session_token_for_organization` when an
    ///                  intermediate session of another member has not, and those of [MemberSignIn#signIn]
    public MemberSignInOutcome exchange(
            Project project, MemberSignInRequest request, Function<String, Membership> target) {
        request.checkNamesSession();
        return signIn.finish(
                        project,
                        database.transaction(() -> new Proven<>(
                                request.running()
                                        .map(running -> ofSession(project, running, request, target))
                                        .orElseGet(() -> ofIntermediate(project, request, target)),
                                null)))
                .outcome();
    }

    private Decision ofSession(
            Project project, MemberSession named, MemberSignInRequest request, Function<String, Membership> target) {
        MemberSession running = stillRunning(project, named);
        Membership membership = reached(
                project,
                running.member().email().address(),
                target,
                running.session().factors(),
                found -> CountingFactors.of(running, found),
                SessionErrors.INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE);
        return signIn.admit(project, membership, Optional.empty(), CountingFactors.of(running, membership), request);
    }

    private Decision ofIntermediate(Project project, MemberSignInRequest request, Function<String, Membership> target) {
        IntermediateSession held = signIn.held(project, request).orElseThrow();
        // The address of a member who signed in by a password may be one that nobody ever proved.
        Membership membership = held.memberId().isEmpty()
                ? unlocked(project, target.apply(held.emailAddress()))
                : reached(
                        project,
                        held.emailAddress(),
                        target,
                        held.factors(),
                        found -> CountingFactors.of(held, found),
                        SessionErrors.INVALID_INTERMEDIATE_SESSION_TOKEN_FOR_ORGANIZATION);
        return signIn.admit(project, membership, Optional.of(held), List.of(), request);
    }

    /// The member to whom an exchange leads. Whoever has proven nothing that counts there is refused alike
    /// whether there is such a member or not, and learns nothing of who is.
    private Membership reached(
            Project project,
            String email,
            Function<String, Membership> target,
            List<Factor> proven,
            Function<Membership, List<Factor>> counting,
            ErrorType insufficient) {
        Membership found;
        try {
            found = target.apply(email);
        } catch (ApiError refused) {
            boolean travels = proven.stream().anyMatch(factor -> factor.travelsWith(email));
            throw travels || refused.type() == OrganizationErrors.ORGANIZATION_NOT_FOUND
                    ? refused
                    : ApiError.of(insufficient);
        }
        Check.that(!counting.apply(found).isEmpty(), insufficient);
        Membership held = unlocked(project, found);
        Check.that(!counting.apply(held).isEmpty(), insufficient);
        return held;
    }

    /// The session of an exchange once more, with its holder held: one that a reset has ended since must not
    /// live on in another, and a reset that comes later ends the other as well.
    private MemberSession stillRunning(Project project, MemberSession named) {
        subjects.hold(project.id(), named.member().email().address());
        subjects.hold(project.id(), named.member().id());
        return sessions.find(project, new SessionArgument.Id(named.session().id()));
    }

    /// The member of an exchange as it is now, held.
    private Membership unlocked(Project project, Membership membership) {
        Membership held = members.held(project, membership.member().id());
        subjects.checkNotLocked(held.member().failures().lock());
        return held;
    }
}
