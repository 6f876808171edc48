package dev.selvage.signin;

import dev.selvage.base.CallLog;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.error.MemberErrors;
import dev.selvage.error.SessionErrors;
import dev.selvage.limits.TargetLimits;
import dev.selvage.members.Member;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.organizations.OrganizationSettings.MfaPolicy;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.IntermediateSession;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.MemberSession;
import dev.selvage.signin.MemberSignIn.Decision;
import dev.selvage.subjects.SubjectStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Completes sign-ins by second factors, and checks that a call may request or add a second factor of a member.
public final class SecondFactors {

    private final SubjectStore subjects;
    private final Members members;
    private final MemberSignIn signIn;
    private final IntermediateSessions intermediates;
    private final TargetLimits limits;
    private final Database database;

    public SecondFactors(
            SubjectStore subjects,
            Members members,
            MemberSignIn signIn,
            IntermediateSessions intermediates,
            TargetLimits limits,
            Database database) {
        this.subjects = subjects;
        this.members = members;
        this.signIn = signIn;
        this.intermediates = intermediates;
        this.limits = limits;
        this.database = database;
    }

    /// Completes a sign-in by a second factor, or adds one to a session. The session or intermediate session
    /// must belong to the member.
    ///
    /// A wrong guess counts for [TargetLimits#CODE_GUESS] and as a failure of the member, in the transaction
    /// that checks it and that locks the member. Concurrent guesses therefore run one after the other, and
    /// guesses after the last allowed one are not checked.
    ///
    /// @param membership the member of the call
    /// @param wrong      the error types of `prove` that are wrong guesses; empty if they are counted elsewhere
    /// @param prove      returns the second factor; must not write before it refuses a guess
    /// @throws ApiError those of `prove` and of [MemberSignIn#signIn]; `no_session_arguments`,
    ///         `too_many_requests`, `member_session_member_id_mismatch`,
    ///         `operation_restricted_by_organization_mfa_methods`,
    ///         `action_available_only_once_primary_authentication_is_met`, `secondary_factor_not_found`
    public <R> Proven<MemberSignInOutcome, R> complete(
            Project project,
            Membership membership,
            MemberSignInRequest request,
            SecondFactorChoice choice,
            Set<ErrorType> wrong,
            Supplier<Proof<R>> prove) {
        checkOwnSession(membership, request);
        String memberId = membership.member().id();
        CallLog.subject(memberId);
        Proven<Decision, Optional<R>> decided = database.transaction(() -> {
            Optional<IntermediateSession> intermediate = signIn.lockIntermediate(project, request);
            Membership before = members.getForUpdate(project, memberId);
            checkMayComplete(before, intermediate, choice.method());
            Proof<R> proof;
            try {
                proof = wrong.isEmpty()
                        ? prove.get()
                        : limits.countUntilSuccess(project, TargetLimits.CODE_GUESS, memberId, prove);
            } catch (ApiError refused) {
                if (!wrong.contains(refused.type())) {
                    throw refused;
                }
                subjects.recordFailure(project, memberId);
                return new Proven<>(new Decision.Refused(refused), Optional.empty());
            }
            checkMayEnroll(before, request.running(), intermediate, choice.method());
            Membership changed = applyChoice(project, members.getForUpdate(project, memberId), choice);
            Optional<MemberSession> running = request.running();
            Decision decision = running.isPresent()
                    ? signIn.addFactor(project, changed, running.get().session(), proof.factor(), request)
                    : signIn.admit(project, changed, intermediate, List.of(proof.factor()), request);
            return new Proven<>(decision, Optional.of(proof.detail()));
        });
        MemberSignInOutcome outcome = signIn.finish(project, decided.outcome());
        return new Proven<>(outcome, decided.detail().orElseThrow());
    }

    /// As [#checkMayAdd], at the first proof of a second factor. The member may have gained another second
    /// factor since this one was created; that one must then have been proven.
    private static void checkMayEnroll(
            Membership before,
            Optional<MemberSession> running,
            Optional<IntermediateSession> intermediate,
            MfaMethod method) {
        Member member = before.member();
        boolean enrolled =
                switch (method) {
                    case SMS_OTP ->
                        member.mfaPhone().map(Member.Phone::verified).orElse(false);
                    case TOTP -> !member.mfa().totpId().isEmpty();
                };
        List<Factor> factors = running.map(session -> session.session().factors())
                .or(() -> intermediate.map(collected -> ValidFactors.of(collected, before)))
                .orElse(List.of());
        Check.that(
                enrolled || !member.hasSecondFactor() || factors.stream().anyMatch(Factor::secondary),
                MemberErrors.SECONDARY_FACTOR_NOT_FOUND);
    }

    /// Refuses what [#complete] refuses before it checks the proof. Required for proofs whose wrong guesses are
    /// counted before the transaction, so that a caller without a valid session learns and counts nothing.
    ///
    /// @throws ApiError those of [#complete] except those of the proof
    public void checkMayComplete(
            Project project, Membership membership, MemberSignInRequest request, MfaMethod method) {
        checkOwnSession(membership, request);
        checkMayComplete(
                membership, request.intermediateToken().map(token -> intermediates.find(project, token)), method);
    }

    private static void checkOwnSession(Membership membership, MemberSignInRequest request) {
        request.requireSession();
        request.running().ifPresent(running -> factorsOf(running, membership));
    }

    private void checkMayComplete(Membership membership, Optional<IntermediateSession> intermediate, MfaMethod method) {
        subjects.checkNotLocked(membership.member().failures().lock());
        Admission.checkAllowed(membership.organization(), method);
        intermediate.ifPresent(collected -> Check.that(
                !(Admission.of(membership, ValidFactors.of(collected, membership))
                        instanceof Admission.OtherPrimaryRequired),
                SessionErrors.ACTION_AVAILABLE_ONLY_ONCE_PRIMARY_AUTHENTICATION_IS_MET));
    }

    /// Refuses to add a second factor if the call does not come from the member. A member with a second factor
    /// must have proven it in the session of the request; otherwise the first factor alone would be enough to
    /// add a second one. A member without one needs no session, but a session in the request must be the
    /// member's. Source: comment of `totps.create`.
    ///
    /// @throws ApiError `action_available_only_for_active_members`,
    ///         `operation_restricted_by_organization_mfa_methods`, `intermediate_session_not_found`,
    ///         `member_session_member_id_mismatch`, `action_available_only_once_primary_authentication_is_met`;
    ///         `no_session_arguments` and `secondary_factor_not_found` if the member has a second factor that
    ///         was not proven
    public void checkMayAdd(Project project, Membership membership, MemberSignInRequest request, MfaMethod method) {
        List<Factor> factors = checkMayRequest(project, membership, request, method);
        if (membership.member().hasSecondFactor()) {
            request.requireSession();
            Check.that(factors.stream().anyMatch(Factor::secondary), MemberErrors.SECONDARY_FACTOR_NOT_FOUND);
        }
    }

    /// Refuses to request a second factor that the member cannot use, or with the session of another member.
    /// Returns the factors of the session in the request; a session is not required.
    ///
    /// @throws ApiError those of [#checkMayAdd] except the last two
    public List<Factor> checkMayRequest(
            Project project, Membership membership, MemberSignInRequest request, MfaMethod method) {
        Check.that(
                membership.member().status() == Member.Status.ACTIVE,
                MemberErrors.ACTION_AVAILABLE_ONLY_FOR_ACTIVE_MEMBERS);
        Admission.checkAllowed(membership.organization(), method);
        return Stream.concat(
                        request.running().stream().flatMap(running -> factorsOf(running, membership).stream()),
                        request.intermediateToken().stream()
                                .flatMap(token -> factorsOf(intermediates.find(project, token), membership).stream()))
                .toList();
    }

    private static List<Factor> factorsOf(MemberSession running, Membership membership) {
        Check.that(
                running.member().id().equals(membership.member().id()), MemberErrors.MEMBER_SESSION_MEMBER_ID_MISMATCH);
        return running.session().factors();
    }

    private static List<Factor> factorsOf(IntermediateSession collected, Membership membership) {
        List<Factor> factors = ValidFactors.of(collected, membership);
        Check.that(!factors.isEmpty(), MemberErrors.MEMBER_SESSION_MEMBER_ID_MISMATCH);
        Check.that(
                !(Admission.of(membership, factors) instanceof Admission.OtherPrimaryRequired),
                SessionErrors.ACTION_AVAILABLE_ONLY_ONCE_PRIMARY_AUTHENTICATION_IS_MET);
        return factors;
    }

    private Membership applyChoice(Project project, Membership membership, SecondFactorChoice choice) {
        return members.change(project, membership.member().id(), member -> {
            boolean enrolled = membership.organization().settings().mfaPolicy() == MfaPolicy.REQUIRED_FOR_ALL
                    || (choice.enrol() == null ? member.mfa().enrolled() : choice.enrol());
            boolean first = member.mfa().method() == null || choice.setDefault();
            return member.withMfa(
                    enrolled, first ? choice.method() : member.mfa().method());
        });
    }
}
