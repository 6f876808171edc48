package dev.selvage.signin;

import dev.selvage.accounts.MemberAddresses;
import dev.selvage.accounts.PriorAccess;
import dev.selvage.base.CallLog;
import dev.selvage.db.Database;
import dev.selvage.error.ApiError;
import dev.selvage.error.Check;
import dev.selvage.error.ErrorType;
import dev.selvage.limits.TargetLimits;
import dev.selvage.members.Member;
import dev.selvage.members.Members;
import dev.selvage.members.Membership;
import dev.selvage.messages.TextLanguage;
import dev.selvage.organizations.OrganizationSettings.AuthMethod;
import dev.selvage.organizations.OrganizationSettings.MfaMethod;
import dev.selvage.organizations.OrganizationSettings.MfaPolicy;
import dev.selvage.projects.Project;
import dev.selvage.sessions.Attributes;
import dev.selvage.sessions.Factor;
import dev.selvage.sessions.IntermediateSession;
import dev.selvage.sessions.IntermediateSessions;
import dev.selvage.sessions.MemberFields;
import dev.selvage.sessions.MemberSession;
import dev.selvage.sessions.Session;
import dev.selvage.sessions.SessionArgument;
import dev.selvage.sessions.Sessions;
import dev.selvage.sessions.Subject;
import dev.selvage.signin.MemberSignedIn.MfaRequired;
import dev.selvage.signin.MemberSignedIn.PrimaryRequired;
import dev.selvage.subjects.SubjectStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The last step of every sign-in of a B2B project: from proofs to a session, or to an intermediate session
/// when [Admission] says that something is missing. No way to sign in does any of this itself.
///
/// Each method first refuses what can be refused without looking at the proof, so that nothing is used up. Then
/// the proof runs in one transaction with all that follows from it. It may run more than once and must have no
/// effect outside the store.
public final class MemberSignIn {

    private final SubjectStore subjects;
    private final Members members;
    private final MemberAddresses addresses;
    private final Sessions<MemberSession> sessions;
    private final IntermediateSessions intermediates;
    private final MemberPhoneCodes phoneCodes;
    private final TargetLimits limits;
    private final Database database;

    public MemberSignIn(
            SubjectStore subjects,
            Members members,
            MemberAddresses addresses,
            Sessions<MemberSession> sessions,
            IntermediateSessions intermediates,
            MemberPhoneCodes phoneCodes,
            TargetLimits limits,
            Database database) {
        this.subjects = subjects;
        this.members = members;
        this.addresses = addresses;
        this.sessions = sessions;
        this.intermediates = intermediates;
        this.phoneCodes = phoneCodes;
        this.limits = limits;
        this.database = database;
    }

    /// What a member has just proven.
    public record Proof(String memberId, Factor factor) {}

    /// Signs in by a primary factor, or by what another service vouches for.
    ///
    /// A session of the member goes on and gains the factor. An intermediate session gains it too; when that is
    /// enough it is consumed, otherwise its token comes back.
    ///
    /// @param attributes of a new session
    /// @throws ApiError what `prove` refuses, and `session_not_found`, `intermediate_session_not_found`,
    ///                  `user_lock_limit_reached`, `invalid_session_duration`, `custom_claims_too_large`
    public MemberSignedIn signIn(Project project, MemberFields fields, Attributes attributes, Supplier<Proof> prove) {
        return signIn(project, fields, attributes, false, prove);
    }

    /// As [#signIn], by a proof that ends the member's sessions. The session that the call names ends as well;
    /// what was proven in it goes over into the new one, so that a second factor is not asked for again (SDK
    /// comments).
    public MemberSignedIn signInAnew(
            Project project, MemberFields fields, Attributes attributes, Supplier<Proof> prove) {
        return signIn(project, fields, attributes, true, prove);
    }

    private MemberSignedIn signIn(
            Project project, MemberFields fields, Attributes attributes, boolean anew, Supplier<Proof> prove) {
        Asked asked = Asked.of(project, fields);
        Optional<MemberSession> running = running(project, fields);
        return finish(project, database.transaction(() -> {
            Optional<IntermediateSession> held = fields.intermediate().map(token -> intermediates.held(project, token));
            Proof proof = prove.get();
            Membership membership = members.held(project, proof.memberId());
            subjects.checkNotLocked(membership.member().failures().lock());
            // Another member's session is ignored (semantics.md 3.2).
            Optional<Session> own = running.map(MemberSession::session)
                    .filter(session ->
                            session.subject().id().equals(membership.member().id()));
            if (own.isPresent() && !anew) {
                return admitted(
                        project,
                        membership,
                        sessions.addFactors(
                                project,
                                own.get(),
                                List.of(proof.factor()),
                                fields.sessionDurationMinutes(),
                                asked.claims()));
            }
            List<Factor> proven = Factor.merge(own.map(Session::factors).orElse(List.of()), List.of(proof.factor()));
            return admit(project, membership, held, proven, asked, attributes);
        }));
    }

    /// Completes a sign-in by a second factor, or adds one to a session. The member must be the one of the
    /// session or intermediate session.
    ///
    /// A wrong guess is counted, for [TargetLimits#CODE_GUESS] and as a failure of the member, in the
    /// transaction that looked at it, while the member is held: so guesses at once take turns, and those behind
    /// the last one are not looked at.
    ///
    /// @param membership for whom the call is made
    /// @param wrong      the refusals of `prove` that are wrong guesses; none where they are counted elsewhere
    /// @param prove      answers the second factor; has written nothing when it refuses a guess
    /// @throws ApiError what `prove` refuses, and those of [#signIn], `no_session_arguments`,
    ///                  `too_many_requests`, `member_session_member_id_mismatch`,
    ///                  `operation_restricted_by_organization_mfa_methods`,
    ///                  `action_available_only_once_primary_authentication_is_met`
    public MemberSignedIn secondFactor(
            Project project,
            Membership membership,
            MemberFields fields,
            Attributes attributes,
            SecondFactorChoice choice,
            Set<ErrorType> wrong,
            Supplier<Factor> prove) {
        Asked asked = Asked.of(project, fields);
        Optional<MemberSession> running = completed(project, membership, fields);
        String memberId = membership.member().id();
        CallLog.subject(memberId);
        return finish(project, database.transaction(() -> {
            Optional<IntermediateSession> held = fields.intermediate().map(token -> intermediates.held(project, token));
            Membership before = members.held(project, memberId);
            checkSecondFactor(before, held, choice.method());
            Factor factor;
            try {
                factor = wrong.isEmpty()
                        ? prove.get()
                        : limits.untilRight(project, TargetLimits.CODE_GUESS, memberId, prove);
            } catch (ApiError refused) {
                if (!wrong.contains(refused.type())) {
                    throw refused;
                }
                subjects.failed(project, memberId);
                return new Decided.Refused(refused);
            }
            checkMayBeNew(before, running, held, choice.method());
            Membership chosen = remember(project, members.held(project, memberId), choice);
            if (running.isPresent()) {
                return admitted(
                        project,
                        chosen,
                        sessions.addFactors(
                                project,
                                running.get().session(),
                                List.of(factor),
                                fields.sessionDurationMinutes(),
                                asked.claims()));
            }
            return admit(project, chosen, held, List.of(factor), asked, attributes);
        }));
    }

    /// As [#checkAddsSecondFactor], when a second factor that waited for its first proof gets it: the member
    /// may have gained another one since it was begun, and then that one must have been given.
    private static void checkMayBeNew(
            Membership before, Optional<MemberSession> running, Optional<IntermediateSession> held, MfaMethod method) {
        Member member = before.member();
        boolean known =
                switch (method) {
                    case SMS_OTP ->
                        member.mfaPhone().map(Member.Phone::verified).orElse(false);
                    case TOTP -> !member.mfa().totpId().isEmpty();
                };
        List<Factor> given = running.map(session -> session.session().factors())
                .or(() -> held.map(collected -> counting(collected, before)))
                .orElse(List.of());
        Check.that(
                known || !member.hasSecondFactor() || given.stream().anyMatch(Factor::secondary),
                ErrorType.SECONDARY_FACTOR_NOT_FOUND);
    }

    /// Refuses what [#secondFactor] would refuse before it looks at the proof. For proofs that can be guessed,
    /// and whose wrong guesses have to be counted before the transaction: nobody shall learn or count anything
    /// by them who may not give them.
    ///
    /// @throws ApiError those of [#secondFactor], but for those of the proof, and of duration and claims
    public void checkSecondFactor(Project project, Membership membership, MemberFields fields, MfaMethod method) {
        completed(project, membership, fields);
        checkSecondFactor(membership, fields.intermediate().map(token -> intermediates.find(project, token)), method);
    }

    /// The session that gains a second factor; none when an intermediate session does.
    private Optional<MemberSession> completed(Project project, Membership membership, MemberFields fields) {
        Optional<MemberSession> running = running(project, fields);
        Check.that(running.isPresent() || fields.intermediate().isPresent(), ErrorType.NO_SESSION_ARGUMENTS);
        running.ifPresent(session -> own(session, membership));
        return running;
    }

    private void checkSecondFactor(Membership membership, Optional<IntermediateSession> held, MfaMethod method) {
        subjects.checkNotLocked(membership.member().failures().lock());
        Admission.checkAllowed(membership.organization(), method);
        held.ifPresent(collected -> Check.that(
                !(Admission.of(membership, counting(collected, membership)) instanceof Admission.OtherPrimaryRequired),
                ErrorType.ACTION_AVAILABLE_ONLY_ONCE_PRIMARY_AUTHENTICATION_IS_MET));
    }

    /// Refuses to give a member one more second factor when the call does not come from that member. Who has a
    /// second factor must have given it in the session that comes along; else the first factor alone would be
    /// enough to bring a second of one's own. Who has none needs no session, but one that comes along must be
    /// the member's. Source: comment of `totps.create`.
    ///
    /// @throws ApiError `action_available_only_for_active_members`,
    ///                  `operation_restricted_by_organization_mfa_methods`, `session_not_found`,
    ///                  `intermediate_session_not_found`, `member_session_member_id_mismatch`,
    ///                  `action_available_only_once_primary_authentication_is_met`, `no_session_arguments` and
    ///                  `secondary_factor_not_found` when the member's second factor was not given
    public void checkAddsSecondFactor(Project project, Membership membership, MemberFields fields, MfaMethod method) {
        List<Factor> given = checkOffersSecondFactor(project, membership, fields, method);
        if (membership.member().hasSecondFactor()) {
            Check.that(
                    fields.argument().isPresent() || fields.intermediate().isPresent(), ErrorType.NO_SESSION_ARGUMENTS);
            Check.that(given.stream().anyMatch(Factor::secondary), ErrorType.SECONDARY_FACTOR_NOT_FOUND);
        }
    }

    /// Refuses to ask a member for a second factor that cannot be given, or by the session of somebody else.
    /// Answers what the session that comes along rests on; it needs none.
    ///
    /// @throws ApiError those of [#checkAddsSecondFactor] but for the last two
    public List<Factor> checkOffersSecondFactor(
            Project project, Membership membership, MemberFields fields, MfaMethod method) {
        Check.that(
                membership.member().status() == Member.Status.ACTIVE,
                ErrorType.ACTION_AVAILABLE_ONLY_FOR_ACTIVE_MEMBERS);
        Admission.checkAllowed(membership.organization(), method);
        return Stream.concat(
                        running(project, fields).stream().flatMap(running -> own(running, membership).stream()),
                        fields.intermediate().stream()
                                .flatMap(token -> own(intermediates.find(project, token), membership).stream()))
                .toList();
    }

    private static List<Factor> own(MemberSession running, Membership membership) {
        Check.that(running.member().id().equals(membership.member().id()), ErrorType.MEMBER_SESSION_MEMBER_ID_MISMATCH);
        return running.session().factors();
    }

    private static List<Factor> own(IntermediateSession collected, Membership membership) {
        List<Factor> factors = counting(collected, membership);
        Check.that(!factors.isEmpty(), ErrorType.MEMBER_SESSION_MEMBER_ID_MISMATCH);
        Check.that(
                !(Admission.of(membership, factors) instanceof Admission.OtherPrimaryRequired),
                ErrorType.ACTION_AVAILABLE_ONLY_ONCE_PRIMARY_AUTHENTICATION_IS_MET);
        return factors;
    }

    /// Goes over into an organization by what was proven elsewhere: in a session, which stays as it is, or in
    /// an intermediate session, which is consumed when it is enough.
    ///
    /// @param from   the session to carry proofs from, when `fields` has none
    /// @param target the member in that organization, made in this transaction if need be, for the address of
    ///         the source
    /// @throws ApiError what `target` refuses, `insufficient_factors_for_session_exchange` when a session has
    ///                  nothing that travels, `invalid_intermediate_session_token_for_organization` when an
    ///                  intermediate session of another member has not, and those of [#signIn]
    public MemberSignedIn exchange(
            Project project, Source from, MemberFields fields, Function<String, Membership> target) {
        Asked asked = Asked.of(project, fields);
        return finish(project, database.transaction(() -> switch (from) {
            case Source.Running(MemberSession named) -> {
                MemberSession running = stillRunning(project, named);
                Membership membership = reached(
                        project,
                        running.member().email().address(),
                        target,
                        running.session().factors(),
                        found -> counting(running, found),
                        ErrorType.INSUFFICIENT_FACTORS_FOR_SESSION_EXCHANGE);
                yield admit(
                        project, membership, Optional.empty(), counting(running, membership), asked, Attributes.NONE);
            }
            case Source.Intermediate(String token) -> {
                IntermediateSession held = intermediates.held(project, token);
                // The address of a member who signed in by a password may be one that nobody ever proved.
                Membership membership = held.memberId().isEmpty()
                        ? unlocked(project, target.apply(held.emailAddress()))
                        : reached(
                                project,
                                held.emailAddress(),
                                target,
                                held.factors(),
                                found -> counting(held, found),
                                ErrorType.INVALID_INTERMEDIATE_SESSION_TOKEN_FOR_ORGANIZATION);
                yield admit(project, membership, Optional.of(held), List.of(), asked, Attributes.NONE);
            }
        }));
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
            throw travels || refused.type() == ErrorType.ORGANIZATION_NOT_FOUND ? refused : ApiError.of(insufficient);
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

    /// Where the proofs of an exchange come from.
    public sealed interface Source {

        /// A session of a member of another organization, or of the same.
        record Running(MemberSession session) implements Source {}

        /// An intermediate session.
        record Intermediate(String token) implements Source {
            @Override
            public String toString() {
                return "Intermediate";
            }
        }
    }

    /// Those factors of an intermediate session that count for a member: all when they were proven for that
    /// member, otherwise those that travel.
    public static List<Factor> counting(IntermediateSession collected, Membership membership) {
        return collected.memberId().equals(membership.member().id())
                ? collected.factors()
                : travelling(collected.factors(), membership);
    }

    /// Those factors of a session that count for a member: all when it is the member's own, otherwise those
    /// that travel.
    public static List<Factor> counting(MemberSession running, Membership membership) {
        List<Factor> factors = running.session().factors();
        return running.member().id().equals(membership.member().id()) ? factors : travelling(factors, membership);
    }

    /// Those factors of an intermediate session that count for somebody who would become a member by its
    /// address.
    public static List<Factor> countingForNewcomer(IntermediateSession collected) {
        return collected.factors().stream()
                .filter(factor -> factor.provesEmail(collected.emailAddress()))
                .toList();
    }

    /// Those factors of another member, or of nobody yet, that count for a member: the proofs of the member's
    /// own address, and the password of the address where passwords belong to addresses. Passwords of one
    /// member, second factors and what was registered for one organization stay where they are (`semantics.md`
    /// 5.1, `open-questions.md` 29, 30), and no password counts for a member who has none: the organization may
    /// have required another one.
    private static List<Factor> travelling(List<Factor> factors, Membership membership) {
        Member.Email email = membership.member().email();
        return factors.stream()
                .filter(factor -> factor.travelsWith(email.address()))
                .filter(factor -> !factor.isPassword()
                        || !membership.member().passwordId().isEmpty())
                .map(factor -> factor.forEmail(email.id()))
                .toList();
    }

    /// What a call asks of the session, checked.
    private record Asked(Integer minutes, ObjectNode claims, TextLanguage language) {

        static Asked of(Project project, MemberFields fields) {
            ObjectNode claims = fields.claimsIn(project);
            Integer minutes = fields.sessionDurationMinutes();
            return new Asked(
                    minutes != null
                            ? minutes
                            : Math.min(
                                    MemberFields.DURATION_MINUTES_DEFAULT,
                                    project.settings().sessions().maxDurationMinutes()),
                    claims,
                    fields.language());
        }
    }

    /// What a transaction decided; the tokens are made behind it.
    private sealed interface Decided {

        record Complete(Membership membership, Session session) implements Decided {}

        /// By a wrong guess, which is counted: thrown once that is durable.
        record Refused(ApiError refusal) implements Decided {}

        /// @param mfa     null unless a second factor is missing
        /// @param primary null unless another way to sign in is needed
        record Incomplete(
                Membership membership, IntermediateSession collected, MfaRequired mfa, PrimaryRequired primary)
                implements Decided {}
    }

    private Optional<MemberSession> running(Project project, MemberFields fields) {
        return fields.argument().map((SessionArgument argument) -> sessions.find(project, argument));
    }

    /// The member of an exchange as it is now, held.
    private Membership unlocked(Project project, Membership membership) {
        Membership held = members.held(project, membership.member().id());
        subjects.checkNotLocked(held.member().failures().lock());
        return held;
    }

    private Decided admit(
            Project project,
            Membership member,
            Optional<IntermediateSession> held,
            List<Factor> proven,
            Asked asked,
            Attributes attributes) {
        List<Factor> factors =
                Factor.merge(held.map(collected -> counting(collected, member)).orElse(List.of()), proven);
        Membership membership = settled(project, member, held, factors);
        return switch (Admission.of(membership, factors)) {
            case Admission.Admitted admitted -> {
                held.ifPresent(consumed -> intermediates.consume(project, consumed));
                Subject subject = new Subject.Member(
                        membership.member().id(), membership.organization().id());
                yield admitted(
                        project,
                        membership,
                        sessions.start(project, subject, factors, asked.minutes(), attributes, asked.claims()));
            }
            case Admission.SecondFactorRequired missing ->
                new Decided.Incomplete(
                        membership,
                        collect(project, membership, held, factors, proven),
                        MfaRequired.of(
                                membership.member(), phoneCodes.sendIfUsual(project, membership, asked.language())),
                        null);
            case Admission.OtherPrimaryRequired(List<AuthMethod> allowed) ->
                new Decided.Incomplete(
                        membership,
                        collect(project, membership, held, factors, proven),
                        null,
                        PrimaryRequired.of(allowed));
        };
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
    private Decided admitted(Project project, Membership membership, Session session) {
        boolean complete = !Admission.secondFactorDue(membership)
                || session.factors().stream().anyMatch(Factor::secondary);
        return new Decided.Complete(
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

    private Membership remember(Project project, Membership membership, SecondFactorChoice choice) {
        return members.change(project, membership.member().id(), member -> {
            boolean enrolled = membership.organization().settings().mfaPolicy() == MfaPolicy.REQUIRED_FOR_ALL
                    || (choice.enrol() == null ? member.mfa().enrolled() : choice.enrol());
            boolean first = member.mfa().method() == null || choice.setDefault();
            return member.withMfa(
                    enrolled, first ? choice.method() : member.mfa().method());
        });
    }

    private MemberSignedIn finish(Project project, Decided decided) {
        return switch (decided) {
            case Decided.Refused(ApiError refusal) -> throw refusal;
            case Decided.Complete(Membership membership, Session session) ->
                MemberSignedIn.with(sessions.issue(project, new MemberSession(session, membership)));
            case Decided.Incomplete(
                    Membership membership,
                    IntermediateSession collected,
                    MfaRequired mfa,
                    PrimaryRequired primary) -> MemberSignedIn.without(membership, collected, mfa, primary);
        };
    }
}
