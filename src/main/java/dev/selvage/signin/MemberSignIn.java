package dev.selvage.signin;

import dev.selvage.accounts.MemberAddresses;
import dev.selvage.accounts.PriorAccess;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.members.Member;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.IntermediateSession;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.Subject;
import dev.selvage.subjects.SubjectStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The last step of every sign-in of a B2B project. It turns proofs into a session, or into an intermediate
/// session if [Admission] requires more. No authentication method does this itself. Second factors come from
/// [SecondFactors], factors of other sessions from [SessionExchange].
///
/// The proof runs in one transaction with all its consequences. It may run more than once and must have no
/// effect outside of the store.
public final class MemberSignIn {

    private final SubjectStore subjects;
    private final Members members;
    private final MemberAddresses addresses;
    private final Sessions<MemberSession> sessions;
    private final IntermediateSessions intermediates;
    private final MemberPhoneCodes phoneCodes;
    private final Database database;

    public MemberSignIn(
            SubjectStore subjects,
            Members members,
            MemberAddresses addresses,
            Sessions<MemberSession> sessions,
            IntermediateSessions intermediates,
            MemberPhoneCodes phoneCodes,
            Database database) {
        this.subjects = subjects;
        this.members = members;
        this.addresses = addresses;
        this.sessions = sessions;
        this.intermediates = intermediates;
        this.phoneCodes = phoneCodes;
        this.database = database;
    }

    /// Signs in by a primary factor, or by the token of an external service.
    ///
    /// If the request has a session of the member, the factor is added to it. If the request has an
    /// intermediate session, the factor is added to that; if this is enough the intermediate session is
    /// consumed, otherwise its token is returned again.
    ///
    /// @throws ApiError those of `prove`; `session_not_found` if the session was revoked meanwhile,
    ///         `intermediate_session_not_found`, `user_lock_limit_reached`, `custom_claims_too_large`
    public <R> Proven<MemberSignInOutcome, R> signIn(
            Project project, MemberSignInRequest request, Supplier<Proof<R>> prove) {
        return signIn(project, request, prove, (membership, intermediate, factor) -> {
            Optional<Session> ownSession = ownSession(request, membership);
            return ownSession.isPresent()
                    ? addFactor(project, membership, ownSession.get(), factor, request)
                    : admit(project, membership, intermediate, List.of(factor), request);
        });
    }

    /// As [#signIn], for a proof that revokes the member's sessions. The session of the request is revoked too.
    /// Its factors are copied into the new one, so that no second factor is required again (SDK comments).
    public <R> Proven<MemberSignInOutcome, R> signInAndRevokeOthers(
            Project project, MemberSignInRequest request, Supplier<Proof<R>> prove) {
        return signIn(project, request, prove, (membership, intermediate, factor) -> {
            List<Factor> before =
                    ownSession(request, membership).map(Session::factors).orElse(List.of());
            return admit(project, membership, intermediate, Factor.merge(before, List.of(factor)), request);
        });
    }

    /// The consequence of a proof.
    private interface Step {
        Decision decide(Membership membership, Optional<IntermediateSession> intermediate, Factor factor);
    }

    private <R> Proven<MemberSignInOutcome, R> signIn(
            Project project, MemberSignInRequest request, Supplier<Proof<R>> prove, Step step) {
        Proven<Decision, R> decided = database.transaction(() -> {
            Optional<IntermediateSession> intermediate = lockIntermediate(project, request);
            Proof<R> proof = prove.get();
            Membership membership = members.getForUpdate(project, proof.subjectId());
            subjects.checkNotLocked(membership.member().failures().lock());
            return new Proven<>(step.decide(membership, intermediate, proof.factor()), proof.detail());
        });
        return new Proven<>(finish(project, decided.outcome()), decided.detail());
    }

    /// The session of the request; empty if it belongs to another member (`semantics.md` 3.2).
    private static Optional<Session> ownSession(MemberSignInRequest request, Membership membership) {
        return request.running().map(MemberSession::session).filter(session -> session.subject()
                .id()
                .equals(membership.member().id()));
    }

    /// The intermediate session of the request, locked by the current transaction.
    ///
    /// @throws ApiError `invalid_session_token`, `intermediate_session_not_found`
    Optional<IntermediateSession> lockIntermediate(Project project, MemberSignInRequest request) {
        return request.intermediateToken().map(token -> intermediates.findForUpdate(project, token));
    }

    /// The decision of a transaction. Tokens are issued after it.
    sealed interface Decision {

        record Complete(Membership membership, Session session) implements Decision {}

        /// A wrong guess. It is thrown after its count is durable.
        record Refused(ApiError refusal) implements Decision {}

        record Incomplete(MemberSignInOutcome.Incomplete outcome) implements Decision {}
    }

    /// Starts a session if the factors are enough, else stores them in an intermediate session.
    ///
    /// @param intermediate the intermediate session of the request
    /// @param proven       the factors that the call has proven
    Decision admit(
            Project project,
            Membership member,
            Optional<IntermediateSession> intermediate,
            List<Factor> proven,
            MemberSignInRequest request) {
        List<Factor> factors = Factor.merge(
                intermediate
                        .map(collected -> ValidFactors.of(collected, member))
                        .orElse(List.of()),
                proven);
        Membership membership = activated(project, member, intermediate, factors);
        return switch (Admission.of(membership, factors)) {
            case Admission.Admitted admitted -> {
                intermediate.ifPresent(consumed -> intermediates.consume(project, consumed));
                Subject subject = new Subject.Member(
                        membership.member().id(), membership.organization().id());
                yield admitted(
                        project,
                        membership,
                        sessions.start(
                                project,
                                subject,
                                factors,
                                request.newSessionMinutes(project),
                                request.attributes(),
                                request.claims()));
            }
            case Admission.SecondFactorRequired missing ->
                new Decision.Incomplete(new MemberSignInOutcome.SecondFactorRequired(
                        membership,
                        collect(project, membership, intermediate, factors, proven),
                        phoneCodes.sendIfPreferred(project, membership, request.language())));
            case Admission.OtherPrimaryRequired(List<AuthMethod> allowed) ->
                new Decision.Incomplete(new MemberSignInOutcome.OtherPrimaryRequired(
                        membership, collect(project, membership, intermediate, factors, proven), allowed));
        };
    }

    /// Adds a factor to the member's session.
    ///
    /// @throws ApiError `session_not_found` if it was revoked meanwhile; `custom_claims_too_large`
    Decision addFactor(
            Project project, Membership membership, Session running, Factor factor, MemberSignInRequest request) {
        return admitted(
                project,
                membership,
                sessions.addFactors(project, running, List.of(factor), request.minutes(), request.claims()));
    }

    /// Activates a pending or invited member if a factor proves the member's address.
    private Membership activated(
            Project project, Membership membership, Optional<IntermediateSession> intermediate, List<Factor> factors) {
        Member member = membership.member();
        boolean active =
                member.status() == Member.Status.ACTIVE && member.email().verified();
        return active
                        || factors.stream()
                                .noneMatch(factor -> factor.provesEmail(
                                        member.email().address().value()))
                ? membership
                : addresses.prove(
                        project,
                        member.id(),
                        PriorAccess.KeptSessions.intermediate(intermediate.map(IntermediateSession::token)));
    }

    /// Only a complete sign-in resets the failure count. A first factor alone would otherwise reset it between
    /// two guesses at the second factor, also in a session from before the second factor was required.
    private Decision admitted(Project project, Membership membership, Session session) {
        boolean complete = !Admission.requiresSecondFactor(membership)
                || session.factors().stream().anyMatch(Factor::secondary);
        return new Decision.Complete(
                complete ? members.signedIn(project, membership) : members.activate(project, membership), session);
    }

    /// Stores the factors until more are proven. An intermediate session without new factors is not changed, so
    /// that it can still be used for another organization.
    private IntermediateSession collect(
            Project project,
            Membership membership,
            Optional<IntermediateSession> intermediate,
            List<Factor> factors,
            List<Factor> proven) {
        if (intermediate.isEmpty()) {
            return intermediates.start(
                    project,
                    membership.member().email().address(),
                    Optional.of(membership.member().id()),
                    factors);
        }
        return proven.isEmpty()
                ? intermediate.get()
                : intermediates.collect(project, intermediate.get(), membership.member(), factors);
    }

    /// Issues the tokens of a session, or throws the refusal of a wrong guess.
    MemberSignInOutcome finish(Project project, Decision decision) {
        return switch (decision) {
            case Decision.Refused(ApiError refusal) -> throw refusal;
            case Decision.Complete(Membership membership, Session session) ->
                new MemberSignInOutcome.Complete(sessions.issue(project, new MemberSession(session, membership)));
            case Decision.Incomplete(MemberSignInOutcome.Incomplete incomplete) -> incomplete;
        };
    }
}
