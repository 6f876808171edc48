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

/// The last step of every sign-in of a B2B project: from proofs to a session, or to an intermediate session
/// when [Admission] says that something is missing. No way to sign in does any of this itself. A second factor
/// comes by [SecondFactors], and what was proven elsewhere by [SessionExchange].
///
/// The proof runs in one transaction with all that follows from it. It may run more than once and must have no
/// effect outside the store.
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

    /// Signs in by a primary factor, or by what another service vouches for.
    ///
    /// A session of the member goes on and gains the factor. An intermediate session gains it too; when that is
    /// enough it is consumed, otherwise its token comes back.
    ///
    /// @throws ApiError what `prove` refuses, and `session_not_found` when the session ended meanwhile,
    ///                  `intermediate_session_not_found`, `user_lock_limit_reached`, `custom_claims_too_large`
    public <R> Proven<MemberSignInOutcome, R> signIn(
            Project project, MemberSignInRequest request, Supplier<Proof<R>> prove) {
        return signIn(project, request, prove, (membership, held, factor) -> {
            Optional<Session> own = own(request, membership);
            return own.isPresent()
                    ? continued(project, membership, own.get(), factor, request)
                    : admit(project, membership, held, List.of(factor), request);
        });
    }

    /// As [#signIn], by a proof that ends the member's sessions. The session that the call names ends as well;
    /// what was proven in it goes over into the new one, so that a second factor is not asked for again (SDK
    /// comments).
    public <R> Proven<MemberSignInOutcome, R> signInAndEndOthers(
            Project project, MemberSignInRequest request, Supplier<Proof<R>> prove) {
        return signIn(project, request, prove, (membership, held, factor) -> {
            List<Factor> before = own(request, membership).map(Session::factors).orElse(List.of());
            return admit(project, membership, held, Factor.merge(before, List.of(factor)), request);
        });
    }

    /// What follows from a proof.
    private interface Step {
        Decision decide(Membership membership, Optional<IntermediateSession> held, Factor factor);
    }

    private <R> Proven<MemberSignInOutcome, R> signIn(
            Project project, MemberSignInRequest request, Supplier<Proof<R>> prove, Step step) {
        return finish(project, database.transaction(() -> {
            Optional<IntermediateSession> held = held(project, request);
            Proof<R> proof = prove.get();
            Membership membership = members.held(project, proof.subjectId());
            subjects.checkNotLocked(membership.member().failures().lock());
            return new Proven<>(step.decide(membership, held, proof.factor()), proof.detail());
        }));
    }

    /// The session of the call. Another member's is ignored (semantics.md 3.2).
    private static Optional<Session> own(MemberSignInRequest request, Membership membership) {
        return request.running().map(MemberSession::session).filter(session -> session.subject()
                .id()
                .equals(membership.member().id()));
    }

    /// The intermediate session of the call, held by the transaction under way.
    ///
    /// @throws ApiError `invalid_session_token`, `intermediate_session_not_found`
    Optional<IntermediateSession> held(Project project, MemberSignInRequest request) {
        return request.intermediateToken().map(token -> intermediates.findForUpdate(project, token));
    }

    /// What a transaction decided; the tokens are made after it.
    sealed interface Decision {

        record Complete(Membership membership, Session session) implements Decision {}

        /// By a wrong guess, which is counted: thrown once that is durable.
        record Refused(ApiError refusal) implements Decision {}

        record Incomplete(MemberSignInOutcome.Incomplete outcome) implements Decision {}
    }

    /// Starts a session when the factors are enough, else keeps them in an intermediate session.
    ///
    /// @param held   the intermediate session of the call
    /// @param proven by the call
    Decision admit(
            Project project,
            Membership member,
            Optional<IntermediateSession> held,
            List<Factor> proven,
            MemberSignInRequest request) {
        List<Factor> factors = Factor.merge(
                held.map(collected -> CountingFactors.of(collected, member)).orElse(List.of()), proven);
        Membership membership = settled(project, member, held, factors);
        return switch (Admission.of(membership, factors)) {
            case Admission.Admitted admitted -> {
                held.ifPresent(consumed -> intermediates.consume(project, consumed));
                Subject subject = new Subject.Member(
                        membership.member().id(), membership.organization().id());
                yield admitted(
                        project,
                        membership,
                        sessions.start(
                                project,
                                subject,
                                factors,
                                request.minutesOfNew(project),
                                request.attributes(),
                                request.claims()));
            }
            case Admission.SecondFactorRequired missing ->
                new Decision.Incomplete(new MemberSignInOutcome.SecondFactorRequired(
                        membership,
                        collect(project, membership, held, factors, proven),
                        phoneCodes.sendIfUsual(project, membership, request.language())));
            case Admission.OtherPrimaryRequired(List<AuthMethod> allowed) ->
                new Decision.Incomplete(new MemberSignInOutcome.OtherPrimaryRequired(
                        membership, collect(project, membership, held, factors, proven), allowed));
        };
    }

    /// Adds a factor to the member's session.
    ///
    /// @throws ApiError `session_not_found` when it ended meanwhile, `custom_claims_too_large`
    Decision continued(
            Project project, Membership membership, Session running, Factor factor, MemberSignInRequest request) {
        return admitted(
                project,
                membership,
                sessions.addFactors(project, running, List.of(factor), request.minutes(), request.claims()));
    }

    /// A proof of the address makes a pending or invited member active, here as in the organization itself.
    private Membership settled(
            Project project, Membership membership, Optional<IntermediateSession> held, List<Factor> factors) {
        Member member = membership.member();
        boolean settled =
                member.status() == Member.Status.ACTIVE && member.email().verified();
        return settled
                        || factors.stream()
                                .noneMatch(factor ->
                                        factor.provesEmail(member.email().address()))
                ? membership
                : addresses.prove(
                        project,
                        member.id(),
                        new PriorAccess.Kept(
                                "", held.map(IntermediateSession::token).orElse("")));
    }

    /// Only a complete sign-in forgets failures: with the first factor alone, also in a session from before a
    /// second one was due, they would be forgotten between two guesses at the second.
    private Decision admitted(Project project, Membership membership, Session session) {
        boolean complete = !Admission.secondFactorDue(membership)
                || session.factors().stream().anyMatch(Factor::secondary);
        return new Decision.Complete(
                complete ? members.signedIn(project, membership) : members.active(project, membership), session);
    }

    /// What is kept until more is proven. An intermediate session to which nothing was added stays as it is, so
    /// that its holder can still turn to another organization.
    private IntermediateSession collect(
            Project project,
            Membership membership,
            Optional<IntermediateSession> held,
            List<Factor> factors,
            List<Factor> proven) {
        if (held.isEmpty()) {
            return intermediates.start(
                    project,
                    membership.member().email().address(),
                    membership.member().id(),
                    factors);
        }
        return proven.isEmpty() ? held.get() : intermediates.collect(project, held.get(), membership.member(), factors);
    }

    /// Makes the tokens of a session, or throws the refusal of a guess.
    <R> Proven<MemberSignInOutcome, R> finish(Project project, Proven<Decision, R> decided) {
        MemberSignInOutcome outcome =
                switch (decided.outcome()) {
                    case Decision.Refused(ApiError refusal) -> throw refusal;
                    case Decision.Complete(Membership membership, Session session) ->
                        new MemberSignInOutcome.Complete(
                                sessions.issue(project, new MemberSession(session, membership)));
                    case Decision.Incomplete(MemberSignInOutcome.Incomplete incomplete) -> incomplete;
                };
        return new Proven<>(outcome, decided.detail());
    }
}
